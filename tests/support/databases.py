"""Databases for tests: a SQLite file, and a PostgreSQL schema that goes away again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from state.store import Store, open_store

_SERVERS = ("user=root dbname=postgres", "user=postgres dbname=postgres")


def sqlite_url(folder: Path) -> str:
    """The address of a SQLite database in this folder."""
    return f"sqlite:///{folder / 'waiverwatch.db'}"


def make_store(tmp_path: Path) -> Store:
    """A new, empty SQLite store below ``tmp_path``; the caller closes it."""
    return open_store(sqlite_url(tmp_path))


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of a new PostgreSQL database, dropped at the end of the block.

    Skips the test where no server answers; with CI=true it fails instead.
    """
    server = _server()
    name = f"waiverwatch_{uuid.uuid4().hex}"
    user = server.info.user
    try:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield f"postgresql+psycopg://{user}@127.0.0.1:5432/{name}"
    finally:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.close()


def emptied(url: str) -> str:
    """The same PostgreSQL database with nothing in it."""
    with psycopg.connect(plain_address(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


def plain_address(url: str) -> str:
    """The address as the driver itself takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _server() -> psycopg.Connection:
    why = ""
    for server in _SERVERS:
        address = f"host=127.0.0.1 port=5432 connect_timeout=3 {server}"
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            why = str(error).strip().splitlines()[0]
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs PostgreSQL on 127.0.0.1:5432: {why}")
    pytest.skip(f"no PostgreSQL on 127.0.0.1:5432: {why}")
