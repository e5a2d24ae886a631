"""``digest``: shows or queues the digest of a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import typer

from alerts.digest import (
    Period,
    period_digest,
    period_digest_messages,
)
from alerts.digest_foot import Footing, foot_of
from alerts.render import render_digest
from crawler.catalogue import all_sources
from crawler.errors import UsageError
from crawler.records import standing
from crawler.session import opened_store, settings_of, utc_now
from crawler.terminal import ConfigOption, DatabaseOption, print_json
from crawler.units import parse_duration
from crawler.watch import load_watch
from crawler.wiring import audience_of, ready_channels, renderer_of

_Form = Literal["text", "html", "json"]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("digest", epilog="Example: waiverwatch digest --since 7d --format text")(digest)


def digest(  # noqa: PLR0913 - each is an option of the command
    *,
    since: Annotated[str, typer.Option(metavar="AGE", help="The period: 24h, 7d.")] = "24h",
    form: Annotated[_Form, typer.Option("--format", help="How to show it.")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Queue it for every recipient instead of showing it.")
    ] = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Show, or queue, what a period brought."""
    settings = settings_of(config, db)
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    now = utc_now()
    with opened_store(settings) as store:
        found = standing(watch.bench, store.record_entries(), now)
        sources = all_sources(watch.sources, settings)
        names = tuple(source.name for source in sources if source.enabled)
        foot = foot_of(store, Footing(found.bench.record, found.caveat, names), now)
        data = period_digest(store, Period(now - _age(since), now)) | foot
        if send:
            ready_channels(settings, watch, utc_now)
            with store.unit() as unit:
                count = unit.enqueue(period_digest_messages(data, audience_of(settings), now), now)
            _queued(count, as_json=as_json)
            return
    typer.echo(render_digest(data, "json" if as_json else form, renderer_of(settings, watch.law)))


def _queued(count: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"queued": count})
    else:
        typer.echo(f"queued {count}; waiverwatch deliver sends", err=True)


def _age(since: str) -> timedelta:
    try:
        return parse_duration(since)
    except ValueError as error:
        raise UsageError(f"--since: {error}") from error
