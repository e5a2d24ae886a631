"""Bursts: more messages for a recipient than anybody reads one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update

from state.message import QueuedMessage
from state.outbox import queued_message, waits_for_earlier
from state.tables import channels, outbox

BURST = "burst:"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A recipient for whom more is due than is to be sent one by one.

    Attributes:
        due: How many messages are due that were never tried.
        next_at: The first moment at which a window is over: that of the last burst, or that of the
            first message sent.
        after_burst: Whether a burst was folded within the window.
    """

    channel: str
    recipient: str
    due: int
    next_at: datetime
    after_burst: bool


def crowds(connection: Connection, now: datetime, most: int, window: timedelta) -> list[Crowd]:
    """The recipients for whom more than ``most`` messages are due or were sent in a window."""
    since = now - window
    found = []
    for channel, recipient, due in connection.execute(_due_by_recipient(now)).all():
        own = and_(outbox.c.channel == channel, outbox.c.recipient == recipient)
        sent, first = connection.execute(_sent(own, since)).one()
        burst_at = connection.scalar(_burst(own, since))
        if burst_at is None and sent + due <= most:
            continue
        next_at = (burst_at or first or now) + window
        found.append(Crowd(channel, recipient, due, next_at, burst_at is not None))
    return found


def take_due(
    connection: Connection, channel: str, recipient: str, now: datetime
) -> list[QueuedMessage]:
    """Take a recipient's due messages that were never tried, for the one that tells them all.

    Fewer than two are left as they are: nothing is taken.
    """
    own = and_(outbox.c.channel == channel, outbox.c.recipient == recipient, _is_fresh(now))
    locked = select(outbox.c.seq).where(own).with_for_update(skip_locked=True)
    taken = list(connection.execute(locked).scalars())
    if len(taken) < 2:
        return []
    rows = connection.execute(
        update(outbox)
        .where(own, outbox.c.seq <= max(taken), outbox.c.seq >= min(taken))
        .values(status="folded", settled_at=now)
        .returning(outbox)
    )
    return [queued_message(row) for row in sorted(rows, key=lambda row: int(row.seq))]


def hold_back(
    connection: Connection, channel: str, recipient: str, now: datetime, until: datetime
) -> None:
    """Put a recipient's due messages that were never tried off, to be told together then."""
    own = and_(outbox.c.channel == channel, outbox.c.recipient == recipient, _is_fresh(now))
    connection.execute(update(outbox).where(own).values(due_at=until))


def _is_fresh(now: datetime) -> ColumnElement[bool]:
    """One that was tried may have arrived: told in another message it would be told twice."""
    return and_(
        outbox.c.status == "queued",
        outbox.c.attempts == 0,
        outbox.c.due_at <= now,
        outbox.c.type != "digest",
        outbox.c.channel.not_in(select(channels.c.name)),
        ~waits_for_earlier(only_tried=True),
    )


def _due_by_recipient(now: datetime) -> Select[str, str, int]:
    columns = (outbox.c.channel, outbox.c.recipient)
    return select(*columns, func.count()).where(_is_fresh(now)).group_by(*columns)


def _sent(own: ColumnElement[bool], since: datetime) -> Select[int, datetime | None]:
    """How many messages went out one by one, and when the first of them did."""
    one_by_one = and_(outbox.c.delivered_at > since, outbox.c.type != "digest")
    return select(func.count(), func.min(outbox.c.delivered_at)).where(own, one_by_one)


def _burst(own: ColumnElement[bool], since: datetime) -> Select[datetime | None]:
    """When the last burst was folded."""
    burst = and_(outbox.c.type == "digest", outbox.c.key.startswith(BURST, autoescape=True))
    return select(func.max(outbox.c.created_at)).where(own, burst, outbox.c.created_at > since)
