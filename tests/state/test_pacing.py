"""When a source is polled next: every kind of answer, failure and silence, as plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.pacing import Fault, Pace, Sight, Terms, hastened, next_pace, window_of
from tests.support.stored import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HALF = Terms(30 * MINUTE)
UNKNOWN = Pace()


def links(*numbers: int) -> frozenset[str]:
    return window_of(f"https://a.example/{number}" for number in numbers)


def wait(pace: Pace) -> timedelta:
    assert pace.next_poll_at is not None and pace.last_polled_at is not None
    return pace.next_poll_at - pace.last_polled_at


def polled(*sights: tuple[timedelta, Sight], terms: Terms = HALF, known: Pace = UNKNOWN) -> Pace:
    """The pace after polls at these times after NOW."""
    for after, sight in sights:
        known = next_pace(known, sight, terms, NOW + after)
    return known


def failed(times: int, fault: Fault, terms: Terms = HALF) -> Pace:
    return polled(*[(timedelta(), Sight(fault, "why"))] * times, terms=terms)


# Good polls


def test_first_poll() -> None:
    """After its first poll a source is due after its interval, and nothing was missed."""
    pace = polled((timedelta(), Sight(window=links(*range(9)))))

    assert 30 * MINUTE == wait(pace)
    assert (0, None, None, NOW) == (
        pace.failures_in_row, pace.failing_since, pace.missed_at, pace.last_fresh_at
    )  # fmt: skip


def test_a_quick_source_is_polled_sooner() -> None:
    """A source whose list covers an hour is polled so often that three polls fall into it."""
    first = (timedelta(), Sight(window=links(*range(30))))
    second = (30 * MINUTE, Sight(window=links(*range(15, 45))))

    pace = polled(first, second)

    assert (120.0, 0.5) == (pace.gap, pace.overlap)
    assert 20 * MINUTE == wait(pace)


def test_no_overlap_means_that_something_may_be_missed() -> None:
    """Where nothing listed before is listed now, the next poll comes at least twice as soon."""
    first = (timedelta(), Sight(window=links(*range(30))))
    second = (30 * MINUTE, Sight(window=links(*range(100, 130))))

    pace = polled(first, second)

    assert (NOW + 30 * MINUTE, 0.0) == (pace.missed_at, pace.overlap)
    assert 10 * MINUTE == wait(pace)


def test_nothing_is_missed_where_lists_do_not_roll() -> None:
    """A list that keeps what is old, or is shorter than it may be, tells of no miss."""
    first = (timedelta(), Sight(window=links(1, 2), rolls=False))
    second = (30 * MINUTE, Sight(window=links(3), rolls=False))

    assert polled(first, second).missed_at is None


def test_a_quiet_source_is_left_alone_longer() -> None:
    """A source that shows nothing new is polled ever less often, down to half as often."""
    same = Sight(window=links(*range(9)))
    times = [timedelta(), HOUR / 2, HOUR, 1.5 * HOUR, 2.5 * HOUR, 10 * HOUR]

    waits = [wait(polled(*((at, same) for at in times[:n]))) for n in range(1, 7)]

    assert [30, 30, 30, 45, 60, 60] == [one / MINUTE for one in waits]


def test_not_modified_keeps_what_is_known() -> None:
    """An answer that nothing has changed forgets neither list nor rhythm."""
    first = (timedelta(), Sight(window=links(*range(30))))
    second = (30 * MINUTE, Sight(window=links(*range(15, 45))))
    before = polled(first, second)

    after = polled((HOUR, Sight(window=None)), known=before)

    assert (before.window, before.gap, before.last_fresh_at) == (
        after.window, after.gap, after.last_fresh_at
    )  # fmt: skip


@pytest.mark.parametrize(("age", "expected"), [(10, 30), (45, 45), (600, 60)])
def test_an_answer_that_holds_is_not_asked_for_again(age: int, expected: int) -> None:
    """Cache-Control moves the next poll, but never further than to twice the interval."""
    pace = polled((timedelta(), Sight(window=links(1), max_age=age * MINUTE)))

    assert expected * MINUTE == wait(pace)


def test_the_server_is_never_asked_earlier_than_it_wants() -> None:
    """Retry-After wins over everything, also after a good poll and over a haste."""
    pace = polled((timedelta(), Sight(window=links(1), asked=5 * HOUR)))

    assert 5 * HOUR == wait(pace)
    assert hastened(pace, NOW + HOUR) is None


def test_polls_are_spread() -> None:
    """Jitter puts a poll off by a tenth at most, and never brings it forward."""
    waits = [
        wait(polled((timedelta(), Sight(window=links(1), jitter=jitter)))) for jitter in (0, 0.5, 1)
    ]

    assert [30, 31.5, 33] == [one / MINUTE for one in waits]


# Failures


@pytest.mark.parametrize(
    ("fault", "minutes"),
    [
        ("hard", [60, 120, 240, 480, 960, 1440, 1440]),
        ("soft", [30, 60, 120, 240, 360, 360, 360]),
        ("passing", [5, 10, 20, 40, 60, 60, 60]),
    ],
)
def test_backoff_grows_to_its_cap(fault: Fault, minutes: list[int]) -> None:
    """Each class of failures has waits of its own, which double up to a cap."""
    assert minutes == [wait(failed(times, fault)) / MINUTE for times in range(1, 8)]


def test_backoff_of_a_source_that_is_polled_seldom() -> None:
    """A cap is never shorter than the source's own interval."""
    assert 3 * DAY == wait(failed(9, "hard", Terms(3 * DAY)))


