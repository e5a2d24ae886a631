"""Shows the record: as JSON for programs, as a table and a timeline for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich.console import Console

from crawler.records import Standing
from crawler.terminal import shown, table
from crawler.timeline import timeline
from state.candidates import StoredCandidate
from state.entries import RecordEntry
from state.event import Event, when_known
from state.record import Status


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: the record as it stands, and what waits to be accepted."""

    standing: Standing
    candidates: tuple[StoredCandidate, ...] = ()

    @property
    def entries(self) -> Mapping[Event, RecordEntry]:
        """The operators' entries that stand, by their events."""
        return {entry.event: entry for entry in self.standing.entries if entry.stands}


def view_data(view: View) -> Iterable[dict[str, Any]]:
    """The JSON lines of ``record show``: events in their order, then open candidates."""
    for event in view.standing.bench.record.events:
        entry = view.entries.get(event)
        source = "operator" if entry else "watch"
        yield event_data(event) | {"source": source, "entry": _entry_mark(entry)}
    for candidate in view.candidates:
        yield candidate_data(candidate) | {"source": "candidate"}


def event_data(event: Event) -> dict[str, Any]:
    """An event as plain JSON values."""
    data = asdict(event)
    for key in ("date", "until", "through"):
        data[key] = data[key].isoformat() if data[key] else None
    return data


def entry_data(entry: RecordEntry) -> dict[str, Any]:
    """An operator's entry as plain JSON values."""
    return event_data(entry.event) | {"source": "operator", "entry": _entry_mark(entry)}


def candidate_data(candidate: StoredCandidate) -> dict[str, Any]:
    """A candidate as plain JSON values."""
    data = asdict(candidate)
    for key in ("date", "found_at", "settled_at"):
        data[key] = data[key].isoformat() if data[key] else None
    return data


def status_data(found: Status) -> dict[str, Any]:
    """The JSON object of ``record status``."""
    event = found.event
    return {
        "on": found.on.isoformat(),
        "status": found.status,
        "event": event.instrument if event else None,
        "until": found.until.isoformat() if found.until else None,
        "citation": event.citation if event else None,
        "url": event.url if event else None,
        "caveat": found.caveat,
    }


def show_view(console: Console, view: View, today: date) -> None:
    """Prints the record for people; the timeline on a terminal alone."""
    standing = view.standing
    law = standing.bench.law
    console.print(f"{law.title}. {law.about}")
    rows = table("date", "kind", "instrument", "citation", "confidence", "until", "entered")
    for column in (0, 1, 5):
        # Dates that are broken in two are no dates.
        rows.columns[column].no_wrap = True
    for event in standing.bench.record.events:
        rows.add_row(*_event_row(event, view.entries.get(event)))
    for candidate in view.candidates:
        rows.add_row(*_candidate_row(candidate), style="dim")
    console.print(rows)
    if console.is_terminal:
        console.print(timeline(standing.bench.record, today))
    for candidate in view.candidates:
        console.print(f"candidate {candidate.id}: {shown(candidate.accept)}")
    if standing.caveat:
        console.print(shown(standing.caveat))


def show_status(console: Console, found: Status) -> None:
    """Prints a status for people."""
    until = f", until {found.until}" if found.until else ""
    console.print(f"{found.on}: {found.status}{until}")
    if found.event:
        parts = (found.event.instrument, found.event.citation, found.event.url)
        console.print("; ".join(shown(part) for part in parts if part))
    if found.caveat:
        console.print(shown(found.caveat))


def _entry_mark(entry: RecordEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "id": entry.id,
        "by": entry.entered_by,
        "at": entry.entered_at.isoformat(),
        "candidate": entry.candidate,
        "withdrawn_by": entry.withdrawn_by,
        "withdrawn_at": entry.withdrawn_at.isoformat() if entry.withdrawn_at else None,
        "why": entry.why,
    }


def _event_row(event: Event, entry: RecordEntry | None) -> tuple[str, ...]:
    entered = f"{entry.id} by {entry.entered_by}, {entry.entered_at:%Y-%m-%d}" if entry else "-"
    return (
        when_known(event),
        event.kind.replace("_", " "),
        shown(event.instrument),
        shown(event.citation or "-"),
        event.confidence,
        event.until.isoformat() if event.until else "-",
        shown(entered),
    )


def _candidate_row(candidate: StoredCandidate) -> tuple[str, ...]:
    return (
        candidate.date.isoformat() if candidate.date else "-",
        "candidate",
        shown(candidate.title),
        shown(candidate.citation or candidate.url),
        "-",
        "-",
        f"{candidate.id}, found {candidate.found_at:%Y-%m-%d}",
    )
