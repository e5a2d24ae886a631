"""Brings a database's schema to what this version of the program declares.

Each file of ``versions/`` is one step, frozen once released: it imports nothing of today's code.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from state.database import Database
from state.errors import DatabaseTooNew

VERSION_TABLE = "waiverwatch_version"
HEAD = "0008"
_KNOWN = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"})
# Any number will do, as long as every process that migrates takes the same.
_ADVISORY_LOCK = 7_266_821
# Alembic keeps the current environment in a module.
_one_at_a_time = threading.Lock()


def migrate(database: Database) -> None:
    """Bring the schema to HEAD; processes that start at once wait for the first.

    Raises:
        DatabaseTooNew: The schema is of a later version.
        DatabaseUnavailable: The database cannot be read, or is locked for too long.
    """
    with database.reading() as connection:
        version = _version(database, connection)
    if version == HEAD:
        return
    with _one_at_a_time, database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        if _version(database, connection) != HEAD:
            _upgrade(connection)


def _version(database: Database, connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    if found is not None and found not in _KNOWN:
        raise DatabaseTooNew(
            database.address,
            f"its schema {found} is later than this program's ({HEAD}); upgrade the program",
        )
    return found


def _upgrade(connection: Connection) -> None:
    # Takes most of a second to import, and is needed once in the life of a schema.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
