"""When a source is polled next: decided from what is known of it and what a poll showed. Pure.

A source is never given up: whatever happened, there is a next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Fault = Literal["hard", "soft", "passing"]
"""Why a poll failed: hard where asking again soon cannot help (the address is gone, refused or
unknown), soft where the server has trouble or answered something else, passing on the way there."""

# One failed poll is weather; a source that fails so often in a row has a fault to be told of.
FAILING_AFTER = 3

_SOONEST = timedelta(minutes=5)
# How many of its intervals a source that seldom publishes is left alone at most.
_CALM = 2
# How many polls are to fall into the time that a source's list of links covers.
_POLLS_A_WINDOW = 3
_NEW_WEIGHT = 0.3
_SPREAD = 0.1
_SKETCH = 500
_MARK = 8


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator asks of a source.

    Attributes:
        every: How often it is polled where nothing speaks for another pace.
        expect_every: Longer silence than this is a failure of its own; None: it may be silent.
    """

    every: timedelta
    expect_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one poll showed.

    Attributes:
        fault: None where the poll went well.
        window: See :func:`window_of`; None where nothing was listed (a failure, not modified).
        rolls: Whether older links make way for newer ones, so that some may be missed between two
            polls; not where everything stays listed, or a search found less than it may return.
        asked: How long the server asks to be left alone.
        max_age: How long the server says that its answer holds.
        jitter: From 0 to 1; spreads the polls of many sources.
    """

    fault: Fault | None = None
    error: str | None = None
    window: frozenset[str] | None = None
    rolls: bool = True
    asked: timedelta = timedelta()
    max_age: timedelta = timedelta()
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a source's pace. The defaults are those of one never polled.

    Attributes:
        next_poll_at: Not polled before it.
        not_before: The server asks to be left alone until then, whatever else speaks for a poll.
        failing_since: When it began to count as failing; None where it does not.
        window: The links that it listed last; see :func:`window_of`.
        gap: The seconds that lie between two new links, smoothed; None where not known yet.
        last_fresh_at: When it last listed something new.
        overlap: The share of its last window that the one before it held too, from 0 to 1.
        missed_at: When it last listed nothing of what it had listed before, so that links may have
            come and gone unseen.
    """

    last_polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before: datetime | None = None
    failures_in_row: int = 0
    failing_since: datetime | None = None
    last_error: str | None = None
    window: frozenset[str] = frozenset()
    gap: float | None = None
    last_fresh_at: datetime | None = None
    overlap: float | None = None
    missed_at: datetime | None = None


def window_of(urls: Iterable[str]) -> frozenset[str]:
    """What is remembered of a list of links: a short mark of each, of a long list a fair sample.

    The sample is the same for the same links, so that two of them tell how far lists overlap.
    """
    marks = {hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:_MARK] for url in urls}
    return frozenset(sorted(marks)[:_SKETCH])


def next_pace(known: Pace, sight: Sight, terms: Terms, now: datetime) -> Pace:
    """What is known after a poll, with the time of the next."""
    seen = _seen(known, sight, now) if sight.fault is None else known
    fault, error = sight.fault, sight.error
    silence = _silence(seen, terms, now) if fault is None else None
    is_good = fault is None and silence is None
    failures = 0 if is_good else known.failures_in_row + 1
    # A silence was waited for long enough; other failures are told once they persist.
    tells = silence is not None or failures >= FAILING_AFTER
    wait = _backoff(fault, failures, terms) if fault else _steady(seen, sight, terms, now)
    spread = max(wait, sight.asked) * (1 + _SPREAD * sight.jitter)
    return replace(
        seen,
        last_polled_at=now,
        next_poll_at=now + spread,
        not_before=now + sight.asked if sight.asked else None,
        failures_in_row=failures,
        failing_since=None if is_good else known.failing_since or (now if tells else None),
        last_error=None if is_good else silence or error,
    )


def hastened(known: Pace, now: datetime) -> datetime | None:
    """When a source is to be polled for which there is reason; None: no sooner than planned.

    Never sooner than its server asks, nor twice at once; and one that fails keeps its backoff.
    """
    if known.last_polled_at is None or known.failures_in_row:
        return None
    soonest = max(now, known.last_polled_at + _SOONEST, known.not_before or now)
    return soonest if known.next_poll_at is None or soonest < known.next_poll_at else None


def _seen(known: Pace, sight: Sight, now: datetime) -> Pace:
    """What a good poll adds to what is known of how the source publishes."""
    if sight.window is None:
        return known
    if known.last_fresh_at is None:
        return replace(known, window=sight.window, last_fresh_at=now)
    new = len(sight.window - known.window)
    overlap = 1 - new / len(sight.window) if sight.window else None
    missed = sight.rolls and bool(known.window) and overlap == 0
    return replace(
        known,
        window=sight.window or known.window,
        gap=_gap(known, new, missed, now),
        last_fresh_at=now if new else known.last_fresh_at,
        overlap=overlap,
        missed_at=now if missed else known.missed_at,
    )


def _gap(known: Pace, new: int, missed: bool, now: datetime) -> float | None:
    if not new or known.last_fresh_at is None:
        return known.gap
    measured = (now - known.last_fresh_at).total_seconds() / new
    if known.gap is None:
        return measured
    # Nobody knows how many links were missed: the source is at least as quick as measured.
    return min(known.gap, measured) if missed else known.gap + _NEW_WEIGHT * (measured - known.gap)


def _silence(seen: Pace, terms: Terms, now: datetime) -> str | None:
    if terms.expect_every is None or seen.last_fresh_at is None:
        return None
    silent = now - seen.last_fresh_at
    if silent <= terms.expect_every:
        return None
    return (
        f"nothing new for {_words(silent)}, where something is expected "
        f"every {_words(terms.expect_every)}"
    )


def _words(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"


def _steady(seen: Pace, sight: Sight, terms: Terms, now: datetime) -> timedelta:
    """The wait after a good poll."""
    every, soonest = terms.every, min(terms.every, _SOONEST)
    wait = every
    if seen.last_fresh_at is not None:
        usual = max(timedelta(seconds=seen.gap or 0), now - seen.last_fresh_at)
        wait = min(max(usual / 2, every), _CALM * every)
    if seen.gap is not None and sight.rolls and seen.window:
        wait = min(wait, timedelta(seconds=seen.gap * len(seen.window)) / _POLLS_A_WINDOW)
    if seen.missed_at == now:
        wait = min(wait, _last_wait(seen, every) / 2)
    # An answer that holds for so long would only be had again.
    return max(wait, soonest, min(sight.max_age, _CALM * every))


def _last_wait(seen: Pace, every: timedelta) -> timedelta:
    if seen.next_poll_at is None or seen.last_polled_at is None:
        return every
    return min(seen.next_poll_at - seen.last_polled_at, every)


def _backoff(fault: Fault, failures: int, terms: Terms) -> timedelta:
    """The wait after so many failures in a row."""
    every = terms.every
    steps: dict[Fault, tuple[timedelta, timedelta]] = {
        "hard": (2 * every, timedelta(days=1)),
        "soft": (every, timedelta(hours=6)),
        "passing": (min(every, _SOONEST), timedelta(hours=1)),
    }
    first, most = steps[fault]
    doubled: int = 2 ** min(failures - 1, 20)
    return min(first * doubled, max(most, every))
