"""The service: passes, deliveries and digests by the clock, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from alerts.channels.channel import Channel, Outcome, Proof, Retry
from alerts.errors import AlertsError
from crawler.errors import CrawlerError
from crawler.http import build_web, running_web
from crawler.metrics import Metrics
from crawler.operation import Operation
from state.errors import RecordError, StateError
from state.message import Message, QueuedMessage
from state.store import Store

_FORESEEN = (StateError, AlertsError, CrawlerError, OSError)
_ALL_FAILED = "every source failed"
_PASSES = 4  # at once; each beyond the first is there because servers are slow
_QUICKEST, _SLOWEST = timedelta(seconds=1), timedelta(seconds=30)
# What a pass needs to stop its fetches, and a little more; a receiver that hangs gets no longer.
_GRACE = 4.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LastPass:
    """How the last pass went that has ended."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


@dataclass(slots=True)
class Brake:
    """Stops deliveries between two messages, and knows whether one is being sent."""

    pulled: threading.Event = field(default_factory=threading.Event)
    sending: int = 0


@dataclass(frozen=True, slots=True)
class StoppableChannel:
    """A channel that sends nothing more once the service ends."""

    channel: Channel
    brake: Brake

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self.channel.name

    def send(self, queued: QueuedMessage) -> Outcome:
        """Sends, or puts the message off."""
        if self.brake.pulled.is_set():
            return Retry("the service is ending", channel_down=True)
        self.brake.sending += 1
        try:
            return self.channel.send(queued)
        finally:
            self.brake.sending -= 1

    def names_all(self, message: Message) -> bool:
        """Whether the channel would name all that a message tells."""
        return self.channel.names_all(message)

    def probe(self) -> Proof:
        """Proves the channel without sending."""
        return self.channel.probe()


