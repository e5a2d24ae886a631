"""What a visit of a known article brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from extract.article import Article
from extract.claim import Reading
from state.revising import Version, same_extractor, versions_line, weigh
from tests.support.stored import CLAIM, NOW, READING

A = "The law was repealed yesterday, the ministry said in a statement."
B = "The law was waived yesterday, the ministry said in a statement."
LINE = versions_line(program="p 1", extractor="e1 with t 2.3", lexicons="l1", rules="r1")
HOUR = timedelta(hours=1)


def version(text: str = A, hours: float = 0, versions: str = LINE, reading: Reading = READING):
    return Version("Title", text, reading, versions, NOW + hours * HOUR)


def other(**parts: str) -> str:
    known = {"program": "p 1", "extractor": "e1 with t 2.3", "lexicons": "l1", "rules": "r1"}
    return versions_line(**(known | parts))


def test_the_same_again_is_nothing():
    """Also where white space, a dateline or a counter moved."""
    assert "none" == weigh([version()], version(hours=1))
    assert "none" == weigh([version()], version(A + "\nViews: 77", hours=1))


def test_another_text_is_an_edit():
    """A later one too, and one that comes back after long."""
    assert "edit" == weigh([version()], version(B, 1))
    assert "edit" == weigh([version(), version(B, 1)], version(A, 26))


@pytest.mark.parametrize(
    ("hours", "expected"), [(2, "flip_flop"), (24.5, "flip_flop"), (25.5, "edit")]
)
def test_a_text_that_comes_back_within_a_day_is_waited_out(hours, expected):
    """Servers that disagree for a while are no news; what stays is."""
    assert expected == weigh([version(), version(B, 1)], version(A, hours))


def test_a_third_text_is_an_edit_however_soon():
    """Only what was there before can flip back."""
    assert "edit" == weigh([version(), version(B, 1)], version(A + " It is over.", 2))


@pytest.mark.parametrize("part", ["lexicons", "rules", "program"])
def test_an_upgrade_that_reads_otherwise_is_no_edit(part):
    """The same text under another lexicon or rule is read anew."""
    again = version(hours=1, versions=other(**{part: "9"}), reading=Reading("en"))

    assert "reading" == weigh([version()], again)


def test_claims_that_changed_are_an_edit_whatever_was_left_out():
    """Where the same engine finds another claim, something of the story changed."""
    claims = (replace(CLAIM, voice="quoted"),)
    again = version(A + "\nSaid Smith 7", 1, reading=replace(READING, claims=claims))

    assert "edit" == weigh([version()], again)


class TestExtractor:
    """An upgrade of what takes the text out of the page never looks like an edit."""

    new = other(extractor="e2 with t 2.4")

    def test_the_same_page_read_anew(self):
        """The last page, extracted today, gives today's text: nobody edited anything."""
        longer = A + " Read the statement in full below, as it was sent to us on Friday."
        again = version(longer, 1, self.new)

        assert "reading" == weigh([version()], again, Article(longer, "Title"))

    def test_an_edit_is_seen_through_the_upgrade(self):
        """The last page, extracted today, does not give today's text."""
        assert "edit" == weigh([version()], version(B, 1, self.new), Article(A, "Title"))

    def test_without_the_page_much_of_the_text_must_be_the_same(self):
        """A caption more is the extractor's doing; half of another story is not."""
        story = " ".join(f"Sentence {n} of the story is here." for n in range(30))

        assert "reading" == weigh([version(story)], version(story + " A caption.", 1, self.new))
        assert "edit" == weigh([version(story)], version(story[:500] + B * 9, 1, self.new))


def test_only_the_extractor_counts():
    """Versions that name none are of one kind."""
    assert same_extractor(LINE, other(lexicons="l2"))
    assert not same_extractor(LINE, other(extractor="e2"))
    assert same_extractor("old", "older")
    assert not same_extractor("old", LINE)
