"""Tells an edit of an article from what changes on a page by itself. Pure."""

from __future__ import annotations

import re
import unicodedata

from extract.dates import month_names
from extract.tokens import fold

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_MARKS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "ʼ": "'", "`": "'",
    "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "…": "...",
})  # fmt: skip
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d")
_SENTENCE_END = (".", "!", "?", "։", ":", "…", '"')
_SHORT = 80
_FEW_WORDS = 3


def essence(title: str | None, text: str) -> str:
    """What is left of an article when all is taken away that changes by itself.

    White space, kinds of quotation marks and dashes, and invisible characters make no difference;
    nor do short lines that only hold a date, a time or a count, or a few words and no sentence:
    datelines, counters, buttons, credits. The headline is kept whole.
    """
    lines = [line for line in map(_plain, text.split("\n")) if line]
    # A text of nothing but short lines is no furniture.
    story = [line for line in lines if not _is_furniture(line)] or lines
    return "\n".join([_plain(title or ""), " ".join(story)])


def _plain(text: str) -> str:
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _SPACE.sub(" ", visible.translate(_MARKS)).strip()


def _is_furniture(line: str) -> bool:
    """Whether a line is no part of the story: what it holds besides dates and counts is little."""
    if len(line) > _SHORT:
        return False
    words = [word for word in _WORD.findall(line) if fold(word) not in month_names()]
    if len(words) > _FEW_WORDS:
        return False
    return _NUMBER.search(line) is not None or not line.endswith(_SENTENCE_END)
