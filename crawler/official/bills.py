"""Bills, as Congress.gov and govinfo both tell of them: one state of a bill is told once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.official.data import BillData
from crawler.official.values import Change, Document

# How laws and bills of each type are called, and where Congress.gov has their pages.
TYPES = {
    "hr": ("H.R.", "house-bill"),
    "s": ("S.", "senate-bill"),
    "hjres": ("H.J.Res.", "house-joint-resolution"),
    "sjres": ("S.J.Res.", "senate-joint-resolution"),
    "hconres": ("H.Con.Res.", "house-concurrent-resolution"),
    "sconres": ("S.Con.Res.", "senate-concurrent-resolution"),
    "hres": ("H.Res.", "house-resolution"),
    "sres": ("S.Res.", "senate-resolution"),
}


@dataclass(frozen=True, slots=True)
class BillState:
    """How a bill stands.

    Attributes:
        laws: The numbers of the laws that it became.
    """

    title: str
    acted: date | None
    action: str
    laws: tuple[str, ...]


def bill_name(congress: int, kind: str, number: int) -> str:
    """How a bill is cited."""
    called = TYPES[kind][0] if kind in TYPES else kind.upper()
    return f"{called} {number}, {ordinal(congress)} Congress"


def bill_page(pages: str, congress: int, kind: str, number: int) -> str:
    """The address of a bill's page for people."""
    slug = TYPES[kind][1] if kind in TYPES else kind
    return f"{pages.rstrip('/')}/{ordinal(congress)}-congress/{slug}/{number}"


def bill_subject(congress: int, kind: str, number: int) -> str:
    """Under what name a bill is remembered, whichever source tells of it."""
    return f"bill {congress}/{kind}/{number}"


def ordinal(number: int) -> str:
    """``number`` as Congresses are counted: 119th, 121st."""
    if 11 <= number % 100 <= 13:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def congress_on(day: date) -> int:
    """The Congress that sits on a day: from the 3rd of January of an odd year, for two years."""
    year = day.year - (day.month == 1 and day.day < 3)
    return (year - 1789) // 2 + 1


def bill_changes(kind: str, bill: BillData, state: BillState, page: str) -> Sequence[Change]:
    """What a bill's state may tell: that it became law, or else its latest action.

    Args:
        kind: The kind of source that tells it.
        bill: As the watch names it.
        state: As the source tells it.
        page: The bill's page for people.
    """
    subject = bill_subject(bill.congress, bill.type, bill.number)
    cited = bill_name(bill.congress, bill.type, bill.number)
    title = f"{cited} ({state.title or bill.title})"
    if state.laws:
        laws = ", ".join(state.laws)
        name = f"{subject} law {laws}"
        told = Document(
            kind, name, f"{title} became law: {laws}", page, state.acted, cited, text=state.action
        )
        return [Change(subject, f"law {laws}", told, is_telling=True)]
    if not state.action:
        return []
    words = " ".join(state.action.split())
    # The two sources differ in spaces and closing stops, not in words.
    hashed = hashlib.sha256(words.casefold().rstrip(".").encode()).hexdigest()[:16]
    day = state.acted.isoformat() if state.acted else "undated"
    told = Document(
        kind, f"{subject} {day} {hashed}", f"{title}: {words}", page, state.acted, cited, "bill"
    )
    is_later = is_old = False
    if state.acted is not None and bill.known is not None:
        is_later, is_old = state.acted > bill.known, state.acted <= bill.known
    return [Change(subject, f"action {day} {hashed}", told, is_later, is_old)]
