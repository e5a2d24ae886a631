"""Sitemaps: indexes, news sitemaps, packed ones, and what only claims to be one."""

import gzip
from datetime import UTC, date, datetime

import pytest

from crawler.errors import ListingError
from crawler.sources import Answer, Listing
from crawler.spiders.sitemap import read_sitemap_listing
from tests.support.outlets import news_sitemap, sitemap_index

BASE = "https://news.example/sitemap.xml"
LARGEST = 100_000


def read(body: bytes) -> Listing:
    return read_sitemap_listing(Answer(BASE, body, "application/xml"), LARGEST)


NEWS = news_sitemap(
    "<url><loc>https://news.example/a?utm_source=x</loc><lastmod>2025-08-12T10:00:00+00:00</lastmod>"
    "<image:image><image:loc>https://news.example/pic.jpg</image:loc><image:title>Pic</image:title>"
    "</image:image><news:news><news:publication><news:name>News</news:name></news:publication>"
    "<news:publication_date>2025-08-09</news:publication_date><news:title>The Act</news:title>"
    "</news:news></url><url><loc>https://news.example/b</loc></url><url></url>"
)


def test_news_sitemap() -> None:
    """Link, title and dates of a page; its pictures' are not taken for them."""
    first, second = read(NEWS).links

    assert ("https://news.example/a", "The Act") == (first.url, first.title)
    assert date(2025, 8, 9) == first.published
    assert datetime(2025, 8, 12, 10, tzinfo=UTC) == first.dated
    assert ("https://news.example/b", None, None) == (second.url, second.title, second.published)


def test_last_change_is_no_publication() -> None:
    """A page whose sitemap states only its last change has no day of publication."""
    body = news_sitemap("<url><loc>https://news.example/a</loc><lastmod>2025-08-12</lastmod></url>")

    assert read(body).links[0].published is None


def test_packed_sitemap() -> None:
    """A packed sitemap reads as the plain one does."""
    assert read(NEWS) == read(gzip.compress(NEWS))


def test_bomb_is_refused() -> None:
    """A packed sitemap is not unpacked beyond its bound."""
    with pytest.raises(ListingError, match="larger than"):
        read(gzip.compress(b"<urlset>" + b" " * 50_000_000))


def test_index() -> None:
    """An index leads to its sitemaps, each once, and to no files of this machine."""
    listing = read(
        sitemap_index("https://news.example/1.xml", "/2.xml", "/2.xml", "file:///etc/passwd")
    )

    assert ("https://news.example/1.xml", "https://news.example/2.xml") == listing.nested
    assert () == listing.links


def test_index_gives_the_newest_first() -> None:
    """Of the sitemaps that an index names, those that changed last come first."""
    index = (
        b"<sitemapindex><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        b"<sitemap><loc>/undated.xml</loc></sitemap>"
        b"<sitemap><loc>/new.xml</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>"
    )

    names = [url.rsplit("/", 1)[1] for url in read(index).nested]

    assert ["new.xml", "old.xml", "undated.xml"] == names


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (gzip.compress(b""), "empty"),
        (b"\x1f\x8b\x08 this is no gzip", "cannot be unpacked"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"<html><body>Sorry</body></html>", "no sitemap"),
        (b"plain words", "no XML"),
        (b"<urlset></urlset>", "lists no links"),
        (
            b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
            "document type",
        ),
        (gzip.compress(b'<!DOCTYPE u [<!ENTITY a "b">]><urlset>&a;</urlset>'), "document type"),
    ],
)
def test_what_is_no_sitemap(body: bytes, why: str) -> None:
    """Each answer that is no sitemap is told in its own words."""
    with pytest.raises(ListingError, match=why):
        read(body)
