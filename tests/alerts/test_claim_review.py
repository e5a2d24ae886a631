"""Findings as ClaimReview: what others may show of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from alerts.claim_review import Reviewer, can_be_reviewed, claim_review
from state.finding import Confirmation, StoredFinding
from tests.support.stored import CLAIM, NOW, REFERENCE

CONFIRMED = Confirmation(datetime(2026, 3, 5, 9, tzinfo=UTC), "Ann")
FINDING = StoredFinding(
    id="f_1",
    status="open",
    rule="repeal-asserted",
    severity="high",
    verdict="asserts",
    outlet="Outlet",
    url="https://outlet.example/1",
    title="Headline",
    published=date(2026, 2, 28),
    lang="en",
    message="The article says repealed; the record says waived.",
    claim=CLAIM,
    record=REFERENCE,
    opened_at=NOW,
    closed_at=None,
    updated_at=NOW,
    copies=(("Other", "https://other.example/1"),),
)
OUTLET = {"@type": "Organization", "name": "Outlet"}


def test_a_finding_is_a_whole_claim_review() -> None:
    """Claim, outlet, appearances, rating and reviewer stand where schema.org wants them."""
    reviewer = Reviewer("Desk", "https://desk.example", "https://desk.example/f/{id}.html")
    found = claim_review(FINDING, reviewer, "False: it was not")

    assert found == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": "f_1",
        "url": "https://desk.example/f/f_1.html",
        "datePublished": "2026-03-01",
        "author": {"@type": "Organization", "name": "Desk", "url": "https://desk.example"},
        "inLanguage": "en",
        "claimReviewed": "The law was repealed.",
        "reviewBody": "The article says repealed; the record says waived.",
        "citation": {
            "@type": "CreativeWork",
            "name": "Waiver of 2025",
            "identifier": "1 FR 1",
            "url": "https://fr.example",
        },
        "itemReviewed": {
            "@type": "Claim",
            "text": "The law was repealed.",
            "inLanguage": "en",
            "author": OUTLET,
            "datePublished": "2026-02-28",
            "appearance": [
                {
                    "@type": "NewsArticle",
                    "url": "https://outlet.example/1",
                    "headline": "Headline",
                    "datePublished": "2026-02-28",
                    "publisher": OUTLET,
                },
                {
                    "@type": "NewsArticle",
                    "url": "https://other.example/1",
                    "publisher": {"@type": "Organization", "name": "Other"},
                },
            ],
        },
        "reviewRating": {"@type": "Rating", "alternateName": "False: it was not"},
    }


def test_what_is_not_known_is_left_out() -> None:
    """Nothing is made up: no date, no reviewer, no page; the message stands in for the rating."""
    bare = replace(FINDING, published=None, title=None, lang=None, copies=())
    found = claim_review(bare, Reviewer(), None)

    assert {"url", "author"}.isdisjoint(found)
    assert {"datePublished", "inLanguage"}.isdisjoint(found["itemReviewed"])
    assert found["reviewRating"]["alternateName"] == FINDING.message


@pytest.mark.parametrize("voice", ["quoted", "reported"])
def test_a_speakers_words_are_not_the_outlets(voice) -> None:
    """What an outlet passes on has no known author; where it appeared is told all the same."""
    passed_on = replace(FINDING, claim=replace(CLAIM, voice=voice))
    item = claim_review(passed_on, Reviewer(), None)["itemReviewed"]

    assert "author" not in item
    assert item["appearance"][0]["publisher"] == OUTLET


def test_a_confirmed_finding_is_dated_by_its_confirmation() -> None:
    """From the day on which a reader confirmed it, it is a review."""
    found = claim_review(replace(FINDING, confirmed=CONFIRMED), Reviewer(), None)

    assert found["datePublished"] == "2026-03-05"


@pytest.mark.parametrize(
    ("status", "confirmed", "expected"),
    [
        ("open", None, True),
        ("open", CONFIRMED, True),
        ("corrected", None, False),
        ("corrected", CONFIRMED, True),
        ("dismissed", None, False),
        ("dismissed", CONFIRMED, False),
    ],
)
def test_only_what_stands_is_reviewed(status, confirmed, expected) -> None:
    """Open or confirmed, and never dismissed."""
    finding = replace(FINDING, status=status, confirmed=confirmed)

    assert expected == can_be_reviewed(finding)
