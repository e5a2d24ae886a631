"""Searches: how they are asked, what their answers mean, and what they refuse in plain text."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.errors import ListingError
from crawler.fetching import host_slots
from crawler.listings import read_listing
from crawler.outlets import Outlets
from crawler.searches import search_url
from crawler.sources import Answer, SourceConfig
from state.lead import Lead
from tests.support.outlets import rss

GDELT = "https://api.example/api/v2/doc/doc"


def gdelt(body: bytes | str):
    raw = body.encode() if isinstance(body, str) else body
    return read_listing("gdelt", Answer(GDELT, raw, "application/json"), 1_000_000)


def google(*items: str):
    answer = Answer("https://news.example/rss/search", rss("".join(items)).encode(), "text/xml")
    return read_listing("google_news", answer, 1_000_000)


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


# Addresses


def test_gdelt_address() -> None:
    """Query and form are added; brackets and quotes are escaped."""
    url = search_url("gdelt", GDELT, '("the act" OR law) sourcelang:russian')

    assert {
        "query": '("the act" OR law) sourcelang:russian', "mode": "artlist", "format": "json",
        "maxrecords": "250", "sort": "datedesc", "timespan": "3d",
    } == asked(url)  # fmt: skip
    assert " " not in url and '"' not in url


def test_what_an_address_states_stays() -> None:
    """Nothing that the settings' address states is changed, nor contradicted."""
    url = search_url("gdelt", f"{GDELT}?query=act&maxrecords=10&startdatetime=20260101000000", None)

    found = asked(url)
    assert ("act", "10", None) == (found["query"], found["maxrecords"], found.get("timespan"))


@pytest.mark.parametrize(
    ("query", "sent"), [("the act", "the act when:3d"), ("act when:1h", "act when:1h")]
)
def test_google_address(query: str, sent: str) -> None:
    """A search reaches three days back where it does not say how far; its edition stays."""
    url = search_url("google_news", "https://news.example/rss/search?hl=ru&gl=RU&ceid=RU:ru", query)

    assert (sent, "RU:ru") == (asked(url)["q"], asked(url)["ceid"])


def test_gdelt_is_asked_slowly() -> None:
    """GDELT is asked one at a time, more than five seconds apart; a source may say so too."""
    sources = [
        SourceConfig("g", GDELT, "gdelt"),
        SourceConfig("n", "https://news.example/", "front", delay=timedelta(seconds=9)),
        SourceConfig("m", "https://other.example/", "front"),
    ]

    slots = host_slots(sources)

    assert {"api.example", "news.example"} == slots.keys()
    assert slots["api.example"]["delay"] > 5 and 1 == slots["api.example"]["concurrency"]
    assert 9 == slots["news.example"]["delay"]


# GDELT


def article(**more: object) -> dict[str, object]:
    return {
        "url": "https://www.wire.example/a?utm_source=x", "url_mobile": "", "title": "The Act",
        "seendate": "20260228T101500Z", "socialimage": "", "domain": "wire.example",
        "language": "Russian", "sourcecountry": "Azerbaijan",
    } | more  # fmt: skip


def test_gdelt_articles() -> None:
    """Articles come by their own canonical links; when they were seen is no day of publication."""
    listing = gdelt(json.dumps({"articles": [article(), article(url="https://b.example/")]}))

    first, second = listing.links
    assert ("https://www.wire.example/a", "The Act", None) == (
        first.url, first.title, first.published
    )  # fmt: skip
    assert datetime(2026, 2, 28, 10, 15, tzinfo=UTC) == first.dated
    assert "https://b.example/" == second.url


def test_gdelt_finds_nothing() -> None:
    """A search without results is an answer, not a failure."""
    assert () == gdelt("{}").links == gdelt('{"articles": []}').links


def test_control_characters_in_gdelt() -> None:
    """Raw control characters, bad UTF-8 and stray escapes in titles do not lose the answer."""
    title = b'a\x09b\x0b \xff don\\\'t \\"x\\" \\\\ \\d \\u00e9'
    body = b'{"articles": [{"url": "https://a.example/1", "title": "' + title + b'"}]}'

    (link,) = gdelt(body).links

    assert "https://a.example/1" == link.url
    assert 'a b \ufffd don\\\'t "x" \\ \\d é' == link.title


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            "Please limit requests to one every 5 seconds or contact us.",
            "answered: Please limit requests to one every 5 seconds",
        ),
        ("One or more of your keywords were too short.\n", "keywords were too short"),
        ("<html><body><b>Bad</b> query</body></html>", "answered: Bad query"),
        ("", "answered nothing"),
        ('{"articles": [', "begins like JSON"),
        ('{"articles": 7}', "without a list"),
        ('{"a":' * 100_000, "begins like JSON"),
    ],
)
def test_what_gdelt_refuses(body: str, why: str) -> None:
    """Errors come with status 200 in plain text, and are told in their own words."""
    with pytest.raises(ListingError, match=why):
        gdelt(body)


