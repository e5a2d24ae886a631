"""What is known of each source: when it was polled, how that went, when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from state.database import first, upsert
from state.pacing import FAILING_AFTER, Pace, Sight, Terms, hastened, next_pace
from state.tables import sources

SourceChange = Literal["failing", "recovered"]


@dataclass(frozen=True, slots=True)
class Poll:
    """How one poll of a source went.

    Attributes:
        links: How many links it yielded, known ones included.
        next_poll_at: Not polled again before it; None: one interval after ``at``. Decided by
            ``sight`` and ``terms`` where they are given, as are ``ok`` and ``error``.
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
    sight: Sight | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of a source.

    Attributes:
        last_new_at: When it last yielded a link that was not known, after its filters.
        links_last: How many links its last good poll yielded.
        failing_since: When it began to count as failing; None where it does not.
        last_fresh_at: When it last listed anything new, whether wanted or not.
        gap: The seconds that usually lie between two new links.
        overlap: See :class:`state.pacing.Pace`.
        missed_at: When links of it may last have been missed.
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
    failing_since: datetime | None = None
    last_fresh_at: datetime | None = None
    gap: float | None = None
    overlap: float | None = None
    missed_at: datetime | None = None

    @property
    def is_failing(self) -> bool:
        """Whether it fails in a way that people were to be told of."""
        return self.failing_since is not None


def source_health(connection: Connection) -> list[SourceHealth]:
    """Every source that was ever polled, by name."""
    rows = connection.execute(select(sources).order_by(sources.c.name))
    return [_health(row) for row in rows]


def due_sources(connection: Connection, now: datetime, every: Mapping[str, timedelta]) -> list[str]:
    """The names in ``every`` whose next poll is due, in its order."""
    known = {health.name: health for health in source_health(connection)}
    return [name for name, interval in every.items() if _is_due(known.get(name), interval, now)]


def find_source(connection: Connection, name: str) -> SourceHealth | None:
    """What is known of one source."""
    row = first(connection, sources, sources.c.name == name)
    return _health(row) if row is not None else None


def record_poll(connection: Connection, poll: Poll) -> SourceChange | None:
    """Keep the poll; say when the source begins to count as failing, or no longer does."""
    row = first(connection, sources, sources.c.name == poll.name)
    known = _pace(row) if row is not None else Pace()
    if poll.sight is not None and poll.terms is not None:
        pace = next_pace(known, poll.sight, poll.terms, poll.at)
    else:
        pace = _plain_pace(known, poll)
    upsert(connection, sources, "name", _changes(poll, pace))
    if (known.failing_since is None) == (pace.failing_since is None):
        return None
    return "failing" if pace.failing_since is not None else "recovered"


def hasten_source(connection: Connection, name: str, now: datetime) -> bool:
    """Poll a source soon, and ask it for all that it lists; False where that is not to be."""
    row = first(connection, sources, sources.c.name == name)
    sooner = hastened(_pace(row), now) if row is not None else None
    if sooner is None:
        return False
    changes = {"name": name, "next_poll_at": sooner, "etag": None, "last_modified": None}
    upsert(connection, sources, "name", changes)
    return True


def postpone_source(connection: Connection, name: str, next_poll_at: datetime) -> None:
    """Keep that a source is not due before then, without a word on its health."""
    upsert(connection, sources, "name", {"name": name, "next_poll_at": next_poll_at})


def note_new_links(connection: Connection, source: str, now: datetime) -> None:
    """Keep that the source has yielded something that was not known."""
    upsert(connection, sources, "name", {"name": source, "last_new_at": now})


def _plain_pace(known: Pace, poll: Poll) -> Pace:
    """The pace of a source whose next poll somebody else decides."""
    failures = 0 if poll.ok else known.failures_in_row + 1
    began = known.failing_since or (poll.at if failures >= FAILING_AFTER else None)
    return replace(
        known,
        last_polled_at=poll.at,
        next_poll_at=poll.next_poll_at,
        not_before=None,
        failures_in_row=failures,
        failing_since=None if poll.ok else began,
        last_error=None if poll.ok else poll.error,
    )


def _changes(poll: Poll, pace: Pace) -> dict[str, object]:
    changes: dict[str, object] = {"name": poll.name} | asdict(pace)
    changes["window"] = " ".join(sorted(pace.window))
    if not pace.failures_in_row:
        changes |= {"last_ok_at": poll.at, "links_last": poll.links}
    validators = {"etag": poll.etag, "last_modified": poll.last_modified}
    return changes | {name: value for name, value in validators.items() if value is not None}


def _pace(row: Row[Any]) -> Pace:
    values = {field.name: row._mapping[field.name] for field in fields(Pace)}
    values["window"] = frozenset((values["window"] or "").split())
    return Pace(**values)


def _is_due(health: SourceHealth | None, interval: timedelta, now: datetime) -> bool:
    if health is None:
        return True
    if health.next_poll_at is not None:
        return health.next_poll_at <= now
    return health.last_polled_at is None or health.last_polled_at + interval <= now


def _health(row: Row[Any]) -> SourceHealth:
    return SourceHealth(**{field.name: row._mapping[field.name] for field in fields(SourceHealth)})
