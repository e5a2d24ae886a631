"""One pass: over the due sources, on the running event loop, within the limits, with a report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from twisted.python.failure import Failure

from crawler.discovery import Choice
from crawler.errors import ArchiveError, PassError
from crawler.fetching import scrapy_settings
from crawler.guard import install_resolver
from crawler.limits import CrawlLimits
from crawler.loop import run_async, running_reactor
from crawler.official.round import OfficialRound
from crawler.outlets import Outlets
from crawler.parts import PassParts, Plan
from crawler.report import PassReport
from crawler.revisits import MOST_REVISITS, HostVisit, host_visits
from crawler.sources import OFFICIAL_KINDS, SourceConfig
from crawler.spiders.base import NewsSpider, PassSpider
from crawler.spiders.official import OfficialSpider
from crawler.walk import Walk
from state.errors import StateError

__all__ = ["PassParts", "PassReport", "PassRequest", "run_async", "run_pass"]

_log = structlog.get_logger(__name__)
_GRACE = 3.0


@dataclass(frozen=True, slots=True)
class PassRequest:
    """What one pass is to do.

    Attributes:
        sources: All sources that are enabled.
        disabled: The others, which are not polled; the pace towards their hosts holds all the same.
        only: Names of those to poll, due or not; empty: not chosen by name.
        everything: Polls all, due or not.
        since: Links that a source dates further back than this are passed over.
        limit: How many pages of each source are fetched for the first time.
    """

    sources: tuple[SourceConfig, ...]
    limits: CrawlLimits
    disabled: tuple[SourceConfig, ...] = ()
    only: tuple[str, ...] = ()
    everything: bool = False
    since: timedelta | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What one pass asks: sources, and hosts for articles that are due again."""

    sources: Sequence[SourceConfig]
    again: Sequence[HostVisit]


async def run_pass(request: PassRequest, parts: PassParts) -> PassReport:
    """Polls the sources that are due, fetches and reads what is new, and keeps what comes of it.

    Known articles that are due are looked at again, whatever became of their source; where sources
    are chosen by name, theirs alone. May be called again and again in one process, on the loop
    that runs. When cancelled it ends its fetches first.

    Raises:
        PassError: A source is not known by name, or the reactor runs on another loop.
        StateError: The database could not be used; what was kept until then is kept.
    """
    reactor = running_reactor()
    started = parts.clock()
    run_id = await asyncio.to_thread(parts.store.start_run, started)
    report = PassReport(run_id, started)
    fault = None
    chosen = await _chosen(request, parts, started)
    again = await _due_again(request, parts, started)
    # Nothing is waited for until they are held, or two passes would ask the same hosts.
    task = Task(parts.traffic.free(chosen), parts.traffic.free(again))
    if task.sources or task.again:
        with parts.traffic.asking([*task.sources, *task.again]):
            install_resolver(reactor, request.limits.allow_networks)
            parts.robots.forget_failures()
            fault = await _present(task, request, parts, report)
    if isinstance(fault, StateError):
        raise fault
    report.finished_at = parts.clock()
    await asyncio.to_thread(parts.store.finish_run, run_id, report.finished_at, report.as_data())
    parts.progress(report)
    if fault is not None:
        raise fault
    return report


async def _chosen(request: PassRequest, parts: PassParts, now: datetime) -> Sequence[SourceConfig]:
    known = {source.name: source for source in request.sources}
    if request.only:
        if missing := [name for name in request.only if name not in known]:
            raise PassError(f'"{missing[0]}" is no source of the settings')
        return [known[name] for name in dict.fromkeys(request.only)]
    if request.everything:
        return list(known.values())
    every = {name: source.every for name, source in known.items()}
    due = await asyncio.to_thread(parts.store.due_sources, now, every)
    return [known[name] for name in due]


async def _due_again(request: PassRequest, parts: PassParts, now: datetime) -> list[HostVisit]:
    due = await asyncio.to_thread(
        parts.store.due_revisits, now, MOST_REVISITS, request.only or None
    )
    return host_visits(due)


async def _present(
    task: Task, request: PassRequest, parts: PassParts, report: PassReport
) -> BaseException | None:
    """Does the task, known to other processes as a crawler; returns the first fault."""
    with ExitStack() as stack:
        presence = parts.store.crawling(report.started_at)
        released = await asyncio.to_thread(stack.enter_context, presence)
        if released:
            _log.info("links of a pass that died are fetched", links=released)
        return await _poll(task, request, parts, report)


async def _poll(
    task: Task, request: PassRequest, parts: PassParts, report: PassReport
) -> BaseException | None:
    """Asks the outlets, then the official sources; returns the first fault."""
    news = [source for source in task.sources if source.kind not in OFFICIAL_KINDS]
    official = [source for source in task.sources if source.kind in OFFICIAL_KINDS]
    fault = None
    if news or task.again:
        choice = _choice(request, report.started_at)
        plan = Plan(news, request.limits, choice, Outlets(request.sources), task.again)
        walk = Walk(plan, parts, report)
        await walk.prepare()
        # Of all sources: articles of any of them may be looked at again.
        fault = await _crawl(NewsSpider, walk, [*request.sources, *request.disabled])
    if official and fault is None:
        round = OfficialRound(official, request.limits, parts, report)
        await round.prepare()
        fault = await _crawl(OfficialSpider, round, official)
    return fault


def _choice(request: PassRequest, now: datetime) -> Choice:
    since = now - request.since if request.since is not None else None
    return Choice(since, request.limit, request.limits.links)


async def _crawl(
    spider: type[PassSpider], walk: Walk | OfficialRound, sources: Sequence[SourceConfig]
) -> BaseException | None:
    """Runs Scrapy over the walk, no longer than the pass may last; returns the first fault."""
    runner = AsyncCrawlerRunner(scrapy_settings(walk.limits, sources))
    crawler = runner.create_crawler(spider)
    faults = _Faults(crawler)
    crawl = runner.crawl(crawler, walk)
    try:
        done, _ = await asyncio.wait({crawl}, timeout=walk.limits.pass_time.total_seconds())
        if not done:
            _log.warning("pass ended before its work was done", run=walk.report.run_id)
            walk.close()
            await _stop(crawler, crawl)
    except asyncio.CancelledError:
        walk.close()
        await _stop(crawler, crawl)
        raise
    walk.close()
    return faults.first or (None if crawl.cancelled() else crawl.exception())


async def _stop(crawler: Crawler, crawl: asyncio.Task[None]) -> None:
    """Ends a crawl; a server that keeps us waiting does not keep the program from ending."""
    stopping = asyncio.ensure_future(crawler.stop_async())
    await asyncio.wait({stopping, crawl}, timeout=_GRACE)
    for task in (stopping, crawl):
        if not task.done():
            task.cancel()
    await asyncio.gather(stopping, crawl, return_exceptions=True)


class _Faults:
    """What went wrong inside the spider's callbacks, which Scrapy only logs."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.first: BaseException | None = None
        crawler.signals.connect(self._note, signal=signals.spider_error)

    def _note(self, failure: Failure) -> None:
        self.first = self.first or failure.value
        if isinstance(failure.value, (StateError, ArchiveError)):
            # Without the database or the archive there is no use in fetching on.
            self._stopping = asyncio.ensure_future(self._crawler.stop_async())
