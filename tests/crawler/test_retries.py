"""How long servers ask to be left alone."""

from datetime import timedelta

import pytest

from crawler.retries import max_age, retry_after
from tests.support.passes import START


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        (b"", None),
        (b"soon", None),
        (b"-5", None),
        (b"120", timedelta(minutes=2)),
        (b"99999999999999999999", timedelta(days=1)),
        (b"Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        (b"Sun, 01 Mar 2020 12:05:00 GMT", timedelta()),
        ("²".encode("latin-1"), None),
    ],
)
def test_retry_after(header: bytes | None, expected: timedelta | None) -> None:
    """Seconds and dates are understood, a day is the most, and nonsense is no wish."""
    assert expected == retry_after(header, START)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        (b"", 0),
        (b"max-age=600", 600),
        (b"public, Max-Age = 600, must-revalidate", 600),
        (b"s-maxage=900", 0),
        (b"no-cache, max-age=600", 0),
        (b"max-age=600, no-store", 0),
        (b"max-age=999999999999", 86_400),
        (b"max-age=-1", 0),
        (b"max-age=soon", 0),
    ],
)
def test_max_age(header: bytes | None, seconds: int) -> None:
    """How long an answer holds: a day at most, and not at all where it is not to be kept."""
    assert timedelta(seconds=seconds) == max_age(header)
