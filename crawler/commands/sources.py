"""``sources``: lists them with their health, and what searches name beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import typer
from rich.table import Table

from crawler.catalogue import all_sources
from crawler.commands._sources_opml import every_source, export_sources, import_sources
from crawler.commands._sources_probe import test_source
from crawler.leads import without_way_in
from crawler.official.watchers import why_skipped
from crawler.outlets import Outlets
from crawler.report import LeadOutlet
from crawler.session import opened_store, settings_of, utc_now
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
from crawler.units import format_duration
from crawler.watch import Watch, load_watch
from crawler.wiring import keys_of, source_configs
from state.store import SourceHealth, StoredLead


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="List, test and exchange the ways into outlets.",
        epilog="Example: waiverwatch sources test https://news.example.org/",
    )
    group.command("list", epilog="Example: waiverwatch sources list --json")(list_sources)
    group.command("leads", epilog="Example: waiverwatch sources leads")(list_leads)
    group.command("test", epilog="Example: waiverwatch sources test https://news.example.org/")(
        test_source
    )
    group.command("import", epilog="Example: waiverwatch sources import feeds.opml --print")(
        import_sources
    )
    group.command("export", epilog="Example: waiverwatch sources export > sources.opml")(
        export_sources
    )
    app.add_typer(group, name="sources")


def list_sources(
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List every source, built in or of the settings, with its health."""
    settings = settings_of(config, db)
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    sources = all_sources(watch.sources, settings)
    with opened_store(settings) as store:
        health = {entry.name: entry for entry in store.source_health()}
        lost = without_way_in(store.open_leads(utc_now()), outlets_of(sources))
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
    if lost:
        output().print(_lost_outlets(lost))


def list_leads(
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List articles that searches name, and whose outlets' own sources have not listed them yet.

    An outlet without a source needs one: see waiverwatch sources test.
    """
    settings = settings_of(config, db)
    outlets = outlets_of(every_source(settings))
    with opened_store(settings) as store:
        leads = store.open_leads(utc_now())
    rows = [lead_data(lead, [way.name for way in outlets.ways_into(lead)]) for lead in leads]
    if as_json:
        print_lines(rows)
        return
    listing = table("noted", "outlet", "host", "looked for in", "title")
    for row in rows:
        listing.add_row(
            row["noted_at"][:16].replace("T", " "),
            shown(row["outlet"]),
            shown(row["site"]),
            shown(", ".join(row["sources"]) or "no source leads there"),
            shown(row["title"]),
        )
    output().print(listing)


def lead_data(lead: StoredLead, sources: list[str]) -> dict[str, Any]:
    """The JSON object of a lead; ``sources`` are the ways into its outlet."""
    return {
        "title": lead.title,
        "outlet": lead.outlet,
        "site": lead.site,
        "published": lead.published.isoformat() if lead.published else None,
        "noted_at": lead.noted_at.isoformat(),
        "noted_by": lead.source,
        "sources": sources,
    }


def outlets_of(sources: Iterable[SourceSettings]) -> Outlets:
    """The outlets that enabled sources lead into."""
    return Outlets(source_configs(sources))


def _lost_outlets(lost: Sequence[LeadOutlet]) -> Table:
    listing = table("named by searches, no source leads there", "host", "articles")
    for one in lost:
        listing.add_row(shown(one.outlet), shown(one.site), str(one.leads))
    return listing


def _why_skipped(source: SourceSettings, watch: Watch, settings: Settings) -> str | None:
    if source.kind not in OFFICIAL_KINDS:
        return None
    return why_skipped(source.kind, watch.official, keys_of(settings))


def _with_reason(row: dict[str, Any]) -> str:
    why = row["skipped"] if row["health"] == "skipped" else row["last_error"]
    told = f"{row['health']}: {why}" if why else str(row["health"])
    if why and row["caveat"]:
        told += f" (known: {row['caveat']})"
    if row["missed_at"] and row["missed_at"] == row["last_polled_at"]:
        told += "; links may have been missed"
    return told


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
        "every": format_duration(source.every),
        "enabled": source.enabled,
        "health": "skipped" if skipped and source.enabled else _health(source, health),
        "skipped": skipped,
        "last_polled_at": _moment(health, "last_polled_at"),
        "last_ok_at": _moment(health, "last_ok_at"),
        "next_poll_at": _moment(health, "next_poll_at"),
        "failures_in_row": health.failures_in_row if health else 0,
        "failing_since": _moment(health, "failing_since"),
        "last_new_at": _moment(health, "last_fresh_at"),
        "missed_at": _moment(health, "missed_at"),
        "overlap": health.overlap if health else None,
        "new_every": _pace(health),
        "country": source.country,
        "sure": source.sure,
        "caveat": source.caveat,
        "last_error": health.last_error if health and health.failures_in_row else None,
        "links": health.links_last if health else None,
    }


def _health(source: SourceSettings, health: SourceHealth | None) -> str:
    if not source.enabled:
        return "disabled"
    if health is None or health.last_polled_at is None:
        return "never polled"
    return "failing" if health.failures_in_row else "ok"


def _pace(health: SourceHealth | None) -> str | None:
    """How long it usually takes until something new is listed."""
    if health is None or health.gap is None:
        return None
    return format_duration(timedelta(minutes=max(1, round(health.gap / 60))))


def _moment(health: SourceHealth | None, name: str) -> str | None:
    found = getattr(health, name, None)
    return found.isoformat() if found else None
