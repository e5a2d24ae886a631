"""Runs the examples of lexicon entries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from extract.entry import Entry
from extract.errors import LexiconError
from extract.lexicon import Lexicon
from extract.lines import cut_lines


def wrong_example(entry: Entry, lexicon: Lexicon) -> str | None:
    """Returns which example of ``entry`` does not hold, and how, in one line; None where all do."""
    for text in entry.match:
        if not _is_found(entry, text, lexicon):
            return f"match: the entry is not found in {text!r}"
    for text in entry.unlike:
        if _is_found(entry, text, lexicon):
            return f"unlike: the entry is found in {text!r}"
    return None


def check_examples(folder: Path, lexicons: Iterable[Lexicon]) -> None:
    """Runs the examples of the entries that stand in ``folder``.

    Raises:
        LexiconError: One does not hold.
    """
    for lexicon in lexicons:
        for entry in lexicon.entries:
            if entry.file.parent == folder and (why := wrong_example(entry, lexicon)):
                raise LexiconError(entry.file, entry.line, why)


def _is_found(entry: Entry, text: str, lexicon: Lexicon) -> bool:
    """True where ``entry`` stands in ``text``, or another that says the same of the same words."""
    return any(
        term.entry is entry or (term.entry.patterns == entry.patterns and term.kind == entry.kind)
        for line in cut_lines(None, text, lexicon)
        for term in line.terms
    )
