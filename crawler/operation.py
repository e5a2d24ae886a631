"""What the program does while it runs: passes and deliveries, with all their parts wired."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

import structlog

from alerts.channels.channel import Channel
from alerts.digest import queue_digests
from alerts.digest_foot import Footing, foot_of
from alerts.dispatcher import DeliveryCounts, deliver_due
from alerts.notices import stale_notice
from alerts.routing import Audience, notice_messages
from crawler.archive import Archive
from crawler.catalogue import all_sources
from crawler.crawl import PassRequest, run_pass
from crawler.errors import UsageError
from crawler.parts import PageReader, PassParts
from crawler.reading import opened_reader
from crawler.records import Standing, judge_by, standing, still_to_judge
from crawler.report import PassReport, Progress, unheard
from crawler.robots import RobotsMemory
from crawler.session import utc_now
from crawler.settings_schema import Settings, SourceSettings
from crawler.traffic import Traffic
from crawler.watch import Watch
from crawler.wiring import (
    Clock,
    audience_of,
    delivery_limits,
    digest_readers,
    limits_of,
    official_parts,
    ready_channels,
    source_configs,
)
from state.store import Store

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PassChoice:
    """Which sources and links a pass looks at; see :class:`crawler.crawl.PassRequest`."""

    only: tuple[str, ...] = ()
    everything: bool = False
    since: timedelta | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Operation:
    """Everything that passes and deliveries need. One for the life of a process.

    Attributes:
        archive: Where pages are kept.
        is_ending: Whether no more messages are to be taken up.
        deliveries: Where messages are sent. A thread of its own: the event loop's end waits for all
            of the loop's own threads, and so for a receiver that does not answer.
    """

    settings: Settings
    watch: Watch
    store: Store
    reader: PageReader
    channels: Sequence[Channel]
    audience: Audience
    clock: Clock = utc_now
    robots: RobotsMemory = field(default_factory=RobotsMemory)
    traffic: Traffic = field(default_factory=Traffic)
    archive: Archive | None = None
    is_ending: Callable[[], bool] = lambda: False
    deliveries: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def sources(self) -> tuple[SourceSettings, ...]:
        """Every source, enabled or not."""
        return all_sources(self.watch.sources, self.settings)

    async def crawl(
        self, choice: PassChoice = PassChoice(), progress: Progress = unheard
    ) -> PassReport:
        """Runs one pass, by the record as it stands when the pass begins.

        Raises:
            UsageError: A chosen source does not exist.
            PassError: The pass could not be run at all.
            StateError: The database could not be used, or an entry contradicts the record.
        """
        request = self._request(choice)
        async with self.traffic.writing:
            standing = await asyncio.to_thread(self._brought_up_to_date)
            await asyncio.to_thread(self._drop_old_pages)
        return await run_pass(request, self._parts(progress, standing))

    def standing(self) -> Standing:
        """The record as it stands: the folder's, with what operators entered.

        Raises:
            StateError: The database could not be used, or an entry contradicts the record.
        """
        return standing(self.watch.bench, self.store.record_entries(), self.clock())

    def tell_if_stale(self) -> int:
        """Queues what operators are told of a record that ran out; how many messages were new."""
        found = self.standing()
        if found.stale is None:
            return 0
        messages = notice_messages(stale_notice(found.stale), self.audience, found.at)
        with self.store.unit() as unit:
            return unit.enqueue(messages, found.at)

    async def deliver(self) -> DeliveryCounts:
        """Sends what is due; see :func:`alerts.dispatcher.deliver_due`."""
        return await asyncio.get_running_loop().run_in_executor(
            self.deliveries,
            deliver_due,
            self.store,
            self.channels,
            self.clock,
            replace(delivery_limits(self.settings), is_over=self.is_ending),
            self.audience,
        )

    async def queue_digests(self) -> int:
        """Queues a digest for every recipient for whom something is held; returns how many."""
        found = await asyncio.to_thread(self.standing)
        names = tuple(source.name for source in self.sources if source.enabled)
        footing = Footing(found.bench.record, found.caveat, names)
        foot = await asyncio.to_thread(foot_of, self.store, footing, found.at)
        readers = digest_readers(self.settings)
        return await asyncio.to_thread(
            queue_digests, self.store, found.at, foot, readers, self.channels
        )

    def _request(self, choice: PassChoice) -> PassRequest:
        known = {source.name: source for source in self.sources}
        for name in choice.only:
            if name not in known:
                raise UsageError(f'"{name}" is no source (see waiverwatch sources list)')
        # A source that is asked for by name is polled even where it is disabled.
        polled = {one.name for one in known.values() if one.enabled or one.name in choice.only}
        # As the crawl takes them, whether they are polled or not.
        enabled = [one.model_copy(update={"enabled": True}) for one in known.values()]
        configs = source_configs(enabled)
        return PassRequest(
            sources=tuple(one for one in configs if one.name in polled),
            disabled=tuple(one for one in configs if one.name not in polled),
            limits=limits_of(self.settings.crawl),
            only=choice.only,
            everything=choice.everything,
            since=choice.since,
            limit=choice.limit,
        )

    def _brought_up_to_date(self) -> Standing:
        """The record as it stands, once the stored articles were judged by what is new in it."""
        found = self.standing()
        pending = still_to_judge(self.store, found.entries)
        if pending:
            total = judge_by(self.store, found, pending, self.audience)
            _log.info("record changed", entries=[one.id for one in pending], **asdict(total))
        return found

    def _drop_old_pages(self) -> None:
        """Deletes files of the archive that are old, and hold nothing that is still needed."""
        if self.archive is None:
            return
        old = self.archive.older_than(self.clock() - self.settings.data.keep_pages)
        if old:
            dropped = self.store.forget_pages(old)
            self.archive.remove(dropped)
            _log.info("old pages deleted", files=dropped)

    def _parts(self, progress: Progress, standing: Standing) -> PassParts:
        return PassParts(
            store=self.store,
            reader=self.reader,
            judge=standing.bench.judge,
            may_name_law=self.watch.reader.may_name_law,
            audience=standing.tells(self.audience),
            clock=self.clock,
            versions=self.watch.versions,
            robots=self.robots,
            traffic=self.traffic,
            progress=progress,
            jitter=random.random,
            archive=self.archive,
            official=official_parts(
                replace(self.watch, record=standing.bench.record), self.settings
            ),
        )


@asynccontextmanager
async def started_operation(
    settings: Settings, watch: Watch, store: Store, clock: Clock = utc_now
) -> AsyncIterator[Operation]:
    """An operation whose worker processes run, and end with it.

    Raises:
        SettingsError: A channel's settings, or a route's, can never work.
    """
    channels = ready_channels(settings, watch, clock)
    archive = Archive(settings.data.archive)
    async with opened_reader(watch.reader) as reader:
        operation = Operation(
            settings=settings,
            watch=watch,
            store=store,
            reader=reader,
            channels=channels,
            audience=audience_of(settings),
            clock=clock,
            archive=archive,
        )
        try:
            yield operation
        finally:
            operation.deliveries.shutdown(wait=False)
            archive.close()
