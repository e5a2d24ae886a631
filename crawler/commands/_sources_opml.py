"""``sources import`` and ``sources export``: sources as other programs write them down."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from crawler.catalogue import all_sources, load_catalogue
from crawler.errors import UsageError, WorkError
from crawler.session import settings_of
from crawler.settings import Settings, SourceSettings, settings_file
from crawler.source_entries import (
    Imported,
    export_opml,
    import_opml,
    source_table,
    source_values,
)
from crawler.sources import OFFICIAL_KINDS
from crawler.terminal import (
    ConfigOption,
    JsonOption,
    UnusedDatabaseOption,
    print_error,
    print_json,
    print_lines,
)
from crawler.watch import watch_folder


def import_sources(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="The file; - reads it.")],
    *,
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the entries, and leave the settings alone.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Add the feeds of an OPML file to the settings file, at its end.

    Nothing that stands there is changed. Sources that exist are passed over, and named.
    """
    settings = settings_of(config, None)
    known = every_source(settings)
    found = import_opml(_read(file), str(file), known)
    target = None if print_only else settings_file(config)
    if not print_only and target is None:
        raise UsageError("there is no settings file; waiverwatch init writes one (or see --print)")
    if target is not None and found.added:
        _append(target, found.added)
    for one in found.skipped:
        print_error(f"passed over {one.url}: {one.why}")
    if as_json:
        print_json(_data(found, target))
    elif target is None:
        typer.echo("\n".join(source_table(one) for one in found.added), nl=False)
    else:
        typer.echo(f"added {len(found.added)} sources to {target}", err=True)


def export_sources(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines with the keys of [[source]] instead.")
    ] = False,
    config: ConfigOption = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Print every source as OPML; readers of feeds take the feeds of it."""
    settings = settings_of(config, None)
    outlets = [one for one in every_source(settings) if one.kind not in OFFICIAL_KINDS]
    if as_json:
        print_lines(map(source_values, outlets))
        return
    sys.stdout.buffer.write(export_opml(outlets, "waiverwatch sources"))
    sys.stdout.buffer.flush()


def every_source(settings: Settings) -> tuple[SourceSettings, ...]:
    """Every source, built in or of the settings."""
    folder = watch_folder(settings.data.watch)
    return all_sources(load_catalogue(folder / "sources.toml"), settings)


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {(error.strerror or 'cannot be read').lower()}") from error


def _append(target: Path, added: tuple[SourceSettings, ...]) -> None:
    """Adds entries at the end of a file, once it is known that it can be read afterwards."""
    try:
        before = target.read_text(encoding="utf-8-sig")
        text = "".join("\n" + source_table(one) for one in added)
        if before and not before.endswith("\n"):
            text = "\n" + text
        try:
            tomllib.loads(before + text)
        except tomllib.TOMLDecodeError:
            raise UsageError(f"{target}: entries cannot be added at its end; see --print") from None
        with target.open("a", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise WorkError(f"{target}: {(error.strerror or 'cannot be written').lower()}") from error


def _data(found: Imported, target: Path | None) -> dict[str, object]:
    return {
        "file": None if target is None else str(target),
        "added": [
            {"name": one.name, "url": one.url, "kind": one.kind, "entry": source_table(one)}
            for one in found.added
        ],
        "skipped": [{"url": one.url, "why": one.why} for one in found.skipped],
    }
