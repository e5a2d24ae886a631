"""``init``: writes a commented settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import UsageError, WorkError
from crawler.settings import FILE_NAME
from crawler.terminal import UnusedDatabaseOption

TEMPLATE = Path(__file__).parents[1] / "waiverwatch.example.toml"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("init", epilog="Example: waiverwatch init && $EDITOR waiverwatch.toml")(init)


def init(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="Where to write it.")
    ] = None,
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="PATH", help="The same as PATH."),
    ] = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Write a commented settings file; an existing one is left alone."""
    target = path or config or Path(FILE_NAME)
    try:
        # "x" fails where the file exists, with nothing in between that could be overwritten.
        with target.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise UsageError(f"{target}: exists already, and is left as it is") from None
    except OSError as error:
        raise WorkError(f"{target}: {(error.strerror or 'cannot be written').lower()}") from error
    typer.echo(f"wrote {target}; next: edit it, then waiverwatch crawl", err=True)
