"""Durations, sizes and times as people write them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.units import format_duration, parse_duration, parse_size, parse_span, parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("0s", timedelta()),
        ("30s", timedelta(seconds=30)),
        ("30m", timedelta(minutes=30)),
        ("1.5h", timedelta(minutes=90)),
        (" 2 d ", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_durations(text, expected):
    """A number and a unit make a duration."""
    assert expected == parse_duration(text)


@pytest.mark.parametrize("text", ["", "30", "30 minutos", "m", "-3m", "1h30m", "1e3s", "٣m"])
def test_no_durations(text):
    """Anything else is refused, with an example of how to write it."""
    with pytest.raises(ValueError, match="try"):
        parse_duration(text)


def test_endless_duration():
    """A duration that no calendar holds is refused rather than overflowing."""
    with pytest.raises(ValueError, match="hundred years"):
        parse_duration("999999999w")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1B", 1),
        ("500 kB", 500_000),
        ("3 MB", 3_000_000),
        ("2GiB", 2 * 2**30),
        ("1.5 MB", 1_500_000),
    ],
)
def test_sizes(text, expected):
    """A number and a unit make a size."""
    assert expected == parse_size(text)


@given(st.text(max_size=20))
def test_parsers_refuse_politely(text):
    """No text makes a parser fail with anything but ValueError."""
    for parse in (parse_duration, parse_size, parse_time, parse_span):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)


def test_times_and_spans():
    """Times of day, and spans of the day over midnight."""
    assert time(8, 0) == parse_time("08:00")
    assert (time(22), time(7)) == parse_span("22:00-07:00")


@pytest.mark.parametrize("text", ["22:00", "22:00-22:00", "25:00-07:00"])
def test_no_spans(text):
    """What begins nowhere, or where it ends, is no span."""
    with pytest.raises(ValueError, match="try"):
        parse_span(text)


@pytest.mark.parametrize("text", ["500ms", "30s", "90m", "6h", "2d", "7d", "1ms", "61s"])
def test_durations_are_written_as_they_are_read(text):
    """A duration is written in the largest unit that fits."""
    assert text == format_duration(parse_duration(text))
