"""Draws the law's status over the years: a row for each decade, six signs for each year."""

from __future__ import annotations

from datetime import date

from rich.text import Text

from state.record import Record, StatusName

_MONTHS = (1, 3, 5, 7, 9, 11)
# The sign tells the status too, for those who see no colours.
_SIGNS: dict[StatusName, tuple[str, str, str]] = {
    "not_enacted": (" ", "", "not enacted"),
    "in_force": ("█", "red", "in force"),
    "waived": ("░", "green", "waived"),
    "lapsed": ("▓", "yellow", "waiver lapsed"),
    "not_established": ("?", "magenta", "not established"),
    "repealed": ("-", "blue", "repealed"),
}


def timeline(record: Record, today: date) -> Text:
    """The law's status every two months, from its enactment to today."""
    first = record.events[0].date.year if record.events else today.year
    drawn = Text("       ")
    drawn.append("".join(f"{year:<6}" for year in range(10)).rstrip(), style="dim")
    for decade in range(first - first % 10, today.year + 1, 10):
        drawn.append(f"\n{decade}s  ")
        drawn.append_text(_row(record, decade, today))
    drawn.append("\n       ")
    for sign, style, words in _SIGNS.values():
        if sign.strip():
            drawn.append(sign, style=style)
            drawn.append(f" {words}   ", style="dim")
    return drawn


def _row(record: Record, decade: int, today: date) -> Text:
    row = Text()
    for year in range(decade, decade + 10):
        for month in _MONTHS:
            # In the middle of the two months, but for today's own.
            day = min(date(year, month + 1, 1), today)
            if date(year, month, 1) > today:
                return row
            sign, style, _ = _SIGNS[record.status(day).status]
            row.append(sign, style=style)
    return row
