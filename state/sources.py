"""What is known of each source: when it was polled, how that went, when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from state.database import first, upsert
from state.tables import sources

SourceChange = Literal["failing", "recovered"]

# One failed poll is weather; a source that fails so often in a row has a fault to be told of.
FAILING_AFTER = 3


@dataclass(frozen=True, slots=True)
class Poll:
    """How one poll of a source went.

    Attributes:
        links: How many links it yielded, known ones included.
        next_poll_at: Not polled again before it; None: one interval after ``at``.
        etag: As the server sent it; None keeps what is known.
        last_modified: As the server sent it; None keeps what is known.
    """

    name: str
    at: datetime
    ok: bool
    links: int = 0
    error: str | None = None
    next_poll_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of a source.

    Attributes:
        last_new_at: When it last yielded a link that was not known.
        links_last: How many links its last good poll yielded.
    """

    name: str
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    failures_in_row: int
    last_error: str | None
    links_last: int
    etag: str | None
    last_modified: str | None
    last_new_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether it failed so often in a row that people were to be told."""
        return self.failures_in_row >= FAILING_AFTER


def source_health(connection: Connection) -> list[SourceHealth]:
    """Every source that was ever polled, by name."""
    rows = connection.execute(select(sources).order_by(sources.c.name))
    return [_health(row) for row in rows]


def due_sources(connection: Connection, now: datetime, every: Mapping[str, timedelta]) -> list[str]:
    """The names in ``every`` whose next poll is due, in its order."""
    known = {health.name: health for health in source_health(connection)}
    return [name for name, interval in every.items() if _is_due(known.get(name), interval, now)]


def record_poll(connection: Connection, poll: Poll) -> SourceChange | None:
    """Keep the poll; say when the source begins to count as failing, or no longer does."""
    row = first(connection, sources, sources.c.name == poll.name)
    before = _health(row) if row is not None else None
    failures = 0 if poll.ok else (before.failures_in_row if before else 0) + 1
    upsert(connection, sources, "name", _changes(poll, failures))
    was_failing = before is not None and before.is_failing
    if failures >= FAILING_AFTER and not was_failing:
        return "failing"
    return "recovered" if poll.ok and was_failing else None


def postpone_source(connection: Connection, name: str, next_poll_at: datetime) -> None:
    """Keep that a source is not due before then, without a word on its health."""
    upsert(connection, sources, "name", {"name": name, "next_poll_at": next_poll_at})


def note_new_links(connection: Connection, source: str, now: datetime) -> None:
    """Keep that the source has yielded something that was not known."""
    upsert(connection, sources, "name", {"name": source, "last_new_at": now})


def _changes(poll: Poll, failures: int) -> dict[str, object]:
    changes: dict[str, object] = {
        "name": poll.name,
        "last_polled_at": poll.at,
        "next_poll_at": poll.next_poll_at,
        "failures_in_row": failures,
        "last_error": None if poll.ok else poll.error,
    }
    if poll.ok:
        changes |= {"last_ok_at": poll.at, "links_last": poll.links}
    validators = {"etag": poll.etag, "last_modified": poll.last_modified}
    return changes | {name: value for name, value in validators.items() if value is not None}


def _is_due(health: SourceHealth | None, interval: timedelta, now: datetime) -> bool:
    if health is None:
        return True
    if health.next_poll_at is not None:
        return health.next_poll_at <= now
    return health.last_polled_at is None or health.last_polled_at + interval <= now


def _health(row: Row[Any]) -> SourceHealth:
    return SourceHealth(**row._mapping)
