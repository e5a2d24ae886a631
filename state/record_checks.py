"""What an event must hold, and what it may not contradict. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from state.event import WAIVERS, Event

_TEXTS = ("instrument", "citation", "citation_missing", "url", "signed_by", "caveat")


class EventFault(Exception):  # noqa: N818 - it never leaves this package
    """What is wrong with a field of an event."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


def check_event(event: Event) -> None:
    """Holds an event against itself.

    Raises:
        EventFault: The first thing that is wrong.
    """
    for fault in _faults(event):
        raise fault


def check_among(event: Event, others: Iterable[Event]) -> None:
    """Holds an event against the others of its record, wherever they stand.

    Raises:
        EventFault: The first contradiction, told from the event's side.
    """
    others = tuple(others)
    if any(_same(event, other) for other in others):
        raise EventFault("instrument", "the same event stands in the record already")
    if event.decides:
        for other in (other for other in others if other.decides):
            _check_pair(event, other)


def _faults(event: Event) -> Iterator[EventFault]:
    for field in _TEXTS:
        value = getattr(event, field)
        if value is not None and not value.strip():
            yield EventFault(field, "is empty; leave it out")
    if event.decides and not (event.citation or event.citation_missing):
        why = "missing, for an event that decides; give it, or say why in citation_missing"
        yield EventFault("citation", why)
    if not (event.citation or event.url):
        yield EventFault("url", "missing, without a citation: nobody could look the event up")
    for field, end in (("until", event.until), ("through", event.through)):
        if end is not None and end < event.date:
            yield EventFault(field, f"{end} is before the event's date {event.date}")
    if event.through is not None and (event.until is not None or event.kind not in WAIVERS):
        yield EventFault("through", "only for a waiver or extension without 'until'")
    if event.until is not None and event.until_basis in (None, "unknown"):
        yield EventFault("until_basis", "missing: say what 'until' rests on")


def _same(event: Event, other: Event) -> bool:
    return (event.date, event.kind, event.instrument) == (other.date, other.kind, other.instrument)


def _check_pair(event: Event, other: Event) -> None:
    earlier, later = (event, other) if event.date < other.date else (other, event)
    if event.kind == "enacted" and later is event:
        raise EventFault("kind", f"'enacted' after an event of {other.date} that presupposes it")
    if other.kind == "enacted" and later is other:
        raise EventFault("date", f"before the law was enacted, on {other.date}")
    if earlier.kind == "repealed":
        why = f"contradicts the repeal of {earlier.date}"
        if earlier is event:
            why = f"contradicts the {later.kind} of {later.date}, which a repeal leaves no room for"
        raise EventFault("date", why)
    if earlier.until is not None and later.date < earlier.until:
        kinds = _within(earlier, later)
        if kinds is not None:
            raise EventFault(
                "date", f"{kinds} of {earlier.date}, which lasts until {earlier.until}"
            )


def _within(earlier: Event, later: Event) -> str | None:
    if later.kind == "lapse" and earlier.kind in WAIVERS:
        return "a lapse within the waiver"
    if later.kind in WAIVERS and earlier.kind == "lapse":
        return "a waiver within the lapse"
    return None
