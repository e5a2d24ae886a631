"""Articles, claims and findings for tests of judging and alerting; all of our own making."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from alerts.law import Law
from alerts.rules import Rules, load_rules
from extract.article import Article
from extract.claim import Claim, Cue, EndState, Mention, Modality, Reading, Voice
from state.articles import ArticleWrite
from state.event import Event
from state.finding import RecordReference, StoredFinding
from state.record import Record

ROOT = Path(__file__).parents[2]
RULES_FILE = ROOT / "crawler/watches/section-907/rules.toml"
NOW = datetime(2025, 8, 9, 12, tzinfo=UTC)
LAW = Law("sample", "Section 907 of the FREEDOM Support Act", "Section 907", "It bars aid.")
SENTENCE = "President Trump has repealed Section 907 for good."
RECORD = Record(
    (
        Event(
            date=date(1992, 10, 24),
            kind="enacted",
            instrument="The act",
            confidence="high",
            citation="106 Stat. 3357",
            url="https://law.example/act",
        ),
        Event(
            date=date(2025, 8, 8),
            kind="extension",
            instrument="The memorandum",
            confidence="high",
            citation="90 FR 1",
            url="https://law.example/memo",
            until=date(2026, 8, 8),
            until_basis="statute",
        ),
    )
)


def rules() -> Rules:
    """The built-in rules."""
    return load_rules(RULES_FILE)


def claim(
    end_state: EndState = "repealed",
    voice: Voice = "own",
    modality: Modality = "asserted",
    *,
    in_title: bool = False,
    sentence: str = SENTENCE,
) -> Claim:
    """A claim whose cue is the word "repealed", where the sentence has it."""
    at = sentence.find("repealed")
    cues = (Cue("end_state", "repealed", 100 + at, 108 + at),) if at >= 0 else ()
    return Claim(sentence, 100, 100 + len(sentence), in_title, end_state, voice, modality, cues)


def reading(*claims: Claim, mentions: int = 1) -> Reading:
    """A reading of an article that names the law."""
    return Reading("en", (Mention("Section 907", 0, 11, False),) * mentions, claims)


def article(published: date | None = date(2025, 8, 9), **fields: str | None) -> Article:
    """A dated article."""
    base = Article("Text.", "Title", "https://wire.example/a", "en", published)
    return replace(base, **fields)  # type: ignore[arg-type]


def write(
    read: Reading, text: str = "Text.", now: datetime = NOW, url: str = "https://wire.example/a"
) -> ArticleWrite:
    """A visit of the article."""
    return ArticleWrite(
        source="wire",
        outlet="Caspian Wire",
        article=article(text=text, url=url),
        reading=read,
        verdict="asserts",
        severity="high",
        accurate_context=False,
        now=now,
        versions="test",
    )


def stored(**fields: object) -> StoredFinding:
    """A finding as the store gives it."""
    base = StoredFinding(
        id="f_1",
        status="open",
        rule="repeal-asserted",
        severity="high",
        verdict="asserts",
        outlet="Caspian Wire",
        url="https://wire.example/a",
        title="Trump repeals Section 907",
        published=date(2025, 8, 9),
        lang="en",
        message="The article states as a fact that it was repealed.",
        claim=claim(),
        record=RecordReference(
            "waived", "2025-08-09", "The memorandum", "90 FR 1", "https://law.example/memo"
        ),
        opened_at=NOW,
        closed_at=None,
        updated_at=NOW,
    )
    return replace(base, **fields)  # type: ignore[arg-type]
