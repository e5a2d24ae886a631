"""What is known when a sentence is read, and a claim in the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.claim import Claim, EndState
from extract.discourse import Discourse, Phrase
from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term
from extract.modality import Mood
from extract.voice import reads_out

BILL_LINES = 2  # how far back a bill may lie whose text a sentence still gives
ENDING = frozenset(("repeal", "remove", "vanish"))
OPEN = frozenset(("prospective", "hypothetical", "question"))  # said of what is not done
WAIVER_AHEAD = 5  # how far ahead of the law's first naming its waiver may be spoken of
WAIVER_LINES = 15  # how far back the law may lie of which a waiver is


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with the things in it and all that was read before it.

    Attributes:
        claims: The claims of earlier sentences, in order.
    """

    line: Line
    phrases: Sequence[Phrase]
    grammar: Grammar
    discourse: Discourse
    claims: Sequence[Claim]

    @property
    def names_law_soon(self) -> bool:
        """True where the law was named before, or is about to be."""
        ahead = self.discourse.first_line - self.line.index <= WAIVER_AHEAD
        return self.discourse.law_seen or ahead

    @property
    def since_law(self) -> int:
        """How many sentences ago the law or its waiver was spoken of."""
        known = self.discourse
        return self.line.index - max(known.law_line, known.topic_line, known.waiver_line)

    def gives_bill(self, action: Term) -> bool:
        """True where a bill (of the word group ``proposal``) was spoken of before ``action``."""
        bills = self.group("proposal")
        if self.line.index - self.discourse.bill_line <= BILL_LINES:
            return True
        return any(t.norm in bills for t in self.line.tokens[: action.first])

    def reads_out(self, action: Term) -> bool:
        """True where a text is read out that ``action`` stands in: "it states: ..."."""
        return reads_out(action, self.line, self.grammar)

    def quotes_bill(self, action: Term) -> bool:
        """True where a bill is named before the colon that ``action`` stands behind."""
        before = [t.norm for t in self.line.tokens[: action.first]]
        colon = before.index(":") if ":" in before else 0
        return not self.group("proposal").isdisjoint(before[:colon])

    def notes_bill(self) -> bool:
        """True where the sentence itself speaks of a bill, be it as "the text" of one."""
        known, here = self.discourse, self.line.index
        again = here - known.bill_line <= BILL_LINES and known.waiver_line <= known.bill_line
        groups = ("proposal", "document") if again else ("proposal",)
        return self.line.holds(self.grammar.any_of(*groups))

    def group(self, name: str) -> frozenset[str]:
        """Returns a word group of the language."""
        return self.grammar.words.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in the making: what decided, in one sentence."""

    action: Term
    end_state: EndState
    mood: Mood
    phrase: Phrase | None = None
