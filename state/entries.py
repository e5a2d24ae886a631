"""What operators entered into the record: who, when, and whether it still stands."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, text, update

from state.errors import UnknownEntryError
from state.event import Event
from state.tables import record_entries


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """An event that an operator added to the record.

    Attributes:
        candidate: Id of the candidate that was accepted with it.
        withdrawn_at: When it was taken back; ``why`` says for what reason.
        judged_at: When the stored articles had been judged by it, or without it once withdrawn;
            None: that is still to be done.
    """

    id: str
    event: Event
    entered_at: datetime
    entered_by: str
    candidate: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    why: str | None = None
    judged_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it is part of the record."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class EntryWrite:
    """An event to add, by whose word, and from which candidate."""

    event: Event
    who: str
    now: datetime
    candidate: str | None = None


_EVENT_FIELDS = tuple(field.name for field in fields(Event))
_ENTRY_FIELDS = tuple(field.name for field in fields(RecordEntry) if field.name != "event")


def list_entries(connection: Connection) -> list[RecordEntry]:
    """Every entry, withdrawn ones among them, in the order in which they were entered."""
    order = (record_entries.c.entered_at, record_entries.c.id)
    return [_entry(row) for row in connection.execute(select(record_entries).order_by(*order))]


def held_entries(connection: Connection) -> list[RecordEntry]:
    """Every entry; nobody else adds or withdraws one until the transaction's end.

    So that what was checked together is what is kept together.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE record_entries IN SHARE ROW EXCLUSIVE MODE"))
    return list_entries(connection)


def add_entry(connection: Connection, write: EntryWrite) -> RecordEntry:
    """Add an event; that it fits the others is for the caller to see to."""
    values = asdict(write.event) | {
        "id": f"r_{secrets.token_hex(6)}",
        "more_urls": list(write.event.more_urls),
        "candidate": write.candidate,
        "entered_at": write.now,
        "entered_by": write.who,
    }
    row = connection.execute(
        insert(record_entries).values(**values).returning(record_entries)
    ).one()
    return _entry(row)


def withdraw_entry(
    connection: Connection, id: str, who: str, why: str, now: datetime
) -> RecordEntry:
    """Take an entry back; it stays to be seen, and is no longer part of the record.

    Raises:
        UnknownEntryError: No entry with this id stands.
    """
    where = and_(record_entries.c.id == id, record_entries.c.withdrawn_at.is_(None))
    values = {"withdrawn_at": now, "withdrawn_by": who, "why": why, "judged_at": None}
    statement = update(record_entries).where(where).values(**values).returning(record_entries)
    row = connection.execute(statement).first()
    if row is None:
        raise UnknownEntryError("entry of the record", id)
    return _entry(row)


def mark_judged(connection: Connection, entries: Iterable[RecordEntry], now: datetime) -> None:
    """Keep that the stored articles were judged by these entries as they are given here."""
    for entry in entries:
        # One that was withdrawn since has to be judged without.
        same = (
            record_entries.c.withdrawn_at.is_(None)
            if entry.withdrawn_at is None
            else record_entries.c.withdrawn_at == entry.withdrawn_at
        )
        connection.execute(
            update(record_entries)
            .where(record_entries.c.id == entry.id, same)
            .values(judged_at=now)
        )


def _entry(row: Row[Any]) -> RecordEntry:
    given = row._mapping
    values = {name: given[name] for name in _EVENT_FIELDS}
    event = Event(**values | {"more_urls": tuple(given["more_urls"])})
    return RecordEntry(event=event, **{name: given[name] for name in _ENTRY_FIELDS})
