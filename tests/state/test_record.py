"""The record: the law's status on every side of every boundary, and files that are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from state.errors import RecordError
from state.event import Event
from state.record import Record, load_record

LAW = Path(__file__).parents[2] / "crawler" / "watches" / "section-907" / "record.toml"


@pytest.fixture(scope="module")
def law() -> Record:
    return load_record(LAW)


BOUNDARIES = [
    # The day, the status, the date of the event that decides.
    ("1900-01-01", "not_enacted", None),
    ("1992-10-23", "not_enacted", None),
    ("1992-10-24", "in_force", "1992-10-24"),
    ("2002-01-10", "in_force", "1992-10-24"),
    ("2002-01-24", "in_force", "1992-10-24"),
    ("2002-01-25", "waived", "2002-01-25"),
    ("2002-12-31", "waived", "2002-01-25"),
    ("2003-01-01", "not_established", "2002-01-25"),
    ("2003-01-16", "not_established", "2002-01-25"),
    ("2003-01-17", "waived", "2003-01-17"),
    ("2003-12-29", "waived", "2003-01-17"),
    ("2003-12-30", "waived", "2003-12-30"),
    ("2004-12-29", "waived", "2003-12-30"),
    ("2004-12-30", "not_established", "2003-12-30"),
    ("2005-01-12", "not_established", "2003-12-30"),
    ("2005-01-13", "waived", "2005-01-13"),
    ("2006-01-01", "waived", "2005-01-13"),
    ("2006-01-12", "waived", "2005-01-13"),
    ("2006-01-13", "waived", "2006-01-01"),
    ("2015-12-31", "waived", "2006-01-01"),
    ("2016-01-01", "not_established", "2006-01-01"),
    ("2016-03-20", "not_established", "2006-01-01"),
    ("2016-03-21", "waived", "2016-03-21"),
    ("2017-03-20", "waived", "2016-03-21"),
    ("2017-03-21", "lapsed", "2017-03-21"),
    ("2018-12-31", "lapsed", "2017-03-21"),
    ("2019-01-01", "not_established", "2019-01-01"),
    ("2019-12-31", "not_established", "2019-01-01"),
    ("2020-02-29", "not_established", "2019-01-01"),
    ("2020-03-01", "not_established", "2020-03-31"),
    ("2020-03-30", "not_established", "2020-03-31"),
    ("2020-03-31", "waived", "2020-03-31"),
    ("2021-02-28", "waived", "2020-03-31"),
    ("2021-03-01", "not_established", "2020-03-31"),
    ("2021-04-22", "not_established", "2020-03-31"),
    ("2021-04-23", "waived", "2021-04-23"),
    ("2022-04-22", "waived", "2021-04-23"),
    ("2022-04-23", "not_established", "2021-04-23"),
    ("2022-06-20", "not_established", "2021-04-23"),
    ("2022-06-21", "waived", "2022-06-21"),
    ("2023-06-20", "waived", "2022-06-21"),
    ("2023-06-21", "lapsed", "2023-06-21"),
    ("2024-01-01", "lapsed", "2023-06-21"),
    ("2025-08-07", "lapsed", "2023-06-21"),
    ("2025-08-08", "waived", "2025-08-08"),
    ("2026-08-07", "waived", "2025-08-08"),
    ("2026-08-08", "not_established", "2025-08-08"),
    ("2026-11-25", "not_established", "2025-08-08"),
    ("2099-01-01", "not_established", "2025-08-08"),
]


@pytest.mark.parametrize(("on", "expected", "decider"), BOUNDARIES)
def test_status_on_each_side_of_each_boundary(
    law: Record, on: str, expected: str, decider: str | None
) -> None:
    """The status, and the event that decides it, as the documents bear out."""
    status = law.status(date.fromisoformat(on))

    assert (status.on.isoformat(), status.status) == (on, expected)
    assert (status.event.date.isoformat() if status.event else None) == decider


def test_every_doubt_is_told(law: Record) -> None:
    """A status that is not established, or rests on less than high confidence, has a caveat."""
    doubtful = 0
    for on, expected, _ in BOUNDARIES:
        status = law.status(date.fromisoformat(on))
        weak = status.event is not None and status.event.confidence != "high"
        if expected == "not_established" or weak:
            doubtful += 1
            assert status.caveat and "\n" not in status.caveat, on

    assert doubtful > 20


def test_a_plain_status_has_no_caveat(law: Record) -> None:
    """What the primary text settles is said without reserve."""
    assert law.status(date(2000, 1, 1)).caveat is None
    assert law.status(date(2002, 6, 1)).caveat is None


def test_a_status_carries_its_end(law: Record) -> None:
    """A waiver's end and a lapse's end are told; what is not established has none."""
    assert law.status(date(2025, 9, 1)).until == date(2026, 8, 8)
    assert law.status(date(2024, 1, 1)).until == date(2025, 8, 8)
    assert law.status(date(2010, 1, 1)).until is None
    assert law.status(date(2026, 11, 25)).until is None


def test_today_names_the_last_documented_waiver(law: Record) -> None:
    """Past the last known waiver the caveat says which one, and that nothing later is known."""
    status = law.status(date(2026, 11, 25))

    assert status.caveat is not None
    assert "2025-08-08" in status.caveat and "2026-08-08 (inferred)" in status.caveat


def test_the_law_was_never_repealed(law: Record) -> None:
    """The built-in record holds no repeal, and its only unverified entry decides nothing."""
    unverified = [event for event in law.events if event.confidence == "unverified"]

    assert not any(event.kind == "repealed" for event in law.events)
    assert [(event.kind, event.date) for event in unverified] == [("lapse", date(2026, 8, 8))]
    assert not unverified[0].decides


def test_every_event_has_a_source(law: Record) -> None:
    """Nothing stands in the built-in record that cannot be looked up."""
    assert len(law.events) >= 38
    assert [event.instrument for event in law.events if not event.url] == []


ENACTED = Event(date(1990, 1, 1), "enacted", "Act 1", "high", citation="1 X 1")


def _waiver(on: str, until: str | None = None, **changes: object) -> Event:
    end = date.fromisoformat(until) if until else None
    return Event(date.fromisoformat(on), "waiver", f"Waiver {on}", "high", until=end, **changes)  # type: ignore[arg-type]


def test_a_repeal_ends_everything() -> None:
    """From its date on the law is repealed, within a waiver too and for ever after."""
    repeal = Event(date(2000, 6, 1), "repealed", "Act 2", "high")
    record = Record((ENACTED, _waiver("2000-01-01", "2000-12-31"), repeal))

    assert record.status(date(2000, 5, 31)).status == "waived"
    for on in (date(2000, 6, 1), date(2001, 1, 1), date(2050, 1, 1)):
        assert (record.status(on).status, record.status(on).event) == ("repealed", repeal)


@pytest.mark.parametrize("kind", ["waiver", "lapse", "repealed", "determination"])
def test_unverified_events_decide_nothing(kind: str) -> None:
    """Whatever an unverified entry says, the status stays."""
    rumour = Event(date(2000, 1, 1), kind, "Rumour", "unverified")  # type: ignore[arg-type]

    assert Record((ENACTED, rumour)).status(date(2001, 1, 1)).status == "in_force"


@pytest.mark.parametrize("kind", ["bill", "statement", "waiver_authority"])
def test_words_and_bills_decide_nothing(kind: str) -> None:
    """Neither a bill nor a statement nor the power to waive changes the status."""
    event = Event(date(2000, 1, 1), kind, "Words", "high")  # type: ignore[arg-type]

    assert Record((ENACTED, event)).status(date(2001, 1, 1)).status == "in_force"


def test_a_lapse_ends_on_its_end() -> None:
    """After a lapse's end, with nothing known, the status is not established."""
    lapse = Event(date(2001, 1, 1), "lapse", "None", "medium", until=date(2002, 1, 1))
    record = Record((ENACTED, _waiver("2000-01-01", "2000-12-31"), lapse))

    assert record.status(date(2001, 12, 31)).status == "lapsed"
    assert record.status(date(2002, 1, 1)).status == "not_established"


