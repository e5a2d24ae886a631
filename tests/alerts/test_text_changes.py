"""What was changed between two texts of an article, as people are shown it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.text_changes import text_changes
from extract.claim import Claim
from state.articles import StoredRevision
from tests.support.alerting import NOW, claim, reading


def revision(number: int, text: str, *claims: Claim, title: str = "Title") -> StoredRevision:
    """A text of an article."""
    return StoredRevision(
        number=number,
        title=title,
        text=text,
        lang="en",
        published=None,
        seen_at=NOW + timedelta(hours=number),
        reading=reading(*claims),
        verdict="asserts",
        versions="test",
        warc=None,
    )


def test_the_same_words_are_no_change():
    """Spaces and empty lines are no words."""
    assert text_changes(revision(1, "One.\n\nTwo."), revision(2, "One. \nTwo.")) is None


def test_what_was_added_and_taken_out():
    """What was added has no "was", what was taken out has no "now"."""
    changes = text_changes(revision(1, "One.\nTwo."), revision(2, "Two.\nThree."))

    assert changes is not None
    assert changes["changes"] == [{"was": "One.", "now": ""}, {"was": "", "now": "Three."}]


def test_the_headline_counts():
    """A changed headline is a change, with both times."""
    changes = text_changes(revision(1, "x", title="Repealed"), revision(2, "x", title="Waived"))

    assert changes is not None
    assert changes["changes"] == [{"was": "Repealed", "now": "Waived"}]
    assert changes["first"]["seen_at"] < changes["latest"]["seen_at"]


def test_what_touches_a_claim_comes_first():
    """Of many changes those around a claim are shown, and the others are counted."""
    said = claim()
    old = "\n".join(f"Old {n}." for n in range(20)) + f"\n{said.sentence}"
    new = "\n".join(f"New {n}." for n in range(20)) + "\nIt was waived."

    changes = text_changes(revision(1, old, said), revision(2, new))

    assert changes is not None
    assert changes["changes"][0] == {"was": said.sentence, "now": "It was waived."}
    assert (len(changes["changes"]), changes["more"]) == (3, 18)


def test_of_a_long_paragraph_the_part_around_the_claim_is_shown():
    """The claim is seen, however much stands before it."""
    said = claim()

    changes = text_changes(revision(1, "x " * 2000 + said.sentence, said), revision(2, "Gone."))

    assert changes is not None
    assert said.sentence in changes["changes"][0]["was"]
    assert len(changes["changes"][0]["was"]) < 600


TEXT = st.lists(st.text("ab \n", max_size=10), max_size=30).map("\n".join)


@given(first=TEXT, latest=TEXT)
def test_any_two_texts_are_compared(first: str, latest: str):
    """Texts with the same words have no change, others have one, and few are shown."""
    changes = text_changes(revision(1, first), revision(2, latest))

    same = [" ".join(one.split()) for one in first.splitlines() if one.split()] == [
        " ".join(one.split()) for one in latest.splitlines() if one.split()
    ]
    assert same == (changes is None)
    if changes is not None:
        assert 1 <= len(changes["changes"]) <= 3
        assert all(change["was"] != change["now"] for change in changes["changes"])
