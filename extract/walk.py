"""Walks from an action to the nearest thing on one side, and tells whether they belong together."""

from __future__ import annotations

from collections.abc import Sequence

from extract.discourse import Phrase
from extract.lexicon import CASES, GENDERS, Binding, Grammar, agree
from extract.lines import Line
from extract.matching import Term
from extract.tokens import Token

_QUOTES = frozenset("“”«»\"'‘’„‹›")
_ASIDE = {",": ",", ")": "(", "—": "—", "–": "–"}
_PARTING = frozenset(";:")
CLAUSE = 12  # tokens: no clause between a thing and what is done to it is longer
ASIDE = 25  # tokens: a remark between a thing and what is done to it is no longer
PARTNERS_APART = 6  # tokens between two things that share an action
_COMMAS = frozenset((*",՝—–-()/…", "..."))
# Terms that may stand between an action and its thing without parting them.
_CLEAR = frozenset(
    ("negation", "prospect", "hypothesis", "fact", "temporary", "question", "pass", "context")
)


_PARTING_CUES = frozenset(("prospect", "hypothesis", "question"))


class Ground:
    """What the walks over a sentence go over: the thing and the term at each token."""

    def __init__(self, line: Line, phrases: Sequence[Phrase]) -> None:
        self.line, self.phrases = line, phrases
        self.covers = {n: p for p in phrases for n in range(p.first, p.last + 1)}
        self.terms: dict[int, Term] = {}
        for term in line.terms:
            if term.entry.kind in _CLEAR or term.entry.kind == "action":
                for n in range(term.first, term.last + 1):
                    self.terms.setdefault(n, term)


