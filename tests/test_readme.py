"""The README is true: what it names exists, and what exists it names."""

import re
import tomllib
from pathlib import Path

import pytest

from crawler.__main__ import COMMANDS
from crawler.settings_schema import (
    AppriseChannelSettings,
    CrawlSettings,
    DatabaseSettings,
    DataSettings,
    EmailChannelSettings,
    OfficialSettings,
    ReviewSettings,
    RouteSettings,
    ServiceSettings,
    SourceSettings,
    WebhookChannelSettings,
)
from state.finding import Verdict

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = {
    "database": DatabaseSettings,
    "data": DataSettings,
    "crawl": CrawlSettings,
    "service": ServiceSettings,
    "official": OfficialSettings,
    "review": ReviewSettings,
}
ENTRIES = (
    SourceSettings,
    EmailChannelSettings,
    WebhookChannelSettings,
    AppriseChannelSettings,
    RouteSettings,
)
KEYS = [f"{section}.{key}" for section, model in SECTIONS.items() for key in model.model_fields]


def test_every_command_is_named():
    """The README has a line for each command, and for no other."""
    found = set(re.findall(r"^\| `waiverwatch (\w+)", README, re.MULTILINE))

    assert set(COMMANDS) == found


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_is_named(key):
    """The table of settings has a line for each key."""
    assert f"| `{key}` |" in README


def test_no_other_setting_is_named():
    """The table of settings names no key that does not exist."""
    sections = "|".join(SECTIONS)
    found = re.findall(rf"^\| `((?:{sections})\.\w+)` \|", README, re.MULTILINE)

    assert sorted(KEYS) == sorted(found)


@pytest.mark.parametrize("model", ENTRIES)
def test_every_key_of_an_entry_is_named(model):
    """The lines of [[source]], [[channel]] and [[route]] name every key."""
    hidden = {"origin"}

    assert [] == [key for key in set(model.model_fields) - hidden if f"`{key}" not in README]


def test_every_verdict_is_explained():
    """The table of verdicts has a line for each."""
    found = re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)

    assert sorted(Verdict.__args__) == sorted(found)


def test_every_file_that_is_named_exists():
    """Paths in the README lead somewhere."""
    paths = re.findall(r"`((?:crawler|extract|alerts|state|tests)/[\w./-]+)`", README)

    assert paths
    assert [] == [path for path in paths if not (ROOT / path).exists()]


def test_make_targets_exist():
    """The commands of the README are targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all(f"\n{target}:" in makefile for target in re.findall(r"make ([\w-]+)  ", README))


def test_version_has_changes():
    """The changelog tells of the version that the package has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## {project['version']}" in changes


@pytest.mark.parametrize("name", ["constraints.txt", "tests/bench/peers.txt"])
def test_pins_name_no_registry(name):
    """The pins hold versions, and no address."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]

    assert len(pins) > 50
    assert [] == [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.+!-]+", line)]
