"""``crawl``: one pass over the sources, then what is due is delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from crawler.crawl import run_async
from crawler.errors import UsageError
from crawler.evidence import severity_text
from crawler.logs import configure_logs
from crawler.operation import Operation, PassChoice, started_operation
from crawler.report import PassReport, Progress, SourceReport, unheard
from crawler.session import opened_store, settings_of
from crawler.settings import Settings
from crawler.terminal import (
    MOST_ROWS,
    ConfigOption,
    DatabaseOption,
    JsonOption,
    VerboseOption,
    output,
    print_error,
    print_json,
    progress,
    shown,
    table,
)
from crawler.units import parse_duration
from crawler.watch import load_watch
from state.store import FindingQuery, Store, StoredFinding


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("crawl", epilog="Example: waiverwatch crawl --source apa-az --since 7d")(crawl)


def crawl(  # noqa: PLR0913 - each is an option of the command
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Poll every source, due or not.")
    ] = False,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Poll this source; repeatable.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="AGE", help="Pass over links older than this: 7d.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_ROWS, metavar="N", help="At most N new pages of each source."),
    ] = None,
    deliver: Annotated[
        bool, typer.Option("--deliver/--no-deliver", help="Send what is due afterwards.")
    ] = True,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Make one pass over the sources that are due, then deliver what is due."""
    configure_logs(verbose=verbose, quiet=True)
    choice = PassChoice(tuple(source or ()), everything, _age(since), limit)
    settings = settings_of(config, db)
    with opened_store(settings) as store:
        report = run_async(_run(settings, store, choice, deliver=deliver))
        flagged = _flagged(store, report)
    _tell_failures(report)
    if as_json:
        print_json(report.as_data())
    else:
        show_report(output(), report, flagged)
    raise typer.Exit(3 if report.all_failed else 0)


async def _run(
    settings: Settings, store: Store, choice: PassChoice, *, deliver: bool
) -> PassReport:
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    async with started_operation(settings, watch, store) as operation:
        _tell_disabled(operation, choice)
        with _shown_progress(progress()) as listener:
            report = await operation.crawl(choice, listener)
            report.messages.queued += await asyncio.to_thread(operation.tell_if_stale)
        if deliver:
            counts = await operation.deliver()
            report.messages.delivered += counts.delivered
            report.messages.deferred += counts.deferred
            report.messages.dead += counts.dead
    return report


def _tell_disabled(operation: Operation, choice: PassChoice) -> None:
    for one in operation.sources:
        if one.name in choice.only and not one.enabled:
            print_error(f"source {one.name} is disabled (enabled = false); polled as it is named")


@contextmanager
def _shown_progress(console: Console) -> Iterator[Progress]:
    if not console.is_terminal:
        yield unheard
        return
    with console.status("starting") as status:
        yield lambda report: status.update(_progress_line(report))


def _progress_line(report: PassReport) -> str:
    waiting = sum(one.outcome == "polling" for one in report.sources)
    return (
        f"{len(report.sources) - waiting} of {len(report.sources)} sources, "
        f"{report.articles.fetched} pages, {report.articles.relevant} relevant, "
        f"{report.findings.opened} flagged"
    )


def _flagged(store: Store, report: PassReport) -> list[StoredFinding]:
    found = store.findings(FindingQuery(since=report.started_at))
    return [one for one in found if one.updated_at >= report.started_at]


def _tell_failures(report: PassReport) -> None:
    for one in report.sources:
        if one.error:
            skipped = "skipped: " if one.outcome == "skipped" else ""
            print_error(f"source {one.name}: {skipped}{one.error}")


def show_report(console: Console, report: PassReport, flagged: list[StoredFinding]) -> None:
    """Prints what each source brought, and what is flagged."""
    if not report.sources:
        console.print("no source is due; --all polls every source")
    else:
        grid = table("source", "outcome", "links", "new", "fetched", "unchanged", "failed")
        for one in report.sources:
            grid.add_row(*_row(one))
        console.print(grid)
    if flagged:
        grid = table("flagged", "severity", "verdict", "outlet", "title")
        for finding in flagged:
            grid.add_row(
                f"{finding.id} {finding.status}",
                severity_text(finding.severity),
                finding.verdict,
                shown(finding.outlet),
                shown(finding.title or finding.url),
            )
        console.print(grid)
    console.print(_summary(report))


def _row(one: SourceReport) -> tuple[str, ...]:
    numbers = (one.links, one.new, one.fetched, one.not_modified, one.failed)
    return shown(one.name), one.outcome, *map(str, numbers)


def _summary(report: PassReport) -> str:
    findings, messages = report.findings, report.messages
    return (
        f"{report.articles.fetched} pages, {report.articles.revisited} of them looked at again, "
        f"{report.articles.relevant} relevant; findings: "
        f"{findings.opened} opened, {findings.updated} updated, {findings.corrected} corrected; "
        f"messages: {messages.queued} queued, {messages.delivered} delivered, "
        f"{messages.deferred} deferred, {messages.dead} dead"
    )


def _age(text: str | None) -> timedelta | None:
    try:
        return parse_duration(text) if text is not None else None
    except ValueError as error:
        raise UsageError(f"--since: {error}") from error
