"""The border to the SQL toolkit: engines, transactions, and errors in our own words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy import exc as sql
from sqlalchemy.dialects import postgresql, sqlite

from state.errors import DatabaseUnavailable, StoreError
from state.tables import dump_json

PATIENCE = timedelta(seconds=10)
_FORMS = "use sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
_READ_ONLY = "waiverwatch_read_only"


class Database:
    """One database: gives out transactions, and says in one clear line why it cannot.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql+psycopg://...``.
        patience: How long a lock of another process is waited for.
    """

    def __init__(self, url: str, patience: timedelta = PATIENCE) -> None:
        self.url = _checked(url)
        self.patience = patience
        self.address = _address(self.url)
        self.engine = _engine(self.url, patience)
        self._reader = self.engine.execution_options(**{_READ_ONLY: True})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on any exception."""
        with self.errors_translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and on SQLite waits for no writer."""
        with self.errors_translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection of its own outside of transactions; for a server's locks."""
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def errors_translated(self) -> Iterator[None]:
        """Turn the toolkit's errors into this package's; others pass."""
        try:
            yield
        except (sql.OperationalError, sql.InterfaceError, sql.TimeoutError) as error:
            raise DatabaseUnavailable(self.address, _reason(error)) from error
        except sql.DBAPIError as error:
            # "file is not a database" and a lost connection come under the general names.
            if error.connection_invalidated or type(error) is sql.DatabaseError:
                raise DatabaseUnavailable(self.address, _reason(error)) from error
            raise StoreError(f"database {self.address}: {_reason(error)}") from error

    def prepare(self) -> None:
        """Prove that the database answers; put SQLite into the mode where readers never wait.

        Raises:
            DatabaseUnavailable: It does not answer, or is locked for longer than ``patience``.
        """
        with self.errors_translated():
            if self.url.get_backend_name() == "sqlite":
                self._use_wal()
            else:
                self.engine.connect().close()

    def _use_wal(self) -> None:
        # The change of mode does not wait for locks by itself.
        deadline = time.monotonic() + self.patience.total_seconds()
        while (why := self._try_wal()) is not None:
            if time.monotonic() >= deadline:
                raise DatabaseUnavailable(self.address, why)
            time.sleep(0.05)

    def _try_wal(self) -> str | None:
        with self.engine.connect() as connection:
            # No transaction may be open, so this passes the toolkit by.
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the only driver accepted
            try:
                raw.execute("PRAGMA journal_mode = WAL")
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    return str(error)
                raise DatabaseUnavailable(self.address, str(error)) from error
        return None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (sql.ArgumentError, ValueError) as error:
        # The toolkit's message quotes the whole address, password and all.
        raise DatabaseUnavailable("(unreadable address)", _FORMS) from error
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUnavailable("sqlite://", f"a database in memory keeps nothing; {_FORMS}")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseUnavailable(
            _address(parsed), f"no support for {parsed.drivername!r}; {_FORMS}"
        )
    return parsed


def _address(url: URL) -> str:
    return url.set(query={}).render_as_string()


def _reason(error: sql.SQLAlchemyError) -> str:
    origin = error.orig if isinstance(error, sql.DBAPIError) else error
    lines = [line.strip() for line in str(origin or error).splitlines() if line.strip()]
    return lines[0] if lines else type(origin).__name__


def _engine(url: URL, patience: timedelta) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, patience)
    milliseconds = int(patience / timedelta(milliseconds=1))
    options = f"{url.query.get('options', '')} -c lock_timeout={milliseconds} -c timezone=UTC"
    return create_engine(
        url.difference_update_query(["options"]),
        connect_args={"connect_timeout": 10, "options": options.strip()},
        pool_pre_ping=True,
        json_serializer=dump_json,
    )


def _sqlite_engine(url: URL, patience: timedelta) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": patience.total_seconds()},
        json_serializer=dump_json,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions begin late and never before DDL: ours begin below.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, not wait, when another wrote
        # in between; so whoever may write takes the lock at once.
        reads = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def insert_unseen(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    key: str,
) -> set[Any]:
    """Insert the rows whose key the table does not hold yet; return those keys."""
    if not rows:
        return set()
    dialect = connection.dialect.name
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    column = table.c[key]
    statement = insert(table).on_conflict_do_nothing(index_elements=[key]).returning(column)
    return set(connection.execute(statement, list(rows)).scalars())


def upsert(connection: Connection, table: Table, key: str, row: Mapping[str, object]) -> None:
    """Insert the row, or bring the one with the same key to these values."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    changes = {name: value for name, value in row.items() if name != key}
    connection.execute(
        insert(table).values(**row).on_conflict_do_update(index_elements=[key], set_=changes)
    )


def first(connection: Connection, table: Table, where: ColumnElement[bool]) -> Row[Any] | None:
    """The one row that fits, locked until the transaction's end where the database locks rows."""
    statement = table.select().where(where).with_for_update()
    return connection.execute(statement).first()
