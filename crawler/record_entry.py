"""Makes and accepts an operator's entry of the record, and takes one back."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alerts.rejudging import Rejudged
from alerts.routing import Audience
from crawler.errors import UsageError
from crawler.records import composed, judge_by, standing
from crawler.watch import Bench
from state.candidates import StoredCandidate
from state.entries import RecordEntry
from state.errors import UnknownEntryError
from state.event import WAIVERS, Confidence, DatePrecision, Event, EventKind, UntilBasis
from state.store import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator says of an event; what is None comes from the candidate, or is missing."""

    kind: EventKind | None = None
    day: date | None = None
    instrument: str | None = None
    citation: str | None = None
    no_citation: str | None = None
    url: str | None = None
    until: date | None = None
    until_basis: UntilBasis | None = None
    precision: DatePrecision = "day"
    confidence: Confidence = "high"
    signed_by: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on which record, with whom to tell."""

    store: Store
    bench: Bench
    audience: Audience
    who: str
    now: datetime


def operator(name: str | None) -> str:
    """Who makes an entry: the name given, or that of the login.

    Raises:
        UsageError: There is neither.
    """
    if name is not None and name.strip():
        return name.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("--by: give a name; the login has none") from error


def event_of(draft: Draft, candidate: StoredCandidate | None) -> Event:
    """The event that a draft and its candidate describe.

    Raises:
        UsageError: Something that an entry must hold is missing; names the option.
    """
    known = _known(draft, candidate)
    for name in ("kind", "date", "instrument", "url"):
        if not known[name]:
            raise UsageError(
                f"--{name}: is missing; an entry names what, when and where to read it"
            )
    if not known["citation"] and not draft.no_citation:
        raise UsageError("--citation: is missing; where there is none, say why with --no-citation")
    if known["kind"] in WAIVERS and draft.until is None:
        why = "a waiver that names no end lasts a year: add --until-basis inferred"
        raise UsageError(f"--until: is missing; {why}")
    basis: UntilBasis | None = draft.until_basis or ("source" if draft.until else None)
    return Event(
        **known,
        citation_missing=None if known["citation"] else draft.no_citation,
        date_precision=draft.precision,
        confidence=draft.confidence,
        until=draft.until,
        until_basis=basis,
        signed_by=draft.signed_by,
        note=draft.note,
    )


def _known(draft: Draft, candidate: StoredCandidate | None) -> dict[str, Any]:
    return {
        "kind": draft.kind or (candidate.kind if candidate else None),
        "date": draft.day or (candidate.date if candidate else None),
        "instrument": draft.instrument or (candidate.title if candidate else None),
        "citation": draft.citation or (candidate.citation if candidate else None),
        "url": draft.url or (candidate.url if candidate else None),
    }


def accept(desk: Desk, draft: Draft, candidate_id: str | None) -> tuple[RecordEntry, Rejudged]:
    """Enters an event, accepts its candidate, and judges the stored articles by it.

    Raises:
        UsageError: Something is missing.
        RecordError: The event contradicts the record; nothing was entered.
        UnknownEntryError: No candidate with this id is open.
    """
    with desk.store.unit() as unit:
        candidate = unit.candidate(candidate_id) if candidate_id else None
        if candidate_id and (candidate is None or candidate.status != "open"):
            raise UnknownEntryError("open candidate", candidate_id)
        event = event_of(draft, candidate)
        composed(desk.bench.record, unit.record_entries()).with_events([event])
        entry = unit.add_record_entry(event, desk.who, desk.now, candidate_id)
    return entry, _judge(desk)


def withdraw(desk: Desk, id: str, why: str) -> tuple[RecordEntry, Rejudged]:
    """Takes an entry back, and judges the stored articles without it.

    Raises:
        UnknownEntryError: No entry with this id stands.
        RecordError: The record contradicts itself without it too; it is taken back all the same.
    """
    with desk.store.unit() as unit:
        entry = unit.withdraw_record_entry(id, desk.who, why, desk.now)
    return entry, _judge(desk)


def _judge(desk: Desk) -> Rejudged:
    entries = desk.store.record_entries()
    pending = [entry for entry in entries if entry.judged_at is None]
    return judge_by(desk.store, standing(desk.bench, entries, desk.now), pending, desk.audience)
