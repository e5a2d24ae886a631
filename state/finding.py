"""A finding: a rule's contradiction in an article, with its evidence. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from extract.claim import Claim

Severity = Literal["high", "medium", "low", "none"]
LOUDNESS: Mapping[Severity, int] = {"none": 0, "low": 1, "medium": 2, "high": 3}
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


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """Where the bytes of a page are kept."""

    file: str
    offset: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A reader's word that a finding is right."""

    at: datetime
    by: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its article, as of the last revision in which it was found.

    Attributes:
        id: Short and safe in URLs.
        updated_at: The last time that anything of it changed.
        cluster: What articles of the same text share; None where there is only this one.
        copies: Outlet and URL of the other articles that carry the text and say the same.
        warc: Where the page's bytes are kept.
        why: The reason that was given for closing it.
        confirmed: A reader's word that it is right; None where nobody gave it.
        copy_of: The finding that tells of this one too, as one of its copies; such a finding is not
            listed by itself.
    """

    id: str
    status: FindingStatus
    rule: str
    severity: Severity
    verdict: Verdict
    outlet: str
    url: str
    title: str | None
    published: date | None
    lang: str | None
    message: str
    claim: Claim
    record: RecordReference
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    cluster: str | None = None
    copies: tuple[tuple[str, str], ...] = ()
    warc: WarcRecord | None = None
    article_id: int = 0
    revision: int = 1
    why: str | None = None
    copy_of: str | None = None
    confirmed: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings are asked for.

    Attributes:
        since: Only those of which something changed at or after this time.
        langs: Only articles in these languages; empty: in any.
        limit: The newest so many.
        confirmed: Only those that a reader confirmed.
    """

    status: FindingStatus | None = None
    since: datetime | None = None
    langs: tuple[str, ...] = ()
    limit: int | None = None
    confirmed: bool = False
