"""What the watchers of pages make of them: actions of the White House, the note in the Code."""

from __future__ import annotations

from datetime import date

from crawler.official import uscode, whitehouse
from crawler.official.values import Ask, Found, Problem
from crawler.sources import Answer
from tests.support.official import shape
from tests.support.watchers import (
    ACTIONS,
    CODE,
    NOTE,
    read,
    refused,
)

# White House


def test_actions():
    """Actions of the feed have a page each; those from before the record's day are passed over."""
    found = read(ACTIONS, "feed", "whitehouse_feed.xml", "https://wh.example")

    assert ["waiver", "determination", "nominations"] == [
        one.url.rstrip("/").rpartition("/")[2] for one in found.documents
    ]
    assert {"page"} == {one.form for one in found.documents}
    assert date(2026, 2, 20) == found.documents[0].date


def test_actions_elsewhere_are_not_read():
    """An action that is listed on another site is judged by its title alone."""
    body = shape("whitehouse_feed.xml", "https://elsewhere.example")

    documents = whitehouse.read_actions(Answer("https://wh.example/feed/", body))

    assert not isinstance(documents, Problem)
    assert {None} == {one.body for one in documents}


def test_actions_error():
    """A page in place of the feed is an error."""
    assert "the answer is a web page, not a feed or sitemap" == refused(
        ACTIONS, "feed", "whitehouse_error.html"
    )


# The Code


def note(page: bytes) -> str:
    """The note's state on a page."""
    found = NOTE.read(Ask("https://code.example/view", "page"), Answer("x", page))
    assert isinstance(found, Found)
    return found.changes[0].state


def test_note_is_its_words():
    """The note ends where the next begins; spelling and the rest of the page do not matter."""
    page = shape("uscode_section.html")
    words = uscode.read_note(page, CODE)

    assert isinstance(words, str)
    assert words.startswith("Pub. L. 107-115, title II, provided that:")
    assert words.endswith('may not be provided to the Government of Azerbaijan."')
    for old, new in (
        (b"Release point 119-73", b"Release point 119-99"),
        (b"&ldquo;", b'"'),
        ("–".encode(), b"-"),
        (b"Another note.", b"Another note, changed."),
        (b"volume=115", b"volume=116"),
        (b"may waive", b"may\n   waive"),
    ):
        assert old in page
        assert note(page) == note(page.replace(old, new))


def test_note_that_changed():
    """Other words are another state, which is not told at the first sight."""
    page = shape("uscode_section.html")

    assert note(page) != note(page.replace(b"may waive", b"may not waive"))
    found = NOTE.read(Ask("x", "page"), Answer("x", page))
    assert isinstance(found, Found)
    assert not found.changes[0].is_telling


def test_note_that_is_gone():
    """A section's page without the note is told, and another page is an error."""
    page = shape("uscode_section.html").replace(b"Restriction on Assistance", b"Restrictions")
    found = NOTE.read(Ask("x", "page"), Answer("x", page))

    assert isinstance(found, Found)
    (change,) = found.changes
    assert ("absent", True) == (change.state, change.is_telling)
    assert change.document.title.endswith("the note is gone")
    assert "the answer is not the section's page" == refused(
        NOTE, "page", "uscode_unavailable.html"
    )


def test_note_without_words():
    """A heading with nothing below it is an answer cut short, not a repeal."""
    page = shape("uscode_section.html")
    cut = page[: page.index(b"Restriction on Assistance to Azerbaijan</strong></h4>") + 53]

    assert isinstance(uscode.read_note(cut, CODE), Problem)
