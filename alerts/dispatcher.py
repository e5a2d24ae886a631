"""Delivers what is due in the outbox: lease, send, record; once in all but a crash."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, assert_never

from alerts.bursts import Bursts, fold_bursts
from alerts.channels.channel import Channel, Delivered, Gone, Outcome, Refused, Retry
from alerts.failures import disabled_messages, undelivered_messages
from alerts.routing import NOBODY, Audience
from state.message import Message, QueuedMessage
from state.unit import Unit

Clock = Callable[[], datetime]


class Outbox(Protocol):
    """What delivery needs of :class:`state.store.Store`."""

    def lease_messages(self, now: datetime, limit: int, lease: timedelta) -> list[QueuedMessage]:
        """Takes messages that are due."""

    def mark_delivered(self, message_id: str, now: datetime) -> None:
        """Keeps that a message went out."""

    def mark_deferred(
        self,
        message_id: str,
        now: datetime,
        retry_at: datetime,
        error: str,
        *,
        unsent: bool = False,
    ) -> None:
        """Keeps that sending failed for now, or was not even begun."""

    def mark_dead(
        self, message_id: str, now: datetime, error: str, tell: Iterable[Message] = ()
    ) -> None:
        """Keeps that sending failed for good, and queues what tells others of it."""

    def disable_channel(
        self, name: str, reason: str, now: datetime, tell: Iterable[Message] = ()
    ) -> None:
        """Sends nothing more over a channel, and queues what tells others of it."""

    def unit(self) -> AbstractContextManager[Unit]:
        """One transaction."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How patiently to deliver.

    Attributes:
        batch: Messages leased at once.
        total: Messages taken up in one run.
        lease: How long a leased message is nobody else's. After a crash it is sent again then.
        first_wait: Before the second try; each further wait is twice as long.
        longest_wait: No wait of ours is longer.
        longest_wait_down: The same where the channel is down: looking costs one message a run.
        longest_wish: What a receiver may ask for at most.
        tries: A message that failed so often is dead, once it is older than ``patience``.
        bursts: When messages for one recipient become one.
        jitter: A number from 0 to 1 that spreads the waits.
        is_over: Whether to take up no more messages, which stay due.
    """

    batch: int = 20
    total: int = 10_000
    lease: timedelta = timedelta(minutes=15)
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(hours=6)
    longest_wait_down: timedelta = timedelta(minutes=30)
    longest_wish: timedelta = timedelta(days=1)
    tries: int = 20
    patience: timedelta = timedelta(days=3)
    bursts: Bursts = field(default_factory=Bursts)
    jitter: Callable[[], float] = random.random
    is_over: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What a run of the dispatcher came to."""

    delivered: int = 0
    deferred: int = 0
    dead: int = 0


@dataclass(slots=True)
class _Run:
    """One run: the channels that are down, and what was done so far."""

    store: Outbox
    channels: Mapping[str, Channel]
    clock: Clock
    limits: Limits
    audience: Audience
    down: dict[str, tuple[str, timedelta]] = field(default_factory=dict)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("ok", "later", "dead"), 0)
    )


def deliver_due(
    store: Outbox,
    channels: Iterable[Channel],
    clock: Clock,
    limits: Limits = Limits(),
    audience: Audience = NOBODY,
) -> DeliveryCounts:
    """Sends every message that is due, each by itself, and records how it went.

    A message that fails is tried again after a growing wait, and is dead after the last try; then
    others are told of it. A channel that is down holds up no other: for the rest of the run its
    messages are put off unsent. What is too much for one recipient is folded, also where it comes
    in during the run. A process that dies between sending and recording sends that one message
    again, under the same id, when its lease has run out.

    Args:
        store: The outbox.
        channels: By name, what the settings hold.
        clock: The current time, aware.
        limits: How patiently.
        audience: Who is told of messages that could not be delivered.
    """
    run = _Run(store, {one.name: one for one in channels}, clock, limits, audience)
    taken = 0
    while taken < limits.total and not limits.is_over():
        leased_at = clock()
        # Before each batch: what comes in while a run lasts is part of the same window.
        fold_bursts(store, leased_at, limits.bursts, run.channels.values())
        batch = store.lease_messages(
            leased_at, min(limits.batch, limits.total - taken), limits.lease
        )
        if not batch:
            break
        taken += len(batch)
        for queued in batch:
            # Sent after its lease, it could be sent by somebody else as well.
            if clock() < leased_at + limits.lease / 2:
                _deliver(run, queued)
    return DeliveryCounts(run.counts["ok"], run.counts["later"], run.counts["dead"])


