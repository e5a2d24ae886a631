"""``demo``: the main job on sample outlets, with no network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from alerts.payload import finding_data
from alerts.render import Renderer, render_digest
from crawler.commands.crawl import show_report
from crawler.crawl import run_async
from crawler.demo.story import Played, Round, Stage, play, stage
from crawler.errors import WorkError
from crawler.evidence import STYLES, claim_why, coloured_sentence, record_line
from crawler.logs import configure_logs
from crawler.terminal import (
    JsonOption,
    UnusedConfigOption,
    UnusedDatabaseOption,
    VerboseOption,
    output,
    print_json,
    shown,
)
from crawler.watch import Watch, load_watch
from state.finding import FindingStatus


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("demo", epilog="Example: waiverwatch demo --keep /tmp/demo")(demo)


def demo(
    *,
    keep: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the database there.")
    ] = None,
    as_json: JsonOption = False,
    config: UnusedConfigOption = None,
    db: UnusedDatabaseOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Crawl sample outlets on loopback, deliver to local receivers, show the digest."""
    configure_logs(verbose=verbose, quiet=True)
    watch = load_watch()
    with _folder(keep) as folder, stage(watch, folder) as at:
        played = run_async(play(watch, at))
        if as_json:
            print_json(_data(at, played))
        else:
            _show(output(), watch, at, played)
    if not (played.first.mails and played.first.calls):
        raise WorkError("the demonstration brought no alert")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="waiverwatch-demo-") as folder:
        yield Path(folder)


def _show(console: Console, watch: Watch, at: Stage, played: Played) -> None:
    _heading(console, f"1. Crawl {len(at.outlets)} sample outlets on loopback")
    show_report(console, played.first.report, [])
    _heading(console, "2. What contradicts the record")
    _show_findings(console, played.first, "open")
    _heading(console, "3. Delivered, once to each recipient")
    _show_delivery(console, played.first)
    _heading(console, "4. An outlet corrects its article; the next pass sees it")
    _show_findings(console, played.second, "corrected")
    _show_delivery(console, played.second)
    _heading(console, "5. The digest")
    console.print(shown_block(render_digest(played.digest, "text", Renderer(watch.law))))


def _heading(console: Console, text: str) -> None:
    console.print(f"\n{text}", style="bold")


def _show_findings(console: Console, played: Round, status: FindingStatus) -> None:
    for finding in played.findings:
        if finding.status != status:
            continue
        console.print(
            f"{finding.verdict.upper()}  {shown(finding.title or finding.url)}  "
            f"({shown(finding.outlet)}, {finding.published or 'no date'}, {finding.lang})",
            style=STYLES[finding.severity],
        )
        console.print("   ", coloured_sentence(finding.claim))
        console.print(f"    {claim_why(finding.claim)}", style="dim")
        console.print(f"    why: {shown(finding.message)}")
        console.print(f"    record: {record_line(finding.record)}")
        if finding.status != "open":
            console.print(f"    now {finding.status}")


def _show_delivery(console: Console, played: Round) -> None:
    console.print(
        f"{played.report.messages.queued} messages queued, {played.delivered} delivered; "
        f"delivering again sent {played.again}"
    )
    for mail in played.mails:
        console.print(f"    mail to {mail['to']}: {shown(mail['subject'])}")
    for call in played.calls:
        verdict = "valid" if call.is_genuine else "INVALID"
        console.print(f"    webhook {call.body['type']}, signature {verdict}")


def shown_block(text: str) -> str:
    """Several lines as they may stand on a terminal."""
    return "\n".join(
        line[: len(line) - len(line.lstrip())] + shown(line) for line in text.splitlines()
    )


def _data(at: Stage, played: Played) -> dict[str, Any]:
    return {
        "rounds": [
            {
                "crawl": one.report.as_data(),
                "delivered": one.delivered,
                "delivered_again": one.again,
                "findings": [finding_data(finding) for finding in one.findings],
            }
            for one in (played.first, played.second)
        ],
        "mails": [_mail_data(mail) for mail in at.mailbox.mails],
        "webhooks": [
            {"id": call.id, "genuine": call.is_genuine, **call.body} for call in at.receiver.calls
        ],
        "digest": played.digest,
    }


def _mail_data(mail: EmailMessage) -> dict[str, Any]:
    return {
        "to": mail["to"],
        "subject": mail["subject"],
        "message_id": mail["message-id"],
        "in_reply_to": mail["in-reply-to"],
    }
