"""Findings as ClaimReview of schema.org, for the site on which they are published. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from state.finding import RecordReference, StoredFinding


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who publishes reviews, and where.

    Attributes:
        name: None where nobody is named.
        url: The publisher's own page.
        page: Where a finding is published, with ``{id}`` for the finding's.
    """

    name: str | None = None
    url: str | None = None
    page: str | None = None


def can_be_reviewed(finding: StoredFinding) -> bool:
    """Whether a finding can be shown to others as it stands: it is open, or a reader confirmed it.

    What was dismissed was no finding, whatever was said of it before.
    """
    return finding.status == "open" or (
        finding.status != "dismissed" and finding.confirmed is not None
    )


def claim_review(finding: StoredFinding, reviewer: Reviewer, rating: str | None) -> dict[str, Any]:
    """The finding as one object of JSON-LD.

    Args:
        finding: One that :func:`can_be_reviewed`.
        reviewer: Who publishes it.
        rating: What the rule says of such claims; None: the finding's own message.
    """
    word = finding.confirmed
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "identifier": finding.id,
            "url": reviewer.page.replace("{id}", finding.id) if reviewer.page else None,
            "datePublished": (word.at if word else finding.opened_at).date().isoformat(),
            "author": _organization(reviewer.name, reviewer.url),
            "inLanguage": "en",
            "claimReviewed": finding.claim.sentence,
            "reviewBody": finding.message,
            "citation": _citation(finding.record),
            "itemReviewed": _claim(finding),
            "reviewRating": {"@type": "Rating", "alternateName": rating or finding.message},
        }
    )


def _claim(finding: StoredFinding) -> dict[str, Any]:
    published = finding.published.isoformat() if finding.published else None
    # A speaker's words are the speaker's, and who that is, is not known: only the outlet is.
    is_own = finding.claim.voice == "own"
    appearances = [_appearance(finding.outlet, finding.url, finding.title, published)]
    appearances += [_appearance(outlet, url) for outlet, url in finding.copies]
    return _known(
        {
            "@type": "Claim",
            "text": finding.claim.sentence,
            "inLanguage": finding.lang,
            "author": _organization(finding.outlet) if is_own else None,
            "datePublished": published,
            "appearance": appearances,
        }
    )


def _appearance(
    outlet: str, url: str, headline: str | None = None, published: str | None = None
) -> dict[str, Any]:
    return _known(
        {
            "@type": "NewsArticle",
            "url": url,
            "headline": headline,
            "datePublished": published,
            "publisher": _organization(outlet),
        }
    )


def _citation(record: RecordReference) -> dict[str, Any]:
    return _known(
        {
            "@type": "CreativeWork",
            "name": record.event,
            "identifier": record.citation,
            "url": record.url,
        }
    )


def _organization(name: str | None, url: str | None = None) -> dict[str, Any] | None:
    return _known({"@type": "Organization", "name": name, "url": url}) if name or url else None


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """The object without the properties that have no value."""
    return {key: value for key, value in values.items() if value is not None}
