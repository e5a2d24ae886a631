"""One round over the official sources that are due: asks, reads, and keeps what is new.

Each source is asked one thing after another, so that a server that refuses is asked once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from alerts.routing import notice_messages
from crawler.answers import Fetched
from crawler.limits import CrawlLimits
from crawler.official.candidates import keep_candidate
from crawler.official.polls import Polled, keep_poll
from crawler.official.shapes import plain_text, problem_of_status
from crawler.official.values import Ask, Change, Document, Found, Problem, Watcher
from crawler.official.watchers import make_watcher, why_skipped
from crawler.parts import PageError, PassParts
from crawler.report import PassReport, SourceReport
from crawler.sources import Answer, SourceConfig
from extract.article import NotArticle
from state.store import Sighting, SourceHealth, Validators
from state.unit import Unit

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)
# As many bodies are fetched of one source; the others wait for its next poll.
_BODIES = 50
# A key that is set meanwhile is not to wait for a whole interval.
_LONGEST_SKIP = timedelta(hours=1)
_READ = "read"


@dataclass(slots=True)
class Visit:
    """One official source within one round.

    Attributes:
        queue: What is still to be asked: listings, and bodies of documents.
        sent: What the addresses are to be asked with the next time.
        answers: How many answers were of use; ``unchanged`` of them were empty, as nothing changed.
        is_cut: Whether there was more than one round may fetch.
        wait: How long its server asks to be left alone.
    """

    source: SourceConfig
    report: SourceReport
    watcher: Watcher
    queue: deque[tuple[Ask, Document | None]] = field(default_factory=deque)
    sent: list[Validators] = field(default_factory=list)
    answers: int = 0
    unchanged: int = 0
    is_cut: bool = False
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One request of a source.

    Attributes:
        document: Whose body is asked for; None for a listing.
        known: What its address is asked with.
    """

    ask: Ask
    visit: Visit
    document: Document | None = None
    known: Validators | None = None


