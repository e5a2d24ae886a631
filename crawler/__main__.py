"""The entry point: finds the command, runs it, and turns errors into one line and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

import typer

from alerts.errors import AlertsError
from crawler.errors import CrawlerError, SettingsError, UsageError, WatchError
from crawler.terminal import print_error
from extract.errors import ExtractError
from state.errors import RecordError, StateError, UnknownEntryError

COMMANDS = (
    "init", "check", "crawl", "serve", "deliver", "digest", "findings", "record", "sources",
    "outbox", "eval", "doctor", "demo",
)  # fmt: skip
# What the user gave is wrong; everything else that is foreseen is work that could not be done.
_WRONG_USE = (
    SettingsError, WatchError, UsageError, AlertsError, ExtractError, RecordError,
    UnknownEntryError,
)  # fmt: skip
_COLLECTED = 20_000  # new objects: lexicons are many of them that stay, and not worth a look
_FORESEEN = (CrawlerError, AlertsError, ExtractError, StateError)


def build_app(names: Sequence[str] = COMMANDS) -> typer.Typer:
    """The command line with the commands of these names."""
    app = typer.Typer(
        name="waiverwatch",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Watches news coverage for claims that contradict the dated record of a law.",
    )
    app.callback()(_program)
    for name in names:
        importlib.import_module(f"crawler.commands.{name}").register(app)
    return app


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"waiverwatch {version('waiverwatch')}")
        raise typer.Exit


def _program(
    show_version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help="Print the version."
    ),
) -> None:
    """Watches news coverage for claims that contradict the dated record of a law."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; errors become one line on standard error."""
    # Only the command's own module is loaded, so that a quick command stays quick.
    named = [word for word in arguments[:1] if word in COMMANDS]
    try:
        app = build_app(named or COMMANDS)
        return app(args=list(arguments), prog_name="waiverwatch", standalone_mode=False) or 0
    except typer.TyperException as error:
        return _usage_error(error)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - a bug must not end with 1, "something to alert"
        return _failed(error)


def _failed(error: Exception) -> int:
    if isinstance(error, _FORESEEN):
        print_error(str(error))
        return 2 if isinstance(error, _WRONG_USE) else 3
    if isinstance(error, OSError):
        print_error(f"{error.filename or 'system'}: {error.strerror or error}")
        return 3
    print_error(f"internal error, please report it: {type(error).__name__}: {error}")
    if sys.flags.dev_mode:
        traceback.print_exc()
    return 3


def _usage_error(error: typer.TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
        return 2
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "waiverwatch"
    print_error(f"{error.format_message()} (see {command} --help)")
    return 2


def main() -> None:
    """The console script."""
    gc.set_threshold(_COLLECTED)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:]))


def _open_closed_streams() -> None:
    """Lets a standard stream that the caller closed read nothing, and write to nowhere.

    Else the database could be opened in its place, and be written to as if it were the stream.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


if __name__ == "__main__":
    main()
