"""Canonical links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.links import canonical_url, is_same_site, may_be_page


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("HTTPS://News.Example/a", "https://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/a?utm_source=rss&utm_medium=feed", "https://news.example/a"),
        ("https://news.example/a?id=7&fbclid=x&gclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?ref=home&page=2", "https://news.example/a?page=2"),
        ("https://news.example", "https://news.example/"),
        (" https://news.example/a ", "https://news.example/a"),
        (
            "https://news.example/новости",
            "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
        ),
    ],
)
def test_one_spelling(link: str, expected: str) -> None:
    """Spellings of one address become one, and tracking parameters go."""
    assert expected == canonical_url(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://news.example/view.php?cid=123",
        "https://news.example/?eid=9&lang=ru",
        "https://news.example/list?gallery=12",
        "https://news.example/?p=5",
        "https://news.example/index.php?some-story",
        "https://news.example/search?q=a%20b&b=2&a=1",
    ],
)
def test_what_names_the_article_stays(link: str) -> None:
    """Parameters that may tell two articles apart are kept as they are."""
    assert link == canonical_url(link)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "//[::1/",
        "https:///nohost",
        "https://user:pass@news.example/a",
        "https://news.example:99999/a",
        "https://news.example:0/a",
        "ftp://news.example/a",
        "",
        "https://news.example/" + "a" * 3000,
    ],
)
def test_no_web_addresses(link: str) -> None:
    """What leads to no public page is no link."""
    assert canonical_url(link, None) is None


def test_relative_links_are_resolved() -> None:
    """A link is read against the page that it stands on."""
    assert "https://news.example/b" == canonical_url("../b", "https://news.example/a/c")
    assert "https://other.example/x" == canonical_url("//other.example/x", "https://news.example/")


@given(st.text(max_size=80))
def test_any_text_is_a_link_or_none(text: str) -> None:
    """No text raises, and a canonical link is canonical already."""
    url = canonical_url(text, "https://news.example/a/")

    assert url is None or canonical_url(url) == url


def test_same_site() -> None:
    """A host, its www and the hosts below it are one site; a host that only ends alike is not."""
    assert is_same_site("https://www.news.example/a", "https://news.example/")
    assert is_same_site("https://en.news.example/a", "https://news.example/")
    assert not is_same_site("https://fakenews.example/a", "https://news.example/")


def test_files_and_roots_are_no_pages() -> None:
    """Pictures, downloads and the root are not followed."""
    pages = [
        url
        for url in ("https://a.example/", "https://a.example/x.JPG", "https://a.example/story")
        if may_be_page(url)
    ]

    assert ["https://a.example/story"] == pages
