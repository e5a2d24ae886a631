"""``record verify``: tells that the record is consistent, and what came of looking it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console

from crawler.lookup import LookUp, look_up, references_of
from crawler.settings import CrawlSettings
from crawler.terminal import output, print_json, progress, shown, table
from state.record import Record

_STYLES = {"found": "green", "missing": "bold red", "unknown": "yellow"}


def prove(record: Record, settings: CrawlSettings, *, offline: bool, as_json: bool) -> bool:
    """Prints what came of it; says whether something was missing where it is said to be."""
    references = [] if offline else references_of(record.events)
    found = list(_watched(look_up(references, settings), len(references)))
    missing = any(one.outcome == "missing" for one in found)
    if as_json:
        lines = [asdict(one) for one in found]
        print_json({"consistent": True, "events": len(record.events), "lookups": lines})
    else:
        _show(output(), record, found)
    return missing


def _watched(lookups: Iterator[LookUp], total: int) -> Iterator[LookUp]:
    console = progress()
    if not console.is_terminal:
        yield from lookups
        return
    with console.status("looking up") as status:
        for number, one in enumerate(lookups, 1):
            status.update(f"{number} of {total} looked up")
            yield one


def _show(console: Console, record: Record, found: list[LookUp]) -> None:
    console.print(f"{len(record.events)} events, consistent")
    told = [one for one in found if one.outcome != "found"]
    if told:
        rows = table("looked up", "outcome", "detail")
        for one in told:
            rows.add_row(
                shown(one.what), one.outcome, shown(one.detail), style=_STYLES[one.outcome]
            )
        console.print(rows)
    counts = Counter(one.outcome for one in found)
    if found:
        console.print(
            f"{counts['found']} found, {counts['missing']} missing, "
            f"{counts['unknown']} could not be looked up"
        )
