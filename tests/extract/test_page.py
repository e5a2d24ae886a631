"""A page per case, a test per field."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.article import Article, NotArticle
from extract.boilerplate import tidy
from extract.page import extract_page

PAGES = Path(__file__).parent / "pages"
CASES = {
    folder.name: tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    for folder in sorted(PAGES.iterdir())
}
ARTICLES = sorted(name for name, expected in CASES.items() if "not_article" not in expected)
OTHERS = sorted(CASES.keys() - set(ARTICLES))
URL = "https://example.org/story"


def _read(case: str) -> Article | NotArticle:
    body = (PAGES / case / "page.html").read_bytes()
    return extract_page(body, url=URL, content_type=CASES[case].get("content_type"))


def _article(case: str) -> Article:
    found = _read(case)
    assert isinstance(found, Article)
    return found


def _expected(case: str) -> dict[str, Any]:
    return CASES[case]


@pytest.mark.parametrize("case", ARTICLES)
@pytest.mark.parametrize("field", ["title", "author", "lang", "published", "modified"])
def test_field(case: str, field: str) -> None:
    """Each field is what the page states, and None where the page states nothing."""
    assert getattr(_article(case), field) == _expected(case).get(field)


@pytest.mark.parametrize("case", ARTICLES)
def test_text_holds_the_article(case: str) -> None:
    """Every paragraph of the article, lead and captions included, stands in the text."""
    text = _article(case).text

    assert [part for part in _expected(case)["has"] if part not in text] == []


@pytest.mark.parametrize("case", ARTICLES)
def test_text_holds_nothing_else(case: str) -> None:
    """Menus, sidebars, comments and "read also" lines do not stand in the text."""
    text = _article(case).text

    assert [part for part in _expected(case)["lacks"] if part in text] == []


@pytest.mark.parametrize("case", ARTICLES)
def test_text_is_tidy(case: str) -> None:
    """Paragraphs are separated by one line feed; tidying again changes nothing."""
    text = _article(case).text

    assert tidy(text) == text


@pytest.mark.parametrize("case", OTHERS)
def test_why_there_is_no_article(case: str) -> None:
    """A page without article says which kind it is, and why in a line."""
    found = _read(case)

    assert isinstance(found, NotArticle)
    assert found.kind == _expected(case)["not_article"]
    assert found.reason
    assert "\n" not in found.reason
    assert found.title == _expected(case).get("title")


def test_url_is_handed_through() -> None:
    """Article and NotArticle alike carry the URL that they were asked for."""
    assert [_read("structured").url, _read("empty").url] == [URL, URL]


def test_same_page_reads_the_same_twice() -> None:
    """What was read before does not change what is read now."""
    assert _read("structured") == _read("structured")


STORY = b"<p>The ministry published the report on roads on Monday, and said what it will cost.</p>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 5000,
        bytes(range(256)) * 4000,
        b"<html><body>" + b"<div>" * 200_000 + STORY,
        b"<html><body>" + b"<b>" * 200_000 + STORY,
        b"<html><p>" + b"The law was waived and " * 90_000 + b"repealed.</p>",
        b"<html><p>\xff\xfe\xfd\xc3\x28" + STORY,
        b"<html><script type='application/ld+json'>" + b"[" * 100_000 + b"</script>" + STORY,
        b"<?xml version='1.0' encoding='utf-16'?><html>" + STORY,
        b"<" * 1_000_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_hostile_page_is_an_answer(body: bytes) -> None:
    """Whatever the bytes, the page is read or said to hold no article, within seconds."""
    assert isinstance(extract_page(body), Article | NotArticle)


def test_nul_bytes_do_not_cut_the_text() -> None:
    """NUL bytes in a page are left out, and what follows them is read."""
    found = extract_page(b"<html><article>" + STORY.replace(b"roads", b"ro\x00ads") + b"</article>")

    assert isinstance(found, Article)
    assert "report on roads on Monday" in found.text


_PIECES = """<html>|<body>|<div class='related'>|</div>|<p>|</p>|<h1>|<a href=x>|<svg>|<table><td>
<!--|]]>|<ul><li>|<time datetime='2024-99-99'>|<script type='application/ld+json'>|</script>
{"@type": "Article", "author": 5, "datePublished": [1]}|<meta property=og:title content=x>
Read also|&#0;|&#xd800;"""
_MARKUP = st.lists(
    st.one_of(st.sampled_from(_PIECES.replace("\n", "|").split("|")), st.text(max_size=200)),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=2000), _MARKUP.map(lambda m: m.encode("utf-8", "replace")))
)
@example(body=b"<html><body><frameset>")
def test_no_bytes_raise(body: bytes) -> None:
    """No bytes whatever make the reader of pages raise, and the text is always tidy."""
    found = extract_page(body, content_type="text/html; charset=punycode")

    assert isinstance(found, NotArticle) or tidy(found.text) == found.text


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("utf-8", None),
        ("utf-8", "windows-1251"),
        ("utf-8-sig", "iso-8859-1"),
        ("utf-16", "utf-8"),
        ("cp1251", None),
        ("cp1251", "utf-8"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_charset(encoding: str, header: str | None) -> None:
    """Text comes out right where the header is missing, right or wrong."""
    said = "Министерство опубликовало ежегодный доклад о дорогах и сообщило о ремонте перевала."
    body = f"<html><body><article><h1>Доклад</h1><p>{said}</p></article></body></html>"
    kind = f"text/html; charset={header}" if header else None
    found = extract_page(body.encode(encoding), content_type=kind)

    assert isinstance(found, Article)
    assert said in found.text


def test_charset_of_turkish() -> None:
    """Turkish in windows-1254 that a header calls Latin-1 keeps its letters."""
    said = "Bakanlık yıllık yol raporunu yayımladı ve geçidin onarımının süreceğini açıkladı."
    body = f"<html><head><meta charset='windows-1254'></head><body><p>{said}</p></body></html>"
    found = extract_page(body.encode("cp1254"), content_type="text/html; charset=windows-1254")

    assert isinstance(found, Article)
    assert found.text == said