class OfficialRound:
    """The state of one round."""

    def __init__(
        self,
        sources: Sequence[SourceConfig],
        limits: CrawlLimits,
        parts: PassParts,
        report: PassReport,
    ) -> None:
        self.limits = limits
        self.robots = parts.robots
        self.report = report
        self._parts = parts
        self._sources = [(source, SourceReport(source.name)) for source in sources]
        self._visits: list[Visit] = []
        self._known: dict[str, Validators] = {}
        self._closed = False
        report.sources = [*report.sources, *(own for _, own in self._sources)]

    async def prepare(self) -> None:
        """Sees which sources can be asked, and what the last answers left to ask with.

        Raises:
            StateError: The database could not be used.
        """
        health = {one.name: one for one in await self._keep(self._parts.store.source_health)}
        now = self._parts.clock()
        for source, report in self._sources:
            reason = self._why_skipped(source)
            if reason:
                await self._skip(source, report, reason, now)
            else:
                self._visits.append(self._visit(source, report, health.get(source.name), now))
        urls = [ask.url for visit in self._visits for ask, _ in visit.queue if ask.is_lasting]
        self._known = await self._keep(self._parts.store.validators, urls)

    async def begin(self) -> list[Inquiry]:
        """The first request of each source."""
        return [one for visit in self._visits for one in await self._next(visit)]

    async def take(self, inquiry: Inquiry, fetched: Fetched) -> list[Inquiry]:
        """Keeps what an answer holds; returns what its source is asked next."""
        problem = problem_of_status(fetched)
        if problem is None and fetched.status == 304:
            inquiry.visit.unchanged += 1
            inquiry.visit.report.not_modified += 1
        elif problem is None:
            problem = await self._read(inquiry, fetched)
        if problem is not None:
            return await self.miss(inquiry, problem)
        inquiry.visit.answers += 1
        if inquiry.ask.is_lasting and (fetched.etag or fetched.last_modified):
            sent = Validators(inquiry.ask.url, fetched.etag, fetched.last_modified)
            inquiry.visit.sent.append(sent)
        return await self._next(inquiry.visit)

    async def miss(self, inquiry: Inquiry, problem: Problem) -> list[Inquiry]:
        """Notes why there is no answer; returns what its source is asked nevertheless."""
        if self._closed:
            return []
        visit, report = inquiry.visit, inquiry.visit.report
        where = f"{inquiry.document.title[:100]}: " if inquiry.document else ""
        report.failed += inquiry.document is not None
        report.error = report.error or self._hide(f"{where}{problem.reason}")
        visit.wait = max(visit.wait, problem.asked)
        if problem.kind in ("temporary", "forbidden"):
            # What one request was refused, the next ones would be refused too.
            visit.queue.clear()
        return await self._next(visit)

    def close(self) -> None:
        """Ends the round: what fails from now on was broken off. May be called again."""
        self._closed = True
        for _, report in self._sources:
            if report.outcome == "polling":
                report.outcome = "stopped"

    async def _keep(self, work: Callable[..., _T], *arguments: object) -> _T:
        async with self._parts.traffic.writing:
            return await asyncio.to_thread(work, *arguments)

    def _hide(self, text: str) -> str:
        return self._parts.official.keys.hide(text) if self._parts.official else text

    # Sources

    def _why_skipped(self, source: SourceConfig) -> str | None:
        parts = self._parts.official
        if parts is None:
            return "the watch has no official.toml"
        return why_skipped(source.kind, parts.data, parts.keys)

    async def _skip(
        self, source: SourceConfig, report: SourceReport, reason: str, now: datetime
    ) -> None:
        report.outcome, report.error = "skipped", reason
        _log.warning("source skipped", source=source.name, why=reason)
        later = now + min(source.every, _LONGEST_SKIP)
        await self._keep(self._parts.store.postpone_source, source.name, later)

    def _visit(
        self,
        source: SourceConfig,
        report: SourceReport,
        health: SourceHealth | None,
        now: datetime,
    ) -> Visit:
        parts = self._parts.official
        assert parts is not None  # noqa: S101 - a source without parts is skipped
        last_ok = health.last_ok_at if health else None
        watcher = make_watcher(source, parts.data, parts.keys, last_ok, now)
        visit = Visit(source, report, watcher)
        visit.queue.extend((ask, None) for ask in watcher.begin())
        return visit

    async def _next(self, visit: Visit) -> list[Inquiry]:
        if self._closed:
            return []
        self._parts.progress(self.report)
        if visit.queue:
            ask, document = visit.queue.popleft()
            return [Inquiry(ask, visit, document, self._known.get(ask.url))]
        await self._conclude(visit)
        return []

    async def _conclude(self, visit: Visit) -> None:
        report = visit.report
        all_unchanged = visit.answers > 0 and visit.unchanged == visit.answers
        report.outcome = "failed" if report.error else "not_modified" if all_unchanged else "ok"
        # Not added to in one step: that would read the number before the wait.
        queued = await self._keep(self._record, visit, self._parts.clock())
        self.report.messages.queued += queued
        self._parts.progress(self.report)

    def _record(self, visit: Visit, now: datetime) -> int:
        """Keeps how it went, and what to ask with the next time; returns the messages queued."""
        later = now + max(visit.source.every, visit.wait)
        health = {one.name: one for one in self._parts.store.source_health()}
        before = health.get(visit.source.name)
        with self._parts.store.unit() as unit:
            if visit.report.error is None and not visit.is_cut:
                unit.keep_validators(visit.sent)
            notice = keep_poll(unit, Polled(visit.source, visit.report, before, now, later))
            if notice is None:
                return 0
            return unit.enqueue(notice_messages(notice, self._parts.audience, now), now)

    # Answers

    async def _read(self, inquiry: Inquiry, fetched: Fetched) -> Problem | None:
        answer = Answer(fetched.url, fetched.body, fetched.content_type)
        if inquiry.document is not None:
            return await self._read_body(inquiry.visit, inquiry.document, answer)
        found = await asyncio.to_thread(inquiry.visit.watcher.read, inquiry.ask, answer)
        if isinstance(found, Problem):
            return found
        inquiry.visit.report.links += len(found.documents) + len(found.changes)
        inquiry.visit.queue.extendleft((ask, None) for ask in reversed(found.asks))
        bodies = await self._keep(self._take, inquiry.visit, found)
        room = max(_BODIES - inquiry.visit.report.new, 0)
        inquiry.visit.is_cut = inquiry.visit.is_cut or len(bodies) > room
        inquiry.visit.report.new += len(bodies[:room])
        inquiry.visit.queue.extend((ask, document) for ask, document in bodies[:room])
        return None

    async def _read_body(self, visit: Visit, document: Document, answer: Answer) -> Problem | None:
        visit.report.fetched += 1
        try:
            named = await self._body_names(document, answer)
        except PageError as error:
            return Problem(str(error), "gone")
        await self._keep(self._settle, visit, document, named)
        return None

    async def _body_names(self, document: Document, answer: Answer) -> bool:
        """Whether a body names the law; of a web page only the article counts."""
        if document.form == "page":
            page = await self._parts.reader.read_page(answer)
            if not isinstance(page, NotArticle):
                article = page[0]
                return await self._names(article.title or document.title, article.text)
        text = plain_text(answer.body, answer.content_type)
        return await self._names(document.title, text)

    async def _names(self, title: str, text: str) -> bool:
        parts = self._parts.official
        return parts is not None and await asyncio.to_thread(parts.names, title, text)

    def _take(self, visit: Visit, found: Found) -> list[tuple[Ask, Document]]:
        """Keeps what an answer holds; returns the bodies that are still to be read."""
        for change in found.changes:
            self._note(visit, change)
        seen = self._parts.store.sighted([one.subject for one in found.documents])
        new = {one.subject: one for one in found.documents if one.subject not in seen}
        bodies = []
        for document in new.values():
            if self._is_told(document):
                self._settle(visit, document, named=True)
            elif document.body is not None:
                bodies.append((document.body, document))
        return bodies

    def _is_told(self, document: Document) -> bool:
        """Whether what the source tells of a document names the law."""
        parts = self._parts.official
        return parts is not None and parts.names(document.title, document.text)

    def _settle(self, visit: Visit, document: Document, named: bool) -> None:
        """Remembers a document that was read whole, and keeps it where it names the law."""
        now = self._parts.clock()
        source = visit.source.name
        with self._parts.store.unit() as unit:
            unit.note_sighting(Sighting(document.subject, _READ, source, now))
            if named and not self._holds(document):
                self._tell(unit, visit, document, now)

    def _note(self, visit: Visit, change: Change) -> None:
        now = self._parts.clock()
        source = visit.source.name
        with self._parts.store.unit() as unit:
            sighting = Sighting(change.subject, change.state, source, now)
            novelty = unit.note_sighting(sighting)
            told = novelty == "new" or (novelty == "first" and change.is_telling)
            is_held = change.is_old or (change.is_entry and self._holds(change.document))
            if told and not is_held:
                self._tell(unit, visit, change.document, now)

    def _holds(self, document: Document) -> bool:
        return self._parts.official is not None and self._parts.official.holds(document)

    def _tell(self, unit: Unit, visit: Visit, document: Document, now: datetime) -> None:
        queued = keep_candidate(unit, document, self._parts.audience, now)
        if queued is None:
            return
        self.report.messages.queued += queued
        _log.info(
            "candidate",
            source=visit.source.name,
            document=document.name,
            title=document.title,
            url=document.url,
        )
