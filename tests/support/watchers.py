"""A watcher of each official kind, and how it reads a recorded answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crawler.official import congress, federal_register, govinfo, uscode, whitehouse
from crawler.official.data import (
    BillData,
    CodeData,
    CongressData,
    FederalRegisterData,
    GovinfoData,
    RegisterSearch,
)
from crawler.official.values import Ask, Found, Problem, Watcher
from crawler.sources import Answer
from tests.support.official import shape

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINCE = date(2025, 8, 1)
BILL = BillData(
    congress=119, type="hr", number=6534, title="A bill", known=date(2025, 12, 9)
)  # fmt: skip
CODE = CodeData(
    citation="22 U.S.C. 5812 note",
    section_heading="Program coordination, implementation, and oversight",
    heading="Restriction on Assistance to Azerbaijan",
)
REGISTER = federal_register.RegisterWatcher(
    "https://fr.example/api/v1/",
    FederalRegisterData(
        search=(
            RegisterSearch(what="documents", term='"section 907" x', types=("PRESDOCU",)),
            RegisterSearch(what="public_inspection", term='"section 907"'),
        )
    ),
    SINCE,
)
CONGRESS = congress.CongressWatcher(
    "https://congress.example/v3/",
    CongressData(pages="https://www.congress.gov/bill", title_patterns=("Azerbaijan", "FREEDOM S")),
    (BILL,),
    "KEY",
    datetime(2026, 2, 20, tzinfo=UTC),
    NOW,
)
GOVINFO = govinfo.GovinfoWatcher(
    "https://govinfo.example/",
    GovinfoData(laws="rss/plaw.xml", search_url="https://api.govinfo.example/search", search="x"),
    (BILL,),
    "https://www.congress.gov/bill",
    "KEY",
    SINCE,
    NOW.date(),
)
ACTIONS = whitehouse.ActionsWatcher("https://wh.example/feed/", SINCE)
NOTE = uscode.NoteWatcher("https://code.example/view", CODE, NOW.date())


def read(watcher: Watcher, what: str, name: str, base: str = "https://fr.example") -> Found:
    """What a watcher finds in a recorded shape."""
    found = watcher.read(Ask("https://a.example/x", what), Answer(f"{base}/x", shape(name, base)))
    assert isinstance(found, Found)
    return found


def refused(watcher: Watcher, what: str, name: str) -> str:
    """Why a watcher cannot use a recorded shape."""
    found = watcher.read(
        Ask("https://a.example/x", what), Answer("https://a.example/x", shape(name))
    )
    assert isinstance(found, Problem)
    return found.reason
