"""What operators are told of the record itself. Pure."""

from __future__ import annotations

from alerts.routing import Notice
from state.candidates import Candidate
from state.staleness import Stale


def candidate_notice(candidate: Candidate) -> Notice:
    """A document that may belong into the record, and what to run to accept it; told once."""
    data = {
        "id": candidate.id,
        "source_kind": candidate.source_kind,
        "document": candidate.document,
        "title": candidate.title,
        "url": candidate.url,
        "date": candidate.date.isoformat() if candidate.date else None,
        "citation": candidate.citation,
        "kind": candidate.kind,
        "accept": candidate.command,
    }
    return Notice("record.candidate", candidate.id, "1", data)


def stale_notice(stale: Stale) -> Notice:
    """The record ran out with nothing known after it; told once for each such lapse."""
    event = stale.event
    data = {
        "caveat": stale.caveat,
        "since": stale.since.isoformat(),
        "event": event.instrument,
        "date": event.date.isoformat(),
        "citation": event.citation,
        "url": event.url,
    }
    return Notice("record.stale", stale.key, "1", data)
