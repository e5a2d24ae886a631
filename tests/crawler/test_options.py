"""Options that every command has, so that scripts can give them to all."""

import json
from collections.abc import Iterator

import pytest
import typer

from crawler.__main__ import build_app

NO_DATA = {"init", "serve"}


def leaves(command=None, path=()) -> Iterator[tuple[str, ...]]:
    """The words of every command, those within groups too."""
    command = command or typer.main.get_command(build_app())
    for name, inner in command.commands.items():
        if hasattr(inner, "commands"):
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_common_options(command, words):
    """Help has an example; settings and database can be named, and data is had as JSON."""
    told = " ".join(command(*words, "--help").out.split())

    assert f"Example: waiverwatch {' '.join(words)}" in told
    assert "--config" in told
    assert "--db" in told
    assert ("--json" in told) == (words[0] not in NO_DATA)


@pytest.mark.parametrize("group", ["findings", "record", "sources", "outbox"])
def test_groups_have_an_example(command, group):
    """The help of a group shows one of its commands at work."""
    assert f"Example: waiverwatch {group} " in " ".join(command(group, "--help").out.split())


def test_options_without_effect_say_so(command):
    """A command that needs no database takes --db, and tells that it does nothing with it."""
    for words in (("check",), ("eval",), ("init",), ("demo",), ("sources", "export")):
        assert "Without effect" in command(*words, "--help").out
    assert 0 == command("init", "--db", "sqlite:///x.db").code


def test_sources_are_exported_as_json(command, tmp_path):
    """A line holds what the settings hold, in the same words."""
    (tmp_path / "waiverwatch.toml").write_text(
        '[crawl]\nbuiltin_sources = false\n[[source]]\nname = "a"\nkind = "feed"\n'
        'url = "https://a.example/rss"\nlangs = ["en"]\nevery = "90m"\nexpect_every = "2d"\n'
    )

    result = command("sources", "export", "--json", "--db", "sqlite:///x.db")

    assert {
        "name": "a",
        "url": "https://a.example/rss",
        "kind": "feed",
        "langs": ["en"],
        "every": "90m",
        "expect_every": "2d",
    } == json.loads(result.out)


def test_findings_are_exported_as_json(command):
    """JSON lines are the usual form; of CSV there is none."""
    assert (0, "") == (command("findings", "export", "--json").code, "")
    assert 2 == command("findings", "export", "--json", "--format", "csv").code
