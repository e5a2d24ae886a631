"""What watchers of official sources saw before, so that only what is new is told."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from state.database import insert_unseen, upsert
from state.tables import sightings, storable, validators

Novelty = Literal["first", "new", "known"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A state in which something was seen, such as a bill with its latest action.

    Attributes:
        subject: What was seen, under one name whichever source it is seen by.
        state: What tells this state from its other ones.
    """

    subject: str
    state: str
    source: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What an address is asked with the next time, as its server sent it."""

    url: str
    etag: str | None
    last_modified: str | None


def note_sighting(connection: Connection, sighting: Sighting) -> Novelty:
    """Keep a state; say whether its subject is seen for the first time, or this state is new.

    A state that was seen before stays known, also where the subject had another one meanwhile:
    copies of one thing lag behind each other.
    """
    subject = storable(sighting.subject)
    is_first = not sighted(connection, [subject])
    key = hashlib.sha256(f"{subject}\n{storable(sighting.state)}".encode()).hexdigest()
    row = {
        "key": key,
        "subject": subject,
        "state": sighting.state,
        "source": sighting.source,
        "seen_at": sighting.now,
    }
    if not insert_unseen(connection, sightings, [row], "key"):
        return "known"
    return "first" if is_first else "new"


def sighted(connection: Connection, subjects: Collection[str]) -> set[str]:
    """Those of the subjects that were seen before, in whatever state."""
    if not subjects:
        return set()
    statement = select(sightings.c.subject).where(sightings.c.subject.in_(list(subjects)))
    return set(connection.execute(statement.distinct()).scalars())


def keep_validators(connection: Connection, sent: Iterable[Validators]) -> None:
    """Keep what the addresses are to be asked with the next time."""
    for one in sent:
        row = {"url": one.url, "etag": one.etag, "last_modified": one.last_modified}
        upsert(connection, validators, "url", row)


def find_validators(connection: Connection, urls: Collection[str]) -> dict[str, Validators]:
    """What is kept of these addresses."""
    if not urls:
        return {}
    rows = connection.execute(select(validators).where(validators.c.url.in_(list(urls))))
    return {row.url: Validators(row.url, row.etag, row.last_modified) for row in rows}