def test_failing_begins_with_the_third_failure() -> None:
    """Failing is dated by the third failure in a row, and stays so until a good poll."""
    moments = [NOW + n * HOUR for n in range(5)]
    pace, since = Pace(), []
    for at in moments:
        pace = next_pace(pace, Sight("soft", "why"), HALF, at)
        since.append(pace.failing_since)

    assert [None, None, moments[2], moments[2], moments[2]] == since
    recovered = next_pace(pace, Sight(window=links(1)), HALF, NOW + DAY)
    assert (0, None, None) == (
        recovered.failures_in_row, recovered.failing_since, recovered.last_error
    )  # fmt: skip
    assert "why" == pace.last_error


def test_a_failure_keeps_what_was_listed() -> None:
    """After an outage the new list is held against the last one there was."""
    good = (timedelta(), Sight(window=links(*range(10))))
    pace = polled(good, (HOUR, Sight("soft")), (2 * HOUR, Sight(window=links(*range(9, 19)))))

    assert (0.1, None) == (round(pace.overlap or 0, 2), pace.missed_at)


@given(
    fault=st.sampled_from(["hard", "soft", "passing"]),
    failures=st.integers(0, 10_000),
    every=st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=30)),
    asked=st.timedeltas(min_value=timedelta(), max_value=DAY),
    jitter=st.floats(0, 1),
)
def test_a_source_is_never_given_up(
    fault: Fault, failures: int, every: timedelta, asked: timedelta, jitter: float
) -> None:
    """However often it failed, a source has a next time: later than now, as asked, and bounded."""
    known = Pace(failures_in_row=failures)

    pace = next_pace(known, Sight(fault, asked=asked, jitter=jitter), Terms(every), NOW)

    assert asked <= wait(pace) <= 1.1 * max(DAY, every) + timedelta(seconds=1)
    assert wait(pace) > timedelta()


# Silence


def test_silence_is_a_failure() -> None:
    """Nothing new for longer than expected counts as failing at once, and says for how long."""
    terms = Terms(HOUR, expect_every=2 * DAY)
    same = Sight(window=links(1, 2))
    early = polled((timedelta(), same), (2 * DAY, same), terms=terms)

    late = polled((2 * DAY + HOUR, same), known=early, terms=terms)

    assert (None, None) == (early.failing_since, early.last_error)
    assert (1, NOW + 2 * DAY + HOUR) == (late.failures_in_row, late.failing_since)
    assert "nothing new for 2 days, where something is expected every 2 days" == late.last_error
    assert wait(late) <= 2 * HOUR


def test_silence_behind_not_modified() -> None:
    """A server that answers "not modified" for ever is silent too."""
    terms = Terms(HOUR, expect_every=DAY)
    pace = polled((timedelta(), Sight(window=links(1))), (2 * DAY, Sight()), terms=terms)

    assert pace.failing_since is not None


def test_silence_ends_with_news() -> None:
    """The first new link ends the silence."""
    terms = Terms(HOUR, expect_every=DAY)
    silent = polled((timedelta(), Sight(window=links(1))), (2 * DAY, Sight()), terms=terms)

    after = polled((3 * DAY, Sight(window=links(1, 2))), known=silent, terms=terms)

    assert (None, 0, None) == (after.failing_since, after.failures_in_row, after.last_error)


def test_an_outage_is_no_silence() -> None:
    """A source that cannot be reached fails for that, and not for being silent."""
    terms = Terms(HOUR, expect_every=DAY)
    pace = polled(
        (timedelta(), Sight(window=links(1))), (9 * DAY, Sight("soft", "500")), terms=terms
    )

    assert (1, "500", None) == (pace.failures_in_row, pace.last_error, pace.failing_since)


# Haste


def at(moment: datetime, **more: object) -> Pace:
    return replace(Pace(last_polled_at=NOW, next_poll_at=moment), **more)  # type: ignore[arg-type]


def test_haste() -> None:
    """A source that is waited for is polled now, yet not within five minutes of its last poll."""
    later = at(NOW + HOUR)

    assert NOW + 20 * MINUTE == hastened(later, NOW + 20 * MINUTE)
    assert NOW + 5 * MINUTE == hastened(later, NOW + MINUTE)
    assert hastened(at(NOW + 2 * MINUTE), NOW + MINUTE) is None


def test_haste_spares_what_fails() -> None:
    """A source that fails keeps its backoff; one never polled is due anyway."""
    assert hastened(at(NOW + DAY, failures_in_row=1), NOW + HOUR) is None
    assert hastened(Pace(), NOW) is None


def test_windows_are_small_and_fair() -> None:
    """A long list is remembered by a sample which is the same for the same links."""
    many = [f"https://a.example/{n}" for n in range(20_000)]

    whole, half = window_of(many), window_of(many[10_000:])

    assert (500, whole) == (len(whole), window_of(reversed(many)))
    assert 0.35 < len(half & whole) / len(half) < 0.65
