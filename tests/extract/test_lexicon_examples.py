"""The examples of every lexicon entry, run."""

from pathlib import Path

import pytest

from extract.entry import Entry
from extract.examples import wrong_example
from extract.lexicon import Lexicon
from extract.lexicon_file import load_lexicons

ROOT = Path(__file__).parents[2]
FOLDERS = [
    ROOT / "extract" / "languages",
    *sorted((ROOT / "crawler" / "watches").glob("*/lexicons")),
]
LEXICONS = load_lexicons(FOLDERS)
ENTRIES = [
    pytest.param(lexicon, entry, id=f"{entry.file.parent.name}/{entry.file.name}:{entry.line}")
    for lexicon in LEXICONS.values()
    for entry in lexicon.entries
]


@pytest.mark.parametrize(("lexicon", "entry"), ENTRIES)
def test_examples(lexicon: Lexicon, entry: Entry) -> None:
    """Every entry is found in its examples, and not in its counterexamples."""
    why = wrong_example(entry, lexicon)  # asserted alone: a whole lexicon is long to print

    assert why is None
