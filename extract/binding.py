"""Binds an action to the thing it is done to.

Follows the languages' word order as data (:class:`extract.lexicon.Binding`): from the action, walk
to the nearest thing on the side where the form of the action has its object or subject. What lies
between decides whether they belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.discourse import Phrase
from extract.lexicon import Binding, Grammar
from extract.lines import Line
from extract.matching import Term
from extract.walk import Ground, Walk

_CLOSE = frozenset(",)”»’›]")


@dataclass(frozen=True, slots=True)
class Bound:
    """An action and the thing it is done to."""

    action: Term
    phrase: Phrase
    binding: Binding


def bind(action: Term, line: Line, phrases: Sequence[Phrase], grammar: Grammar) -> Bound | None:
    """Returns the thing that ``action`` is done to in ``line``; None where none is found."""
    if all(phrase.thing == "other" for phrase in phrases):
        return None  # nothing is done to another thing that we read
    before = _before(action.first, line, grammar)
    ground = Ground(line, phrases)
    for binding in grammar.bindings_for(action.features | {action.value}):
        if not _stands(action, line, binding, grammar, before):
            continue
        if binding.objectless and _has_object(action, line, phrases, grammar):
            continue
        for side in ("right", "left") if binding.side == "both" else (binding.side,):
            walk = Walk(action, ground, grammar, binding)
            phrase = walk.to(side)
            if phrase is not None:
                return Bound(action, phrase, binding)
            if walk.is_of_other:
                return None
    return None


def reading_of(action: Term, line: Line, grammar: Grammar) -> str | None:
    """Returns what the form of ``action`` reads as where its thing is unsaid; None for no form."""
    before = _before(action.first, line, grammar)
    fitting = grammar.bindings_for(action.features | {action.value})
    stands = (b for b in fitting if _stands(action, line, b, grammar, before))
    return next((binding.reads for binding in stands), None)


def _stands(
    action: Term, line: Line, binding: Binding, grammar: Grammar, before: frozenset[str]
) -> bool:
    """True where ``before``, the action's verb group, is what the binding asks for."""
    if binding.initial and not _begins(action, line):
        return False
    for group in (binding.before, binding.also):
        if group and before.isdisjoint(grammar.words.get(group, ())):
            return False
    lacks = grammar.words.get(binding.lacks) if binding.lacks else None
    return not lacks or not (
        before & lacks or _ends_as(_governor(action.first, line, grammar), lacks)
    )


def _has_object(action: Term, line: Line, phrases: Sequence[Phrase], grammar: Grammar) -> bool:
    """True where an object follows: "Section 5, then repealed the tariff"."""
    after = action.last + 1
    if after >= len(line.tokens):
        return False
    determiner = line.tokens[after].norm in grammar.words.get("determiner", frozenset())
    return determiner or any(p.first == after for p in phrases)


def _begins(action: Term, line: Line) -> bool:
    if action.first == 0:
        return True
    mark = line.tokens[action.first - 1]
    return not mark.is_word and mark.text not in _CLOSE


def _before(position: int, line: Line, grammar: Grammar) -> frozenset[str]:
    """Returns the words before an action, as far as they can belong to its verb group."""
    group = grammar.words.get("verb_group", frozenset())
    adverbs = tuple(grammar.words.get("adverb_ending", ()))
    words = set()
    for token in reversed(line.tokens[max(0, position - 6) : position]):
        adverb = bool(adverbs) and token.norm.endswith(adverbs)
        if token.norm not in group and token.stem not in group and not adverb:
            break
        words.add(token.norm)
        words.add(token.stem)
    return frozenset(words)


def _governor(position: int, line: Line, grammar: Grammar) -> str:
    """Returns the word before the auxiliaries of an action: it "is planning" to do it."""
    group = grammar.words.get("verb_group", frozenset())
    while position > 0 and line.tokens[position - 1].norm in group:
        position -= 1
    return line.tokens[position - 1].norm if position > 0 else ""


def _ends_as(word: str, group: frozenset[str]) -> bool:
    """True where ``word`` bears an ending that ``group`` lists, as ``-ending``."""
    return word.endswith(tuple(one[1:] for one in group if one.startswith("-")))