class Walk:
    """One walk from an action to the nearest thing on one side.

    Attributes:
        is_of_other: Whether it ended at another thing, which by its case is what is acted on.
    """

    def __init__(self, action: Term, ground: Ground, grammar: Grammar, binding: Binding) -> None:
        self._action, self._line, self._phrases = action, ground.line, ground.phrases
        self._covers, self._terms = ground.covers, ground.terms
        self._grammar, self._words, self._binding = grammar, grammar.words, binding
        self._adverbs = tuple(grammar.words.get("adverb_ending", ()))
        self._unknown = 0
        self._commas = 0
        self._met: set[str] = set()
        self.is_of_other = False

    def to(self, side: str) -> Phrase | None:
        """Returns the thing that the action is done to on ``side``; None where there is none."""
        step = 1 if side == "right" else -1
        position = self._action.last + 1 if step > 0 else self._action.first - 1
        if self._binding.gap < 0:  # adjacent, but for how far the end goes: "its full repeal"
            faint = self._words.get("faint", frozenset())
            while 0 <= position < len(self._line.tokens) and (
                self._line.tokens[position].norm in faint
            ):
                position += step
            phrase = self._covers.get(position)
            return phrase if phrase is not None and self._fits(phrase) else None
        if (inner := self._inner()) is not None:
            return inner if self._fits(inner) else None
        while 0 <= position < len(self._line.tokens):
            phrase = self._covers.get(position)
            if phrase is not None and not self._overlaps(phrase):
                if self._steps_over(phrase):
                    position = phrase.last + 1 if step > 0 else phrase.first - 1
                    continue
                self.is_of_other = self._takes(phrase)
                if step < 0 and (partner := self._partner(phrase)) is not None:
                    return partner
                return phrase if phrase.thing != "unknown" and self._fits(phrase) else None
            aside = self._aside(position) if step < 0 else None
            if aside is not None:
                position = aside
                continue
            if not self._passes(position):
                return (self._told_of(position) or self._opener()) if step < 0 else None
            position += step
        return None

    def _told_of(self, position: int) -> Phrase | None:
        """Returns what a clause with a relative word is of, if ``position`` lies in one.

        "The statute that three generations had defended was repealed."
        """
        relative = self._words.get("relative", frozenset())
        parting = self._grammar.any_of("and_or", "stop") - relative
        tokens = self._line.tokens
        for n in range(position, max(position - CLAUSE, 0), -1):
            joined = n > 1 and tokens[n - 1].norm in self._words.get("and_or", frozenset())
            if tokens[n].norm in relative and joined and n - 1 not in self._covers:
                continue  # "which barred aid and which they repealed"
            if tokens[n].norm in relative:
                phrase = self._covers.get(n - 1) or self._covers.get(n - 2)
                known = phrase is not None and phrase.thing != "unknown"
                return phrase if phrase is not None and known and self._fits(phrase) else None
            again = n + 1 < position and tokens[n + 1].norm in relative
            if n in self._covers or not tokens[n].is_word:
                return None
            if tokens[n].norm in parting and not again:
                return None
        return None

    def _opener(self) -> Phrase | None:
        """Returns the thing that opens the sentence, where the action is joined to what it did.

        "Section 5 lasted for thirty years and collapsed in a day."
        """
        tokens, n = self._line.tokens, self._action.first - 1
        while n > 0 and self._is_light(tokens[n]):
            n -= 1
        if n <= 0 or tokens[n].norm not in self._words.get("and_or", frozenset()):
            return None
        phrase = self._phrases[0]
        others = (p for p in self._phrases[1:] if p.last < n and p.thing != "other")
        opens = all(not t.is_word or self._is_light(t) for t in tokens[: phrase.first])
        alone = phrase.explicit and not any(True for _ in others) and phrase.last < n
        return phrase if opens and alone and self._fits(phrase) else None

    def _partner(self, phrase: Phrase) -> Phrase | None:
        """Returns the law where it shares the action with ``phrase``: "Section 5 and the ban"."""
        joints = self._words.get("and_or", frozenset())
        tokens = self._line.tokens
        for other in self._phrases:
            between = range(other.last + 1, phrase.first)
            if other.thing != "law" or not 0 < len(between) <= PARTNERS_APART:
                continue
            parted = any(n in self._terms and self._terms[n].kind == "action" for n in between)
            if tokens[between.start].norm in joints and not parted and self._fits(other):
                return other
        return None

    def _inner(self) -> Phrase | None:
        """Returns the thing that stands between the parts of the action: "set it aside"."""
        first, end = self._action.gap
        return next((p for p in self._phrases if first <= p.first and p.last < end), None)

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

    def _takes(self, other: Phrase) -> bool:
        """True where another thing carries a case that the binding asks for."""
        cases = CASES & other.features & self._binding.cases
        return other.thing == "other" and bool(cases)

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
        if self._binding.governed == "any":
            return True
        group = self._words.get(self._binding.governed or "preposition", frozenset())
        light = self._words.get("attribute", frozenset())
        endings = tuple(self._words.get("attribute_ending", ())) if self._binding.governed else ()
        position = phrase.first - 1
        while position >= 0 and self._line.tokens[position].norm not in group:
            token = self._line.tokens[position]
            plain = token.norm not in light and token.text not in _QUOTES
            plain = plain and not (endings and token.norm.endswith(endings))
            if plain or self._opens_speech(position):
                return not self._binding.governed
            position -= 1
        return bool(self._binding.governed) == (position >= 0)

    def _opens_speech(self, position: int) -> bool:
        """True for the "that" of "wrote that Section 5 was repealed"."""
        if self._line.tokens[position].norm not in self._words.get("that", ()):
            return False
        return any(position - 1 <= term.last <= position for term in self._line.of("speech"))

    def _belongs_elsewhere(self, phrase: Phrase) -> bool:
        """True for a genitive that directly follows another action's noun: "its repeal"."""
        before = self._terms.get(phrase.first - 1)
        return (
            self._grammar.head == "first"
            and "gen" in phrase.features
            and before is not None
            and before is not self._action
            and before.kind == "action"
            and "noun" in before.features
        )

    def _aside(self, position: int) -> int | None:
        """Returns where the thing ends that a remark between marks, closed at ``position``, is on.

        For "Section 5, which had been law for years, was repealed".
        """
        tokens = self._line.tokens
        opener = _ASIDE.get(tokens[position].text)
        if opener is None or self._unknown:
            return None
        for n in range(position - 1, 0, -1):
            end = n - 2 if tokens[n - 1].text in _QUOTES else n - 1
            if tokens[n].text == opener and end in self._covers:
                return end
            if tokens[n].text in _PARTING or position - n > ASIDE:
                return None
        return None

    def _passes(self, position: int) -> bool:
        """True where the walk may go on over the token at ``position``."""
        token = self._line.tokens[position]
        self._met.add(token.norm)
        if self._is_of_another(position):
            return False
        if self._is_light(token):
            return True
        if token.text in _COMMAS:
            self._commas += 1
            return not self._ends_clause(position - 1) and self._commas <= self._binding.commas
        term = self._terms.get(position)
        if term is not None:
            if term.kind == "action":
                return self._coordinates(term) or self._describes(term)
            phrasal = term.last > term.first  # "так и не": the "and" in it parts nothing
            return phrasal or token.norm not in self._words.get("barrier", ())
        return self._leads_on(position) or self._is_gap(position)

    def _is_of_another(self, position: int) -> bool:
        """True for a word like "which" behind an unknown noun: "it is of a world that is gone"."""
        token = self._line.tokens[position]
        if position >= self._action.first or token.norm not in self._words.get("relative", ()):
            return False
        before = position - 1
        noun = self._line.tokens[before] if before > 0 else None
        if noun is None or not noun.is_word or before in self._covers or before in self._terms:
            return False
        return not self._is_light(noun) and noun.norm not in self._words.get("barrier", ())

    def _is_light(self, token: Token) -> bool:
        words = self._words
        group = words.get("verb_group", frozenset())
        if token.text in _QUOTES or token.norm in words.get("light", ()):
            return True
        return self._is_adverb(token) or token.norm in group or token.stem in group

    def _is_adverb(self, token: Token) -> bool:
        return bool(self._adverbs) and token.norm.endswith(self._adverbs)

    def _leads_on(self, position: int) -> bool:
        """True for a word or colon that ties the action to what lies beyond."""
        word, words = self._line.tokens[position].norm, self._words
        joins = word in words.get("joint", ()) and self._joins(position)
        related = joins or word in words.get("rel", ())
        return related or self._labels(position) or self._shares_subject(position)

    def _is_gap(self, position: int) -> bool:
        """True for an unknown word, while there are not too many."""
        token, words = self._line.tokens[position], self._words
        if token.norm in words.get("barrier", ()) or not token.is_word:
            return False
        if self._binding.stops and self._is_thing(position):
            return False
        self._unknown += 1
        return self._unknown <= self._binding.gap

    def _is_thing(self, position: int) -> bool:
        """True where a word's ending shows it to be what is acted on, and no other name follows."""
        endings = tuple(self._words.get(self._binding.stops, ()))
        after = self._line.tokens[position + 1 : position + 2]
        renamed = any(token.text in self._words.get("apposition", ()) for token in after)
        return self._line.tokens[position].norm.endswith(endings) and not renamed

    def _ends_clause(self, position: int) -> bool:
        """True where the word at ``position`` ends as finite verbs do, and is no action."""
        endings = tuple(self._words.get("clause_ending", ()))
        term = self._terms.get(position)
        known = term is not None and term.kind == "action"
        return bool(endings) and not known and self._line.tokens[position].norm.endswith(endings)

    def _labels(self, position: int) -> bool:
        """True for the colon of "Section 5: repealed" and "Repealed: Section 5"."""
        if self._line.tokens[position].text != ":":
            return False
        behind = position > self._action.last
        return (position + 1 if behind else position - 1) in self._covers and (
            position == self._action.last + 1 or not behind
        )

    def _shares_subject(self, position: int) -> bool:
        """True for the "and" of "Section 5 is unjust and must be repealed"."""
        words = self._words
        if self._line.tokens[position].norm not in words.get("and_or", ()):
            return False
        between = self._line.tokens[position + 1 : self._action.first]
        group = words.get("verb_group", frozenset())
        alone = not between and not self._binding.before  # "lived on inertia and died"
        return alone or (bool(between) and all(token.norm in group for token in between))

    def _joins(self, position: int) -> bool:
        """True where the word at ``position`` links this action to another one beyond it."""
        joints = self._grammar.any_of("joint", "verb_group")
        step = 1 if position > self._action.last else -1
        tokens = self._line.tokens
        while 0 <= position < len(tokens) and (
            tokens[position].norm in joints
            or tokens[position].text in _COMMAS
            or self._is_adverb(tokens[position])
        ):
            position += step
        term = self._terms.get(position)
        return term is not None and term.kind == "action" and self._coordinates(term)

    def _is_shared(self, position: int) -> bool:
        """True for a cue that actions may share; in "kills a bid to end it" a wish parts them."""
        term = self._terms.get(position)
        governs = self._grammar.head == "first" and position > self._action.last
        return term is not None and not (governs and term.kind in _PARTING_CUES)

    def _describes(self, other: Term) -> bool:
        """True for a participle before the noun that it tells of: "by a law signed yesterday"."""
        if self._grammar.head == "first" or self._binding.side == "right":
            return False
        before, acted = other.features, self._action.features
        return "rel" in before and "fin" not in before and "rel" not in acted

    def _coordinates(self, other: Term) -> bool:
        """True where another action shares this one's thing ("waived, not repealed")."""
        between = range(
            min(other.last, self._action.last) + 1, max(other.first, self._action.first)
        )
        joints = self._words.get("joint", frozenset())
        group = self._grammar.any_of("verb_group", "light")
        tokens = [self._line.tokens[n] for n in between]
        return all(
            t.norm in joints or t.norm in group or t.text in _COMMAS or t.text in _QUOTES
            or self._is_shared(n) or self._is_adverb(t)
            for n, t in zip(between, tokens, strict=True)
        )  # fmt: skip
