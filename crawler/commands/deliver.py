"""``deliver``: drains the outbox once."""

from __future__ import annotations

from dataclasses import asdict

import typer

from alerts.dispatcher import deliver_due
from crawler.logs import configure_logs
from crawler.session import opened_store, settings_of, utc_now
from crawler.terminal import ConfigOption, DatabaseOption, JsonOption, VerboseOption, print_json
from crawler.watch import load_watch
from crawler.wiring import audience_of, delivery_limits, ready_channels


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("deliver", epilog="Example: waiverwatch deliver --json")(deliver)


def deliver(
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Send every message that is due, once."""
    configure_logs(verbose=verbose, quiet=True)
    settings = settings_of(config, db)
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    channels = ready_channels(settings, watch, utc_now)
    with opened_store(settings) as store:
        limits, audience = delivery_limits(settings), audience_of(settings)
        counts = deliver_due(store, channels, utc_now, limits, audience)
    if as_json:
        print_json(asdict(counts))
    else:
        typer.echo(
            f"delivered {counts.delivered}, deferred {counts.deferred}, dead {counts.dead}",
            err=True,
        )
