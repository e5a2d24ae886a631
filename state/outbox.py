"""The outbox: messages committed with the facts they tell of, leased for sending, settled once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, select, update
from sqlalchemy import delete as sql_delete

from state.database import insert_unseen, upsert
from state.errors import UnknownEntryError
from state.message import Message, MessageStatus, QueuedMessage
from state.tables import channels, outbox, storable

_UNDER_WAY = ("queued", "leased")
_ANSWERABLE = ("queued", "leased", "delivered")


def enqueue(connection: Connection, messages: Iterable[Message], now: datetime) -> int:
    """Put messages into the outbox; return how many keys it did not hold yet."""
    return sum(_enqueue_one(connection, message, now) for message in messages)


def lease_messages(
    connection: Connection, now: datetime, limit: int, lease: timedelta
) -> list[QueuedMessage]:
    """Take messages that are due; until the lease ends nobody else is given them.

    A message waits while an earlier one of its thread is still to go to the same recipient, so
    that no correction overtakes the alert that it answers.
    """
    due = (
        select(outbox.c.seq)
        .where(
            outbox.c.status.in_(_UNDER_WAY),
            outbox.c.due_at <= now,
            outbox.c.channel.not_in(select(channels.c.name)),
            ~_waits_for_earlier(),
        )
        .order_by(outbox.c.due_at, outbox.c.seq)
        .limit(limit)
        # SQLite has no row locks and needs none: writers hold the whole database.
        .with_for_update(skip_locked=True, of=outbox)
    )
    taken = list(connection.execute(due).scalars())
    if not taken:
        return []
    rows = connection.execute(
        update(outbox)
        .where(outbox.c.seq.in_(taken))
        .values(status="leased", due_at=now + lease, attempts=outbox.c.attempts + 1)
        .returning(outbox)
    )
    return [_queued(row) for row in sorted(rows, key=lambda row: int(row.seq))]


def mark_delivered(connection: Connection, message_id: str, now: datetime) -> None:
    """Keep that a message went out, whatever else became of it meanwhile."""
    values = {"status": "delivered", "delivered_at": now, "settled_at": now, "last_error": None}
    _change(connection, message_id, outbox.c.delivered_at.is_(None), values)


def mark_deferred(connection: Connection, message_id: str, retry_at: datetime, error: str) -> None:
    """Keep that sending failed for now, and when to try again."""
    values = {"status": "queued", "due_at": retry_at, "last_error": error}
    _change(connection, message_id, outbox.c.status == "leased", values)


def mark_dead(connection: Connection, message_id: str, now: datetime, error: str) -> None:
    """Keep that sending failed for good."""
    values = {"status": "dead", "settled_at": now, "last_error": error}
    _change(connection, message_id, outbox.c.status.in_(_UNDER_WAY), values)


def retry_message(connection: Connection, message_id: str, now: datetime) -> QueuedMessage:
    """Queue a dead, discarded or waiting message to be sent at once, with its tries forgotten.

    Raises:
        UnknownEntryError: There is no such message, or it was delivered or is being sent.
    """
    values = {"status": "queued", "due_at": now, "attempts": 0, "settled_at": None}
    allowed = outbox.c.status.in_(("queued", "dead", "discarded"))
    return _operate(connection, message_id, allowed, values)


def discard_message(
    connection: Connection, message_id: str, why: str, now: datetime
) -> QueuedMessage:
    """Take a message out that is not to be sent.

    Raises:
        UnknownEntryError: There is no such message, or it was delivered or is being sent.
    """
    values = {"status": "discarded", "settled_at": now, "last_error": why}
    allowed = outbox.c.status.in_(("queued", "held", "dead"))
    return _operate(connection, message_id, allowed, values)


def list_messages(
    connection: Connection, status: MessageStatus | None, limit: int
) -> list[QueuedMessage]:
    """The newest messages, in the order in which they were queued."""
    statement = select(outbox).order_by(outbox.c.seq.desc()).limit(limit)
    if status is not None:
        statement = statement.where(outbox.c.status == status)
    rows = connection.execute(statement).all()
    return [_queued(row) for row in reversed(rows)]


def fold(
    connection: Connection, channel: str, recipient: str, now: datetime
) -> list[QueuedMessage]:
    """Take the messages held for a recipient, for the digest that the caller queues."""
    rows = connection.execute(
        update(outbox)
        .where(
            outbox.c.channel == channel,
            outbox.c.recipient == recipient,
            outbox.c.status == "held",
        )
        .values(status="folded", settled_at=now)
        .returning(outbox)
    )
    return [_queued(row) for row in sorted(rows, key=lambda row: int(row.seq))]


def recipients_with_held(connection: Connection) -> list[tuple[str, str]]:
    """Channel and recipient of every digest that has something to tell."""
    columns = (outbox.c.channel, outbox.c.recipient)
    held = select(*columns).where(outbox.c.status == "held").distinct().order_by(*columns)
    return [(row.channel, row.recipient) for row in connection.execute(held)]


def disable_channel(connection: Connection, name: str, reason: str, now: datetime) -> None:
    """Send nothing more over a channel until it is enabled; its messages wait."""
    upsert(connection, channels, "name", {"name": name, "reason": reason, "disabled_at": now})


def enable_channel(connection: Connection, name: str) -> None:
    """Send over the channel again."""
    connection.execute(sql_delete(channels).where(channels.c.name == name))


def disabled_channels(connection: Connection) -> dict[str, str]:
    """The channels over which nothing is sent, and why."""
    rows = connection.execute(select(channels).order_by(channels.c.name))
    return {row.name: row.reason for row in rows}


def _enqueue_one(connection: Connection, message: Message, now: datetime) -> bool:
    row = {
        "id": f"msg_{uuid.uuid4().hex}",
        "key": storable(message.key),
        "type": message.type,
        "channel": message.channel,
        "recipient": message.recipient,
        "payload": dict(message.payload),
        "not_before": message.not_before,
        "held": message.held,
        "thread": message.thread,
        "in_reply_to": _first_of_thread(connection, message),
        "status": "held" if message.held else "queued",
        "created_at": now,
        "due_at": message.not_before,
    }
    return bool(insert_unseen(connection, outbox, [row], "key"))


def _first_of_thread(connection: Connection, message: Message) -> str | None:
    if message.thread is None:
        return None
    found: str | None = connection.scalar(
        select(outbox.c.id)
        .where(
            outbox.c.thread == message.thread,
            outbox.c.channel == message.channel,
            outbox.c.recipient == message.recipient,
            # One that a digest told of, or that never went out, cannot be answered.
            outbox.c.status.in_(_ANSWERABLE),
        )
        .order_by(outbox.c.seq)
        .limit(1)
    )
    return found


def _waits_for_earlier() -> ColumnElement[bool]:
    earlier = outbox.alias("earlier")
    return exists(
        select(earlier.c.seq).where(
            earlier.c.thread == outbox.c.thread,
            earlier.c.channel == outbox.c.channel,
            earlier.c.recipient == outbox.c.recipient,
            earlier.c.seq < outbox.c.seq,
            earlier.c.status.in_(_UNDER_WAY),
        )
    )


def _change(
    connection: Connection, message_id: str, allowed: ColumnElement[bool], values: dict[str, Any]
) -> None:
    where = and_(outbox.c.id == message_id, allowed)
    connection.execute(update(outbox).where(where).values(**values))


def _operate(
    connection: Connection, message_id: str, allowed: ColumnElement[bool], values: dict[str, Any]
) -> QueuedMessage:
    where = and_(outbox.c.id == message_id, allowed)
    row = connection.execute(update(outbox).where(where).values(**values).returning(outbox)).first()
    if row is None:
        raise UnknownEntryError("message that this applies to", message_id)
    return _queued(row)


def _queued(row: Row[Any]) -> QueuedMessage:
    message = Message(
        key=row.key,
        type=row.type,
        channel=row.channel,
        recipient=row.recipient,
        payload=row.payload,
        not_before=row.not_before,
        held=row.held,
        thread=row.thread,
    )
    return QueuedMessage(
        id=row.id,
        message=message,
        status=row.status,
        attempts=row.attempts,
        created_at=row.created_at,
        in_reply_to=row.in_reply_to,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )
