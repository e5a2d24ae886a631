"""Front pages: their links."""

import pytest

from crawler.errors import ListingError
from crawler.sources import Answer, Listing
from crawler.spiders.front import read_front_listing

BASE = "https://news.example/"


def read(body: bytes | str, content_type: str | None = "text/html") -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return read_front_listing(Answer(BASE, raw, content_type))


def test_links_of_the_site() -> None:
    """Links to the site's own pages, each once, in order; none to others, files or scripts."""
    listing = read(
        "<a href='/b'></a><a href='/a'>First <b>story</b></a><a href='/b?utm_source=top'>Second</a>"
        "<a href='https://other.example/x'>x</a><a href='javascript:go()'>x</a>"
        "<a href='/pic.png'>x</a><a href='/'>Home</a><a>x</a><a href='http://['>x</a>"
    )

    assert [
        ("https://news.example/b", "Second"),
        ("https://news.example/a", "First story"),
    ] == [(one.url, one.title) for one in listing.links]


def test_base_is_minded() -> None:
    """Links are read against the page's own base."""
    listing = read("<head><base href='/en/'></head><a href='a'>x</a>")

    assert ["https://news.example/en/a"] == [one.url for one in listing.links]


def test_declared_charset_is_used() -> None:
    """Titles are decoded as the header says; a charset nobody knows does no harm."""
    page = "<a href='/a'>Отмена</a>".encode("cp1251")

    assert "Отмена" == read(page, "text/html; charset=windows-1251").links[0].title
    assert "https://news.example/a" == read(page, "text/html; charset=utf-99").links[0].url


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"", "text/html", "empty"),
        (b"<a href='https://other.example/x'>x</a>", "text/html", "links to no page"),
        (b"<p>Sorry</p>", None, "links to no page"),
        (b'{"a": 1}', "application/json", "no web page"),
        (b"<!-- -->", "text/html", "no"),
    ],
)
def test_what_is_no_front_page(body: bytes, content_type: str | None, why: str) -> None:
    """An answer without links to follow is told in its own words."""
    with pytest.raises(ListingError, match=why):
        read(body, content_type)
