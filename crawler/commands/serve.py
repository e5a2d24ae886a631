"""``serve``: the service."""

from __future__ import annotations

import os
import threading
import time
from typing import Annotated

import typer

from crawler.crawl import run_async
from crawler.logs import configure_logs
from crawler.operation import started_operation
from crawler.service import Brake, Service
from crawler.session import opened_store, settings_of
from crawler.settings import Settings, check_endpoint
from crawler.terminal import ConfigOption, DatabaseOption, VerboseOption
from crawler.watch import load_watch
from state.store import Store

_LONGEST_END = 9.0


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("serve", epilog="Example: waiverwatch serve --http 127.0.0.1:8907")(serve)


def serve(
    *,
    http: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Where health and metrics are told."),
    ] = None,
    config: ConfigOption = None,
    db: DatabaseOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Crawl, deliver and send digests by the clock, until SIGTERM or Ctrl-C."""
    configure_logs(verbose=verbose)
    settings = settings_of(config, db)
    endpoint = check_endpoint(http) if http else settings.service.http
    with opened_store(settings) as store:
        service = run_async(_run(settings, store, endpoint))
    if service.brake.sending:
        # A receiver that does not answer would keep its thread, and us, for longer. The message
        # stays leased, and is sent again under the same id.
        os._exit(0)


async def _run(settings: Settings, store: Store, endpoint: str) -> Service:
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    async with started_operation(settings, watch, store) as operation:
        service = Service(operation)
        threading.Thread(target=_end_in_time, args=(service.brake,), daemon=True).start()
        await service.run(endpoint)
    return service


def _end_in_time(brake: Brake) -> None:
    """Ends the process within ten seconds of the signal, whatever thread is still waiting.

    What was not done by then is as after a crash: the next start goes on with it.
    """
    brake.pulled.wait()
    time.sleep(_LONGEST_END)
    os._exit(0)
