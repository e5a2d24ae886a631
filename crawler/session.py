"""What most commands begin with: settings with the command line's options, and the open store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.settings import Settings, load_settings
from state.store import Store, open_store


def settings_of(config: Path | None, db: str | None) -> Settings:
    """The settings, with the database that ``--db`` names.

    Raises:
        SettingsError: See :func:`crawler.settings.load_settings`.
    """
    return load_settings(config, database=db)


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The store of the settings' database, closed at the end.

    Raises:
        DatabaseUnavailable: It cannot be used.
    """
    store = open_store(settings.database.url.get_secret_value())
    try:
        yield store
    finally:
        store.close()


def utc_now() -> datetime:
    """The time, as everything below the commands is given it."""
    return datetime.now(UTC)
