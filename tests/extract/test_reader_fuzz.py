"""The reader meets any text: it answers, in bounded time, with offsets that hold."""

import random
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.article import Article
from extract.claim import Reading
from extract.reader import Reader
from tests.support.warm import load_once

ROOT = Path(__file__).parents[2]
READER: Reader = load_once(*sorted((ROOT / "crawler" / "watches").glob("*/lexicons")))
MARKS = [*".,:;!?«»“”\"'’()-–—…\n", "\n\n", "907", "907-ci", "907.", " "]
LONG = 50_000
SECONDS = 10.0  # of CPU for a text of that length: some hundred times what it takes


def _vocabulary(lang: str) -> list[str]:
    return sorted(READER.lexicons[lang].forms)


def _hold(article: Article, reading: Reading) -> None:
    for claim in reading.claims:
        source = article.title if claim.in_title else article.text
        assert source is not None
        assert claim.sentence == source[claim.start : claim.end]
        assert all(cue.text == source[cue.start : cue.end] for cue in claim.cues)
        assert all(claim.start <= cue.start <= cue.end <= claim.end for cue in claim.cues)
    for mention in reading.mentions:
        source = article.title if mention.in_title else article.text
        assert source is not None
        assert mention.text == source[mention.start : mention.end]


@given(title=st.none() | st.text(max_size=80), text=st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered(title: str | None, text: str) -> None:
    """No text, however odd, raises; what is found lies where it is said to lie."""
    article = Article(title=title, text=text)

    _hold(article, READER.read(article))


@pytest.mark.parametrize("lang", sorted(READER.languages))
@pytest.mark.parametrize("seed", range(4))
def test_word_salad_is_answered(lang: str, seed: int) -> None:
    """Texts made of nothing but words that mean something are read, and their offsets hold."""
    chance = random.Random(seed)
    words = _vocabulary(lang)
    text = "907 " + " ".join(
        chance.choice(MARKS) if chance.random() < 0.25 else chance.choice(words)
        for _ in range(3_000)
    )
    article = Article(title=text[:120], text=text, lang=lang)

    reading = READER.read(article)

    _hold(article, reading)


@pytest.mark.parametrize("lang", sorted(READER.languages))
def test_no_text_makes_reading_run_away(lang: str) -> None:
    """The worst texts we can think of, of 50,000 characters each, end within the bound."""
    words = _vocabulary(lang)
    chance = random.Random(lang)
    few = [chance.choice(words) for _ in range(6)]
    texts = [
        "907 " * (LONG // 4),
        " ".join(few * 4_000)[:LONG] + " 907",
        "«" * (LONG // 2) + "907" + "»" * (LONG // 2),
        "' 907 " * (LONG // 6),
        ", ".join(words * 3)[:LONG] + ". 907",
        "907. " * (LONG // 5),
        "9" * LONG + " 907",
        "а" * LONG + " 907",
        "907-" * (LONG // 4),
        "a'" * (LONG // 2) + " 907",
    ]
    for text in texts:
        began = process_time()

        READER.read(Article(title=None, text=text, lang=lang))

        assert process_time() - began < SECONDS
