"""Feeds: RSS, Atom, JSON Feed, and what only claims to be one."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ListingError
from crawler.feeds import read_feed
from crawler.sources import Answer, Listed
from tests.support.outlets import rss

BASE = "https://news.example/feeds/rss.xml"


def read(body: bytes | str, content_type: str = "application/xml") -> tuple[Listed, ...]:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(Answer(BASE, raw, content_type))


def item(inside: str) -> str:
    return rss(f"<item>{inside}</item>")


def test_rss() -> None:
    """Link, title, summary and date of an RSS item."""
    (listed,) = read(
        item(
            "<title>The Act &amp; more</title><link>/a?utm_source=rss</link>"
            "<description>What it says</description>"
            "<pubDate>Thu, 21 Aug 2025 01:30:00 +0400</pubDate>"
        )
    )

    assert "https://news.example/a" == listed.url
    assert "The Act & more" == listed.title
    assert "What it says" == listed.summary
    # The day is the outlet's own, though it is still the 20th in UTC.
    assert date(2025, 8, 21) == listed.published
    assert datetime(2025, 8, 20, 21, 30, tzinfo=UTC) == listed.dated


def test_atom_updated_is_no_publication() -> None:
    """An entry that states only its last change has no day of publication, but can be filtered."""
    (listed,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><id>x</id>'
        '<entry><title>T</title><id>x1</id><link href="https://news.example/a"/>'
        "<updated>2025-08-20T08:00:00Z</updated></entry></feed>"
    )

    assert listed.published is None
    assert datetime(2025, 8, 20, 8, tzinfo=UTC) == listed.dated


def test_atom_published() -> None:
    """An entry's day of publication is taken, in its own offset."""
    (listed,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><id>x</id>'
        '<entry><title>T</title><id>x1</id><link href="https://news.example/a"/>'
        "<published>2025-08-09T00:30:00+04:00</published>"
        "<updated>2025-08-20T08:00:00Z</updated></entry></feed>"
    )

    assert date(2025, 8, 9) == listed.published
    assert datetime(2025, 8, 20, 8, tzinfo=UTC) == listed.dated


def test_json_feed() -> None:
    """A JSON Feed is read; items without a usable address are passed over."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "/a", "title": "T", "date_published": "2025-08-09T10:00:00Z"},
            {"id": "2"},
            {"id": "3", "url": 7},
            "nonsense",
        ],
    }

    (listed,) = read(json.dumps(feed), "application/feed+json")

    assert ("https://news.example/a", "T") == (listed.url, listed.title)
    assert date(2025, 8, 9) == listed.published


def test_harmful_links_are_passed_over() -> None:
    """Links to no web page are left out; the others of the feed are not."""
    listed = read(
        rss(
            "".join(
                f"<item><title>t</title><link>{link}</link></item>"
                for link in ("javascript:alert(1)", "file:///etc/passwd", "//[::1/", "/fine")
            )
        )
    )

    assert ["https://news.example/fine"] == [one.url for one in listed]


def test_malformed_feed_is_mended() -> None:
    """A feed with a bare ampersand is read nevertheless."""
    (listed,) = read(item("<title>A & B</title><link>https://news.example/a</link>"))

    assert "https://news.example/a" == listed.url


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss version='2.0'><channel><title>&b;&x;</title>"
    "<item><link>https://news.example/&b;</link></item></channel></rss>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        BOMB.replace('<?xml version="1.0"?>', "").encode("utf-16"),
        b" \n" * 4000 + BOMB.encode(),
        b"\xef\xbb\xbf" + BOMB.encode(),
    ],
    ids=["plain", "utf-16", "behind blanks", "behind a BOM"],
)
def test_entities_are_refused(body: bytes) -> None:
    """A document type is refused before anything is expanded, whatever hides it."""
    with pytest.raises(ListingError, match="document type"):
        read(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "web page"),
        (b"<html><body><p>no doctype</p></body></html>", "no feed"),
        (b"<rss version='2.0'><channel><title>t</title></channel></rss>", "lists no links"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "lists no links"),
        (b'{"items": []}', "no JSON Feed"),
        (b"{not json", "is none"),
        (b"[" * 100_000, "no feed"),
        (b'{"a":' * 100_000, "is none"),
        (b"\x00\xff\xfe binary", "no feed"),
    ],
)
def test_what_is_no_feed(body: bytes, why: str) -> None:
    """Each answer that is no feed is told in its own words."""
    with pytest.raises(ListingError, match=why):
        read(body)


def test_addresses_are_never_opened(tmp_path) -> None:
    """A body that spells a file or address is text, and nothing is opened for it."""
    secret = tmp_path / "secret.xml"
    secret.write_text(item("<link>https://news.example/a</link>"))

    with pytest.raises(ListingError, match="no feed"):
        read(str(secret))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_an_error(body: bytes) -> None:
    """No bytes raise anything but the one error."""
    try:
        listed = read(body)
    except ListingError:
        return
    assert listed
