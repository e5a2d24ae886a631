"""``sources``: lists them with their health."""

from __future__ import annotations

from typing import Any

import typer

from crawler.catalogue import all_sources
from crawler.session import opened_store, settings_of
from crawler.settings import SourceSettings
from crawler.terminal import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_lines,
    shown,
    table,
)
from crawler.watch import load_watch
from state.store import SourceHealth


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="List the ways into outlets.")
    group.command("list", epilog="Example: waiverwatch sources list --json")(list_sources)
    group.callback()(_group)
    app.add_typer(group, name="sources")


def _group() -> None:
    """List the ways into outlets."""


def list_sources(
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List every source, built in or of the settings, with its health."""
    settings = settings_of(config, db)
    sources = all_sources(load_watch(settings.data.watch).sources, settings)
    with opened_store(settings) as store:
        health = {entry.name: entry for entry in store.source_health()}
    rows = [source_data(source, health.get(source.name)) for source in sources]
    if as_json:
        print_lines(rows)
        return
    listing = table("name", "kind", "langs", "every", "health", "last polled", "links", "url")
    for row in rows:
        listing.add_row(
            shown(row["name"]),
            row["kind"],
            " ".join(row["langs"]),
            row["every"],
            shown(row["health"] + (f": {row['last_error']}" if row["last_error"] else "")),
            (row["last_polled_at"] or "never")[:16].replace("T", " "),
            "-" if row["links"] is None else str(row["links"]),
            shown(row["url"]),
        )
    output().print(listing)


def source_data(source: SourceSettings, health: SourceHealth | None) -> dict[str, Any]:
    """The JSON object of a source."""
    return {
        "name": source.name,
        "outlet": source.outlet,
        "kind": source.kind,
        "url": source.url,
        "langs": list(source.langs),
        "every": str(source.every),
        "enabled": source.enabled,
        "health": _health(source, health),
        "last_polled_at": _moment(health, "last_polled_at"),
        "last_ok_at": _moment(health, "last_ok_at"),
        "next_poll_at": _moment(health, "next_poll_at"),
        "failures_in_row": health.failures_in_row if health else 0,
        "last_error": health.last_error if health and health.failures_in_row else None,
        "links": health.links_last if health else None,
    }


def _health(source: SourceSettings, health: SourceHealth | None) -> str:
    if not source.enabled:
        return "disabled"
    if health is None or health.last_polled_at is None:
        return "never polled"
    return "failing" if health.failures_in_row else "ok"


def _moment(health: SourceHealth | None, name: str) -> str | None:
    found = getattr(health, name, None)
    return found.isoformat() if found else None
