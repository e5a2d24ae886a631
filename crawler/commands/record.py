"""``record``: shows the dated record of the law."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from crawler.documents import parse_published
from crawler.errors import UsageError
from crawler.settings import load_settings
from crawler.terminal import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_json,
    print_lines,
    shown,
    table,
)
from crawler.watch import load_watch
from state.record import Event, Status


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Show what is on record of the law.")
    group.command("show", epilog="Example: waiverwatch record show")(show)
    group.command("status", epilog="Example: waiverwatch record status --on 2025-08-09 --json")(
        status
    )
    app.add_typer(group, name="record")


def show(
    *, as_json: JsonOption = False, config: ConfigOption = None, db: DatabaseOption = None
) -> None:
    """Show every event on record, in order."""
    watch = load_watch(load_settings(config).data.watch)
    if as_json:
        print_lines(_event_data(event) for event in watch.record.events)
        return
    console = output()
    console.print(f"{watch.law.title}. {watch.law.about}")
    rows = table("date", "kind", "instrument", "citation", "confidence", "until")
    for event in watch.record.events:
        rows.add_row(
            event.date.isoformat() + ("" if event.date_precision == "day" else " (not exact)"),
            event.kind,
            shown(event.instrument),
            shown(event.citation or "-"),
            event.confidence,
            event.until.isoformat() if event.until else "-",
        )
    console.print(rows)


def status(
    *,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; default: today.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Say how the law stood on a day."""
    day = _day(on)
    found = load_watch(load_settings(config).data.watch).record.status(day)
    if as_json:
        print_json(status_data(found))
        return
    console = output()
    until = f", until {found.until}" if found.until else ""
    console.print(f"{found.on}: {found.status}{until}")
    if found.event:
        parts = (found.event.instrument, found.event.citation, found.event.url)
        console.print("; ".join(shown(part) for part in parts if part))
    if found.caveat:
        console.print(shown(found.caveat))


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return parse_published(text)
    except ValueError as error:
        raise UsageError(f"--on: {str(error).partition(': ')[2]}") from error


def status_data(found: Status) -> dict[str, Any]:
    """The JSON object of ``record status``."""
    event = found.event
    return {
        "on": found.on.isoformat(),
        "status": found.status,
        "event": event.instrument if event else None,
        "until": found.until.isoformat() if found.until else None,
        "citation": event.citation if event else None,
        "url": event.url if event else None,
        "caveat": found.caveat,
    }


def _event_data(event: Event) -> dict[str, Any]:
    data = asdict(event)
    for key in ("date", "until"):
        data[key] = data[key].isoformat() if data[key] else None
    return data
