"""``doctor``: proves the whole chain, and says what to do where it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crawler import doctor as look
from crawler.doctor import FORESEEN, Line
from crawler.errors import SettingsError, UsageError
from crawler.session import opened_store, settings_of, utc_now
from crawler.settings import Settings, settings_file
from crawler.terminal import (
    ConfigOption,
    DatabaseOption,
    JsonOption,
    output,
    print_json,
    shown,
)
from crawler.units import parse_duration
from crawler.watch import Watch, load_watch
from crawler.wiring import channels_of
from extract.errors import ExtractError
from state.store import Store

_EXPECTED = (*FORESEEN, ExtractError, OSError)
_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}
_WORDS = {"ok": "ok      ", "warning": "warning ", "failed": "FAILED  "}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("doctor", epilog="Example: waiverwatch doctor --send")(doctor)


def doctor(  # noqa: PLR0913 - each is an option of the command
    *,
    send: Annotated[
        bool, typer.Option("--send", help="Send a real test message to every recipient.")
    ] = False,
    sources: Annotated[
        bool, typer.Option("--sources/--no-sources", help="Ask every source.")
    ] = True,
    patience: Annotated[
        str, typer.Option(metavar="TIME", help="For all sources together: 2m.")
    ] = "2m",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: DatabaseOption = None,
) -> None:
    """Prove the chain: settings, database, record, rules, sources, channels, clock.

    Exits with 0 where nothing stands in the way (warnings among it), 2 where the settings cannot
    be used, 3 where something failed.
    """
    try:
        longest = parse_duration(patience)
    except ValueError as error:
        raise UsageError(f"--patience: {error}") from error
    choice = _Choice(send, sources, longest)
    lines = []
    for line in _examined(config, db, choice):
        lines.append(line)
        _show(output(), line, as_json=as_json)
    if not as_json:
        _sum_up(output(), lines)
    raise typer.Exit(_code(lines))


@dataclass(frozen=True, slots=True)
class _Choice:
    send: bool
    sources: bool
    patience: timedelta


def _examined(config: Path | None, db: str | None, choice: _Choice) -> Iterator[Line]:
    """Every line; what needs something that failed is left out."""
    try:
        settings = settings_of(config, db)
    except SettingsError as error:
        remedy = "correct that line; waiverwatch init NEW.toml writes a file with every key"
        yield Line("settings", "failed", str(error), None, remedy)
        return
    yield from look.look_at_settings(settings, _place(config))
    with ExitStack() as stack:
        store = None
        try:
            store = stack.enter_context(opened_store(settings))
            yield from look.look_at_database(store)
        except _EXPECTED as error:
            remedy = "correct [database] url, start its server, or make room on the disk"
            yield Line("database", "failed", str(error), None, remedy)
        yield from _beyond(settings, store, choice)


def _beyond(settings: Settings, store: Store | None, choice: _Choice) -> Iterator[Line]:
    now = utc_now()
    try:
        watch = load_watch(settings.data.watch, settings.data.lexicons)
    except _EXPECTED as error:
        yield Line(
            "lexicons", "failed", str(error), None, "correct that entry of the watch's folder"
        )
        watch = None
    if watch is not None:
        yield from look.look_at_watch(watch, settings)
        yield from _record(watch, store)
        if choice.sources:
            yield from look.look_at_sources(watch, settings, choice.patience)
        yield from _channels(watch, settings, choice)
    yield from look.look_at_clock(settings, store, now)


def _record(watch: Watch, store: Store | None) -> Iterator[Line]:
    try:
        yield from look.look_at_record(look.record_of(watch, store, utc_now()))
    except _EXPECTED as error:
        remedy = "waiverwatch record show lists what was entered; record withdraw takes it back"
        yield Line("record", "failed", str(error), None, remedy)


def _channels(watch: Watch, settings: Settings, choice: _Choice) -> Iterator[Line]:
    try:
        channels = channels_of(settings, watch.law, utc_now)
    except _EXPECTED as error:
        remedy = "correct that [[channel]], or that template"
        yield Line("channel", "failed", str(error), None, remedy)
        return
    yield from look.look_at_channels(channels, settings, utc_now(), send=choice.send)


def _place(config: Path | None) -> str:
    found = settings_file(config)
    return str(found) if found else "no settings file, so defaults alone"


def _show(console: Console, line: Line, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(line))
        return
    name = f" {line.name}" if line.name else ""
    console.print(_WORDS[line.state], end="", style=_STYLES[line.state])
    console.print(shown(f"{line.topic}{name}: {line.said}"))
    if line.remedy and line.state != "ok":
        console.print(f"          -> {shown(line.remedy)}", style="dim")


def _sum_up(console: Console, lines: Iterable[Line]) -> None:
    states = [line.state for line in lines]
    failed, warnings = states.count("failed"), states.count("warning")
    if not failed and not warnings:
        console.print("\neverything works")
    else:
        console.print(f"\n{failed} failed, {warnings} warnings, {states.count('ok')} ok")


def _code(lines: Iterable[Line]) -> int:
    failed = {line.topic for line in lines if line.state == "failed"}
    if "settings" in failed:
        return 2
    return 3 if failed else 0
