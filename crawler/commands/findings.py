"""``findings``: lists and shows them, settles them, and hands them on."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

import typer

from alerts.claim_review import Reviewer, can_be_reviewed
from alerts.payload import finding_data
from crawler.archive import Archive
from crawler.errors import ArchiveError, UsageError
from crawler.evidence import claim_why, coloured_sentence, record_line, severity_text
from crawler.exports import write_claim_reviews, write_csv
from crawler.history import history_data, history_lines
from crawler.record_entry import operator
from crawler.records import standing
from crawler.session import opened_store, settings_of, utc_now
from crawler.settings import Settings
from crawler.terminal import (
    MOST_ROWS,
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_json,
    print_lines,
    shown,
    table,
)
from crawler.units import parse_duration
from crawler.watch import load_bench
from state.entries import RecordEntry
from state.errors import UnknownEntryError
from state.finding import Confirmation, FindingStatus
from state.store import FindingQuery, Store, StoredFinding

StatusOption = Annotated[FindingStatus | None, typer.Option(help="Only findings of this status.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="AGE", help="Only findings opened since, such as 24h or 7d.")
]
LangOption = Annotated[list[str] | None, typer.Option(help="Only this language; repeatable.")]
ConfirmedOption = Annotated[
    bool, typer.Option("--confirmed", help="Only findings that a reader confirmed.")
]
LimitOption = Annotated[
    int | None, typer.Option(min=1, max=MOST_ROWS, metavar="N", help="At most this many.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="List, show and settle findings.",
        epilog="Example: waiverwatch findings list --since 7d",
    )
    group.command("list", epilog="Example: waiverwatch findings list --status open --since 7d")(
        list_findings
    )
    group.command("show", epilog="Example: waiverwatch findings show ID --page > page.html")(show)
    group.command("dismiss", epilog='Example: waiverwatch findings dismiss ID --why "satire"')(
        dismiss
    )
    group.command("confirm", epilog='Example: waiverwatch findings confirm ID --why "seen live"')(
        confirm
    )
    group.command("export", epilog="Example: waiverwatch findings export --format csv > all.csv")(
        export
    )
    app.add_typer(group, name="findings")


def list_findings(  # noqa: PLR0913 - each is an option of the command
    *,
    status: StatusOption = None,
    since: SinceOption = None,
    lang: LangOption = None,
    confirmed: ConfirmedOption = False,
    limit: LimitOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List findings, the last opened first."""
    query = replace(_query(status, since, lang, limit), confirmed=confirmed)
    settings = settings_of(config, db)
    with opened_store(settings) as store:
        found = store.findings(query)
        entries = store.record_entries()
    if as_json:
        print_lines(finding_data(finding) for finding in found)
        return
    rows = table("id", "status", "severity", "outlet", "published", "title")
    for finding in found:
        rows.add_row(
            finding.id,
            _standing(finding),
            severity_text(finding.severity),
            shown(finding.outlet),
            finding.published.isoformat() if finding.published else "no date",
            shown(finding.title or finding.url),
        )
    output().print(rows if found else "no findings")
    _tell_caveat(settings, entries)


