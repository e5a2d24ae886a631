"""What a pass did, counted while it runs; serialises to what ``crawl --json`` prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

SourceOutcome = Literal["polling", "ok", "not_modified", "failed", "skipped", "stopped"]


@dataclass(slots=True)
class SourceReport:
    """What came of one source.

    Attributes:
        outcome: ``stopped`` where the pass ended before the source had answered, ``skipped`` where
            it was not asked; ``error`` says why.
        links: How many links it listed, after its own filters.
        new: How many pages it gave the pass to fetch: not known before, or due once more.
        fetched: How many of these were answered.
        not_modified: Answers 304 of the source's own address.
        failed: How many of these could not be fetched or read.
        missed: Whether it listed nothing of what it had listed before, so that links may have come
            and gone unseen.
    """

    name: str
    outcome: SourceOutcome = "polling"
    links: int = 0
    new: int = 0
    fetched: int = 0
    not_modified: int = 0
    failed: int = 0
    error: str | None = None
    missed: bool = False


@dataclass(slots=True)
class ArticleCounts:
    """What came of the pages.

    Attributes:
        fetched: How many were answered, new ones and articles that were looked at again.
        skipped_irrelevant: Pages that do not name the law: remembered by address only.
        relevant: Articles whose verdict is neither irrelevant nor unjudged.
        revised: Articles known before whose text has changed.
        failed: Pages that could not be fetched or read.
        revisited: How many of those fetched were looked at again; no source's line counts them.
        not_modified: How many of these answered 304.
    """

    fetched: int = 0
    skipped_irrelevant: int = 0
    extracted: int = 0
    relevant: int = 0
    unchanged: int = 0
    revised: int = 0
    failed: int = 0
    revisited: int = 0
    not_modified: int = 0


@dataclass(slots=True)
class FindingCounts:
    """What happened to findings."""

    opened: int = 0
    corrected: int = 0
    updated: int = 0


@dataclass(slots=True)
class MessageCounts:
    """What happened to messages; a pass itself only queues them."""

    queued: int = 0
    delivered: int = 0
    deferred: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class LeadOutlet:
    """An outlet that searches name, and that no source leads into."""

    outlet: str
    site: str
    leads: int


@dataclass(slots=True)
class LeadCounts:
    """What came of articles that searches name without an address to fetch.

    Attributes:
        noted: Named for the first time.
        found: Listed by their outlets' own ways in.
        no_way_in: The outlets of open ones that no source leads into.
    """

    noted: int = 0
    found: int = 0
    no_way_in: list[LeadOutlet] = field(default_factory=list)


@dataclass(slots=True)
class PassReport:
    """What one pass did."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None = None
    sources: list[SourceReport] = field(default_factory=list)
    articles: ArticleCounts = field(default_factory=ArticleCounts)
    findings: FindingCounts = field(default_factory=FindingCounts)
    messages: MessageCounts = field(default_factory=MessageCounts)
    leads: LeadCounts = field(default_factory=LeadCounts)

    @property
    def all_failed(self) -> bool:
        """Whether sources were asked, and none of them could be read."""
        asked = [one for one in self.sources if one.outcome != "skipped"]
        return bool(asked) and all(one.outcome == "failed" for one in asked)

    def as_data(self) -> dict[str, Any]:
        """The object that ``crawl --json`` prints: plain JSON values."""
        data = asdict(self)
        data["started_at"] = self.started_at.isoformat()
        data["finished_at"] = self.finished_at.isoformat() if self.finished_at else None
        return data


Progress = Callable[[PassReport], None]
"""Told after each step of a pass, with the report as it stands."""


def unheard(report: PassReport) -> None:
    """The progress of a pass that nobody watches."""
