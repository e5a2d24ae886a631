"""How long servers ask to be left alone."""

from datetime import timedelta

import pytest

from crawler.retries import retry_after
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
