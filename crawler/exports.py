"""Writes findings for other programs: spreadsheets, and pages that publish them."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import typer

from alerts.claim_review import Reviewer, claim_review
from alerts.payload import finding_data
from alerts.rules import Rules
from crawler.terminal import shown
from state.store import StoredFinding

_COLUMNS = (
    "id", "status", "rule", "severity", "verdict", "outlet", "url", "title", "published", "lang",
    "sentence", "message", "opened_at", "closed_at", "cluster", "confirmed_at", "confirmed_by",
)  # fmt: skip


def write_csv(found: Iterable[StoredFinding]) -> None:
    """Writes a table with a row for each finding to standard output."""
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(row[column]) for column in _COLUMNS] for row in map(_row, found))


def write_claim_reviews(found: Iterable[StoredFinding], reviewer: Reviewer, rules: Rules) -> None:
    """Writes an object of JSON-LD a line for each finding to standard output."""
    ratings = {rule.id: rule.rating for rule in rules.rule}
    for finding in found:
        review = claim_review(finding, reviewer, ratings.get(finding.rule))
        # Goes into a <script> of a page, which nothing quoted from the web may end.
        typer.echo(json.dumps(review, ensure_ascii=False).replace("<", "\\u003c"))


def _row(finding: StoredFinding) -> Mapping[str, Any]:
    data = finding_data(finding)
    word = data["confirmed"] or {}
    return data | {"confirmed_at": word.get("at"), "confirmed_by": word.get("by")}


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else shown(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
