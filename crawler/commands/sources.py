"""``sources``: lists them with their health."""

from __future__ import annotations

from typing import Any

import typer

from crawler.catalogue import all_sources
from crawler.official.watchers import why_skipped
from crawler.session import opened_store, settings_of
from crawler.settings import Settings, SourceSettings
from crawler.sources import OFFICIAL_KINDS
from crawler.terminal import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_lines,
    shown,
    table,
)
from crawler.watch import Watch, load_watch
from crawler.wiring import keys_of
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
    watch = load_watch(settings.data.watch)
    sources = all_sources(watch.sources, settings)
    with opened_store(settings) as store:
        health = {entry.name: entry for entry in store.source_health()}
    rows = [
        source_data(source, health.get(source.name), _why_skipped(source, watch, settings))
        for source in sources
    ]
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
            shown(_with_reason(row)),
            (row["last_polled_at"] or "never")[:16].replace("T", " "),
            "-" if row["links"] is None else str(row["links"]),
            shown(row["url"]),
        )
    output().print(listing)


def _why_skipped(source: SourceSettings, watch: Watch, settings: Settings) -> str | None:
    if source.kind not in OFFICIAL_KINDS:
        return None
    return why_skipped(source.kind, watch.official, keys_of(settings))


def _with_reason(row: dict[str, Any]) -> str:
    why = row["skipped"] if row["health"] == "skipped" else row["last_error"]
    return f"{row['health']}: {why}" if why else str(row["health"])


def source_data(
    source: SourceSettings, health: SourceHealth | None, skipped: str | None = None
) -> dict[str, Any]:
    """The JSON object of a source; ``skipped`` says why it is not asked."""
    return {
        "name": source.name,
        "outlet": source.outlet,
        "kind": source.kind,
        "url": source.url,
        "langs": list(source.langs),
        "every": str(source.every),
        "enabled": source.enabled,
        "health": "skipped" if skipped and source.enabled else _health(source, health),
        "skipped": skipped,
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
