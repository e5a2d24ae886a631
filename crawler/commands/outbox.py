"""``outbox``: lists messages, sends one again, gives one up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from crawler.errors import UsageError
from crawler.session import opened_store, settings_of, utc_now
from crawler.terminal import (
    MOST_ROWS,
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_error,
    print_json,
    print_lines,
    shown,
    table,
)
from state.message import MessageStatus, QueuedMessage


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="List and settle messages.",
        epilog="Example: waiverwatch outbox list --status dead",
    )
    group.command("list", epilog="Example: waiverwatch outbox list --status dead")(list_messages)
    group.command("retry", epilog="Example: waiverwatch outbox retry ID")(retry)
    group.command("discard", epilog='Example: waiverwatch outbox discard ID --why "stale"')(discard)
    group.command("enable", epilog="Example: waiverwatch outbox enable hook")(enable)
    app.add_typer(group, name="outbox")


def list_messages(
    *,
    status: Annotated[
        MessageStatus | None, typer.Option(help="Only messages of this status.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_ROWS, metavar="N", help="At most this many, the newest.")
    ] = 100,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """List messages in the order in which they were queued."""
    with opened_store(settings_of(config, db)) as store:
        found = store.messages(status, limit)
        disabled = store.disabled_channels()
    for name, reason in disabled.items():
        remedy = f"waiverwatch outbox enable {name}"
        print_error(f"channel {name} is disabled ({reason}); to send over it again: {remedy}")
    if as_json:
        print_lines(message_data(queued) for queued in found)
        return
    rows = table(
        "id", "type", "channel", "recipient", "status", "tries", "next try (UTC)", "last error"
    )
    for queued in found:
        message = queued.message
        rows.add_row(
            queued.id,
            message.type,
            shown(message.channel),
            shown(message.recipient),
            queued.status,
            str(queued.attempts),
            f"{due:%Y-%m-%d %H:%M}" if (due := _next_try(queued)) else "",
            shown(queued.last_error or ""),
        )
    output().print(rows if found else "no messages")


def retry(
    id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Queue a message again that could not be sent."""
    with opened_store(settings_of(config, db)) as store:
        _tell(store.retry_message(id, utc_now()), as_json=as_json)


def discard(
    id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    why: Annotated[str, typer.Option(help="The reason, kept with the message.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Give a message up."""
    if not why.strip():
        raise UsageError("--why: give a reason")
    with opened_store(settings_of(config, db)) as store:
        _tell(store.discard_message(id, why, utc_now()), as_json=as_json)


def enable(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL")],
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Send over a channel again whose receiver wanted no more messages."""
    with opened_store(settings_of(config, db)) as store:
        if channel not in store.disabled_channels():
            raise UsageError(f'"{channel}" is no channel that is disabled')
        store.enable_channel(channel)
    if as_json:
        print_json({"enabled": channel})
    else:
        typer.echo(f"channel {channel} is enabled", err=True)


def message_data(queued: QueuedMessage) -> dict[str, Any]:
    """The JSON object of a message; its payload is left to ``findings show``."""
    message = queued.message
    return {
        "id": queued.id,
        "type": message.type,
        "channel": message.channel,
        "recipient": message.recipient,
        "status": queued.status,
        "attempts": queued.attempts,
        "created_at": queued.created_at.isoformat(),
        "not_before": message.not_before.isoformat(),
        "next_try_at": due.isoformat() if (due := _next_try(queued)) else None,
        "delivered_at": queued.delivered_at.isoformat() if queued.delivered_at else None,
        "last_error": queued.last_error,
        "finding": message.thread,
        "folded_into": queued.folded_into,
    }


def _next_try(queued: QueuedMessage) -> datetime | None:
    return queued.due_at if queued.status == "queued" else None


def _tell(queued: QueuedMessage, *, as_json: bool) -> None:
    if as_json:
        print_json(message_data(queued))
    else:
        typer.echo(f"{queued.id} is {queued.status}", err=True)
