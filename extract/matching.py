"""Finds a lexicon's entries in a sentence; the longest match wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from extract.entry import NAMES, Entry
from extract.patterns import CLOSE, OPENING
from extract.tokens import Token, cut_words
from extract.tree import Node
from extract.vocabulary import Vocabulary, needed_after

_HARD = frozenset('.;!?…:։«»“”"()')

_CLOSED_BY = {"«": "»", "“": "”", "„": "“", '"': '"'}
_NO_GAP = (0, 0)
_NAME = "ꙮ"  # stands for a name: a letter that is part of no word


class Term(NamedTuple):
    """An entry found in a sentence.

    Attributes:
        first: Index of its first token in the sentence.
        last: Index of its last token.
        features: Grammatical features of its last inflected word.
        gap: The tokens that a gap of its pattern skipped, as first and one past the last.
    """

    first: int
    last: int
    entry: Entry
    features: frozenset[str]
    gap: tuple[int, int] = (0, 0)

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.entry.kind

    @property
    def value(self) -> str:
        """The entry's value."""
        return self.entry.value


_term = tuple.__new__  # what a named tuple's own constructor calls, and half as dear


def find_terms(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Term]:
    """Returns the entries found, by position; what lies inside a longer match is left out.

    Between the parts of a verb or a cue, a name of the law is one word, however long.
    """
    search = _Search([token.text for token in tokens], vocabulary)
    search.run()
    found = search.found
    if search.gaps:
        found += _around_names(search, vocabulary)
    return _longest(found)


def _around_names(search: _Search, vocabulary: Vocabulary) -> Iterator[Term]:
    """Yields the verbs and cues found around a name: "set Section 5 of ... aside"."""
    names = [t for t in search.found if t[1] > t[0] and t.entry.kind in NAMES]
    first = {t.first for t in names for gap in search.gaps if gap.start <= t.first < gap.stop}
    if not first:
        return
    inside = {n for t in names for n in range(t.first + 1, t.last + 1)}
    for name in names:
        inside |= _marks_beside(name, search.texts)
    places = [n for n in range(len(search.texts)) if n not in inside]
    again = _Search([_NAME if n in first else search.texts[n] for n in places], vocabulary)
    again.run()
    places.append(len(search.texts))
    for term in again.found:
        verb = term.kind == "action" and "noun" not in term.features
        if (verb or term.kind in _CUES) and _NAME in again.texts[slice(*term.gap)]:
            start, end = (places[n] for n in term.gap)
            last = places[term.last + 1] - 1
            yield Term(places[term.first], last, term.entry, term.features, (start, end))


def _marks_beside(name: Term, texts: Sequence[str]) -> set[int]:
    """Returns the quotation mark before or after ``name`` whose other one stands in it."""
    within = texts[name.first : name.last + 1]
    before, after = name.first - 1, name.last + 1
    beside = set()
    if before >= 0 and _CLOSED_BY.get(texts[before]) in within:
        beside.add(before)
    if after < len(texts) and any(_CLOSED_BY.get(text) == texts[after] for text in within):
        beside.add(after)
    return beside


def holds_any(lines: Iterable[str], vocabulary: Vocabulary) -> bool:
    """True where an entry is found in one of ``lines``, be it in a longer match."""
    for line in lines:
        search = _Search(cut_words(line), vocabulary)
        search.run()
        if search.found:
            return True
    return False


