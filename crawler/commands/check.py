"""``check``: judges files, addresses and standard input; needs no database."""

from __future__ import annotations

import importlib
import sys
from datetime import date
from typing import Annotated, Literal

import typer

from alerts.routing import is_at_least
from crawler.checking import Checked, check_document, checked_data
from crawler.documents import DocumentError, Format, Intake, Page, parse_published
from crawler.errors import UsageError
from crawler.evidence import show_checked
from crawler.settings import Settings, load_settings
from crawler.terminal import (
    ConfigOption,
    JsonOption,
    UnusedDatabaseOption,
    output,
    print_error,
    print_json,
)
from crawler.watch import load_watch

FailOn = Literal["high", "medium", "low", "none"]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("check", epilog="Example: waiverwatch check article.html --published 2025-08-09")(
        check
    )


def check(  # noqa: PLR0913 - each is an option of the command
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, URLs, or - for standard input.")
    ],
    *,
    format: Annotated[
        Format,
        typer.Option("--format", help="jsonl: an object a line, with id, title, text or html, ..."),
    ] = "auto",
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of publication of every document.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Headline of every document.")] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="End with 1 where a finding is at least this severe.")
    ] = "medium",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Judge documents against the record, as of their own dates."""
    settings = load_settings(config)
    intake = _intake(settings, format, published, (title or "").strip() or None)
    watch = load_watch(settings.data.watch, settings.data.lexicons)
    unreadable = alerting = False
    for document in intake.documents(sources):
        if isinstance(document, DocumentError):
            print_error(str(document))
            unreadable = True
            continue
        checked = check_document(watch, document)
        _print(checked, as_json=as_json)
        alerting = alerting or _is_alerting(checked, fail_on)
    raise typer.Exit(2 if unreadable else 1 if alerting else 0)


def _intake(settings: Settings, format: Format, published: str | None, title: str | None) -> Intake:
    def fetch(url: str) -> Page:
        # Loads the crawler under it, which files and standard input do without.
        fetcher = importlib.import_module("crawler.fetch")
        page: Page = fetcher.fetch_page(url, settings.crawl)
        return page

    return Intake(sys.stdin.buffer, fetch, format, _day(published), title)


def _day(text: str | None) -> date | None:
    try:
        return parse_published(text) if text is not None else None
    except ValueError as error:
        raise UsageError(f"--{error}") from error


def _print(checked: Checked, *, as_json: bool) -> None:
    if as_json:
        print_json(checked_data(checked))
    else:
        show_checked(output(), checked)


def _is_alerting(checked: Checked, fail_on: FailOn) -> bool:
    findings = checked.judgement.findings
    return fail_on != "none" and any(is_at_least(one.severity, fail_on) for one in findings)
