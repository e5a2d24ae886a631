"""Who is crawling into a database: so that what a dead crawler had claimed is given out again."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from state import links
from state.database import Database
from state.errors import DatabaseUnavailable

# Any number will do, as long as every crawler takes the same.
_LOCK = 7_266_822


@contextmanager
def crawling(database: Database, now: datetime) -> Iterator[int]:
    """Be known as a crawler until the block ends; see :meth:`state.store.Store.crawling`."""
    with ExitStack() as stack:
        if database.url.get_backend_name() == "sqlite":
            yield stack.enter_context(_beside_file(database, now))
        else:
            yield stack.enter_context(_in_server(database, now))


def _release(database: Database, now: datetime) -> int:
    with database.writing() as connection:
        return links.release_claims(connection, now)


@contextmanager
def _beside_file(database: Database, now: datetime) -> Iterator[int]:
    """A lock of a file of its own: the kernel gives it back however its holder ends."""
    path = Path(f"{database.url.database}-crawling")
    try:
        stream = path.open("a")
    except OSError as error:
        raise DatabaseUnavailable(database.address, f"{path}: {error.strerror}") from error
    with stream:
        released = 0
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            released = _release(database, now)
        except BlockingIOError:
            pass
        # From the sole lock to one that others may have as well.
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield released


@contextmanager
def _in_server(database: Database, now: datetime) -> Iterator[int]:
    """A lock of a session of its own: the server gives it back when the session ends."""
    with database.errors_translated(), database.session() as session:
        released = 0
        if _ask(session, f"SELECT pg_try_advisory_lock({_LOCK})"):
            released = _release(database, now)
            _ask(session, f"SELECT pg_advisory_lock_shared({_LOCK})")
            _ask(session, f"SELECT pg_advisory_unlock({_LOCK})")
        else:
            _ask(session, f"SELECT pg_advisory_lock_shared({_LOCK})")
        try:
            yield released
        finally:
            # Said aloud, since a server notices the end of a session only a moment later;
            # and the connection does not go back to others with a lock that was not given up.
            with suppress(DBAPIError):
                _ask(session, f"SELECT pg_advisory_unlock_shared({_LOCK})")
            session.invalidate()


def _ask(session: Connection, statement: str) -> bool:
    return bool(session.scalar(text(statement)))
