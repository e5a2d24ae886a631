"""The outbox: messages committed with the facts they tell of, leased for sending, settled once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select, true, update
from sqlalchemy import delete as sql_delete

from state.database import insert_unseen, upsert
from state.errors import UnknownEntryError, WrongStateError
from state.message import Message, MessageStatus, QueuedMessage
from state.tables import channels, outbox, storable

_UNDER_WAY = ("queued", "leased")
_ANSWERABLE = ("queued", "leased", "delivered")
_BATCH = 500
_STANDS = {
    "queued": "is still to be sent",
    "held": "waits for the next digest",
    "leased": "is being sent",
    "delivered": "was delivered",
    "dead": "could not be delivered",
    "discarded": "was discarded",
    "folded": "went into a digest",
}
_UNFOUNDED = "what it corrects was never told"


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
            ~waits_for_earlier(),
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
    return [queued_message(row) for row in sorted(rows, key=lambda row: int(row.seq))]


def mark_delivered(connection: Connection, message_id: str, now: datetime) -> None:
    """Keep that a message went out, whatever else became of it meanwhile."""
    values = {"status": "delivered", "delivered_at": now, "settled_at": now, "last_error": None}
    _change(connection, message_id, outbox.c.delivered_at.is_(None), values)


def mark_deferred(
    connection: Connection, message_id: str, retry_at: datetime, error: str, *, unsent: bool
) -> None:
    """Keep that sending failed for now, and when to try again; or that it was not even begun."""
    values: dict[str, Any] = {"status": "queued", "due_at": retry_at, "last_error": error}
    if unsent:
        values["attempts"] = outbox.c.attempts - 1
    _change(connection, message_id, outbox.c.status == "leased", values)


def mark_dead(connection: Connection, message_id: str, now: datetime, error: str) -> bool:
    """Keep that sending failed for good; False where it was settled meanwhile.

    A correction of what was never told is discarded with it.
    """
    values = {"status": "dead", "settled_at": now, "last_error": error}
    changed = _change(connection, message_id, outbox.c.status.in_(_UNDER_WAY), values)
    if changed:
        _discard_unfounded(connection, message_id, now)
    return changed


def told(connection: Connection, thread: str) -> set[tuple[str, str]]:
    """Channel and recipient of everyone who was told of a thread, or is about to be.

    By a message of its own or in a digest. Who was only told of its end does not count.
    """
    digest = outbox.alias("digest")
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.recipient)
        .outerjoin(digest, digest.c.id == outbox.c.folded_into)
        .where(
            outbox.c.thread == thread,
            outbox.c.type != "finding.corrected",
            or_(
                outbox.c.status.in_((*_ANSWERABLE, "held")),
                # Before digests were kept with what they hold, every one of them had gone out.
                and_(
                    outbox.c.status == "folded",
                    or_(outbox.c.folded_into.is_(None), digest.c.status.in_(_ANSWERABLE)),
                ),
            ),
        )
    )
    return {(row.channel, row.recipient) for row in rows}


def threads_told(connection: Connection, channel: str, recipient: str) -> set[str]:
    """The threads of which a message, alone or in a digest, has reached a recipient."""
    digest = outbox.alias("digest")
    rows = connection.execute(
        select(outbox.c.thread)
        .outerjoin(digest, digest.c.id == outbox.c.folded_into)
        .where(
            outbox.c.channel == channel,
            outbox.c.recipient == recipient,
            outbox.c.thread.is_not(None),
            or_(outbox.c.status == "delivered", digest.c.status == "delivered"),
        )
        .distinct()
    )
    return set(rows.scalars())


def retry_message(connection: Connection, message_id: str, now: datetime) -> QueuedMessage:
    """Queue a dead, discarded or waiting message to be sent at once, with its tries forgotten.

    Raises:
        UnknownEntryError: There is no such message.
        WrongStateError: It was delivered, is being sent, or the like.
    """
    values = {"status": "queued", "due_at": now, "attempts": 0, "settled_at": None}
    allowed = ("queued", "dead", "discarded")
    queued = _operate(connection, message_id, allowed, values)
    unfounded = and_(outbox.c.status == "discarded", outbox.c.last_error == _UNFOUNDED)
    again = {"status": "queued", "settled_at": None, "in_reply_to": message_id}
    connection.execute(
        update(outbox).where(_same_thread(queued.message), unfounded).values(**again)
    )
    return queued


def discard_message(
    connection: Connection, message_id: str, why: str, now: datetime
) -> QueuedMessage:
    """Take a message out that is not to be sent.

    Raises:
        UnknownEntryError: There is no such message.
        WrongStateError: It was delivered, is being sent, or the like.
    """
    values = {"status": "discarded", "settled_at": now, "last_error": why}
    allowed = ("queued", "held", "dead")
    discarded = _operate(connection, message_id, allowed, values)
    _discard_unfounded(connection, message_id, now)
    return discarded


def list_messages(
    connection: Connection, status: MessageStatus | None, limit: int
) -> list[QueuedMessage]:
    """The newest messages, in the order in which they were queued."""
    statement = select(outbox).order_by(outbox.c.seq.desc()).limit(limit)
    if status is not None:
        statement = statement.where(outbox.c.status == status)
    rows = connection.execute(statement).all()
    return [queued_message(row) for row in reversed(rows)]


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
    return [queued_message(row) for row in sorted(rows, key=lambda row: int(row.seq))]


def mark_folded_into(connection: Connection, folded: Iterable[QueuedMessage], key: str) -> None:
    """Keep which message, by its key, tells what these would have told."""
    whole = select(outbox.c.id).where(outbox.c.key == storable(key)).scalar_subquery()
    ids = [one.id for one in folded]
    for first in range(0, len(ids), _BATCH):
        some = outbox.c.id.in_(ids[first : first + _BATCH])
        connection.execute(update(outbox).where(some).values(folded_into=whole))


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


def waits_for_earlier(*, only_tried: bool = False) -> ColumnElement[bool]:
    """Whether an earlier message of the thread is still to go to the same recipient.

    Args:
        only_tried: Earlier ones that were not tried yet do not count.
    """
    earlier, digest = outbox.alias("earlier"), outbox.alias("digest")
    tried = earlier.c.attempts > 0 if only_tried else true()
    under_way = and_(earlier.c.status.in_(_UNDER_WAY), tried)
    return exists(
        select(earlier.c.seq)
        .select_from(earlier.outerjoin(digest, digest.c.id == earlier.c.folded_into))
        .where(
            earlier.c.thread == outbox.c.thread,
            earlier.c.channel == outbox.c.channel,
            earlier.c.recipient == outbox.c.recipient,
            earlier.c.seq < outbox.c.seq,
            or_(under_way, digest.c.status.in_(_UNDER_WAY)),
        )
        .correlate(outbox)
    )


def _enqueue_one(connection: Connection, message: Message, now: datetime) -> bool:
    held = message.held or _waits_with_what_it_corrects(connection, message)
    row = {
        "id": f"msg_{uuid.uuid4().hex}",
        "key": storable(message.key),
        "type": message.type,
        "channel": message.channel,
        "recipient": message.recipient,
        "payload": dict(message.payload),
        "not_before": message.not_before,
        "held": held,
        "thread": message.thread,
        "in_reply_to": _first_of_thread(connection, message),
        "status": "held" if held else "queued",
        "created_at": now,
        "due_at": message.not_before,
    }
    return bool(insert_unseen(connection, outbox, [row], "key"))


def _waits_with_what_it_corrects(connection: Connection, message: Message) -> bool:
    """Whether a correction is of something that the recipient's next digest is to tell."""
    if message.type != "finding.corrected" or message.thread is None:
        return False
    # Quiet additions to what was told already keep no correction back.
    news = outbox.c.type != "finding.updated"
    held = and_(_same_thread(message), outbox.c.status == "held", news)
    return connection.scalar(select(outbox.c.seq).where(held).limit(1)) is not None