@pytest.mark.parametrize(
    "entry",
    [7, None, {}, article(url=7), article(url="javascript:alert(1)"), article(url="http://u:p@x/")],
)
def test_odd_entries_of_gdelt(entry: object) -> None:
    """An entry without a web address is passed over; the others are taken."""
    listing = gdelt(json.dumps({"articles": [entry, article(title=7, seendate=None)]}))

    (link,) = listing.links
    assert (None, None) == (link.title, link.dated)


# Google News


def item(title: str, link: str = "CBMi1", source: str | None = None) -> str:
    source = '<source url="https://www.wire.example">Wire</source>' if source is None else source
    return (
        f"<item><title>{title}</title><link>https://news.example/rss/articles/{link}?oc=5</link>"
        f'<guid isPermaLink="false">{link}</guid>{source}'
        "<pubDate>Sat, 28 Feb 2026 23:30:00 -0500</pubDate></item>"
    )


def test_google_leads() -> None:
    """Title, outlet and day are kept under the article's id; no link is ever listed."""
    listing = google(item("Act repealed - so they say - Wire"), item("Act repealed - Wire"))

    assert ((), ()) == (listing.links, listing.nested)
    (lead,) = listing.leads
    assert Lead("CBMi1", "Act repealed", "Wire", "wire.example", date(2026, 2, 28)) == lead


def test_google_finds_nothing() -> None:
    """A search without results is an answer, not a failure."""
    assert () == google().leads


def test_items_without_an_outlet() -> None:
    """Items that name no outlet are passed over; where none names one, that is a failure."""
    listing = google(item("A - Wire"), item("B", "CBMi2", source=""))

    assert ["A"] == [lead.title for lead in listing.leads]
    with pytest.raises(ListingError, match="names no outlet"):
        google(item("B", source="<source>Wire</source>"), item(" ", "CBMi3"))


def test_a_page_instead_of_a_search() -> None:
    """A consent or error page is no search result."""
    answer = Answer("https://news.example/", b"<!DOCTYPE html><html></html>", "text/html")

    with pytest.raises(ListingError, match="web page"):
        read_listing("google_news", answer, 1000)


# Outlets

SOURCES = (
    SourceConfig("apa", "https://apa.example/rss", "feed", "APA"),
    SourceConfig("trend", "https://www.trend.example/rss", "feed", "Trend"),
    SourceConfig("fed", "https://feeds.host.example/x", "feed", "Fed", site="fed.example"),
    SourceConfig("gdelt", GDELT, "gdelt", "GDELT"),
)


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://apa.example/1", "APA"),
        ("https://az.trend.example/1", "Trend"),
        ("https://www.fed.example/1", "Fed"),
        ("https://www.unknown.example/1", "unknown.example"),
        ("https://notapa.example/1", "notapa.example"),
    ],
)
def test_outlets_of_found_articles(url: str, outlet: str) -> None:
    """An article that a search found is its outlet's, by name where a source leads there."""
    outlets = Outlets(SOURCES)

    assert outlet == outlets.name_for(SOURCES[3], url)
    assert "APA" == outlets.name_for(SOURCES[0], url)


@pytest.mark.parametrize(
    ("site", "name", "ways"),
    [
        ("apa.example", "x", ["apa"]),
        ("ru.trend.example", "x", ["trend"]),
        ("fed.example", "x", ["fed"]),
        ("feeds.host.example", "x", []),
        ("elsewhere.example", "apa", ["apa"]),
        ("api.example", "GDELT", []),
    ],
)
def test_ways_into_outlets(site: str, name: str, ways: list[str]) -> None:
    """A lead is looked for where its host or its outlet's name is known; never in a search."""
    lead = Lead("k", "t", name, site)

    assert ways == [source.name for source in Outlets(SOURCES).ways_into(lead)]
