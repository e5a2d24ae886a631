"""A finding: a rule's contradiction in an article, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.claim import Claim

Severity = Literal["high", "medium", "low", "none"]
Verdict = Literal[
    "asserts", "relays", "corrects", "lifted", "prospective", "accurate", "background",
    "irrelevant", "unjudged",
]  # fmt: skip
FindingStatus = Literal["open", "corrected", "dismissed"]


@dataclass(frozen=True, slots=True)
class RecordReference:
    """The entry of the record that a finding contradicts, as it stood on the article's date.

    Attributes:
        status: The law's status on that date, one of :data:`state.record.StatusName`.
        as_of: ISO date the status was asked for; None where the article's date is not known and the
            status holds for the whole record.
        event: One line that names the deciding event.
        citation: Where the event is published, None where that is not established.
        url: Where it can be read.
    """

    status: str
    as_of: str | None
    event: str
    citation: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in one revision of an article.

    Attributes:
        rule: The rule's id; with the article it identifies the finding over all revisions.
        message: One line that says why, in English.
        claim: The claim that decided.
    """

    rule: str
    severity: Severity
    message: str
    claim: Claim
    record: RecordReference
