"""``sources test``: asks a source, or finds the ways into a site, and shows what they list."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from crawler.commands._sources_opml import every_source
from crawler.errors import UsageError, WorkError
from crawler.fetch import fetch_reply
from crawler.probing import Preview, Prober, Way, best_way
from crawler.session import settings_of
from crawler.settings import CrawlSettings, Settings, SourceSettings, parse_sources
from crawler.source_entries import name_of, source_table
from crawler.sources import OFFICIAL_KINDS, SourceConfig
from crawler.terminal import (
    ConfigOption,
    JsonOption,
    UnusedDatabaseOption,
    output,
    print_json,
    shown,
    table,
)
from crawler.wiring import source_configs

_LONGEST_DELAY = 10.0
_MOST_LEADS = 100


def test_source(
    target: Annotated[str, typer.Argument(metavar="NAME|URL", help="A source, or a site.")],
    *,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Show at most N links.")
    ] = 10,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Ask a source, or look for the feeds and sitemaps of a site, and show what it would fetch.

    Nothing is kept. robots.txt is obeyed, and private networks are left alone.
    """
    settings = settings_of(config, db)
    prober = _prober(settings.crawl)
    if target.lower().startswith(("http://", "https://")):
        ways = prober.find(target)
        source = _proposed(target, best_way(ways))
        proposal = None if source is None else source_table(source)
    else:
        source = _known(target, settings)
        proposal = None
        ways = [_ask(prober, _config(source))]
    best = best_way(ways)
    previews = prober.preview(best, _config(source), limit) if best and source else []
    if as_json:
        print_json(probe_data(target, ways, previews, proposal))
    else:
        _show(ways, previews, proposal)
    if best is None:
        raise WorkError(f"{target}: {_why(ways)}")


def probe_data(
    target: str, ways: Sequence[Way], previews: Sequence[Preview], proposal: str | None
) -> dict[str, Any]:
    """The JSON object of a test."""
    return {
        "target": target,
        "ways": [_way_data(way) for way in ways],
        "links": [
            {
                "url": one.link.url,
                "title": one.link.title,
                "published": one.link.published,
                "dated": one.link.dated.isoformat() if one.link.dated else None,
                "wanted": one.is_wanted,
                "allowed": one.refusal is None,
                "refusal": one.refusal,
            }
            for one in previews
        ],
        "leads": [
            {"title": lead.title, "outlet": lead.outlet, "site": lead.site}
            for way in ways
            if way.listing
            for lead in way.listing.leads
        ],
        "entry": proposal,
    }


def _way_data(way: Way) -> dict[str, Any]:
    listing = way.listing
    moments = [one.dated for one in listing.links if one.dated] if listing else []
    return {
        "kind": way.kind,
        "url": way.url,
        "how": way.how,
        "links": len(listing.links) if listing else None,
        "sitemaps": len(listing.nested) if listing else None,
        "leads": len(listing.leads) if listing else None,
        "dated": len(moments),
        "newest": max(moments).isoformat() if moments else None,
        "oldest": min(moments).isoformat() if moments else None,
        "error": way.error,
    }


def _prober(crawl: CrawlSettings) -> Prober:
    usual = crawl.per_host_delay.total_seconds()
    return Prober(
        fetch=lambda url: fetch_reply(url, crawl),
        wait=lambda asked: time.sleep(max(usual, min(asked, _LONGEST_DELAY))),
        largest=crawl.max_page,
    )


def _known(name: str, settings: Settings) -> SourceSettings:
    found = next((one for one in every_source(settings) if one.name == name), None)
    if found is None:
        raise UsageError(f'"{name}" is no source and no address (see waiverwatch sources list)')
    if found.kind in OFFICIAL_KINDS:
        raise UsageError(f'"{name}" is an official source; crawl --source {name} asks it')
    return found


def _config(source: SourceSettings) -> SourceConfig:
    return source_configs([source.model_copy(update={"enabled": True})])[0]


def _ask(prober: Prober, source: SourceConfig) -> Way:
    return prober.ask(source.kind, source.address, "the source's own")


def _proposed(url: str, way: Way | None) -> SourceSettings | None:
    if way is None:
        return None
    values = {"name": name_of(url), "url": way.url, "kind": way.kind}
    return parse_sources({"source": [values]}, url)[0]


def _why(ways: Sequence[Way]) -> str:
    return next((way.error for way in ways if way.error), None) or "no way in was found"


def _show(ways: Sequence[Way], previews: Sequence[Preview], proposal: str | None) -> None:
    grid = table("way in", "address", "found", "links", "newest", "oldest")
    for way in ways:
        data = _way_data(way)
        count = data["error"] or data["links"] or f"{data['sitemaps'] or data['leads'] or 0} *"
        days = [(data[name] or "-")[:16].replace("T", " ") for name in ("newest", "oldest")]
        grid.add_row(way.kind, shown(way.url), way.how, shown(count), *days)
    output().print(grid)
    if any(way.listing and not way.listing.links for way in ways):
        output().print(
            "* sitemaps that an index names, or titles that a search names without links"
        )
    if previews:
        grid = table("would fetch", "date", "title", "address")
        for one in previews:
            day = one.link.published or (one.link.dated.date() if one.link.dated else None)
            grid.add_row(
                _verdict(one), str(day or "-"), shown(one.link.title or ""), shown(one.link.url)
            )
        output().print(grid)
    if leads := [lead for way in ways if way.listing for lead in way.listing.leads]:
        grid = table("would look for", "outlet", "host")
        for lead in leads[:_MOST_LEADS]:
            grid.add_row(shown(lead.title), shown(lead.outlet), shown(lead.site))
        output().print(grid)
    if proposal:
        output().print(f"\nfor the settings:\n\n{proposal}")


def _verdict(one: Preview) -> str:
    if not one.is_wanted:
        return "no: its filters"
    return f"no: {one.refusal}" if one.refusal else "yes"
