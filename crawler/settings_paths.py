"""Paths of the settings file: they are meant from the folder in which the file lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WATCHES = Path(__file__).parent / "watches"
_FOLDERS = ("archive", "lexicons", "templates")
_SQLITE = "sqlite:///"


def anchor_paths(values: dict[str, Any], folder: Path) -> None:
    """Makes the paths in a file's values start at the folder of the file.

    A program that is started elsewhere, as by cron, would use other files without a word.
    """
    data, database = values.get("data"), values.get("database")
    if isinstance(data, dict):
        for key in _FOLDERS:
            _anchor(data, key, folder)
        if not _is_built_in(data.get("watch")):
            _anchor(data, "watch", folder)
    if isinstance(database, dict) and isinstance(database.get("url"), str):
        database["url"] = database_beside(folder, database["url"])
    channels = values.get("channel")
    for channel in channels if isinstance(channels, list) else ():
        if isinstance(channel, dict):
            _anchor(channel, "ca_file", folder)


def beside(folder: Path, given: str) -> Path:
    """The path that ``given`` means in a file of the folder; ``~`` is the user's own folder."""
    try:
        return folder / Path(given).expanduser()
    except RuntimeError:  # "~nobody"
        return folder / given


def database_beside(folder: Path, url: str) -> str:
    """The address with its SQLite file starting at the folder, where it is a relative one."""
    if not url.startswith(_SQLITE):
        return url
    path, question, query = url.removeprefix(_SQLITE).partition("?")
    if not path or path.startswith((":memory:", "file:")):
        return url
    return f"{_SQLITE}{folder / path}{question}{query}"


def _anchor(table: dict[str, Any], key: str, folder: Path) -> None:
    if isinstance(table.get(key), str) and table[key]:
        table[key] = str(beside(folder, table[key]))


def _is_built_in(watch: object) -> bool:
    return isinstance(watch, str) and (WATCHES / watch / "watch.toml").is_file()
