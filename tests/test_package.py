"""The built wheel holds everything that the program needs, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("extract", "state", "alerts", "crawler")


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The names of the files in the wheel, built from a copy of what is in the tree."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for package in PACKAGES:
        for path in tree(package):
            target = copy / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / path).read_bytes())
    built = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", built, copy],
        check=True,
        timeout=110,
    )
    (wheel,) = built.glob("waiverwatch-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def tree(package: str) -> list[Path]:
    """The files of a package, relative to the root, but for what Python leaves behind."""
    found = (path for path in (ROOT / package).rglob("*") if path.is_file())
    return [path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_is_in_the_wheel(names, package):
    """Code, templates, migrations, lexicons and all other data of a package are shipped."""
    expected = {path.as_posix() for path in tree(package)}

    assert expected
    assert set() == expected - names


def test_nothing_else_is_in_the_wheel(names):
    """The wheel holds the four packages and its own metadata."""
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}

    assert set(PACKAGES) == tops
