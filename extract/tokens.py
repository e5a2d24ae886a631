"""Cuts text into tokens and folds their spelling."""

from __future__ import annotations

import re
from typing import NamedTuple

# A number may carry an ordinal or case ending ("5-ci", "5'nin", "5th"); a word may hold
# apostrophes, hyphens and Armenian accent marks; everything else counts by the character.
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:[-‐‑–֊'’ʼ`]?[^\W\d_]+)*"
    r"|[^\W\d_]++(?:[\u0300-\u036f]++|[^\W\d_]++|[՛՞՜](?=[^\W\d_])"
    r"|[-‐‑֊'’ʼ`](?=[^\W\d_]))*+[՛՞՜]?"
    r"|\.\.\.|[^\s\w]|_"
)
_FOLD = str.maketrans({
    "İ": "i", "I": "i", "ı": "i", "ё": "е", "Ё": "е", "’": "'", "ʼ": "'", "`": "'",
    "Σ": "σ", "ς": "σ",  # which of them is a capital's small letter depends on what follows
    "‐": "-", "‑": "-", "–": "-", "֊": "-", "և": "եվ",
    "՛": None, "՞": None, "՜": None, "\u0301": None, "\u0307": None,
})  # fmt: skip

_FOLDED = {chr(sign): other or "" for sign, other in _FOLD.items()}
_LONG = 200


def fold(text: str) -> str:
    """Returns the spelling under which words are compared.

    Case, the Turkic dotted and dotless i, the Russian ё, the kinds of apostrophe and hyphen, and
    the Armenian accent marks make no difference; nor do the ways to write the Armenian ``ev``.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    if len(text) < _LONG:
        return text.translate(_FOLD).lower().replace("եւ", "եվ")
    # The same, near ten times as fast for what is long.
    for sign, other in _FOLDED.items():
        if sign in text:
            text = text.replace(sign, other)
    return text.lower().replace("եւ", "եվ")


class Token(NamedTuple):
    """A word, number or mark. Offsets count characters of the text it was cut from.

    Attributes:
        norm: The folded spelling.
        stem: ``norm`` up to its apostrophe, where it has one.
    """

    text: str
    start: int
    end: int
    norm: str
    stem: str

    @property
    def is_word(self) -> bool:
        """True for words and numbers, False for marks."""
        return self.text[0].isalnum()


_token = tuple.__new__  # what a named tuple's own constructor calls, and half as dear


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Returns the tokens of ``text[start:end]`` with offsets into ``text``."""
    tokens: list[Token] = []
    add, find, new = tokens.append, text.find, _token  # looked up once: this is the hot path
    position = start
    for word in _TOKEN.findall(text, start, len(text) if end is None else end):
        position = find(word, position)  # nothing but white space lies before it
        following = position + len(word)
        norm, stem = _SPELLINGS[word]
        add(new(Token, (word, position, following, norm, stem)))
        position = following
    return tokens


def cut_words(text: str) -> list[str]:
    """Returns the words, numbers and marks of ``text`` as they are spelt."""
    return _TOKEN.findall(text)


class _Spellings(dict[str, tuple[str, str]]):
    """The folded spelling of each word met, and its part before an apostrophe.

    A language's words recur; emptied when it is full.
    """

    def __missing__(self, word: str) -> tuple[str, str]:
        if len(self) >= _MOST_SPELLINGS:
            self.clear()
        norm = fold(word) or word
        known = self[word] = norm, norm.split("'", 1)[0] if "'" in norm[1:] else norm
        return known


_MOST_SPELLINGS = 100_000
_SPELLINGS = _Spellings()


def spelling(word: str) -> tuple[str, str]:
    """Returns the folded spelling of ``word``, and its part before an apostrophe."""
    return _SPELLINGS[word]
