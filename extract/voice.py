"""Decides who says it: the outlet itself, somebody in quotation marks, or somebody by report."""

from __future__ import annotations

from dataclasses import dataclass

from extract.claim import Voice
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term

_COMMA = frozenset(',–—-”»"')
SPEAKER_WORDS = 7  # a headline's "Speaker: words" has a short left side


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose voice it is, and the cues that say so."""

    voice: Voice
    cues: tuple[Term, ...] = ()


def decide_voice(action: Term, line: Line, grammar: Grammar) -> Speaker:
    """Returns whose words ``action`` stands in."""
    quotation = line.quoted[action.first]
    if quotation in line.speech:
        return Speaker("quoted")
    for cue in line.of("speech"):
        if line.quoted[cue.first] in line.speech:
            continue
        if _covers(cue, action, line, grammar):
            return Speaker("reported", (cue,))
    if _after_speaker(action, line, grammar):
        return Speaker("reported")
    return Speaker("own")


def _covers(cue: Term, action: Term, line: Line, grammar: Grammar) -> bool:
    side = cue.entry.side
    if cue.last < action.first:
        if side not in ("right", "both"):
            return False
        between = range(cue.last + 1, action.first)
        return _reaches(cue, between, line, grammar)
    if cue.first > action.last:
        if side not in ("left", "both"):
            return False
        between = range(action.last + 1, cue.first)
        if not _reaches(cue, between, line, grammar):
            return False
        return side == "left" or grammar.reported_left or _closing(cue, between, line, grammar)
    return True


def _reaches(cue: Term, between: range, line: Line, grammar: Grammar) -> bool:
    words = sum(line.tokens[n].is_word for n in between)
    stops = grammar.words.get("speech_stop", frozenset())
    return words <= cue.entry.reach and not any(
        line.tokens[n].text == ";" or line.tokens[n].norm in stops for n in between
    )


def _closing(cue: Term, between: range, line: Line, grammar: Grammar) -> bool:
    """True for "..., he said": what is said comes first, and nothing more is said after."""
    if not any(line.tokens[n].text in _COMMA for n in between):
        return False
    that = grammar.words.get("that", frozenset())
    after = line.tokens[cue.last + 1 :]
    return not any(token.norm in that for token in after)


def _after_speaker(action: Term, line: Line, grammar: Grammar) -> bool:
    colon = next(
        (n for n, t in enumerate(line.tokens[: action.first]) if _is_colon(t.text, grammar)), -1
    )
    if colon < 0 or not line.tokens[0].text[0].isupper():
        return False
    left = line.tokens[:colon]
    if sum(t.is_word for t in left) > SPEAKER_WORDS:
        return False
    labels = grammar.words.get("label", frozenset())
    if any(t.norm in labels or t.norm.isdigit() for t in left):
        return False
    named = {n for term in line.of("name", "bare", "description", "action") for n in (term.first,)}
    return not any(n < colon for n in named)


def _is_colon(text: str, grammar: Grammar) -> bool:
    return text == ":" or text in grammar.words.get("colon", frozenset())
