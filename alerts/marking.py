"""Cuts a claim's sentence into stretches, so that its cues can be shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

# What could forge lines or headers ends up a space; what is invisible, or turns the direction of
# text, is left out, so that a word with a soft hyphen stays a word.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SPACES = re.compile(r"\s+")
MARGIN = 280
LONGEST = 1200


def plain(text: str) -> str:
    """The text as one line without characters that act on their surroundings."""
    return _SPACES.sub(" ", _BREAKS.sub(" ", _INVISIBLE.sub("", text)))


def plain_deep(value: Any) -> Any:
    """JSON values with every text made plain; keys stay."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: plain_deep(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_deep(one) for one in value]
    return value


def shorten(text: str, longest: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def stretches(claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A claim's sentence as ``{"text", "cue"}`` in order; long context around the cues is cut.

    Args:
        claim: A claim as :func:`alerts.payload.claim_data` writes it. A cue that does not lie
            within the sentence is passed over.
    """
    sentence = str(claim["sentence"])
    marks = [0] * len(sentence)
    for start, end in _spans(claim, sentence):
        marks[start:end] = [1] * (end - start)
    edges = [i for i in range(1, len(sentence)) if marks[i] != marks[i - 1]]
    parts = [
        {"text": sentence[start:end], "cue": bool(marks[start])}
        for start, end in pairwise([0, *edges, len(sentence)])
    ]
    return [{**part, "text": plain(part["text"])} for part in _trimmed(parts)]


def _spans(claim: Mapping[str, Any], sentence: str) -> list[tuple[int, int]]:
    base = int(claim["start"])
    spans = [(int(cue["start"]) - base, int(cue["end"]) - base) for cue in claim["cues"]]
    return [(start, end) for start, end in spans if 0 <= start < end <= len(sentence)]


def _trimmed(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if sum(len(part["text"]) for part in parts) <= LONGEST:
        return parts
    last = len(parts) - 1
    return [
        {**part, "text": _cut(part["text"], head=i > 0, tail=i < last)}
        for i, part in enumerate(parts)
    ]


def _cut(text: str, *, head: bool, tail: bool) -> str:
    """Keeps what touches a cue: the head after one, the tail before one."""
    if len(text) <= MARGIN * 2:
        return text
    if head or tail:
        return (text[:MARGIN] if head else "") + " … " + (text[-MARGIN:] if tail else "")
    return text[: MARGIN * 2] + " …"
