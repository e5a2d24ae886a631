"""Small values of the store, for tests that need one and care for little of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from extract.article import Article
from extract.claim import Claim, Cue, Mention, Reading
from state.event import Event
from state.finding import Finding, RecordReference
from state.message import Message
from state.store import ArticleWrite, Store, StoredFinding

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
URL = "https://outlet.example/story"

CLAIM = Claim(
    sentence="The law was repealed.",
    start=0,
    end=21,
    in_title=False,
    end_state="repealed",
    voice="own",
    modality="asserted",
    cues=(Cue("law", "The law", 0, 7), Cue("end_state", "repealed", 12, 20)),
)
READING = Reading(lang="en", mentions=(Mention("The law", 0, 7, False),), claims=(CLAIM,))
REFERENCE = RecordReference(
    "waived", "2026-03-01", "Waiver of 2025", "1 FR 1", "https://fr.example"
)
EVENT = Event(
    date=date(2026, 2, 20),
    kind="extension",
    instrument="Memorandum of 20 February 2026",
    confidence="high",
    citation="91 FR 2",
    url="https://fr.example/2",
    more_urls=("https://news.example/2",),
    until=date(2027, 2, 20),
    until_basis="source",
)


def finding(rule: str = "repeal-asserted", **changes: Any) -> Finding:
    """A finding of this rule."""
    values: dict[str, Any] = {
        "severity": "high",
        "message": "The article says repealed; the record says waived.",
        "claim": CLAIM,
        "record": REFERENCE,
    }
    return Finding(rule=rule, **(values | changes))


def write(text: str = "The law was repealed.", url: str = URL, **changes: Any) -> ArticleWrite:
    """A visit of the article under ``url`` with this text."""
    values: dict[str, Any] = {
        "source": "outlet-feed",
        "outlet": "Outlet",
        "article": Article(text=text, title="Headline", url=url, lang="en"),
        "reading": READING,
        "verdict": "asserts",
        "severity": "high",
        "accurate_context": False,
        "now": NOW,
        "versions": "lexicon 1",
    }
    return ArticleWrite(**(values | changes))


def message(key: str = "k1", **changes: Any) -> Message:
    """A message with this key, due at NOW."""
    values: dict[str, Any] = {
        "type": "finding.opened",
        "channel": "mail",
        "recipient": "desk@example.org",
        "payload": {"sentence": "Закон отменён"},
        "not_before": NOW,
    }
    return Message(key=key, **(values | changes))


def opened(store: Store, url: str = URL, rule: str = "repeal-asserted") -> StoredFinding:
    """A finding opened on the article under ``url``."""
    with store.unit() as unit:
        saved = unit.save_article(write(url=url))
        return unit.open_finding(saved.id, saved.revision, finding(rule), "asserts", NOW)
