"""Says what is wrong with the shape of a lexicon file, before anything in it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_GRAMMAR = (
    "definite", "ordinal_dot", "reported_left", "abbreviations", "sounds", "modality", "binding",
)  # fmt: skip
_KEYS = {"lang", "head", "inflection", "words", "entry", *_GRAMMAR}
_TABLES = ("sounds", "inflection", "words", "modality")
_HEADS = ("first", "last")


def wrong_shape(table: Mapping[str, Any]) -> str | None:
    """Returns what is wrong first with the table that a lexicon file is; None for nothing."""
    return next(_wrong(table), None)


def _wrong(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {key!r}" for key in sorted(set(table) - _KEYS))
    if not isinstance(table.get("lang"), str):
        yield "lang is missing"
    if table.get("head", "first") not in _HEADS:
        yield f"head: {table['head']!r} is none of {', '.join(_HEADS)}"
    for key in _GRAMMAR:
        if key in table and "head" not in table:
            yield f"{key} belongs to the file that gives the language's grammar, with its head"
    yield from (f"{key}: a table is needed" for key in _TABLES if not _is_table(table.get(key, {})))
    for name, words in table.get("words", {}).items():
        if not _is_texts(words):
            yield f"words.{name}: a list of texts is needed"
    for name, endings in table.get("inflection", {}).items():
        if not _is_table(endings):
            yield f"inflection.{name}: a table is needed"
        for features, listed in endings.items():
            if not isinstance(listed, str) and not _is_texts(listed):
                yield f"inflection.{name}: {features!r}: a text or a list of texts is needed"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
