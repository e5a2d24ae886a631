"""What every channel promises, and the ways in which sending can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from state.message import Message, QueuedMessage


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has taken the message."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It was not taken now, and may be later.

    Attributes:
        error: One line, without secrets.
        after: The receiver's own wish; None where it has none.
        channel_down: Whether every other message of the channel would meet the same now.
    """

    error: str
    after: timedelta | None = None
    channel_down: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be taken."""

    error: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The receiver wants no message any more: the channel is to be disabled."""

    error: str


Outcome = Delivered | Retry | Refused | Gone


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a channel could be proved without sending over it.

    Attributes:
        ok: Whether nothing stands in the way.
        said: What was proved, or what stands in the way; one line, without secrets.
    """

    ok: bool
    said: str


class Channel(Protocol):
    """A way to tell recipients.

    ``send`` makes one try with bounded time, raises nothing for what a receiver or a network can
    do, and sends the same id on each try, so that a receiver can tell a repeat.
    """

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        ...

    def send(self, queued: QueuedMessage) -> Outcome:
        """Sends one message to its recipient."""
        ...

    def names_all(self, message: Message) -> bool:
        """Whether what is sent would name all that the message tells; texts may be shortened."""
        ...

    def probe(self) -> Proof:
        """Goes as far as can be gone without sending, in bounded time; raises nothing either."""
        ...
