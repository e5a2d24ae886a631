"""What a text must hold for the law to be named in it: only a no is sure, and every no is."""

import json
import random
from pathlib import Path

import pytest

from extract.article import Article
from extract.entry import NAMES
from extract.lexicon import Lexicon
from extract.lines import cut_lines
from extract.matching import holds_any
from extract.needles import Needles
from extract.reader import Reader
from extract.tokens import fold
from tests.support.warm import load_once

ROOT = Path(__file__).parents[2]
READER: Reader = load_once(*sorted((ROOT / "crawler" / "watches").glob("*/lexicons")))
LANGUAGES = sorted(READER.languages)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("section 5 of it", True),
        ("the ban in ruritania", True),
        ("ruritania banned it", True),
        ("the ban elsewhere", False),
        ("section 6", False),
        ("", False),
    ],
)
def test_one_needle_of_each_step(text: str, expected: bool) -> None:
    """A text passes where every step of one pattern has a needle in it."""
    needles = Needles(
        [[["section", "article"], ["5"]], [["ban", "bans"], ["", "x"], ["ruritania"]]]
    )

    assert expected is needles.may_be_in(text)


def test_a_pattern_without_needles_is_anywhere() -> None:
    """Where nothing is needed, nothing is denied."""
    assert Needles([[["ban"]], [[""]]]).may_be_in("")


def test_no_patterns_are_nowhere() -> None:
    """What names nothing is found nowhere."""
    assert not Needles([]).may_be_in("any text")


def _names(text: str, lexicon: Lexicon) -> bool:
    return any(line.of(*NAMES) for line in cut_lines(None, text, lexicon))


def _hold(text: str, lexicon: Lexicon) -> None:
    if _names(text, lexicon):
        assert lexicon.needles.may_be_in(fold(text)), text
        assert holds_any(text.split("\n"), lexicon.names), text
        assert READER.may_name_law(text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_example_is_denied(lang: str) -> None:
    """Whatever an entry's examples name, may be named by all that is asked first."""
    lexicon = READER.lexicons[lang]
    for entry in lexicon.entries:
        for text in (*entry.match, *entry.unlike):
            _hold(text, lexicon)
            _hold(text.upper(), lexicon)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_labelled_case_is_denied(lang: str) -> None:
    """Nor is one of our labelled cases."""
    for line in (ROOT / "tests" / "cases" / f"{lang}.jsonl").read_text("utf-8").splitlines():
        _hold(json.loads(line)["text"], READER.lexicons[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", range(3))
def test_no_form_is_denied(lang: str, seed: int) -> None:
    """Nor is a row of words that name the law, each in any of its forms."""
    lexicon, chance = READER.lexicons[lang], random.Random(seed)
    grown: dict[str, list[str]] = {}
    for form, readings in lexicon.forms.items():
        for word, _ in readings:
            grown.setdefault(word, []).append(form)
    for steps in lexicon.naming_steps():
        words = [chance.choice(grown[chance.choice(step.words)]) for step in steps if step.words]
        _hold(" ".join(words), lexicon)


def test_a_cut_word_is_not_overlooked() -> None:
    """Reading cuts what has no end, and may find a name where the cut falls."""
    text = "1" * 2000 + "907"

    assert READER.read(Article(title=None, text=f"Section {text}", lang="en")).unread is None
    assert READER.may_name_law(text)
