"""Holds the house in shape: one-way imports, homes of libraries, nothing of one law in code."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
# Asked for without being imported by name.
UNNAMED = {
    "lxml-html-clean",  # trafilatura's, see pyproject.toml
    "psycopg",  # SQLAlchemy loads it
    "tzdata",  # zoneinfo reads it where the system has no zones
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LAW = re.compile(r"(?<!8)907|\b(?:azerbaijan|armenia|baku)\b|freedom support", re.IGNORECASE)


@cache
def imports(path: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """The import statements of a module, wherever in it."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


def imported(path: Path) -> Iterator[str]:
    """The top-level names of the packages that a module imports."""
    for node in imports(path):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif node.module and not node.level:
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


def modules_used(path: Path) -> Iterator[Path]:
    """The modules of our own that a module imports."""
    for node in imports(path):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        files = (ROOT / f"{name.replace('.', '/')}.py" for name in names)
        yield from (file for file in files if file.is_file())


def test_no_module_imports_itself_around_a_corner():
    """No circles, not even of imports within functions or for types alone."""
    sorter = TopologicalSorter({path: set(modules_used(path)) - {path} for path in MODULES})

    try:
        order = list(sorter.static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(named(path) for path in reversed(error.args[1])))

    assert set(MODULES) == set(order)


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


def needed(entries: Iterable[str], extras: Iterable[str] = ()) -> list[Requirement]:
    """The requirements among these that hold for this Python, and with these extras."""
    asked = ("", *extras)
    found = map(Requirement, entries)
    return [
        one
        for one in found
        if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in asked)
    ]


def distributions(paths: Iterable[Path]) -> set[str]:
    """What must be installed for what modules import beside Python and the packages."""
    names = {name for path in paths for name in imported(path)}
    foreign = names - sys.stdlib_module_names - set(PACKAGES) - {"tests"}
    homes = packages_distributions()
    return {canonicalize_name(homes[name][0]) for name in foreign}


def test_what_is_imported_is_declared():
    """Each library that the packages import is a dependency, and each dependency is imported."""
    declared = {canonicalize_name(one.name) for one in needed(PROJECT["dependencies"])}

    assert declared - UNNAMED == distributions(MODULES)
    assert declared >= UNNAMED


def test_what_tests_import_is_declared():
    """Tests get by with the dependencies and what the extra "dev" names.

    Left out is the benchmark's program that an environment of its own runs.
    """
    dev = PROJECT["optional-dependencies"]["dev"]
    declared = {canonicalize_name(one.name) for one in needed([*PROJECT["dependencies"], *dev])}
    apart = ROOT / "tests" / "bench" / "peered.py"
    ours = (path for path in (ROOT / "tests").rglob("*.py") if path != apart)

    assert apart.exists()
    assert set() == distributions(ours) - declared


def pins() -> dict[str, str]:
    """The version of each distribution in the constraints."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def test_constraints_pin_all_that_is_installed():
    """What the dependencies ask for in turn is pinned too, so that installs repeat."""
    todo = needed([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    seen: set[str] = set()
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        if name not in seen:
            seen.add(name)
            todo += needed(distribution(name).requires or (), one.extras)

    assert len(seen) > 60
    assert set() == seen - pins().keys()


def test_constraints_allow_what_is_declared():
    """No pin lies outside the range that its dependency declares."""
    declared = needed([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    pinned = pins()
    outside = [
        str(one)
        for one in declared
        if not one.specifier.contains(pinned[canonicalize_name(one.name)])
    ]

    assert [] == outside
