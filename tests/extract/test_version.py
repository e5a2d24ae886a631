"""Versions say when an article may be read otherwise."""

import ast
from pathlib import Path

from extract import version
from extract.version import EXTRACTION, extractor_version, reading_version

FOLDER = Path(version.__file__).parent


def imports(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    tree = ast.parse((FOLDER / name).read_text("utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {f"{one.partition('.')[2]}.py" for one in named if one and one.startswith("extract.")}


def test_all_that_extraction_rests_on_counts():
    """Whatever the extraction of a page imports is in the list, with the data beside it."""
    found, waiting = set(), {"page.py"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= imports(name) - found

    assert found == {name for name in EXTRACTION if name.endswith(".py")}
    assert all((FOLDER / name).is_file() for name in EXTRACTION)


def test_a_lexicon_that_changes_is_another_version(tmp_path):
    """A word more, and what reads is another; what extracts is not."""
    before = extractor_version()
    (tmp_path / "en.toml").write_text("[words]\n")
    first = reading_version(tmp_path)
    (tmp_path / "en.toml").write_text("[words]\nhint = []\n")

    assert first != reading_version(tmp_path)
    assert before == extractor_version()
    assert "trafilatura" in before
