"""``record``: shows the dated record of the law, adds to it, and proves it."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from alerts.rejudging import Rejudged
from crawler.documents import parse_published
from crawler.errors import UsageError
from crawler.record_entry import Desk, Draft, accept, operator, withdraw
from crawler.record_view import View, entry_data, show_status, show_view, status_data, view_data
from crawler.records import has_database, standing, stored_entries
from crawler.session import opened_store, settings_of, utc_now
from crawler.settings import Settings
from crawler.terminal import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_json,
    print_lines,
    shown,
)
from crawler.watch import Bench, load_bench
from crawler.wiring import audience_of
from state.candidates import StoredCandidate
from state.entries import RecordEntry
from state.event import Confidence, DatePrecision, EventKind, UntilBasis
from state.store import Store

ByOption = Annotated[str | None, typer.Option("--by", help="Who says so; default: the login.")]
WhyOption = Annotated[str, typer.Option(help="The reason, which is kept.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Show, extend and prove the record of the law.",
        epilog="Example: waiverwatch record status --on 2025-08-09",
    )
    for name, command, example in (
        ("show", show, "show"),
        ("status", status, "status --on 2025-08-09 --json"),
        ("add", add, 'add --kind extension --date 2026-08-10 --instrument "Memorandum of 10 August '
         '2026" --citation "91 FR 12345" --url https://www.federalregister.gov/d/2026-12345 '
         "--until 2027-08-10 --until-basis inferred"),
        ("reject", reject, 'reject c_0123456789ab --why "a notice of another law"'),
        ("withdraw", withdraw_entry, 'withdraw r_0123456789ab --why "entered twice"'),
        ("verify", verify, "verify --offline"),
    ):  # fmt: skip
        group.command(name, epilog=f"Example: waiverwatch record {example}")(command)
    app.add_typer(group, name="record")


def show(
    *, as_json: JsonOption = False, config: ConfigOption = None, db: DatabaseOption = None
) -> None:
    """Show every event on record, in order, with what operators entered and open candidates."""
    settings = settings_of(config, db)
    now = utc_now()
    entries = stored_entries(settings)
    view = View(standing(load_bench(settings.data.watch), entries, now), _candidates(settings))
    if as_json:
        print_lines(view_data(view))
    else:
        show_view(output(), view, now.date())


def status(
    *,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; default: today.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Say how the law stood on a day."""
    day = _day("on", on) or datetime.now(UTC).date()
    settings = settings_of(config, db)
    entries = stored_entries(settings)
    record = standing(load_bench(settings.data.watch), entries, utc_now()).bench.record
    found = record.status(day)
    if as_json:
        print_json(status_data(found))
    else:
        show_status(output(), found)


def add(  # noqa: PLR0913 - each is an option of the command
    *,
    kind: Annotated[EventKind | None, typer.Option(help="What happened.")] = None,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day of the act.")
    ] = None,
    instrument: Annotated[str | None, typer.Option(help="The act in one line.")] = None,
    citation: Annotated[str | None, typer.Option(help='Where published, as "91 FR 1".')] = None,
    no_citation: Annotated[
        str | None, typer.Option(metavar="WHY", help="Why there is no citation.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day of a waiver; a lapse's end.")
    ] = None,
    until_basis: Annotated[
        UntilBasis | None,
        typer.Option(help="What --until rests on; inferred: the first day in doubt."),
    ] = None,
    precision: Annotated[DatePrecision, typer.Option(help="How exact --date is.")] = "day",
    confidence: Annotated[Confidence, typer.Option(help="Unverified decides nothing.")] = "high",
    signed_by: Annotated[str | None, typer.Option(help="Who signed it.")] = None,
    note: Annotated[str, typer.Option(help="What else is to be known.")] = "",
    candidate: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Accept this candidate; it fills in what is not given."),
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Enter an event, and judge the stored articles from its day on by it."""
    draft = Draft(
        kind=kind,
        day=_day("date", on),
        instrument=instrument,
        citation=citation,
        no_citation=no_citation,
        url=url,
        until=_day("until", until),
        until_basis=until_basis,
        precision=precision,
        confidence=confidence,
        signed_by=signed_by,
        note=note,
    )
    settings = settings_of(config, db)
    bench = load_bench(settings.data.watch)
    with opened_store(settings) as store:
        desk = _desk(settings, bench, store, by)
        entry, total = accept(desk, draft, candidate)
    _tell("entered", entry, total, as_json=as_json)


def reject(  # noqa: PLR0913 - each is an option of the command
    id: Annotated[str, typer.Argument(metavar="CANDIDATE")],
    *,
    why: WhyOption,
    by: ByOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Say of a candidate that it does not belong on record."""
    reason, who = _reason(why), operator(by)
    with opened_store(settings_of(config, db)) as store:
        store.settle_candidate(id, "rejected", who, reason, utc_now())
    if as_json:
        print_json({"id": id, "status": "rejected", "by": who, "why": reason})
    else:
        typer.echo(f"{id} is rejected", err=True)


def withdraw_entry(  # noqa: PLR0913 - each is an option of the command
    id: Annotated[str, typer.Argument(metavar="ENTRY")],
    *,
    why: WhyOption,
    by: ByOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Take an operator's entry back, and judge the stored articles without it."""
    reason = _reason(why)
    settings = settings_of(config, db)
    bench = load_bench(settings.data.watch)
    with opened_store(settings) as store:
        entry, total = withdraw(_desk(settings, bench, store, by), id, reason)
    _tell("withdrawn", entry, total, as_json=as_json)


def verify(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Look nothing up.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Prove that all entries fit together, and look up their citations and addresses.

    Ends with 2 where an entry is wrong, with 1 where something is no longer where the record says
    it is. What could not be looked up is told, and is no error.
    """
    settings = settings_of(config, db)
    bench = load_bench(settings.data.watch)
    record = standing(bench, stored_entries(settings), utc_now()).bench.record
    # Loads what fetches, which the other commands do without.
    proof = importlib.import_module("crawler.record_proof")
    missing = proof.prove(record, settings.crawl, offline=offline, as_json=as_json)
    raise typer.Exit(1 if missing else 0)


def _desk(settings: Settings, bench: Bench, store: Store, by: str | None) -> Desk:
    return Desk(store, bench, audience_of(settings), operator(by), utc_now())


def _candidates(settings: Settings) -> tuple[StoredCandidate, ...]:
    if not has_database(settings):
        return ()
    with opened_store(settings) as store:
        return tuple(store.candidates("open"))


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return parse_published(text)
    except ValueError as error:
        raise UsageError(f"--{option}: {str(error).partition(': ')[2]}") from error


def _reason(why: str) -> str:
    if not why.strip():
        raise UsageError("--why: give a reason")
    return why.strip()


def _tell(what: str, entry: RecordEntry, total: Rejudged, *, as_json: bool) -> None:
    if as_json:
        print_json({"entry": entry_data(entry)} | asdict(total))
        return
    event = entry.event
    typer.echo(f"{what} {entry.id}: {event.kind} of {event.date}, {shown(event.instrument)}")
    typer.echo(
        f"{total.judged} judged anew, findings: {total.opened} opened, {total.updated} updated, "
        f"{total.closed} closed; {total.queued} messages queued"
    )
