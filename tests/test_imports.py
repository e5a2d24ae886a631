"""Holds the house in shape: one-way imports, homes of libraries, nothing of one law in code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("extract", "state", "alerts", "crawler")
HOMES = {
    "trafilatura": {"extract"},
    "htmldate": {"extract"},
    "py3langid": {"extract"},
    "rensa": {"extract"},
    "sqlalchemy": {"state"},
    "alembic": {"state"},
    "scrapy": {"crawler"},
    "twisted": {"crawler"},
    "warcio": {"crawler"},
    "apscheduler": {"crawler"},
    "typer": {"crawler"},
    "starlette": {"crawler"},
    "uvicorn": {"crawler"},
    "jinja2": {"alerts"},
    "smtplib": {"alerts"},
}
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
LAW = re.compile(r"(?<!8)907|\b(?:azerbaijan|armenia|baku)\b|freedom support", re.IGNORECASE)


def imported(path: Path) -> Iterator[str]:
    """The top-level names of the packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def named(path: Path) -> str:
    """A module's name for the report of a test."""
    return str(path.relative_to(ROOT))


def test_there_are_modules():
    """The tests below look at something."""
    assert len(MODULES) > 50


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_run_one_way(path):
    """A module imports only from its own package and those to the left of it."""
    package = path.relative_to(ROOT).parts[0]
    allowed = PACKAGES[: PACKAGES.index(package) + 1]

    assert set() == {name for name in imported(path) if name in PACKAGES} - set(allowed)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_libraries_stay_at_home(path):
    """A library that belongs to one package is imported by no other."""
    package = path.relative_to(ROOT).parts[0]

    assert [] == [name for name in imported(path) if package not in HOMES.get(name, {package})]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_code_names_the_law(path):
    """What is about one law is data."""
    assert [] == LAW.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_the_settings_read_the_environment(path):
    """Nothing but the settings looks at the environment."""
    source = path.read_text(encoding="utf-8")
    reads = re.findall(r"os\.environ|os\.getenv|getenv\(", source)

    assert [] == reads or named(path) == "crawler/settings.py"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_files_stay_short(path):
    """A file that grows beyond 400 lines is two files."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
