"""Decides how an end is spoken of: as a fact, denied, in the future, supposed, asked.

A cue counts where its scope reaches the action: to the side it works on, as far as it works, and
not beyond a word that ends a clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.claim import Modality
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term

_KINDS = ("negation", "prospect", "hypothesis", "question", "fact", "temporary")
_ENDS = frozenset(";:")
TIGHT = 4  # tokens: a cue this close before an action outweighs those farther off


@dataclass(frozen=True, slots=True)
class Mood:
    """How an end is spoken of, and the cues that say so."""

    modality: Modality
    cues: tuple[Term, ...]
    temporary: bool = False


def decide_mood(action: Term, reads: str, line: Line, grammar: Grammar) -> Mood:
    """Returns the modality of ``action``, whose form turned out to be ``reads``."""
    features = action.features | ({reads} if reads else set())
    cues = {kind: _reaching(kind, action, features, line, grammar) for kind in _KINDS}
    temporary = bool(cues["temporary"])
    by_form = grammar.modality.get(reads) if reads else _by_features(action.features, grammar)
    negations = len(cues["negation"]) + ("negative" in features)
    modality: Modality = "asserted"
    used: list[Term] = []
    tight = [cue for cue in cues["fact"] if 0 <= action.first - cue.last <= TIGHT]
    if (line.asks() and _same_quote(action, line)) or cues["question"] or by_form == "question":
        modality, used = "question", cues["question"]
    elif negations % 2:
        modality, used = "negated", cues["negation"]
    elif cues["negation"]:
        used = cues["negation"]
    elif tight:
        used = tight
    elif cues["hypothesis"] or by_form == "hypothetical":
        modality, used = "hypothetical", cues["hypothesis"]
    elif cues["fact"]:
        used = cues["fact"]
    elif cues["prospect"] or by_form == "prospective":
        modality, used = "prospective", cues["prospect"]
    return Mood(modality, (*used, *cues["temporary"]), temporary)


def is_denied(action: Term, line: Line, grammar: Grammar) -> list[Term]:
    """Returns the negations that reach ``action``."""
    return _reaching("negation", action, action.features, line, grammar)


def _by_features(features: frozenset[str], grammar: Grammar) -> str | None:
    """Returns the modality that the form carries, where all its readings agree."""
    moods = {grammar.modality.get(f) for f in features if f in grammar.modality}
    return moods.pop() if len(moods) == 1 else None


def _same_quote(action: Term, line: Line) -> bool:
    """True where the question mark belongs to the words that the action stands in."""
    mark = next((n for n in range(len(line.tokens) - 1, -1, -1) if line.tokens[n].text in "?՞"), -1)
    return mark < 0 or line.quoted[mark] == line.quoted[action.first]


def _reaching(
    kind: str, action: Term, features: frozenset[str], line: Line, grammar: Grammar
) -> list[Term]:
    return [
        cue
        for cue in line.of(kind)
        if (not cue.entry.forms or cue.entry.forms & features)
        and _in_scope(cue, action, line, grammar)
    ]


def _in_scope(cue: Term, action: Term, line: Line, grammar: Grammar) -> bool:
    side = cue.entry.side
    if cue.last < action.first and side in ("right", "both"):
        between = range(cue.last + 1, action.first)
    elif cue.first > action.last and side in ("left", "both"):
        between = range(action.last + 1, cue.first)
    else:
        return cue.first <= action.last and cue.last >= action.first
    if _words_in(between, line) > cue.entry.reach:
        return False
    stops = grammar.words.get("stop", frozenset())
    if any(line.tokens[n].norm in stops or line.tokens[n].text in _ENDS for n in between):
        return False
    return cue.kind != "negation" or _denies(between, line, grammar)


def _denies(between: range, line: Line, grammar: Grammar) -> bool:
    """True where a negation reaches over ``between``: a comma or another action uses it up."""
    joints = grammar.words.get("and_or", frozenset())
    others = [t for t in line.of("action") if t.first in between]
    if others:
        return any(line.tokens[n].norm in joints for n in range(others[0].last, between.stop))
    return not any(line.tokens[n].text == "," for n in between)


def _words_in(between: range, line: Line) -> int:
    return sum(line.tokens[n].is_word for n in between)