def test_a_determination_leaves_the_status_to_be_read() -> None:
    """The third way out is told of, and not forced into one of the other statuses."""
    determination = Event(date(2001, 1, 1), "determination", "Determination 5", "high")
    status = Record((ENACTED, determination)).status(date(2001, 1, 1))

    assert status.status == "not_established"
    assert status.caveat is not None and "Determination 5" in status.caveat


@pytest.mark.parametrize("precision", ["month", "year"])
def test_an_imprecise_repeal_is_no_repeal_until_it_is_certain(precision: str) -> None:
    """Within the month or year of the event the status is not established, after it it is."""
    repeal = Event(date(2000, 2, 1), "repealed", "Act 2", "high", precision)  # type: ignore[arg-type]
    record = Record((ENACTED, _waiver("2000-01-01", "2000-12-31"), repeal))

    assert record.status(date(2000, 2, 15)).status == "not_established"
    assert record.status(date(2001, 1, 1)).status == "repealed"


def test_an_imprecise_renewal_does_not_shake_a_waiver() -> None:
    """While the old waiver lasts, it does not matter on which day the new one was signed."""
    renewal = _waiver("2000-06-01", "2001-06-01", date_precision="month")
    record = Record((ENACTED, _waiver("2000-01-01", "2000-12-31"), renewal))

    assert record.status(date(2000, 6, 15)).status == "waived"


def test_a_generated_caveat_says_what_is_weak() -> None:
    """Confidence, precision and an unknown end are each named."""
    event = Event(date(2000, 1, 1), "waiver", "Waiver", "low", "approx", through=date(2000, 2, 1))
    caveat = Record((ENACTED, event)).status(date(2000, 1, 2)).caveat

    assert caveat is not None
    for words in ("low confidence", "approx", "end is not known"):
        assert words in caveat


@pytest.mark.parametrize(
    ("precision", "words"), [("day", "(2000-01-01)"), ("approx", "(about 2000-01-01)")]
)
def test_the_last_waiver_is_dated_as_well_as_it_is_known(precision: str, words: str) -> None:
    """The caveat never makes a date more precise than the record has it."""
    record = Record((ENACTED, _waiver("2000-01-01", "2000-12-31", date_precision=precision)))
    caveat = record.status(date(2001, 1, 1)).caveat

    assert caveat is not None and words in caveat