def _deliver(run: _Run, queued: QueuedMessage) -> None:
    name = queued.message.channel
    if name in run.down:
        _put_off(run, queued, *run.down[name])
        return
    channel = run.channels.get(name)
    if channel is None:
        _defer(run, queued, Retry(f"the settings hold no channel {name!r}"))
        return
    _record(run, queued, channel.send(queued))


def _record(run: _Run, queued: QueuedMessage, outcome: Outcome) -> None:
    match outcome:
        case Delivered():
            run.store.mark_delivered(queued.id, run.clock())
            run.counts["ok"] += 1
        case Refused(error=error):
            _bury(run, queued, error)
        case Gone(error=error):
            _disable(run, queued, error)
        case Retry():
            _defer(run, queued, outcome)
        case _:
            assert_never(outcome)


def _disable(run: _Run, queued: QueuedMessage, error: str) -> None:
    name, now = queued.message.channel, run.clock()
    run.store.disable_channel(name, error, now, disabled_messages(name, error, run.audience, now))
    run.down[name] = error, run.limits.first_wait
    _put_off(run, queued, *run.down[name])


def _put_off(run: _Run, queued: QueuedMessage, error: str, wait: timedelta) -> None:
    """Leaves a message unsent for now: never given up for it, and never counted as a try."""
    now = run.clock()
    run.store.mark_deferred(queued.id, now, now + wait, error, unsent=True)
    run.counts["later"] += 1


def _defer(run: _Run, queued: QueuedMessage, retry: Retry) -> None:
    """Puts a message off that was tried."""
    now = run.clock()
    wait = wait_before(queued.attempts + 1, run.limits, run.limits.jitter())
    if retry.channel_down:
        wait = min(wait, run.limits.longest_wait_down)
    if retry.after is not None:
        wait = max(wait, min(retry.after, run.limits.longest_wish))
    if retry.channel_down:
        run.down[queued.message.channel] = retry.error, wait
    if _is_hopeless(queued, run.limits, now):
        _bury(run, queued, f"given up after {queued.attempts} tries: {retry.error}")
        return
    run.store.mark_deferred(queued.id, now, now + wait, retry.error)
    run.counts["later"] += 1


def _is_hopeless(queued: QueuedMessage, limits: Limits, now: datetime) -> bool:
    return queued.attempts >= limits.tries and now - queued.created_at >= limits.patience


def _bury(run: _Run, queued: QueuedMessage, error: str) -> None:
    now = run.clock()
    tell = undelivered_messages(queued, error, run.audience, now)
    run.store.mark_dead(queued.id, now, error, tell)
    run.counts["dead"] += 1


def wait_before(attempt: int, limits: Limits, jitter: float) -> timedelta:
    """How long to wait before a try, the second being the first to wait for.

    Args:
        attempt: Which try, from 2.
        limits: The first and the longest wait.
        jitter: From 0 to 1; spreads the wait over its second half.
    """
    # Past this the wait is capped anyway, and the power would grow without end.
    doublings = min(max(attempt - 2, 0), 20)
    full = min(limits.first_wait * (1 << doublings), limits.longest_wait)
    return full * (0.5 + jitter / 2)
