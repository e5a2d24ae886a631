"""Events added to the record, and the record's own knowledge that it may be out of date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from state.errors import RecordError
from state.event import Event
from state.record import Record, load_record
from state.staleness import staleness

LAW = Path(__file__).parents[2] / "crawler" / "watches" / "section-907" / "record.toml"
ACT = Event(date(1990, 1, 1), "enacted", "Act 1", "high", citation="1 X 1")
WAIVER = Event(
    date(2000, 1, 1),
    "waiver",
    "Waiver 1",
    "high",
    citation="2 X 2",
    until=date(2001, 1, 1),
    until_basis="inferred",
)
LAPSE = Event(
    date(2001, 1, 1),
    "lapse",
    "No waiver",
    "medium",
    citation_missing="none",
    url="https://x.example",
    until=date(2002, 1, 1),
    until_basis="source",
)
REPEAL = Event(date(2000, 6, 1), "repealed", "Act 2", "high", citation="3 X 3")
RECORD = Record((ACT, WAIVER))


@pytest.fixture(scope="module")
def law() -> Record:
    return load_record(LAW)


def test_events_are_added_in_the_order_of_their_dates() -> None:
    """Whatever order they are given in, and the record that they are added to stays as it was."""
    later = replace(WAIVER, date=date(2000, 12, 1), until=date(2001, 12, 1), kind="extension")
    bill = Event(date(1999, 1, 1), "bill", "Bill 1", "high", citation="H.R. 1")

    assert RECORD.with_events([later, bill]).events == (ACT, bill, WAIVER, later)
    assert RECORD.events == (ACT, WAIVER)
    assert RECORD.with_events([]) == RECORD


def test_an_added_repeal_decides() -> None:
    """From its date on, and not before."""
    record = RECORD.with_events([REPEAL])

    assert record.status(date(2000, 5, 31)).status == "waived"
    assert record.status(date(2000, 6, 1)).status == "repealed"


CONTRADICTIONS = [
    ([replace(REPEAL, date=date(1999, 1, 1))], "date", "the waiver of 2000-01-01"),
    ([REPEAL, replace(LAPSE, instrument="Later")], "date", "contradicts the repeal of 2000-06-01"),
    ([REPEAL, replace(REPEAL, date=date(2000, 7, 1))], "date", "the repeal of 2000-06-01"),
    ([replace(LAPSE, date=date(2000, 6, 1))], "date", "within the waiver of 2000-01-01"),
    ([LAPSE, replace(WAIVER, date=date(2001, 6, 1), until=None)], "date", "within the lapse"),
    ([replace(WAIVER, date=date(1989, 1, 1))], "date", "before the law was enacted"),
    ([replace(ACT, date=date(2003, 1, 1))], "kind", "presupposes"),
    ([WAIVER], "instrument", "already"),
    ([replace(WAIVER, instrument="Waiver 2", citation=None)], "citation", "missing"),
    ([replace(WAIVER, instrument="Waiver 2", url=" ")], "url", "empty"),
    ([replace(WAIVER, instrument="Waiver 2", until_basis=None)], "until_basis", "rests on"),
    ([replace(WAIVER, instrument="Waiver 2", until=date(1999, 1, 1))], "until", "before"),
]


@pytest.mark.parametrize(("extra", "field", "why"), CONTRADICTIONS)
def test_a_contradiction_is_one_clear_error(extra: list[Event], field: str, why: str) -> None:
    """The error names the event that was added last, the field, and what it contradicts."""
    with pytest.raises(RecordError) as caught:
        RECORD.with_events(extra)

    message = str(caught.value)
    assert f"{extra[-1].kind} of {extra[-1].date} ({extra[-1].instrument})" in message
    assert f"field {field!r}" in message
    assert why in message
    assert "\n" not in message


def test_the_renewal_of_the_law_can_be_added(law: Record) -> None:
    """What an operator enters after the last known waiver fits the built-in record."""
    renewal = replace(WAIVER, date=date(2026, 8, 20), until=date(2027, 8, 20), kind="extension")
    record = law.with_events([renewal])

    assert record.status(date(2026, 8, 19)).status == "not_established"
    assert record.status(date(2026, 9, 1)).status == "waived"
    with pytest.raises(RecordError, match="extension of 2025-08-08"):
        law.with_events([replace(REPEAL, date=date(2025, 1, 1))])


@pytest.mark.parametrize(
    ("today", "since"),
    [("2025-08-07", None), ("2025-08-08", None), ("2026-08-07", None), ("2026-08-08", "2026-08-08"),
     ("2026-11-25", "2026-08-08"), ("2003-01-10", "2003-01-01"), ("2019-06-01", None),
     ("2020-01-15", "2020-01-01"), ("2020-03-15", None), ("1990-01-01", None),
     ("2024-01-01", None)],
)  # fmt: skip
def test_the_record_knows_when_it_may_be_out_of_date(
    law: Record, today: str, since: str | None
) -> None:
    """From the day on which nothing covers it; not within a lapse that is known, nor in doubt."""
    stale = staleness(law, date.fromisoformat(today))

    assert since == (stale.since.isoformat() if stale else None)


def test_a_stale_record_says_so_in_one_line(law: Record) -> None:
    """The line names the day, the last document and how far its end is known."""
    stale = staleness(law, date(2026, 11, 25))

    assert stale is not None
    assert stale.caveat.startswith("The record may be out of date since 2026-08-08: ")
    assert "2025-08-08" in stale.caveat and "2026-08-08 (inferred)" in stale.caveat
    assert "\n" not in stale.caveat


def test_each_lapse_of_knowledge_has_its_own_name(law: Record) -> None:
    """The same over the days, another for another waiver; an entry that covers today ends it."""
    renewal = replace(WAIVER, date=date(2026, 8, 20), until=date(2027, 8, 20), kind="extension")
    renewed = law.with_events([renewal])
    days = (date(2026, 9, 1), date(2027, 1, 1), date(2027, 9, 1))
    now, later, _ = (staleness(law, day) for day in days)
    covered, _, next_year = (staleness(renewed, day) for day in days)

    assert now is not None and later is not None and next_year is not None
    assert (now.key == later.key, now.key == next_year.key) == (True, False)
    assert covered is None


def test_a_lapse_that_ended_unexplained_is_stale() -> None:
    """What ended it is not on record."""
    record = Record((ACT, WAIVER, LAPSE))

    assert staleness(record, date(2001, 6, 1)) is None
    ended = staleness(record, date(2002, 1, 1))
    assert ended is not None and ended.since == date(2002, 1, 1)


def test_a_determination_is_not_stale() -> None:
    """It leaves the status to be read, and has not run out."""
    determination = Event(date(2000, 2, 1), "determination", "D 1", "high", citation="4 X 4")

    assert staleness(Record((ACT, determination)), date(2003, 1, 1)) is None
