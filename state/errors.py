"""The errors of this package, as a tree.

StateError
├── RecordError           an entry of the record is wrong
├── UnknownEntryError     an id that the store does not hold
│   └── WrongStateError   what it holds there is not what is asked for
├── StoreError            the database refused a statement
└── DatabaseUnavailable   the database cannot be used now
    └── DatabaseTooNew    it was written by a later version of the program
"""

from __future__ import annotations

from pathlib import Path


class StateError(Exception):
    """Anything that this package reports."""


class RecordError(StateError):
    """An entry of the record is wrong.

    Attributes:
        path: The file; for events that do not come from one, what they are, in words.
        where: The line or the entry, and the field where there is one.
        why: What is wrong, in one sentence.
    """

    def __init__(self, path: Path | str, where: str, why: str) -> None:
        super().__init__(f"{path}: {where}: {why}" if where else f"{path}: {why}")
        self.path = path
        self.where = where
        self.why = why


class UnknownEntryError(StateError):
    """The store holds nothing under this id, or nothing to which the request applies."""

    def __init__(self, noun: str, id: str) -> None:
        super().__init__(f"no {noun} with id {id!r}")
        self.noun = noun
        self.id = id


class WrongStateError(UnknownEntryError):
    """What the store holds under this id is in a state to which the request does not apply.

    Attributes:
        state: The state, in words.
    """

    def __init__(self, noun: str, id: str, state: str) -> None:
        StateError.__init__(self, f"{noun} {id!r} {state}")
        self.noun, self.id, self.state = noun, id, state


class StoreError(StateError):
    """The database refused a statement: a fault of the program or a damaged database."""


class DatabaseUnavailable(StateError):  # noqa: N818 - the name is part of the interface
    """The database cannot be reached, is locked for too long, or is no database of ours.

    Attributes:
        database: The database's address without its password.
        why: The reason in one line.
    """

    def __init__(self, database: str, why: str) -> None:
        super().__init__(f"database {database}: {why}")
        self.database = database
        self.why = why


class DatabaseTooNew(DatabaseUnavailable):
    """The database's schema is later than the latest that this program knows."""
