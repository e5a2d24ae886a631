"""Reads one entry of a lexicon file, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extract.entry import KINDS, NOUN_CLASSES, REPEATS, Entry
from extract.errors import LexiconError
from extract.outcomes import ACTIONS
from extract.patterns import spell_out

WHOLE_SENTENCE = 1000  # words: no sentence is longer
_TEXTS = ("kind", "value", "side")
_LISTS = ("patterns", "match", "unlike", "forms")
_NUMBERS = ("reach", "commas")
_NEEDED = ("patterns", "match", "unlike")
_VALUES = {"action": sorted(ACTIONS), "noun": NOUN_CLASSES, "repeat": sorted(REPEATS)}
_SIDES = ("left", "right", "both")


def read_entry(file: Path, line: int, raw: Any) -> Entry:
    """Returns the entry that ``raw`` is, the table at ``line`` of ``file``.

    Raises:
        LexiconError: For what is wrong first.
    """
    if not isinstance(raw, Mapping):
        raise LexiconError(file, line, "entries are written [[entry]], as tables")
    for why in _wrong(raw):
        raise LexiconError(file, line, why)
    try:
        patterns = tuple(one for pattern in raw["patterns"] for one in spell_out(pattern))
    except ValueError as error:
        raise LexiconError(file, line, f"patterns: {error}") from error
    return Entry(
        kind=raw["kind"],
        value=raw.get("value", ""),
        patterns=patterns,
        side=raw.get("side", "both"),
        reach=raw.get("reach", WHOLE_SENTENCE),
        forms=frozenset(raw.get("forms", ())),
        commas=raw.get("commas", WHOLE_SENTENCE),
        match=tuple(raw["match"]),
        unlike=tuple(raw["unlike"]),
        file=file,
        line=line,
    )


def _wrong(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yields what is wrong with a table, types before what depends on them."""
    known = (*_TEXTS, *_LISTS, *_NUMBERS)
    yield from (f"unknown key {key!r}" for key in sorted(set(raw) - set(known)))
    yield from _wrong_types(raw)
    kind, value = raw.get("kind", ""), raw.get("value", "")
    if kind not in KINDS:
        yield f"kind: {kind!r} is none of {', '.join(KINDS)}"
    if kind in _VALUES and value not in _VALUES[kind]:
        yield f"value: {value!r} is none of {', '.join(filter(None, _VALUES[kind]))}"
    if raw.get("side", "both") not in _SIDES:
        yield f"side: {raw['side']!r} is none of {', '.join(_SIDES)}"
    for key in _NEEDED:
        if not raw.get(key):
            yield f"{key} is missing: an entry needs patterns, and examples for and against"


def _wrong_types(raw: Mapping[str, Any]) -> Iterator[str]:
    for key in _TEXTS:
        if not isinstance(raw.get(key, ""), str):
            yield f"{key}: a text is needed, not {raw[key]!r}"
    for key in _LISTS:
        listed = raw.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(x, str) and x for x in listed):
            yield f"{key}: a list of texts is needed"
    for key in _NUMBERS:
        number = raw.get(key, 0)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            yield f"{key}: a whole number from 0 is needed, not {number!r}"