def show(
    id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    page: Annotated[
        bool, typer.Option("--page", help="Write the page as it was fetched to standard output.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Show one finding with its evidence, and what was changed in its article since."""
    settings = settings_of(config, db)
    with opened_store(settings) as store:
        finding = _found(store, id)
        entries = store.record_entries()
        revisions = store.revisions(finding.article_id)
    if page:
        _write_page(settings, finding)
    elif as_json:
        print_json(finding_data(finding) | {"revisions": history_data(revisions)})
    else:
        _show(finding)
        for line in history_lines(revisions):
            output().print(line)
        _tell_caveat(settings, entries)


def is_terminal() -> bool:
    """Whether a person would see what is written."""
    return sys.stdout.isatty()


def _write_page(settings: Settings, finding: StoredFinding) -> None:
    """The bytes and nothing else; a terminal would act on what a page holds."""
    if is_terminal():
        raise UsageError(
            f"--page writes the page itself; send it to a file: "
            f"waiverwatch findings show {finding.id} --page > page.html"
        )
    if finding.warc is None:
        raise ArchiveError(f"the page of {finding.id} is not kept (see data.keep_pages)")
    body = Archive(settings.data.archive).read(finding.warc).body
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def _tell_caveat(settings: Settings, entries: list[RecordEntry]) -> None:
    """One line where the record that the findings rest on may be out of date."""
    caveat = standing(load_bench(settings.data.watch), entries, utc_now()).caveat
    if caveat:
        output().print(shown(caveat))


def _show(finding: StoredFinding) -> None:
    console = output()
    published = finding.published.isoformat() if finding.published else "no date"
    console.print(f"{finding.id}  {finding.status}  {finding.severity}  {finding.verdict}")
    console.print(f"{shown(finding.outlet)}, {published}: {shown(finding.title or '')}")
    console.print(shown(finding.url))
    console.print(coloured_sentence(finding.claim))
    console.print(claim_why(finding.claim))
    console.print(f"why: {shown(finding.message)}  [{finding.rule}]")
    console.print(f"record: {record_line(finding.record)}")
    if finding.warc:
        warc = finding.warc
        console.print(f"page: {shown(warc.file)}, byte {warc.offset}, SHA-256 {warc.sha256}")
    for outlet, url in finding.copies:
        console.print(f"also: {shown(outlet)} {shown(url)}")
    closed = f", closed {finding.closed_at:%Y-%m-%d %H:%M}" if finding.closed_at else ""
    if finding.confirmed:
        console.print(_confirmation(finding.confirmed))
    console.print(f"opened {finding.opened_at:%Y-%m-%d %H:%M}{closed} (UTC)")


def _standing(finding: StoredFinding) -> str:
    return f"{finding.status}, confirmed" if finding.confirmed else finding.status


def _confirmation(word: Confirmation) -> str:
    why = f": {shown(word.why)}" if word.why else ""
    return f"confirmed {word.at:%Y-%m-%d %H:%M} (UTC) by {shown(word.by)}{why}"


def dismiss(
    id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    why: Annotated[str, typer.Option(help="The reason, kept with the finding.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Close a finding that is none."""
    if not why.strip():
        raise UsageError("--why: give a reason")
    with opened_store(settings_of(config, db)) as store:
        _found(store, id)
        with store.unit() as unit:
            finding = unit.close_finding(id, "dismissed", utc_now(), why)
    _tell(finding, as_json=as_json)


def confirm(  # noqa: PLR0913 - each is an option of the command
    id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    why: Annotated[str | None, typer.Option(help="A note, kept with the finding.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who confirms it; else the login's name.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Keep that a reader found the finding to be right, in place of an earlier word."""
    word = Confirmation(utc_now(), operator(by), (why or "").strip() or None)
    with opened_store(settings_of(config, db)) as store:
        _found(store, id)
        with store.unit() as unit:
            finding = unit.confirm_finding(id, word)
    if as_json:
        print_json(finding_data(finding))
    else:
        typer.echo(f"{finding.id} is confirmed by {shown(word.by)}", err=True)


def export(  # noqa: PLR0913 - each is an option of the command
    *,
    format: Annotated[
        Literal["jsonl", "csv", "claimreview"] | None,
        typer.Option(
            "--format",
            help="claimreview: schema.org JSON-LD, an object a line; open or confirmed ones alone.",
            show_default="jsonl",
        ),
    ] = None,
    status: StatusOption = None,
    since: SinceOption = None,
    lang: LangOption = None,
    confirmed: ConfirmedOption = False,
    limit: LimitOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines; claimreview is JSON too.")
    ] = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Write findings to standard output, as JSON lines, CSV or ClaimReview."""
    if as_json and format == "csv":
        raise UsageError("--json: --format csv is given as well; keep one of them")
    query = replace(_query(status, since, lang, None), confirmed=confirmed)
    settings = settings_of(config, db)
    with opened_store(settings) as store:
        found = store.findings(query)
    if format == "claimreview":
        found = [finding for finding in found if can_be_reviewed(finding)]
    found = found[:limit]
    if format == "claimreview":
        write_claim_reviews(found, _reviewer(settings), load_bench(settings.data.watch).rules)
    elif format == "csv":
        write_csv(found)
    else:
        print_lines(finding_data(finding) for finding in found)


def _reviewer(settings: Settings) -> Reviewer:
    review = settings.review
    return Reviewer(review.author, review.author_url, review.url)


def _query(
    status: FindingStatus | None, since: str | None, langs: list[str] | None, limit: int | None
) -> FindingQuery:
    return FindingQuery(
        status=status,
        since=since_moment(since, utc_now()),
        langs=tuple(langs or ()),
        limit=limit,
    )


def since_moment(since: str | None, now: datetime) -> datetime | None:
    """The moment that an age such as "24h" leads back to.

    Raises:
        UsageError: The text names no duration.
    """
    try:
        age = parse_duration(since) if since is not None else None
    except ValueError as error:
        raise UsageError(f"--since: {error}") from error
    return None if age is None else now - max(age, timedelta())


def _found(store: Store, id: str) -> StoredFinding:
    finding = store.finding(id)
    if finding is None:
        raise UnknownEntryError("finding", id)
    return finding


def _tell(finding: StoredFinding, *, as_json: bool) -> None:
    if as_json:
        print_json(finding_data(finding))
    else:
        typer.echo(f"{finding.id} is {finding.status}", err=True)
