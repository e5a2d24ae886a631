"""Durations, sizes and times of the day, as people write them."""

from __future__ import annotations

import re
from datetime import time, timedelta

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)")
_BYTES = {
    "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9,
    "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip
_LONGEST = timedelta(days=36500)


def parse_duration(text: str) -> timedelta:
    """The duration that ``text`` names: "500ms", "30s", "30m", "6h", "2d", "1w".

    Raises:
        ValueError: With a message for people; the text names no duration.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or len(found[1]) > 9:
        raise ValueError(f'"{text}" is no duration (try "30m")')
    seconds = float(found[1]) * _SECONDS[found[2]]
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f'"{text}" is longer than a hundred years')
    return timedelta(seconds=seconds)


def format_duration(span: timedelta) -> str:
    """The duration as :func:`parse_duration` takes it, in the largest unit that fits."""
    milliseconds = round(span / timedelta(milliseconds=1))
    for unit in ("d", "h", "m", "s"):
        step = int(_SECONDS[unit] * 1000)
        if milliseconds and milliseconds % step == 0:
            return f"{milliseconds // step}{unit}"
    return f"{milliseconds}ms"


def parse_size(text: str) -> int:
    """The bytes that ``text`` names: "500 kB", "3 MB", "1 GiB".

    Raises:
        ValueError: With a message for people; the text names no size.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or len(found[1]) > 12:
        raise ValueError(f'"{text}" is no size (try "3 MB")')
    return int(float(found[1]) * _BYTES[found[2]])


def parse_time(text: str) -> time:
    """The time of day that ``text`` names: "08:00".

    Raises:
        ValueError: With a message for people; the text names no time of day.
    """
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if found is None:
        raise ValueError(f'"{text}" is no time of day (try "08:00")')
    return time(int(found[1]), int(found[2]))


def parse_span(text: str) -> tuple[time, time]:
    """The span of the day that ``text`` names, over midnight or not: "22:00-07:00".

    Raises:
        ValueError: With a message for people; the text names no span.
    """
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f'"{text}" is no span of the day (try "22:00-07:00")')
    span = parse_time(start), parse_time(end)
    if span[0] == span[1]:
        raise ValueError(f'"{text}" begins where it ends (try "22:00-07:00")')
    return span
