"""Official sources in the settings, the catalogue and the commands."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import SettingsError
from crawler.official.data import load_official
from crawler.official.watchers import why_skipped
from crawler.settings import load_settings
from crawler.sources import OFFICIAL_KINDS
from crawler.watch import BUILT_IN, load_watch
from crawler.wiring import keys_of, official_parts

WATCH = BUILT_IN / "section-907"


def write(folder: Path, text: str) -> Path:
    """A settings file."""
    path = folder / "waiverwatch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_keys_are_secrets(tmp_path):
    """A key is given as such, in a file, or in a variable, and prints nowhere."""
    (tmp_path / "key").write_text("from-file\n")
    path = write(
        tmp_path, '[official]\ncongress_api_key_file = "key"\ngovinfo_api_key_env = "MY_KEY"\n'
    )

    settings = load_settings(path, {"MY_KEY": "from-env"})
    keys = keys_of(settings)
    over = load_settings(path, {"MY_KEY": "x", "WAIVERWATCH_OFFICIAL__CONGRESS_API_KEY": "direct"})

    assert ("from-file", "from-env") == (keys.congress, keys.govinfo)
    assert "direct" == keys_of(over).congress
    assert "from-" not in repr(settings) + repr(keys)
    assert (None, None) == (
        keys_of(load_settings(None, {"XDG_CONFIG_HOME": "/nowhere"})).congress,
        keys_of(load_settings(None, {"XDG_CONFIG_HOME": "/nowhere"})).govinfo,
    )


@pytest.mark.parametrize("key", ["", "hunter2 with spaces", "hunter2\\nX-Other: 1"])
def test_keys_that_are_none(tmp_path, key):
    """What cannot be a key is refused without being shown."""
    path = write(tmp_path, f'[official]\ncongress_api_key = "{key}"\n')

    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})

    assert f"{path}: official.congress_api_key: is no API key" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_key_by_a_wrong_name(tmp_path):
    """A misspelled key is told with the right one."""
    path = write(tmp_path, '[official]\ncongress_apikey = "x"\n')

    with pytest.raises(SettingsError, match='did you mean "congress_api_key"'):
        load_settings(path, {})


def test_official_sources_are_polled_seldom(tmp_path):
    """A source of an official kind has the pace of its kind where none is set."""
    source = '[[source]]\nname = "{0}"\nkind = "{0}"\nurl = "https://a.example/"\n'
    text = "".join(source.format(kind) for kind in sorted(OFFICIAL_KINDS))
    path = write(tmp_path, text + 'every = "2h"\n')

    every = {one.name: one.every for one in load_settings(path, {}).source}

    hours = {"congress": 6, "federal_register": 3, "govinfo": 12, "uscode": 24, "whitehouse": 2}
    assert {name: timedelta(hours=number) for name, number in hours.items()} == every


@pytest.fixture(scope="module")
def watch():
    """The built-in watch."""
    return load_watch("section-907")


def test_the_catalogue_watches_all(watch):
    """The built-in watch has an enabled source of each official kind, and data for it."""
    kinds = [one.kind for one in watch.sources if one.kind in OFFICIAL_KINDS and one.enabled]
    keys = keys_of(load_settings(None, {"XDG_CONFIG_HOME": "/nowhere"}))
    skipped = {kind: why_skipped(kind, watch.official, keys) for kind in kinds}

    assert sorted(OFFICIAL_KINDS) == sorted(kinds)
    assert {"congress": "no key: official.congress_api_key is not set"} == {
        kind: why for kind, why in skipped.items() if why
    }


def test_the_data_of_the_watch():
    """The bills that would change the law are watched by name, and its note by its heading."""
    data = load_official(WATCH / "official.toml")

    assert data is not None
    assert ["119/hr/6534", "119/hr/6840"] == [one.path for one in data.bill]
    assert data.uscode is not None
    assert "22 U.S.C. 5812 note" == data.uscode.citation
    assert data.federal_register is not None
    assert {"documents", "public_inspection"} == {one.what for one in data.federal_register.search}


def test_the_parts_of_the_watch(tmp_path, watch):
    """The watch's lexicon says what names the law, and its record what is known."""
    parts = official_parts(watch, load_settings(write(tmp_path, ""), {}))

    assert parts is not None
    assert watch.record == parts.record
    assert parts.names("Extension of Waiver of Section 907 of the FREEDOM Support Act", "")
    assert not parts.names("Airworthiness Directives", "The Boeing Company, section 905")


def test_a_skipped_source_is_listed_with_its_reason(command):
    """The list of sources says that one is skipped, and why."""
    why = "no key: official.congress_api_key is not set"
    rows = [json.loads(line) for line in command("sources", "list", "--json").out.splitlines()]
    found = {row["name"]: (row["health"], row["skipped"]) for row in rows}

    assert ("skipped", why) == found["congress"]
    assert ("never polled", None) == found["federal-register"] == found["apa-az"]
    assert "skipped:" in command("sources", "list").out


def test_a_skipped_source_in_a_crawl(command):
    """A crawl says that a source is skipped, and that is no failure."""
    result = command("crawl", "--source", "congress", "--no-deliver", "--json")

    assert 0 == result.code
    (source,) = json.loads(result.out)["sources"]
    assert ("congress", "skipped") == (source["name"], source["outcome"])
    assert any("congress: skipped: no key" in line for line in result.errors)
