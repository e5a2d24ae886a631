"""What follows from a source's answer: which links to fetch, and what state keeps of the poll."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from alerts.routing import Audience, Notice, notice_messages
from crawler.report import SourceReport
from crawler.sources import Listed, SourceConfig
from state.message import MessageType
from state.store import FoundLink, Poll, Revisit, SourceChange, Store
from state.unit import Unit

_REVISITS = 200


@dataclass(slots=True)
class SourceVisit:
    """One source within one pass.

    Attributes:
        asked: How many of its ways in (a sitemap index leads to many) are still to answer.
        sitemaps: The sitemaps asked for so far, so that none is asked for twice.
        answered: Whether any of them could be read.
        links_before: How many links its last good poll yielded.
        etag: The validator of the source's own address, where it may be used the next time.
    """

    source: SourceConfig
    report: SourceReport
    asked: int = 1
    sitemaps: set[str] = field(default_factory=set)
    answered: bool = False
    links_before: int = 0
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether every way in has answered."""
        return self.asked == 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the links that a source lists are looked at.

    Attributes:
        since: Links that the source dates before this are passed over; undated ones are not.
        limit: How many pages of each source a pass fetches for the first time.
        links: How many links of one answer are looked at.
    """

    since: datetime | None = None
    limit: int | None = None
    links: int = 5000

    def choose(self, source: SourceConfig, listed: tuple[Listed, ...]) -> list[FoundLink]:
        """The links to follow, in the source's order, each once."""
        wanted = [one for one in listed if self._is_wanted(source, one)]
        found = {one.url: FoundLink(one.url, one.title, one.published) for one in wanted}
        return list(found.values())[: self.links]

    def _is_wanted(self, source: SourceConfig, one: Listed) -> bool:
        if self.since and one.dated and one.dated < self.since:
            return False
        if source.link_pattern and not re.search(source.link_pattern, one.url):
            return False
        return _mentions(source.must_mention, one)


def _mentions(words: tuple[str, ...], one: Listed) -> bool:
    told = f"{one.title or ''} {one.summary or ''}".casefold()
    return not words or not told.strip() or any(word.casefold() in told for word in words)


class Discovery:
    """What state is told of a source's answers. Its methods block; call them in a thread."""

    def __init__(self, store: Store, audience: Audience, choice: Choice) -> None:
        self._store = store
        self._audience = audience
        self._choice = choice

    def claim(
        self, visit: SourceVisit, listed: tuple[Listed, ...], now: datetime
    ) -> list[FoundLink]:
        """The links to fetch of those that an answer lists, and those that are due once more."""
        found = self._choice.choose(visit.source, listed)
        visit.report.links += len(found)
        limit = self._choice.limit
        if limit is None:
            return self._store.claim_links(visit.source.name, found, now)
        return self._claim_some(visit, found, now)

    def _claim_some(
        self, visit: SourceVisit, found: list[FoundLink], now: datetime
    ) -> list[FoundLink]:
        """Claims no more than may be fetched: the rest stays unseen, for the next pass."""
        room = (self._choice.limit or 0) - visit.report.new
        claimed: list[FoundLink] = []
        while found and len(claimed) < room:
            missing = room - len(claimed)
            some, found = found[:missing], found[missing:]
            claimed += self._store.claim_links(visit.source.name, some, now)
        return claimed[: max(room, 0)]

    def revisits(self, source: str, now: datetime) -> list[Revisit]:
        """The source's articles to fetch again."""
        return self._store.due_revisits(source, now, _REVISITS)

    def record(self, visit: SourceVisit, now: datetime) -> int:
        """Keeps how the poll went, and queues the news where that changed; returns how many."""
        report, source = visit.report, visit.source
        poll = Poll(
            name=source.name,
            at=now,
            ok=report.outcome in ("ok", "not_modified"),
            links=visit.links_before if report.outcome == "not_modified" else report.links,
            error=report.error,
            next_poll_at=now + source.every,
            etag=visit.etag,
            last_modified=visit.last_modified,
        )
        with self._store.unit() as unit:
            change = unit.record_poll(poll)
            return self._tell(unit, visit, change, now) if change else 0

    def _tell(self, unit: Unit, visit: SourceVisit, change: SourceChange, now: datetime) -> int:
        health = next(one for one in self._store.source_health() if one.name == visit.source.name)
        data = {
            "source": visit.source.name,
            "url": visit.source.url,
            "failures_in_row": health.failures_in_row + (change == "failing"),
            "error": visit.report.error,
            "last_ok_at": health.last_ok_at.isoformat() if health.last_ok_at else None,
        }
        kind: MessageType = "source.failing" if change == "failing" else "source.recovered"
        notice = Notice(kind, visit.source.name, now.isoformat(), data)
        return unit.enqueue(notice_messages(notice, self._audience, now), now)
