"""Cutting text into tokens."""

import pytest

from extract.tokens import fold, tokenise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Section907", ["section", "907"]),
        ("№907", ["№", "907"]),
        ("907-ci düzəliş", ["907-ci", "düzəliş"]),
        ("907-ю поправку", ["907-ю", "поправку"]),
        ("907'nin iptali", ["907'nin", "iptali"]),
        ("the 907th Amendment.", ["the", "907th", "amendment", "."]),
        ("didn’t repeal", ["didn't", "repeal"]),
        ("Կչեղարկվի՞ արդյոք", ["կչեղարկվի", "արդյոք"]),
        ("U.S.", ["u", ".", "s", "."]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Numbers keep their endings, words their apostrophes, and marks stand alone."""
    assert expected == [token.norm for token in tokenise(text)]


def test_offsets_are_those_of_the_text() -> None:
    """A token's offsets cut its own text out of the whole."""
    text = "Tramp 907-ci düzəlişi LƏĞV ETDİ – “APA”"

    assert all(text[token.start : token.end] == token.text for token in tokenise(text))


def test_only_the_asked_part_is_cut() -> None:
    """Start and end bound the tokens; their offsets still count from the text's beginning."""
    tokens = tokenise("one two three", 4, 7)

    assert [("two", 4, 7)] == [(token.text, token.start, token.end) for token in tokens]


@pytest.mark.parametrize(
    ("one", "other"),
    [("LƏĞV ETDİ", "ləğv etdi"), ("ЕЩЁ", "еще"), ("Trump’ın", "trump'in"), ("907‑ci", "907-ci")],
)
def test_spellings_fold_together(one: str, other: str) -> None:
    """Case, dotless i, ё, apostrophes and hyphens make no difference."""
    assert fold(one) == fold(other)