@dataclass(slots=True)
class Service:
    """Runs an operation by the clock; a job that fails is told, and tried again the next time."""

    operation: Operation
    metrics: Metrics = field(default_factory=Metrics)
    last_pass: LastPass = field(default_factory=LastPass)
    brake: Brake = field(default_factory=Brake)
    _running: dict[asyncio.Task[Any], str] = field(default_factory=dict)

    def now(self) -> datetime:
        """The time."""
        return self.operation.clock()

    async def run(self, endpoint: str) -> None:
        """Runs until SIGTERM or SIGINT, and ends within ten seconds of it.

        Raises:
            WorkError: ``endpoint`` cannot be listened on.
        """
        channels = [StoppableChannel(one, self.brake) for one in self.operation.channels]
        self.operation = replace(
            self.operation, channels=channels, is_ending=self.brake.pulled.is_set
        )
        told_to_end = asyncio.Event()
        with _on_signals(told_to_end.set):
            async with running_web(build_web(self), endpoint):
                scheduler = self._scheduler()
                scheduler.start()
                _log.info("service started", http=endpoint, sources=len(self.operation.sources))
                await told_to_end.wait()
                self.brake.pulled.set()
                scheduler.pause()
                await self._end_jobs()
                scheduler.shutdown(wait=False)
        _log.info("service ended")

    async def crawl(self) -> None:
        """The job of passes: polls the sources and looks at the articles that are due."""
        started = self.now()
        try:
            report = await self.operation.crawl()
            # A pass asks what is due: often nothing but the one source that fails.
            failed = report.all_failed and await asyncio.to_thread(self._none_answers)
        except _FORESEEN as error:
            self.last_pass = LastPass(started, error=str(error))
            self.metrics.count_failed_pass()
            raise
        # A pass that had nothing to ask says nothing of sources that all failed.
        if report.sources or self.last_pass.error != _ALL_FAILED:
            self.last_pass = LastPass(started, self.now(), _ALL_FAILED if failed else None)
        if report.sources or report.articles.revisited or report.articles.failed:
            self.metrics.count_pass(report, failed=failed)
            _log.info(
                "pass",
                run=report.run_id,
                polled=len(report.sources),
                failing=[one.name for one in report.sources if one.outcome == "failed"],
                fetched=report.articles.fetched,
                revisited=report.articles.revisited,
                relevant=report.articles.relevant,
                **asdict(report.findings),
            )

    async def deliver(self) -> None:
        """The job of deliveries."""
        counts = await self.operation.deliver()
        self.metrics.count_delivery(counts)
        if counts.delivered or counts.deferred or counts.dead:
            _log.info(
                "delivery",
                delivered=counts.delivered,
                deferred=counts.deferred,
                dead=counts.dead,
            )

    async def watch_record(self) -> None:
        """The job that tells of a record that ran out, once for each time that it does."""
        queued = await asyncio.to_thread(self.operation.tell_if_stale)
        if queued:
            _log.warning("record may be out of date", queued=queued)

    async def digest(self) -> None:
        """The job of digests."""
        queued = await self.operation.queue_digests()
        if queued:
            _log.info("digests queued", queued=queued)

    async def catch_up_digest(self) -> None:
        """Makes up, once, for a digest whose time went by while no service ran."""
        service = self.operation.settings.service
        due = latest_moment(
            self.now(), service.digest_at.hour, service.digest_at.minute, service.timezone
        )
        if await asyncio.to_thread(_holds_older, self.operation.store, due):
            await self.digest()

    async def health(self, patience: float) -> dict[str, Any]:
        """What ``/healthz`` tells; ``status`` is "ok" or "failing"."""
        database, outbox, record = "ok", {}, {}
        try:
            async with asyncio.timeout(patience):
                counts = await asyncio.to_thread(self.operation.store.counts)
                record = await asyncio.to_thread(self._record_health)
            oldest = counts["oldest_queued"]
            age = round((self.now() - oldest).total_seconds()) if oldest else None
            outbox = {"waiting": counts["outbox"].get("queued", 0), "oldest_seconds": age}
        except RecordError as error:
            record = {"error": str(error)}
        except StateError as error:
            database = str(error)
        except TimeoutError:
            database = "no answer in time"
        last = self.last_pass
        return {
            "status": "ok" if database == "ok" and last.error is None else "failing",
            "database": database,
            "last_pass": {
                "started_at": last.started_at.isoformat() if last.started_at else None,
                "finished_at": last.finished_at.isoformat() if last.finished_at else None,
                "error": last.error,
            },
            "outbox": outbox,
            "record": record,
        }

    def read_metrics(self) -> None:
        """Brings the gauges up to date.

        Raises:
            StateError: The database could not be used.
        """
        store = self.operation.store
        self.metrics.read_store(store, self.now())
        self.metrics.read_record(store, self.operation.standing().stale)

    def _none_answers(self) -> bool:
        """Whether no source that is polled could be read when it was polled last."""
        polled = {source.name for source in self.operation.sources if source.enabled}
        health = self.operation.store.source_health()
        return all(one.failures_in_row for one in health if one.name in polled)

    def _record_health(self) -> dict[str, Any]:
        """A record that ran out is no fault of the service, and is told all the same."""
        stale = self.operation.standing().stale
        return {
            "stale_since": stale.since.isoformat() if stale else None,
            "caveat": stale.caveat if stale else None,
        }

    def _scheduler(self) -> AsyncIOScheduler:
        service = self.operation.settings.service
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            # Runs that were missed are made up for once, however late. A pass that a slow server
            # holds up does not hold up others, which leave that server's sources out.
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )
        polls = [source.every for source in self.operation.sources if source.enabled]
        tick = pass_interval([*polls, *self.operation.settings.crawl.revisit])
        at_once = self.now()
        for name, job, every, most in (
            ("pass", self.crawl, tick, _PASSES),
            ("delivery", self.deliver, service.deliver_every, 1),
        ):
            trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
            scheduler.add_job(
                self._job(name, job),
                trigger,
                id=name,
                name=name,
                next_run_time=at_once,
                max_instances=most,
            )
        daily = CronTrigger(
            hour=service.digest_at.hour,
            minute=service.digest_at.minute,
            timezone=ZoneInfo(service.timezone),
        )
        scheduler.add_job(self._job("digest", self.digest), daily, id="digest")
        scheduler.add_job(self._job("record", self.watch_record), daily, id="record")
        scheduler.add_job(self._job("record", self.watch_record), id="record-at-start")
        scheduler.add_job(self._job("digest", self.catch_up_digest), id="missed-digest")
        return scheduler

    def _job(self, name: str, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def job() -> None:
            task = asyncio.current_task()
            if task is not None:
                self._running[task] = name
                task.add_done_callback(self._running.pop)
            begun = time.monotonic()
            try:
                await work()
            except _FORESEEN as error:
                _log.error("job failed, and is tried again", job=name, error=str(error))
            except asyncio.CancelledError:
                if not self.brake.pulled.is_set():
                    raise
                _log.info("job ended early", job=name)
            finally:
                self.metrics.observe_job(name, time.monotonic() - begun)

        return job

    async def _end_jobs(self) -> None:
        """Ends passes at once, and lets the message that is being sent arrive."""
        for task, name in self._running.items():
            if name == "pass":
                task.cancel()
        if self._running:
            await asyncio.wait(set(self._running), timeout=_GRACE)


def pass_interval(every: Sequence[timedelta]) -> timedelta:
    """How often to ask which sources and articles are due: a few times in the shortest interval."""
    if not every:
        return _SLOWEST
    return min(max(min(every) / 4, _QUICKEST), _SLOWEST)


def latest_moment(now: datetime, hour: int, minute: int, zone: str) -> datetime:
    """The last time before now at which the clock of a zone showed an hour and minute."""
    local = now.astimezone(ZoneInfo(zone))
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment > local:
        moment -= timedelta(days=1)
    return moment.astimezone(UTC)


def _holds_older(store: Store, due: datetime) -> bool:
    return any(queued.created_at < due for queued in store.messages("held"))


@contextlib.contextmanager
def _on_signals(handler: Callable[[], object]) -> Any:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for one in signals:
        loop.add_signal_handler(one, handler)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