def _first_of_thread(connection: Connection, message: Message) -> str | None:
    """The message to answer: the thread's first, or the digest that told of it."""
    if message.thread is None:
        return None
    digest = outbox.alias("digest")
    # One that never went out cannot be answered.
    found: str | None = connection.scalar(
        select(func.coalesce(digest.c.id, outbox.c.id))
        .outerjoin(digest, digest.c.id == outbox.c.folded_into)
        .where(
            _same_thread(message),
            or_(outbox.c.status.in_(_ANSWERABLE), digest.c.status.in_(_ANSWERABLE)),
        )
        .order_by(outbox.c.seq)
        .limit(1)
    )
    return found


def _same_thread(message: Message) -> ColumnElement[bool]:
    return and_(
        outbox.c.thread == message.thread,
        outbox.c.channel == message.channel,
        outbox.c.recipient == message.recipient,
    )


def _discard_unfounded(connection: Connection, message_id: str, now: datetime) -> None:
    lost = connection.execute(select(outbox).where(outbox.c.id == message_id)).one()
    if lost.thread is None or (lost.channel, lost.recipient) in told(connection, lost.thread):
        return
    connection.execute(
        update(outbox)
        .where(
            _same_thread(queued_message(lost).message),
            outbox.c.type == "finding.corrected",
            outbox.c.status.in_(("queued", "held")),
        )
        .values(status="discarded", settled_at=now, last_error=_UNFOUNDED)
    )


def _change(
    connection: Connection, message_id: str, allowed: ColumnElement[bool], values: dict[str, Any]
) -> bool:
    where = and_(outbox.c.id == message_id, allowed)
    return connection.execute(update(outbox).where(where).values(**values)).rowcount > 0


def _operate(
    connection: Connection, message_id: str, allowed: Sequence[str], values: dict[str, Any]
) -> QueuedMessage:
    where = and_(outbox.c.id == message_id, outbox.c.status.in_(allowed))
    row = connection.execute(update(outbox).where(where).values(**values).returning(outbox)).first()
    if row is None:
        status = connection.scalar(select(outbox.c.status).where(outbox.c.id == message_id))
        if status is None:
            raise UnknownEntryError("message", message_id)
        raise WrongStateError("message", message_id, _STANDS[status])
    return queued_message(row)


def queued_message(row: Row[Any]) -> QueuedMessage:
    """A row of the outbox."""
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
        folded_into=row.folded_into,
        due_at=row.due_at,
    )
