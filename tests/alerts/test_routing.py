"""Who is told of what, over which channel, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import RouteError
from alerts.routing import (
    Audience,
    FindingEvent,
    Notice,
    QuietHours,
    Route,
    messages_for,
    notice_messages,
)
from state.finding import Severity
from tests.support.alerting import NOW, stored

TWO = {"mail": ("a@desk.example", "b@desk.example"), "hook": ("hook",)}
OPENED = FindingEvent("finding.opened", stored(), 1)
NIGHT = QuietHours(time(22), time(7), "Europe/London")


def told(event: FindingEvent, *routes: Route) -> list[tuple[str, str, bool]]:
    """Channel, recipient and whether it waits for the digest."""
    messages = messages_for(event, Audience(routes, TWO), NOW)
    return [(one.channel, one.recipient, one.held) for one in messages]


def test_without_routes_everyone_is_told_at_once():
    """A channel that no route names takes medium and above, immediately."""
    everyone = [
        ("mail", "a@desk.example", False),
        ("mail", "b@desk.example", False),
        ("hook", "hook", False),
    ]

    assert everyone == told(OPENED)
    assert everyone == told(replace(OPENED, finding=stored(severity="medium")))
    assert [] == told(replace(OPENED, finding=stored(severity="low")))


@pytest.mark.parametrize(
    ("route", "taken"),
    [
        (Route("hook", "high"), True),
        (Route("hook", langs=("en", "ru")), True),
        (Route("hook", langs=("ru",)), False),
        (Route("hook", outlets=("caspian wire",)), True),
        (Route("hook", outlets=("Other",)), False),
        (Route("hook", "low", langs=("en",), outlets=("Other",)), False),
    ],
)
def test_a_route_takes_what_fits_all_it_asks_for(route: Route, taken: bool):
    """Severity, language and outlet must all fit; the other channel is not touched."""
    assert taken == (("hook", "hook", False) in told(OPENED, route))
    assert ("mail", "a@desk.example", False) in told(OPENED, route)


@pytest.mark.parametrize(
    ("severity", "least", "taken"),
    [("high", "high", 1), ("medium", "high", 0), ("low", "low", 1), ("none", "low", 0)],
)
def test_severity_is_at_least_the_route_s(severity: Severity, least: Severity, taken: int):
    """A finding goes a way that asks for its severity or less."""
    audience = Audience((Route("hook", least),), {"hook": ("hook",)})
    event = replace(OPENED, finding=stored(severity=severity))

    assert taken == len(messages_for(event, audience, NOW))


def test_digest_routes_hold():
    """In digest mode the message waits to be folded."""
    assert ("hook", "hook", True) in told(OPENED, Route("hook", mode="digest"))


def test_of_two_routes_the_sooner_counts_and_one_message_is_made():
    """High at once and all in the digest: a high finding goes out once, at once."""
    routes = (Route("hook", "low", mode="digest"), Route("hook", "high"))

    assert [one for one in told(OPENED, *routes) if one[0] == "hook"] == [("hook", "hook", False)]


def test_keys_make_a_repeat_harmless():
    """The same event has the same keys; recipients and revisions have others."""
    audience = Audience((), TWO)
    keys = [message.key for message in messages_for(OPENED, audience, NOW)]
    later = [m.key for m in messages_for(OPENED, audience, NOW + timedelta(days=1))]
    updates = [
        message.key
        for revision in (2, 3)
        for message in messages_for(
            FindingEvent("finding.updated", stored(), revision), audience, NOW
        )
    ]

    assert keys == later
    assert len(set(keys + updates)) == 9


def test_a_correction_goes_to_those_who_were_told():
    """Only who was told of the opening is told of the correction, though the routes changed."""
    event = FindingEvent("finding.corrected", stored(status="corrected"), 2)
    audience = Audience((Route("mail", "high", langs=("ru",)), Route("hook")), TWO)

    messages = messages_for(event, audience, NOW, told=[("mail", "b@desk.example")])

    assert [("mail", "b@desk.example")] == [(one.channel, one.recipient) for one in messages]
    assert ["f_1"] == [one.thread for one in messages]


@pytest.mark.parametrize(
    ("hour", "delay"),
    [(21, 0), (22, 9), (2, 5), (7, 0), (12, 0)],
)
def test_quiet_hours_delay_in_the_recipient_s_zone(hour: int, delay: int):
    """A message of the night waits for the morning; London is an hour ahead of UTC in August."""
    now = datetime(2025, 8, 9, hour, tzinfo=UTC) - timedelta(hours=1)
    audience = Audience((Route("hook", quiet=NIGHT),), {"hook": ("hook",)})

    (message,) = messages_for(OPENED, audience, now)

    assert now + timedelta(hours=delay) == message.not_before
    assert not message.held


def test_quiet_hours_by_day():
    """A span within the day is quiet from its start up to its end."""
    lunch = QuietHours(time(12), time(13), "UTC")
    noon = datetime(2025, 8, 9, 12, tzinfo=UTC)

    assert noon + timedelta(hours=1) == lunch.until(noon)
    assert noon - timedelta(minutes=1) == lunch.until(noon - timedelta(minutes=1))


def test_quiet_hours_over_a_change_of_the_clock():
    """The morning comes an hour sooner on the night in which summer time begins."""
    before = datetime(2025, 3, 29, 23, tzinfo=UTC)

    assert datetime(2025, 3, 30, 6, tzinfo=UTC) == NIGHT.until(before)


@given(
    now=st.datetimes(
        timezones=st.just(UTC),
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
        max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    ),
    span=st.tuples(st.times(), st.times()).filter(lambda span: span[0] != span[1]),
    zone=st.sampled_from(["Europe/London", "Asia/Baku", "America/New_York", "UTC"]),
)
def test_quiet_hours_never_drop_nor_hurry(now: datetime, span: tuple[time, time], zone: str):
    """Whatever the span, the message goes out no sooner than now and within 25 hours."""
    until = QuietHours(*span, zone).until(now)

    assert now <= until <= now + timedelta(hours=25)


@pytest.mark.parametrize(
    ("start", "end", "zone"), [(time(1), time(1), "UTC"), (time(1), time(2), "Mars/Olympus")]
)
def test_quiet_hours_that_make_no_sense_are_refused(start: time, end: time, zone: str):
    """An empty span and an unknown zone are errors that name the field."""
    with pytest.raises(RouteError, match="quiet"):
        QuietHours(start, end, zone)


def test_a_notice_goes_to_every_open_channel_once():
    """A failing source is told on each channel that takes it; keys tell occasions apart."""
    notice = Notice("source.failing", "wire", "2025-08-09", {"source": "wire"})
    audience = Audience((Route("mail", "high"), Route("hook", mode="digest")), TWO)

    first = notice_messages(notice, audience, NOW)
    again = notice_messages(replace(notice, occasion="2025-08-10"), audience, NOW)

    assert [("hook", True)] == [(one.channel, one.held) for one in first]
    assert {one.key for one in first}.isdisjoint({one.key for one in again})


def test_a_rule_kept_for_digests_is_never_told_at_once():
    """Its findings, changes and corrections wait on every route; those of other rules do not."""
    audience = Audience((), {"mail": ("a@desk.example",)}, digest_only=frozenset({"soft"}))
    kinds = ("finding.opened", "finding.updated", "finding.corrected")
    soft = [FindingEvent(kind, stored(rule="soft"), 1) for kind in kinds]
    hard = FindingEvent("finding.opened", stored(), 1)

    assert [m.held for one in soft for m in messages_for(one, audience, NOW)] == [True] * 3
    assert [m.held for m in messages_for(hard, audience, NOW)] == [False]


def test_every_message_of_a_finding_carries_the_caveat():
    """What is to be known of the record stands in the payload, for mails and webhooks alike."""
    audience = Audience((), {"mail": ("a@desk.example",)}, caveat="It may be out of date.")
    event = FindingEvent("finding.opened", stored(), 1)

    (message,) = messages_for(event, audience, NOW)
    assert message.payload["record_caveat"] == "It may be out of date."
