"""What commands share: their common options, and how they print."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="Settings file; else waiverwatch.toml here, or in the user's configuration folder.",
    ),
]
DatabaseOption = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Database, instead of the settings' one.")
]
# Taken by every command, so that scripts can give it to all of them.
UnusedConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Without effect: no settings are read here."),
]
UnusedDatabaseOption = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Without effect: no database is used here."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Tell more on standard error.")
]

# More than any database holds, and less than what databases cannot count.
MOST_ROWS = 1_000_000_000

# Pages may hold control characters that would drive the reader's terminal, or turn its text around.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WIDE = 240
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def shown(text: object) -> str:
    """``text`` as it may stand on a terminal, on one line."""
    return _UNSAFE.sub("\ufffd", " ".join(_printable(str(text)).split()))


def _printable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def print_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Prints one JSON document on one line, and flushes it."""
    typer.echo(_printable(json.dumps(value, ensure_ascii=False, default=str)))
    sys.stdout.flush()


def print_lines(values: Iterable[Mapping[str, Any]]) -> None:
    """Prints JSON lines."""
    for value in values:
        print_json(value)


def print_error(line: str) -> None:
    """Prints one clear line on standard error."""
    typer.echo(f"waiverwatch: {shown(line)}", err=True)


def output() -> Console:
    """Standard output, coloured on a terminal; elsewhere wide enough to cut nothing."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def table(*columns: str) -> Table:
    """A table whose cells are folded rather than cut."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def progress() -> Console:
    """Standard error, for progress and tables that are no data."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)
