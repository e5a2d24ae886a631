"""``findings``: lists and shows them, dismisses them, and hands them on."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from typing import Annotated, Literal

import typer

from alerts.payload import finding_data
from crawler.archive import Archive
from crawler.errors import ArchiveError, UsageError
from crawler.evidence import claim_why, coloured_sentence, record_line, severity_text
from crawler.history import history_data, history_lines
from crawler.records import standing
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
    table,
)
from crawler.units import parse_duration
from crawler.watch import load_bench
from state.entries import RecordEntry
from state.errors import UnknownEntryError
from state.finding import FindingStatus
from state.store import FindingQuery, Store, StoredFinding

_COLUMNS = (
    "id", "status", "rule", "severity", "verdict", "outlet", "url", "title", "published", "lang",
    "sentence", "message", "opened_at", "closed_at", "cluster",
)  # fmt: skip


StatusOption = Annotated[FindingStatus | None, typer.Option(help="Only findings of this status.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="AGE", help="Only findings opened since, such as 24h or 7d.")
]
LangOption = Annotated[list[str] | None, typer.Option(help="Only this language; repeatable.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="At most this many.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="List, show and settle findings.")
    group.command("list", epilog="Example: waiverwatch findings list --status open --since 7d")(
        list_findings
    )
    group.command("show", epilog="Example: waiverwatch findings show ID --page > page.html")(show)
    group.command("dismiss", epilog='Example: waiverwatch findings dismiss ID --why "satire"')(
        dismiss
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
    limit: LimitOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List findings, the last opened first."""
    query = _query(status, since, lang, limit)
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
            finding.status,
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


def _write_page(settings: Settings, finding: StoredFinding) -> None:
    """The bytes and nothing else; a terminal would act on what a page holds."""
    if sys.stdout.isatty():
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
    console.print(f"opened {finding.opened_at:%Y-%m-%d %H:%M}{closed} (UTC)")


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


def export(  # noqa: PLR0913 - each is an option of the command
    *,
    format: Annotated[Literal["jsonl", "csv"], typer.Option("--format")] = "jsonl",
    status: StatusOption = None,
    since: SinceOption = None,
    lang: LangOption = None,
    limit: LimitOption = None,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Write findings to standard output, as JSON lines or CSV."""
    query = _query(status, since, lang, limit)
    with opened_store(settings_of(config, db)) as store:
        found = [finding_data(finding) for finding in store.findings(query)]
    if format == "jsonl":
        print_lines(found)
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(row[column]) for column in _COLUMNS] for row in found)


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else shown(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


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
        age = parse_duration(since) if since else None
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