GOOD = """[[event]]
date = 1990-01-01
kind = "enacted"
instrument = "Act 1"
confidence = "high"
citation = "1 X 1"
"""


def _entry(**fields: str) -> str:
    values = {
        "date": "2000-01-01",
        "kind": '"waiver"',
        "instrument": '"Waiver"',
        "confidence": '"medium"',
        "citation": '"2 X 2"',
    } | fields
    lines = [f"{key} = {value}" for key, value in values.items() if value]
    return "\n[[event]]\n" + "\n".join(lines) + "\n"


def _load(tmp_path: Path, text: str) -> Record:
    path = tmp_path / "record.toml"
    path.write_text(text, encoding="utf-8")
    return load_record(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Every field arrives with its type."""
    entry = _entry(
        until="2000-12-31", until_basis='"statute"', more_urls='["https://x"]', note='"Ж"'
    )
    record = _load(tmp_path, GOOD + entry)

    assert record.events[1].until == date(2000, 12, 31)
    assert (record.events[1].more_urls, record.events[1].note) == (("https://x",), "Ж")


LATER = {"date": "2001-01-01", "instrument": '"Later"'}
UNTIL = {"until": "2002-01-01", "until_basis": '"source"'}
WRONG = [
    (_entry(kind='"cancelled"'), "kind", "determination"),
    (_entry(confidence='"sure"'), "confidence", "unverified"),
    (_entry(date_precision='"week"'), "date_precision", "month"),
    (_entry(untill="2001-01-01"), "untill", "nexpected"),
    (_entry(instrument=""), "instrument", "required"),
    (_entry(instrument='" "'), "instrument", "empty"),
    (_entry(date=""), "date", "required"),
    (_entry(date='"2000-01-01"'), "date", "2002-01-25"),
    (_entry(date="2000-01-01T10:00:00"), "date", "2002-01-25"),
    (_entry(citation=""), "citation", "citation_missing"),
    (_entry(citation="", kind='"bill"'), "url", "look"),
    (_entry(until="1999-01-01", until_basis='"source"'), "until", "before"),
    (_entry(until="2001-01-01"), "until_basis", "rests on"),
    (_entry(through="1999-01-01"), "through", "before"),
    (_entry(through="2001-01-01", **UNTIL), "through", "without"),
    (_entry(kind='"lapse"', through="2001-01-01"), "through", "waiver"),
    (_entry(date="1989-01-01"), "date", "order"),
    (_entry() + _entry(), "instrument", "already"),
    (_entry(kind='"enacted"'), "kind", "presupposes"),
    (_entry(kind='"repealed"') + _entry(**LATER), "date", "repeal"),
    (_entry(**UNTIL) + _entry(kind='"lapse"', **LATER), "date", "lapse within"),
    (_entry(kind='"lapse"', **UNTIL) + _entry(**LATER), "date", "waiver within"),
]


@pytest.mark.parametrize(("entries", "field", "why"), WRONG)
def test_a_wrong_entry_stops_the_load(tmp_path: Path, entries: str, field: str, why: str) -> None:
    """The error names file, line, entry and field, and says what is wrong."""
    last = entries.count("[[event]]")
    lines = (GOOD + entries).splitlines()
    line = [n for n, text in enumerate(lines, 1) if text == "[[event]]"][last]
    with pytest.raises(RecordError) as caught:
        _load(tmp_path, GOOD + entries)

    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'record.toml'}: line {line}, event {last + 1}, ")
    assert f"field {field!r}" in message
    assert why in message
    assert "\n" not in message


def test_a_reason_stands_for_a_citation(tmp_path: Path) -> None:
    """What decides is taken without citation where it says why, and where it can be read."""
    reason = {"citation": "", "citation_missing": '"not found"', "url": '"https://x.example"'}
    entry = _entry(confidence='"high"', **reason)

    assert len(_load(tmp_path, GOOD + entry).events) == 2


def test_an_unverified_entry_contradicts_nobody(tmp_path: Path) -> None:
    """A rumour of a lapse within a waiver is kept, and neither refused nor believed."""
    rumour = _entry(kind='"lapse"', date="2001-01-01", confidence='"unverified"')
    record = _load(tmp_path, GOOD + _entry(**UNTIL) + rumour)

    assert record.status(date(2001, 6, 1)).status == "waived"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[[event]\n", "line 1"),
        (b"\xff", "UTF-8"),
        (b"", "enacted"),
        (b"event = 1\n", "[[event]]"),
        (b"title = 1\n", "'title'"),
        (b"\n[[event]]\ndate = 2000-01-01\n", "'kind'"),
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """Broken TOML, other bytes, other keys and an empty record are each told in one line."""
    path = tmp_path / "record.toml"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=r"record\.toml") as caught:
        load_record(path)

    assert why in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """No file, one line that says so."""
    with pytest.raises(RecordError, match=r"absent\.toml: cannot be read"):
        load_record(tmp_path / "absent.toml")
