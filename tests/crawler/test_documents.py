"""Reading what a user hands in: files, standard input, and JSON lines."""

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.documents import Document, DocumentError, Intake, Page, parse_published

PAGE = (
    '<html lang="en"><head><title>A headline of some length</title></head><body><article>'
    "<h1>A headline of some length</h1>"
    + "<p>A sentence of the article, long enough to be taken for one of its paragraphs.</p>" * 4
    + "</article></body></html>"
)


def fetch_nothing(url: str) -> Page:
    """The network of a test that needs none."""
    raise DocumentError(f"{url}: not here")


def intake(stdin: bytes = b"", **options) -> Intake:
    """An intake without a network."""
    return Intake(io.BytesIO(stdin), **{"fetch": fetch_nothing} | options)


def only(found) -> Document:
    """The one document there is."""
    (document,) = found
    assert isinstance(document, Document), document
    return document


@pytest.mark.parametrize("name", ["page.html", "page.bin"])
def test_html_file(tmp_path, name):
    """HTML is known by its ending or its look, and the article is taken out of it."""
    path = tmp_path / name
    path.write_text(PAGE)

    document = only(intake().documents([str(path)]))

    assert "A headline of some length" == document.article.title
    assert "A sentence of the article" in document.article.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_plain_text(tmp_path, encoding):
    """Text is read in whatever charset it is written."""
    text = "Поправка отменена, сообщает агентство. Подробности будут позже, обещает редакция."
    path = tmp_path / "article.txt"
    path.write_bytes(text.encode(encoding))

    assert text == only(intake().documents([str(path)])).article.text


def test_binary_file(tmp_path):
    """A picture is a document without text, and no error."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))

    document = only(intake().documents([str(path)]))

    assert "neither HTML nor text" in document.reason


@pytest.mark.parametrize("name", ["nothing.html", ".", "a\0b"])
def test_unreadable(tmp_path, monkeypatch, name):
    """A file that cannot be read comes as an error, and the next one is read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.txt").write_text("A text.")

    error, document = intake().documents([name, "good.txt"])

    assert isinstance(error, DocumentError)
    assert str(error).startswith(f"{name}: ")
    assert "A text." == document.article.text


def test_standard_input():
    """A dash reads standard input."""
    assert "A text." == only(intake(b"A text.").documents(["-"])).article.text


def test_address():
    """An address is fetched, and its page read."""
    page = Page("https://a.example/final", PAGE.encode(), "text/html")

    document = only(intake(fetch=lambda url: page).documents(["https://a.example/"]))

    assert "https://a.example/" == document.id
    assert "https://a.example/final" == document.article.url


def test_options_go_before_the_document(tmp_path):
    """A date and a title of the command line are taken for every document."""
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    options = {"published": date(2025, 8, 9), "title": "Another"}

    article = only(intake(**options).documents([str(path)])).article

    assert (date(2025, 8, 9), "Another") == (article.published, article.title)


def test_json_lines():
    """Objects are read one by one; the object's words go before the page's."""
    lines = [
        {
            "id": "one",
            "title": "T",
            "text": "  Text as given.\n",
            "published": "2025-08-09T10:00:00Z",
        },
        {"html": PAGE, "title": "Mine", "url": "https://a.example/"},
        {"id": 7, "text": ""},
    ]
    stdin = "\n".join(json.dumps(line) for line in lines).encode() + b"\n\n"

    one, two, three = intake(stdin, format="jsonl").documents(["-"])

    assert ("one", "  Text as given.\n") == (one.id, one.article.text)
    assert date(2025, 8, 9) == one.article.published
    assert ("-:2", "Mine", "https://a.example/") == (two.id, two.article.title, two.article.url)
    assert "A sentence of the article" in two.article.text
    assert "7" == three.id


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "is no JSON"),
        (b"[1]", "is no JSON object"),
        (b"\xff\xfe\xff", "is no UTF-8 text"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"text": 3}', "text: is no text"),
        (b'{"text": "x", "published": "yesterday"}', 'published: "yesterday" is no date'),
    ],
)
def test_malformed_line(line, why):
    """A malformed line is told by file and number, and the others are read."""
    error, document = intake(line + b'\n{"text": "good"}', format="jsonl").documents(["-"])

    assert str(error).startswith(f"-: line 1: {why}")
    assert "good" == document.article.text


@given(st.binary(max_size=200))
def test_any_line(line):
    """No line is too strange to be read or refused."""
    for found in intake(line, format="jsonl").documents(["-"]):
        assert isinstance(found, Document | DocumentError)


def test_no_date():
    """What is no date is refused with an example."""
    with pytest.raises(ValueError, match="try"):
        parse_published("09.08.2025")
