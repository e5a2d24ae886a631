"""Folds bursts: what is too much to read one by one becomes one message, or as few as hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from alerts.channels.channel import Channel
from alerts.digest import digest_of_messages
from alerts.parts import fit_of, parts_of
from state.bursts import BURST, Crowd
from state.message import Message, QueuedMessage
from state.unit import Unit


@dataclass(frozen=True, slots=True)
class Bursts:
    """When messages for one recipient become one.

    Attributes:
        most: So many go out one by one within the window. More that are due at once become one
            message at once; what comes after them waits for the window's end, and becomes one then.
        window: How long the memory is.
    """

    most: int = 5
    window: timedelta = timedelta(minutes=10)


class _Units(Protocol):
    def unit(self) -> AbstractContextManager[Unit]:
        """One transaction."""


def fold_bursts(
    store: _Units, now: datetime, bursts: Bursts, channels: Iterable[Channel] = ()
) -> int:
    """Folds or puts off what is due for recipients of a burst; returns how many were folded.

    Taking the messages and queueing what tells them is one transaction for each recipient.
    Nothing is dropped: what is put off is due again when the window is over, and where one
    message of a channel cannot name all that was folded, several do.
    """
    with store.unit() as unit:
        crowds = unit.crowds(now, bursts.most, bursts.window)
    return sum(_settle(store, crowd, now, channels) for crowd in crowds)


def _settle(store: _Units, crowd: Crowd, now: datetime, channels: Iterable[Channel]) -> int:
    with store.unit() as unit:
        if crowd.after_burst or crowd.due < 2:
            unit.hold_back(crowd.channel, crowd.recipient, now, crowd.next_at)
            return 0
        taken = unit.take_due(crowd.channel, crowd.recipient, now)
        if not taken:
            return 0

        def burst(told: Sequence[QueuedMessage], _: int) -> Message:
            return _burst(crowd, told, now)

        for message, told in parts_of(taken, burst, fit_of(channels, crowd.channel)):
            unit.enqueue([message], now)
            unit.mark_folded_into(told, message.key)
        return len(taken)


def _burst(crowd: Crowd, told: Sequence[QueuedMessage], now: datetime) -> Message:
    occasion = hashlib.sha256("\n".join(one.id for one in told).encode()).hexdigest()[:16]
    key = f"{BURST}{occasion}:{crowd.channel}:{crowd.recipient}"
    data = digest_of_messages(told, now) | {"burst": True}
    return Message(key, "digest", crowd.channel, crowd.recipient, data, now)
