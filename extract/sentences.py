"""Cuts a text into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.lexicon import Grammar
from extract.tokens import fold

_END = re.compile(r"[.!?…։]+[\"'”’»›)\]]*(?=\s)|[:](?=\s+[Ա-Ֆ])")
_WORD_BEFORE = re.compile(r"[^\s(«“\"]+$")
_NEXT = re.compile(r"\s+([\"'“‘«„(\[—–-]*\s*)(\S)")
MAX_SENTENCE = 2000  # characters; longer runs are cut so that reading stays linear


class Sentence(NamedTuple):
    """A stretch of a text. ``paragraph`` counts the lines of the text."""

    start: int
    end: int
    paragraph: int


def split_sentences(text: str, grammar: Grammar) -> list[Sentence]:
    """Returns the sentences of ``text``; no sentence runs over a line's end."""
    sentences = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        sentences += [Sentence(start + a, start + b, number) for a, b in _in_line(line, grammar)]
        start += len(line) + 1
    return sentences


def _in_line(line: str, grammar: Grammar) -> Iterator[tuple[int, int]]:
    start = 0
    pauses = _pauses(line, grammar)
    for found in _END.finditer(line):
        if found.group() in pauses or not _ends_here(line, start, found, grammar):
            continue
        yield from _bounded(line, start, found.end())
        start = found.end()
    yield from _bounded(line, start, len(line))


def _pauses(line: str, grammar: Grammar) -> frozenset[str]:
    """Returns the marks that end no sentence in ``line``.

    The word group ``pause`` names them, as for the Armenian full stop, which works as a colon. A
    line that closes with one shows that its writer ends sentences with it all the same.
    """
    marks = grammar.words.get("pause", frozenset())
    return frozenset() if line.rstrip()[-1:] in marks else marks


def _ends_here(line: str, start: int, found: re.Match[str], grammar: Grammar) -> bool:
    following = _NEXT.match(line, found.end())
    if following is None:
        return True
    letter = following[2]
    if letter.islower():
        return False
    if found.group()[0] != "." or len(found.group()) > 1:
        return True
    before = _WORD_BEFORE.search(line, max(start, found.start() - 40), found.start())
    return _may_end(before.group() if before else "", letter, grammar)


def _may_end(word: str, letter: str, grammar: Grammar) -> bool:
    """True where the full stop after ``word`` ends a sentence, ``letter`` being what follows."""
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False  # an initial
    if word.isdigit() and grammar.ordinal_dot and len(word) < 4:
        return False
    short = fold(word) + "."
    if letter.isdigit() and f"{short}#" in grammar.abbreviations:
        return False  # "No. 5", while "No." may end a sentence
    return short not in grammar.abbreviations


def _bounded(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE:
        cut = line.rfind(" ", start, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        yield start, cut
        start = cut
    if start < end:
        yield start, end
