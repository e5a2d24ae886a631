"""``eval``: scores the engine on labelled articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from crawler.checking import check_document
from crawler.documents import json_object, parse_article
from crawler.errors import UsageError
from crawler.evaluation import Trial, evaluate, parse_labelled
from crawler.settings import load_settings
from crawler.terminal import (
    ConfigOption,
    JsonOption,
    UnusedDatabaseOption,
    output,
    print_error,
    print_json,
    shown,
    table,
)
from crawler.watch import Watch, load_watch

_COLUMNS = ("n", "precision", "recall", "f1", "false_alarms", "verdict_accuracy")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("eval", epilog="Example: waiverwatch eval labelled.jsonl --show-errors")(run_eval)


def run_eval(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.jsonl...")],
    *,
    show_errors: Annotated[
        bool, typer.Option("--show-errors", help="Name every wrong verdict.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    db: UnusedDatabaseOption = None,
) -> None:
    """Score the engine on labelled articles: precision, recall and F1 of alerting, verdicts."""
    data = load_settings(config).data
    watch = load_watch(data.watch, data.lexicons)
    wrong_lines: list[str] = []
    trials = [trial for file in files for trial in _trials(watch, file, wrong_lines)]
    for line in wrong_lines:
        print_error(line)
    if not trials:
        raise UsageError("there is no labelled article to score on")
    result = evaluate(trials)
    if as_json:
        print_json(result)
    else:
        _show(output(), result, show_errors=show_errors)
    raise typer.Exit(2 if wrong_lines else 0)


def _trials(watch: Watch, file: Path, wrong_lines: list[str]) -> Iterator[Trial]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{file}: {(error.strerror or 'cannot be read').lower()}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json_object(line)
            document = parse_article(found, f"{file}:{number}")
            labelled = parse_labelled(found, document.id)
        except ValueError as error:
            wrong_lines.append(f"{file}: line {number}: {error}")
            continue
        yield Trial(labelled, check_document(watch, document))


def _show(console: Console, result: dict[str, Any], *, show_errors: bool) -> None:
    grid = table("", *(name.replace("_", " ") for name in _COLUMNS))
    rows = {"all": result["all"], "clear": result["clear"], **result["by_lang"]}
    for name, row in rows.items():
        grid.add_row(name, *(_number(row[column]) for column in _COLUMNS))
    console.print(grid)
    sentences = result["sentences"]
    parts = ", ".join(
        f"{part.replace('_', ' ')} {_number(sentences[part])}"
        for part in ("end_state", "voice", "modality")
    )
    console.print(f"{sentences['n']} labelled sentences: {parts}")
    if show_errors:
        for error in result["errors"]:
            console.print(
                f"{shown(error['id'])}: expected {shown(error['expected'])}, got {error['got']}"
            )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
