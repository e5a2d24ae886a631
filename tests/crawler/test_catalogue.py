"""The built-in catalogue: whole, documented, and without what is known to be dead."""

import tomllib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from crawler.catalogue import load_catalogue
from crawler.errors import WatchError
from crawler.searches import SEARCH_KINDS, has_query
from crawler.source_entries import source_table
from crawler.sources import OFFICIAL_KINDS
from crawler.watch import watch_folder
from crawler.wiring import source_configs

FOLDER = watch_folder(None)
SOURCES = load_catalogue(FOLDER / "sources.toml")
OUTLETS = [one for one in SOURCES if one.kind not in OFFICIAL_KINDS]
FEEDS = [one for one in OUTLETS if one.kind not in SEARCH_KINDS]


def test_the_catalogue_covers_the_beat() -> None:
    """Sixty outlets' sources at least, in all five languages, and searches beside them."""
    langs = {lang for one in FEEDS for lang in one.langs}

    assert len(FEEDS) >= 60
    assert {"en", "ru", "az", "tr", "hy"} == langs
    assert {"gdelt", "google_news"} <= {one.kind for one in OUTLETS}
    assert len({one.url for one in FEEDS}) == len(FEEDS)


@pytest.mark.parametrize("source", OUTLETS, ids=lambda one: one.name)
def test_every_entry_says_where_it_comes_from(source) -> None:
    """Each entry names its outlet, languages, how sure it is, and where it was seen."""
    assert source.outlet and source.langs and source.sure and source.origin
    assert source.every <= timedelta(hours=3)
    if source.kind not in SEARCH_KINDS:
        assert source.country and source.expect_every and source.expect_every > source.every


def test_dead_addresses_are_left_out() -> None:
    """No address is taken that was found dead, or that lists contradict each other about."""
    dead = {
        "news.day.az", "1news.az", "news.az", "caliber.az", "axar.az", "georgiatoday.ge",
        "www.azatutyun.am",
    }  # fmt: skip

    assert set() == dead & {urlsplit(one.url).hostname for one in FEEDS}
    assert "https://turan.az/rss" not in {one.url for one in FEEDS}
    searched = " ".join(one.query or "" for one in OUTLETS)
    assert all(host in searched for host in ("day.az", "1news.az", "news.az", "caliber.az"))


@pytest.mark.parametrize(
    ("outlet", "hours"), [("Olke.az", 5), ("Haqqin.az", 6), ("Report", 7), ("AZERTAC", 15)]
)
def test_short_windows_are_polled_in_time(outlet, hours) -> None:
    """Feeds that reach back some hours only are polled several times within them."""
    own = [one for one in FEEDS if one.outlet == outlet]

    assert own
    assert all(one.every * 4 <= timedelta(hours=hours) for one in own)


def test_searches_can_be_asked() -> None:
    """Each search has one query, and its address holds it."""
    searches = [one for one in source_configs(OUTLETS) if one.is_search]

    assert searches
    for one in searches:
        assert has_query(one.kind, one.address) and not has_query(one.kind, one.url)


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_entries_are_written_as_they_are_read(source, tmp_path) -> None:
    """An entry that is written down comes back the same."""
    path = tmp_path / "sources.toml"
    path.write_text(source_table(source), encoding="utf-8")

    assert (source,) == load_catalogue(path)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('kind = "feed"\nquery = "act"', "query: a feed is not asked for anything"),
        ('kind = "gdelt"', "query: is missing"),
        ('kind = "gdelt"\nquery = " "', "query: must be one line"),
        ('kind = "feed"\nsite = "https://a.example"', "is no host"),
        ('kind = "feed"\nsure = "very"', "is none of"),
        ('kind = "feed"\ndelay = "soon"', "is no duration"),
        ('kind = "feed"\nexpect_every = "0s"', "must be longer than nothing"),
        ('kind = "telepathy"', "is none of"),
    ],
)
def test_bad_entries_stop_the_start(tmp_path, entry, why) -> None:
    """One bad entry is one line that names the file and the entry."""
    path = tmp_path / "sources.toml"
    path.write_text(f'[[source]]\nname = "a"\nurl = "https://a.example/"\n{entry}\n')

    with pytest.raises(WatchError, match=why) as caught:
        load_catalogue(path)
    assert "source[0]" in str(caught.value) and str(path) in str(caught.value)


def test_a_query_is_given_once() -> None:
    """A search whose address holds a query takes no other."""
    values = tomllib.loads(
        '[[source]]\nname = "a"\nurl = "https://a.example/?query=x"\nkind = "gdelt"\nquery = "y"'
    )
    from crawler.errors import SettingsError
    from crawler.settings import parse_sources

    with pytest.raises(SettingsError, match="url holds one too"):
        parse_sources(values, "here")
