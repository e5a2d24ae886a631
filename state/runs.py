"""Passes of the crawler, and the numbers over everything that is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, insert, select, update

from state.errors import UnknownEntryError
from state.links import open_links
from state.tables import articles, findings, outbox, runs


@dataclass(frozen=True, slots=True)
class Run:
    """One pass. ``finished_at`` None: it is under way, or its process died."""

    id: str
    started_at: datetime
    finished_at: datetime | None
    summary: Mapping[str, Any] | None


def start_run(connection: Connection, now: datetime) -> str:
    """Record that a pass begins; return its id."""
    run_id = f"run_{uuid.uuid4().hex}"
    connection.execute(insert(runs).values(id=run_id, started_at=now))
    return run_id


def finish_run(
    connection: Connection, run_id: str, now: datetime, summary: Mapping[str, Any]
) -> None:
    """Record how a pass ended.

    Raises:
        UnknownEntryError: There is no such run.
    """
    statement = update(runs).where(runs.c.id == run_id)
    values = {"finished_at": now, "summary": dict(summary)}
    if connection.execute(statement.values(**values)).rowcount == 0:
        raise UnknownEntryError("run", run_id)


def latest_runs(connection: Connection, limit: int) -> list[Run]:
    """The passes begun last, the last first."""
    rows = connection.execute(select(runs).order_by(runs.c.started_at.desc()).limit(limit))
    return [Run(row.id, row.started_at, row.finished_at, row.summary) for row in rows]


def counts(connection: Connection) -> dict[str, Any]:
    """Numbers for the metrics.

    ``articles`` and ``links_open``: how many; ``findings`` and ``outbox``: how many by status;
    ``oldest_queued``: when the longest waiting message was queued, None where none waits.
    """
    oldest = select(func.min(outbox.c.created_at)).where(outbox.c.status.in_(("queued", "leased")))
    return {
        "articles": connection.scalar(select(func.count()).select_from(articles)),
        "links_open": open_links(connection),
        "findings": _by(connection, findings, findings.c.status, findings.c.copy_of.is_(None)),
        "outbox": _by(connection, outbox, outbox.c.status),
        "oldest_queued": connection.scalar(oldest),
    }


def _by(
    connection: Connection, table: Table, column: Column[Any], *where: ColumnElement[bool]
) -> dict[str, int]:
    counted = select(column, func.count()).select_from(table).where(*where).group_by(column)
    rows = connection.execute(counted)
    return {row[0]: row[1] for row in rows}