class _Search:
    """One search for the patterns of a vocabulary.

    Attributes:
        found: The entries found, shorter ones within longer ones included.
        gaps: Where patterns whose words were met so far may leave something out.
    """

    __slots__ = ("_root", "_words", "found", "gaps", "texts")

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary) -> None:
        self.texts = texts
        self.gaps: list[range] = []
        self._words = list(map(vocabulary.__getitem__, texts))
        self._root = vocabulary.root
        self.found: list[Term] = []

    def run(self) -> None:
        """Follows the patterns from wherever they may begin."""
        words = [*self._words, None]
        for first, known in enumerate(self._words):
            if known is None:
                continue
            for entry, features in known.entries:
                self.found.append(_term(Term, (first, first, entry, features, _NO_GAP)))
            following = words[first + 1]
            for needs, node, features in known.starts:
                if needs is None or (
                    following is not None and not needs.isdisjoint(following.readings)
                ):
                    self._go_on(node, first, first + 1, features, _NO_GAP)
        opening = self._root.next.get(OPENING)
        if opening is not None:
            first = next((n for n, text in enumerate(self.texts) if text[0].isalnum()), 0)
            self._follow(opening, first, first, frozenset(), _NO_GAP)

    def _follow(
        self, node: Node, first: int, here: int, features: frozenset[str], gap: tuple[int, int]
    ) -> None:
        for entry in node.entries:
            self.found.append(_term(Term, (first, here - 1, entry, features, gap)))
        if node.next or node.gaps:
            self._go_on(node, first, here, features, gap)

    def _go_on(
        self, node: Node, first: int, here: int, features: frozenset[str], gap: tuple[int, int]
    ) -> None:
        for most, beyond in node.gaps.items():
            self._skip(most, beyond, first, here, features)
        following = node.next
        if CLOSE in following and not any(text[0].isalnum() for text in self.texts[here:]):
            self._follow(following[CLOSE], first, here, features, gap)
        known = self._words[here] if here < len(self._words) else None
        if known is None or following.keys().isdisjoint(known.readings):
            return
        for word, carried in known.readings.items():
            further = following.get(word)
            if further is not None:
                self._follow(further, first, here + 1, carried or features, gap)

    def _skip(
        self, most: int, node: Node, first: int, start: int, features: frozenset[str]
    ) -> None:
        needs = None if node.entries else needed_after(node)
        self.gaps.append(range(start, start + most))
        for here in range(start, min(start + most + 1, len(self.texts))):
            if here > start and self.texts[here - 1] in _HARD and not self._is_ordinal(here - 1):
                return
            known = self._words[here]
            if known is not None and (needs is None or not needs.isdisjoint(known.readings)):
                self._follow(node, first, here, features, (start, here))

    def _is_ordinal(self, place: int) -> bool:
        """True for the full stop of "5. madde", which ends nothing."""
        inside = 0 < place < len(self.texts) - 1
        return inside and self.texts[place] == "." and self.texts[place - 1].isdigit()


def _longest(found: list[Term]) -> list[Term]:
    """Drops what lies inside a longer match that hides it."""
    if len(found) < 2:
        return found
    found.sort(key=itemgetter(1), reverse=True)
    found.sort(key=itemgetter(0))
    kept: list[Term] = []
    reach = -1  # the last token that a longer match may hide
    for term in _merged(found):
        last = term[1]
        if last > reach:
            reach = last
            kept.append(term)
        elif not _is_hidden(term, kept):
            kept.append(term)
    return kept


def _is_hidden(term: Term, longer: Iterable[Term]) -> bool:
    first, last = term[0], term[1]
    for other in longer:
        if other[1] >= last and other[1] - other[0] > last - first and _hides(other, term):
            return True
    return False


def _merged(found: list[Term]) -> Iterable[Term]:
    """Joins the readings of one entry at one place: a form may be several of its words."""
    merged: dict[tuple[int, int, int], Term] = {}
    for term in found:
        first, last, entry, features, _ = term
        known = merged.setdefault((first, last, id(entry)), term)
        if known is not term and known.features != features:
            both = known._replace(features=known.features | features)
            merged[first, last, id(entry)] = both
    return merged.values()


def _hides(longer: Term, term: Term) -> bool:
    """True where ``longer`` takes the place of ``term``, over which it reaches.

    A cue hides only cues, since it often reaches over a name or an action without replacing it; and
    the parts of an action ("set ... aside") do not hide what stands between them.
    """
    if longer.kind == "action" and longer.gap[0] <= term.first and term.last < longer.gap[1]:
        return False
    if "manner" in (longer.kind, term.kind) and longer.kind != "pass":
        return longer.kind == term.kind  # how it was done leaves what was done as it is
    if longer.kind == "repeat":
        return term.kind == "repeat"  # it says nothing of what stands in it
    if term.kind == "context" and longer.kind in ("noun", "action"):
        return False  # what a word says of the article's field holds in any combination
    return longer.kind not in _CUES or (term.kind in _CUES and _works_for(longer, term))


def _works_for(longer: Term, term: Term) -> bool:
    """True where a longer cue works wherever ``term`` does, in its place.

    On the other side, and on other forms, a shorter one goes on working: "the repeal would require
    a vote".
    """
    sides = (longer.entry.side, term.entry.side)
    if sides[0] != sides[1] and "both" not in sides:
        return False
    forms, shorter = longer.entry.forms, term.entry.forms
    if term.kind == longer.kind and forms and not (shorter and shorter <= forms):
        return False
    return term.kind == longer.kind or "speech" not in (longer.kind, term.kind)


_CUES = frozenset(
    (
        "negation",
        "prospect",
        "hypothesis",
        "question",
        "fact",
        "temporary",
        "speech",
        "correction",
        "repeat",
    )
)
