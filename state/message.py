"""A message of the outbox: committed with the facts it tells of, sent afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

MessageType = Literal[
    "finding.opened", "finding.updated", "finding.corrected", "digest", "record.stale",
    "record.candidate", "source.failing", "source.recovered", "delivery.failed", "test",
]  # fmt: skip
MessageStatus = Literal["queued", "held", "leased", "delivered", "dead", "discarded", "folded"]


@dataclass(frozen=True, slots=True)
class Message:
    """What one recipient is to be told over one channel.

    Attributes:
        key: Unique over the whole outbox; queueing the same key again changes nothing.
        channel: The channel's name in the settings.
        recipient: An e-mail address; for channels with one receiver, the channel's name again.
        payload: The webhook's ``data``; everything that rendering needs, as plain JSON values.
        not_before: Aware UTC time before which it is not sent.
        held: True for a message that waits to be folded into the recipient's next digest.
        thread: What the message belongs to (a finding's id): later ones reply to the first.
    """

    key: str
    type: MessageType
    channel: str
    recipient: str
    payload: Mapping[str, Any]
    not_before: datetime
    held: bool = False
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message as the outbox holds it.

    Attributes:
        id: Stable over all tries; the webhook-id, and the local part of the Message-ID.
        in_reply_to: Id of the first message of its thread to the same recipient, or of the digest
            that told of it, where this is a later one.
        attempts: How often sending was begun.
        folded_into: Id of the message that told its recipient of this one among others.
        due_at: When it is tried next, if it is queued; when its lease ends, if it is being sent.
    """

    id: str
    message: Message
    status: MessageStatus
    attempts: int
    created_at: datetime
    in_reply_to: str | None = None
    last_error: str | None = None
    delivered_at: datetime | None = None
    folded_into: str | None = None
    due_at: datetime | None = None
