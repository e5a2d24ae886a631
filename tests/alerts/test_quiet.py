"""Quiet hours by a clock that stands still: over midnight, and over both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.routing import (
    Audience,
    FindingEvent,
    FindingEventType,
    QuietHours,
    Route,
    messages_for,
    moment_of,
)
from state.finding import Severity
from tests.support.alerting import stored

LONDON = "Europe/London"
# London: clocks go forward at 01:00 UTC on 30 March 2025, back at 01:00 UTC on 26 October 2025.
SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(text: str, zone: str = LONDON) -> QuietHours:
    """Quiet hours as the settings write them."""
    start, end = (time.fromisoformat(part) for part in text.split("-"))
    return QuietHours(start, end, zone)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        # The night of the spring change is an hour shorter, that of the autumn change longer.
        ("22:00-07:00", "2025-03-29T23:00", "2025-03-30T06:00"),
        ("22:00-07:00", "2025-03-30T00:59", "2025-03-30T06:00"),
        ("22:00-07:00", "2025-03-30T01:00", "2025-03-30T06:00"),
        ("22:00-07:00", "2025-10-25T22:00", "2025-10-26T07:00"),
        ("22:00-07:00", "2025-10-26T00:30", "2025-10-26T07:00"),
        ("22:00-07:00", "2025-10-26T01:30", "2025-10-26T07:00"),
        # Ends at 01:30, which no clock shows in spring: over when clocks jump past it.
        ("22:00-01:30", "2025-03-29T23:00", "2025-03-30T01:00"),
        ("22:00-01:30", "2025-03-30T01:00", "2025-03-30T01:00"),
        # Ends at 01:30, which clocks show twice in autumn: the first time is the end.
        ("22:00-01:30", "2025-10-25T22:00", "2025-10-26T00:30"),
        ("22:00-01:30", "2025-10-26T00:45", "2025-10-26T00:45"),
        ("22:00-01:30", "2025-10-26T01:15", "2025-10-26T01:15"),
        # Begins at 01:30, which clocks show twice: quiet from the first time on.
        ("01:30-07:00", "2025-10-26T00:45", "2025-10-26T07:00"),
        ("01:30-07:00", "2025-10-26T01:10", "2025-10-26T07:00"),
        # Begins at 01:30, which no clock shows: quiet from the jump on.
        ("01:30-07:00", "2025-03-30T00:59", "2025-03-30T00:59"),
        ("01:30-07:00", "2025-03-30T01:00", "2025-03-30T06:00"),
        # Midnight itself, as beginning and as end.
        ("22:00-00:00", "2025-01-10T23:59", "2025-01-11T00:00"),
        ("22:00-00:00", "2025-01-11T00:00", "2025-01-11T00:00"),
        ("00:00-06:00", "2025-01-10T23:59", "2025-01-10T23:59"),
        ("00:00-06:00", "2025-01-11T00:00", "2025-01-11T06:00"),
    ],
)
def test_quiet_hours_end_when_they_should(quiet: str, now: str, until: str):
    """To the minute, on the days on which clocks change and at midnight."""
    assert utc(until) == span(quiet).until(utc(now))


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        (SPRING, "00:59", "2025-03-30T00:59"),
        (SPRING, "01:00", "2025-03-30T01:00"),
        (SPRING, "01:59", "2025-03-30T01:00"),
        (SPRING, "02:00", "2025-03-30T01:00"),
        (AUTUMN, "01:00", "2025-10-26T00:00"),
        (AUTUMN, "01:59", "2025-10-26T00:59"),
        (AUTUMN, "02:00", "2025-10-26T02:00"),
    ],
)
def test_a_time_of_day_is_one_moment(day: date, clock: str, moment: str):
    """Shown twice: the first; never shown: when clocks jump past it."""
    assert utc(moment) == moment_of(day, time.fromisoformat(clock), LONDON)


ZONES = (LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Baku", "America/Santiago")
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))


@given(
    start=MINUTES,
    end=MINUTES,
    zone=st.sampled_from(ZONES),
    minutes=st.integers(0, 366 * 24 * 60),
)
def test_quiet_hours_end_once_and_for_all(start: time, end: time, zone: str, minutes: int):
    """The end is not before now, not quiet itself, within a day, and shown by the zone's clocks."""
    if start == end:
        return
    quiet = QuietHours(start, end, zone)
    now = utc("2025-01-01T00:00") + timedelta(minutes=minutes)

    ends = quiet.until(now)

    assert now <= ends <= now + timedelta(hours=26)
    assert ends == quiet.until(ends) or ends.astimezone(ZoneInfo(zone)).time() == start
    if ends > now:
        assert ends == quiet.until(ends - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("severity", "passes", "kind", "delayed"),
    [
        ("high", None, "finding.opened", True),
        ("high", "high", "finding.opened", False),
        ("medium", "high", "finding.opened", True),
        ("medium", "medium", "finding.opened", False),
        ("high", "high", "finding.updated", False),
        # That something was put right wakes nobody.
        ("high", "high", "finding.corrected", True),
    ],
)
def test_what_is_severe_may_pass(
    severity: Severity, passes: Severity | None, kind: FindingEventType, delayed: bool
):
    """In quiet hours only what the route lets pass goes out; the rest waits, and is not dropped."""
    route = Route("mail", "low", quiet=span("22:00-07:00"), quiet_passes=passes)
    audience = Audience((route,), {"mail": ("a@desk.example",)})
    event = FindingEvent(kind, stored(severity=severity), 1)
    told = [("mail", "a@desk.example")]

    (message,) = messages_for(event, audience, utc("2025-01-10T23:00"), told)

    assert message.not_before == utc("2025-01-11T07:00" if delayed else "2025-01-10T23:00")
    assert not message.held


@pytest.mark.parametrize(("rules", "taken"), [((), 1), (("repeal-asserted",), 1), (("other",), 0)])
def test_a_route_by_rule(rules: tuple[str, ...], taken: int):
    """A route takes the findings of its rules; without any it takes all."""
    audience = Audience((Route("mail", rules=rules),), {"mail": ("a@desk.example",)})
    event = FindingEvent("finding.opened", stored(), 1)

    assert taken == len(messages_for(event, audience, utc("2025-01-10T12:00")))
