"""Candidates: documents that watchers found and that may belong into the record."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, select, update

from state.database import insert_unseen
from state.errors import UnknownEntryError
from state.event import EventKind
from state.tables import candidates, storable

CandidateStatus = Literal["open", "accepted", "rejected"]
Settled = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document as a watcher found it. It is no law: only what an operator enters is.

    Attributes:
        source_kind: The kind of source that found it, such as ``federal_register``.
        document: What tells it from every other one of that kind: a number, or a hash.
        date: The day of the act where the document tells it; else that of its publication.
        citation: Where it is officially published.
        kind: What kind of event it seems to be; None where that is for the operator to say.
        accept: What to run to accept it; empty: the command for its id and kind.
    """

    source_kind: str
    document: str
    title: str
    url: str
    date: date | None = None
    citation: str | None = None
    kind: EventKind | None = None
    accept: str = ""

    @property
    def id(self) -> str:
        """Short, safe in URLs, and the same whenever the document is found."""
        name = storable(f"{self.source_kind}\n{self.document}")
        return f"c_{hashlib.sha256(name.encode()).hexdigest()[:12]}"

    @property
    def command(self) -> str:
        """What to run to accept it."""
        return self.accept or f"waiverwatch record add --candidate {self.id}" + (
            f" --kind {self.kind}" if self.kind else " --kind KIND"
        )


@dataclass(frozen=True, slots=True)
class StoredCandidate:
    """A candidate as the store holds it.

    Attributes:
        accept: What to run to accept it.
        settled_by: Who accepted or rejected it; ``why`` is their reason.
    """

    id: str
    source_kind: str
    document: str
    title: str
    url: str
    date: date | None
    citation: str | None
    kind: EventKind | None
    accept: str
    found_at: datetime
    status: CandidateStatus
    settled_at: datetime | None = None
    settled_by: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateSettlement:
    """What became of a candidate, by whose word."""

    id: str
    status: Settled
    who: str
    why: str | None
    now: datetime


def add_candidate(connection: Connection, candidate: Candidate, now: datetime) -> bool:
    """Keep a candidate; False where the same document was already known, whatever became of it."""
    row = asdict(candidate) | {
        "id": candidate.id,
        "accept": candidate.command,
        "found_at": now,
        "status": "open",
    }
    return bool(insert_unseen(connection, candidates, [row], "id"))


def find_candidate(connection: Connection, id: str) -> StoredCandidate | None:
    """The candidate with this id."""
    row = connection.execute(select(candidates).where(candidates.c.id == id)).first()
    return _stored(row) if row is not None else None


def list_candidates(
    connection: Connection, status: CandidateStatus | None
) -> list[StoredCandidate]:
    """The candidates, the first found first."""
    statement = select(candidates).order_by(candidates.c.found_at, candidates.c.id)
    if status is not None:
        statement = statement.where(candidates.c.status == status)
    return [_stored(row) for row in connection.execute(statement)]


def settle_candidate(connection: Connection, settlement: CandidateSettlement) -> StoredCandidate:
    """Accept or reject an open candidate.

    Raises:
        UnknownEntryError: No candidate with this id is open.
    """
    where = and_(candidates.c.id == settlement.id, candidates.c.status == "open")
    values = {
        "status": settlement.status,
        "settled_at": settlement.now,
        "settled_by": settlement.who,
        "why": settlement.why,
    }
    if connection.execute(update(candidates).where(where).values(**values)).rowcount == 0:
        raise UnknownEntryError("open candidate", settlement.id)
    found = find_candidate(connection, settlement.id)
    assert found is not None  # noqa: S101 - changed above, and rows are never deleted
    return found


def _stored(row: Row[Any]) -> StoredCandidate:
    return StoredCandidate(**row._mapping)
