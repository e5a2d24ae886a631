"""What follows from a source's answer: which links to fetch, and what state keeps of the poll."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from alerts.routing import Audience, Notice, notice_messages
from crawler.report import SourceReport
from crawler.searches import MOST_RESULTS
from crawler.sources import Listed, SourceConfig, SourceKind
from state.message import MessageType
from state.pacing import window_of
from state.store import (
    Fault,
    FoundLink,
    Poll,
    Sight,
    SourceChange,
    SourceHealth,
    Store,
    Terms,
)

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SourceVisit:
    """One source within one pass.

    Attributes:
        asked: How many of its ways in (a sitemap index leads to many) are still to answer.
        errands: How many of its ways in and new pages are still to be fetched.
        sitemaps: The sitemaps asked for so far, so that none is asked for twice.
        answered: Whether any of them could be read.
        links_before: How many links its last good poll yielded.
        etag: The validator of the source's own address, where it may be used the next time.
        wait: How long its server asks to be left alone.
        max_age: How long its server says that the answer holds.
        fault: Why it could not be asked.
        shown: What it listed, before any filter: links, and the keys of leads.
        is_listed: Whether it listed anything, or said that there is nothing.
    """

    source: SourceConfig
    report: SourceReport
    asked: int = 1
    errands: int = 1
    sitemaps: set[str] = field(default_factory=set)
    answered: bool = False
    links_before: int = 0
    etag: str | None = None
    last_modified: str | None = None
    wait: timedelta = timedelta()
    max_age: timedelta = timedelta()
    fault: Fault | None = None
    shown: set[str] = field(default_factory=set)
    is_listed: bool = False

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

    def choose(
        self, source: SourceConfig, listed: Iterable[Listed], leads: Collection[str] = ()
    ) -> list[FoundLink]:
        """The links to follow, in the source's order, each once; ``leads`` pass every filter."""
        wanted = [one for one in listed if one.url in leads or self._is_wanted(source, one)]
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

    def __init__(
        self,
        store: Store,
        audience: Audience,
        choice: Choice,
        jitter: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._audience = audience
        self._choice = choice
        self._jitter = jitter

    def claim(
        self,
        visit: SourceVisit,
        listed: Iterable[Listed],
        now: datetime,
        leads: Collection[str] = (),
    ) -> list[FoundLink]:
        """The links to fetch of those that an answer lists, and those that are due once more."""
        found = self._choice.choose(visit.source, listed, leads)
        visit.report.links += len(found)
        limit = self._choice.limit
        if limit is not None or self._choice.since is not None:
            # What is passed over this time must be listed again the next time.
            visit.etag = visit.last_modified = None
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

    def record(self, visit: SourceVisit, now: datetime) -> int:
        """Keeps how the poll went, and queues the news where that changed; returns how many."""
        report, source = visit.report, visit.source
        poll = Poll(
            name=source.name,
            at=now,
            ok=report.outcome in ("ok", "not_modified"),
            links=visit.links_before if report.outcome == "not_modified" else report.links,
            error=report.error,
            etag=visit.etag,
            last_modified=visit.last_modified,
            sight=self._sight(visit),
            terms=Terms(source.every, source.expect_every),
        )
        with self._store.unit() as unit:
            before = unit.source(source.name)
            change = unit.record_poll(poll)
            health = unit.source(source.name)
            if health is None:
                return 0
            _note_health(report, health, now)
            if change is None:
                return 0
            last_ok = before.last_ok_at if before else None
            notice = source_notice(change, source, replace(health, last_ok_at=last_ok), now)
            return unit.enqueue(notice_messages(notice, self._audience, now), now)

    def _sight(self, visit: SourceVisit) -> Sight:
        report, source = visit.report, visit.source
        is_read = report.outcome in ("ok", "not_modified")
        return Sight(
            fault=None if is_read else visit.fault or "soft",
            error=report.error,
            window=window_of(visit.shown) if is_read and visit.is_listed else None,
            rolls=_rolls(source.kind, len(visit.shown)),
            asked=visit.wait,
            max_age=visit.max_age,
            jitter=self._jitter(),
        )


def source_notice(
    change: SourceChange, source: SourceConfig, health: SourceHealth, now: datetime
) -> Notice:
    """What people are told of a source that begins to fail, or works again.

    Args:
        change: Which of the two.
        source: The source.
        health: As it is now; ``last_ok_at`` as it was before.
        now: The time.
    """
    data = {
        "source": source.name,
        "outlet": source.outlet_name,
        "url": source.url,
        "failures_in_row": health.failures_in_row,
        "error": health.last_error,
        "last_ok_at": _stamp(health.last_ok_at),
        "next_poll_at": _stamp(health.next_poll_at),
        "caveat": source.caveat,
    }
    kind: MessageType = "source.failing" if change == "failing" else "source.recovered"
    return Notice(kind, source.name, now.isoformat(), data)


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _rolls(kind: SourceKind, shown: int) -> bool:
    """Whether a source lists only its last so many links. A search that is not full lists all."""
    return shown >= MOST_RESULTS[kind] if kind in MOST_RESULTS else kind in ("feed", "sitemap")


def _note_health(report: SourceReport, health: SourceHealth, now: datetime) -> None:
    """Says in the report what only the source's past shows: silence, and what may be missed."""
    if health.failures_in_row and report.outcome in ("ok", "not_modified"):
        report.outcome, report.error = "failed", health.last_error
    report.missed = health.missed_at == now
    if report.missed:
        _log.warning(
            "links may have been missed",
            source=report.name,
            next_poll_at=_stamp(health.next_poll_at),
        )
