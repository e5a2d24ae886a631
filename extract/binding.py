"""Binds an action to the thing it is done to.

Follows the languages' word order as data (:class:`extract.lexicon.Binding`): from the action, walk
to the nearest thing on the side where the form of the action has its object or subject. What lies
between decides whether they belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.lexicon import CASES, GENDERS, Binding, Grammar, agree
from extract.lines import Line
from extract.matching import Term
from extract.phrases import Phrase

_QUOTES = frozenset("“”«»\"'‘’„‹›")
_COMMAS = frozenset(",՝—–-()/")
# Terms that may stand between an action and its thing without parting them.
_CLEAR = frozenset(
    ("negation", "prospect", "hypothesis", "fact", "temporary", "question", "pass", "context")
)


@dataclass(frozen=True, slots=True)
class Bound:
    """An action and the thing it is done to."""

    action: Term
    phrase: Phrase
    binding: Binding


def bind(action: Term, line: Line, phrases: Sequence[Phrase], grammar: Grammar) -> Bound | None:
    """Returns the thing that ``action`` is done to in ``line``; None where none is found."""
    for binding in grammar.bindings:
        if not _has_form(action, binding):
            continue
        if not _stands(action, line, binding, grammar):
            continue
        for side in ("right", "left") if binding.side == "both" else (binding.side,):
            phrase = _Walk(action, line, phrases, grammar, binding).to(side)
            if phrase is not None:
                return Bound(action, phrase, binding)
    return None


def _has_form(action: Term, binding: Binding) -> bool:
    return "any" in binding.forms or any(
        form in action.features or ("+" in form and action.features.issuperset(form.split("+")))
        for form in binding.forms
    )


def _stands(action: Term, line: Line, binding: Binding, grammar: Grammar) -> bool:
    """True where the words directly before the action are those that the binding asks for."""
    before = _before(action.first, line, grammar)
    if binding.lacks and before & grammar.words.get(binding.lacks, frozenset()):
        return False
    return not binding.before or bool(before & grammar.words.get(binding.before, frozenset()))


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


class _Walk:
    """One walk from an action to the nearest thing on one side."""

    def __init__(
        self,
        action: Term,
        line: Line,
        phrases: Sequence[Phrase],
        grammar: Grammar,
        binding: Binding,
    ) -> None:
        self._action, self._line, self._phrases = action, line, phrases
        self._words, self._binding = grammar.words, binding
        self._adverbs = tuple(grammar.words.get("adverb_ending", ()))
        self._unknown = 0
        self._commas = 0
        self._met: set[str] = set()
        self._covers = {n: p for p in phrases for n in range(p.first, p.last + 1)}
        self._terms: dict[int, Term] = {}
        for term in line.terms:
            if term.kind in _CLEAR or term.kind == "action":
                for n in range(term.first, term.last + 1):
                    self._terms.setdefault(n, term)

    def to(self, side: str) -> Phrase | None:
        step = 1 if side == "right" else -1
        position = self._action.last + 1 if step > 0 else self._action.first - 1
        if self._binding.gap < 0:  # strictly adjacent
            phrase = self._covers.get(position)
            return phrase if phrase is not None and self._fits(phrase) else None
        while 0 <= position < len(self._line.tokens):
            phrase = self._covers.get(position)
            if phrase is not None and not self._overlaps(phrase):
                if self._steps_over(phrase):
                    position = phrase.last + 1 if step > 0 else phrase.first - 1
                    continue
                return phrase if phrase.thing != "unknown" and self._fits(phrase) else None
            if not self._passes(position):
                return None
            position += step
        return None

    def _overlaps(self, phrase: Phrase) -> bool:
        return phrase.first <= self._action.last and phrase.last >= self._action.first

    def _steps_over(self, phrase: Phrase) -> bool:
        """True where case or a postposition shows that ``phrase`` is not what is acted on."""
        if not self._binding.over:
            return False
        after = self._line.tokens[phrase.last + 1 : phrase.last + 2]
        if any(token.norm in self._words.get("postposition", ()) for token in after):
            return True
        return not agree(phrase.features, self._binding.cases, (CASES,))

    def _fits(self, phrase: Phrase) -> bool:
        if phrase.thing == "other":
            return False
        if self._binding.cases and not agree(phrase.features, self._binding.cases, (CASES,)):
            return False
        if self._binding.agrees and not agree(
            phrase.features, self._action.features, (CASES, GENDERS)
        ):
            return False
        if not self._governed(phrase) or self._belongs_elsewhere(phrase):
            return False
        between = self._binding.between
        return not between or bool(self._met & self._words.get(between, frozenset()))

    def _governed(self, phrase: Phrase) -> bool:
        """True where the word before ``phrase`` is the preposition that the binding asks for."""
        group = self._words.get(self._binding.governed or "preposition", frozenset())
        light = self._words.get("light", frozenset())
        position = phrase.first - 1
        while position >= 0 and self._line.tokens[position].norm not in group:
            token = self._line.tokens[position]
            if token.norm not in light and token.text not in _QUOTES:
                return not self._binding.governed
            position -= 1
        return bool(self._binding.governed) == (position >= 0)

    def _belongs_elsewhere(self, phrase: Phrase) -> bool:
        """True for a genitive that directly follows another action's noun: "its repeal"."""
        before = self._terms.get(phrase.first - 1)
        return (
            "gen" in phrase.features
            and before is not None
            and before is not self._action
            and "noun" in before.features
        )

    def _passes(self, position: int) -> bool:
        """True where the walk may go on over the token at ``position``."""
        token = self._line.tokens[position]
        words = self._words
        self._met.add(token.norm)
        if token.text in _QUOTES or token.norm in words.get("light", ()):
            return True
        if self._adverbs and token.norm.endswith(self._adverbs):
            return True
        if token.norm in words.get("verb_group", ()) or token.stem in words.get("verb_group", ()):
            return True
        if token.text in _COMMAS:
            self._commas += 1
            return not self._ends_clause(position - 1) and self._commas <= self._binding.commas
        term = self._terms.get(position)
        if term is not None:
            return term.kind != "action" or self._coordinates(term)
        joins = token.norm in words.get("joint", ()) and self._joins(position)
        if joins or token.norm in words.get("rel", ()):
            return True
        if token.norm in words.get("barrier", ()) or not token.is_word:
            return False
        if self._binding.stops and token.norm.endswith(tuple(words.get(self._binding.stops, ()))):
            return False
        self._unknown += 1
        return self._unknown <= self._binding.gap

    def _ends_clause(self, position: int) -> bool:
        """True where the word at ``position`` ends as finite verbs do, and is no action."""
        endings = tuple(self._words.get("clause_ending", ()))
        term = self._terms.get(position)
        known = term is not None and term.kind == "action"
        return bool(endings) and not known and self._line.tokens[position].norm.endswith(endings)

    def _joins(self, position: int) -> bool:
        """True where the word at ``position`` links this action to another one beyond it."""
        joints = self._words.get("joint", frozenset()) | self._words.get("verb_group", frozenset())
        step = 1 if position > self._action.last else -1
        tokens = self._line.tokens
        while 0 <= position < len(tokens) and (
            tokens[position].norm in joints or tokens[position].text in _COMMAS
        ):
            position += step
        term = self._terms.get(position)
        return term is not None and term.kind == "action" and self._coordinates(term)

    def _coordinates(self, other: Term) -> bool:
        """True where another action shares this one's thing ("waived, not repealed")."""
        between = range(
            min(other.last, self._action.last) + 1, max(other.first, self._action.first)
        )
        joints = self._words.get("joint", frozenset())
        group = self._words.get("verb_group", frozenset()) | self._words.get("light", frozenset())
        tokens = [self._line.tokens[n] for n in between]
        return all(
            t.norm in joints or t.norm in group or t.text in _COMMAS or t.text in _QUOTES
            or self._terms.get(n) is not None
            for n, t in zip(between, tokens, strict=True)
        )  # fmt: skip
