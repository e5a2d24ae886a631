"""A sentence made ready for reading: its tokens, the terms found in them, what is quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from extract.boilerplate import foreign_lines
from extract.entry import NAMES
from extract.lexicon import Grammar, Lexicon
from extract.matching import Term, find_terms
from extract.quotes import Labels, is_speech, quoted_spans
from extract.sentences import split_sentences
from extract.tokens import Token, tokenise

NUMBERED = 3  # tokens: how close to the law's number
TITLED = 10  # tokens: how close to the law's title a noun stands that is the law
_ASKING = frozenset("?՞")


@dataclass(slots=True)
class Line:
    """One sentence of an article.

    Attributes:
        index: Its place among the article's sentences, title included.
        paragraph: Its paragraph; the title's is -1.
        quoted: For each token, the number of the quotation it stands in; -1 where in none.
        speech: Numbers of the quotations that are long enough to be somebody's words.
        by_kind: The terms of each kind, by position.
        norms: The folded words.
        counts: How many words stand before each token, and in all; see :meth:`words_in`.
    """

    text: str
    start: int
    end: int
    index: int
    paragraph: int
    in_title: bool
    tokens: list[Token]
    terms: list[Term]
    quoted: list[int]
    speech: frozenset[int]
    by_kind: Mapping[str, list[Term]] = field(default_factory=dict)
    norms: frozenset[str] = frozenset()
    counts: list[int] | None = None

    def of(self, *kinds: str) -> list[Term]:
        """Returns the terms of ``kinds``, in order of kinds, then position."""
        known = self.by_kind
        if len(kinds) == 1:
            return known.get(kinds[0], [])
        return [term for kind in kinds if kind in known for term in known[kind]]

    def holds(self, words: frozenset[str]) -> bool:
        """True where one of the folded ``words`` stands in the sentence."""
        return not self.norms.isdisjoint(words)

    def words_in(self, between: range) -> int:
        """Returns how many words stand in ``between``; however long, a name of the law is one."""
        if self.counts is None:
            self.counts = self._count()
        return self.counts[between.stop] - self.counts[between.start] if between else 0

    def _count(self) -> list[int]:
        counted = [token.text[0].isalnum() for token in self.tokens]
        for term in self.of(*NAMES):
            counted[term.first + 1 : term.last + 1] = [False] * (term.last - term.first)
        return list(accumulate(counted, initial=0))

    def asks(self) -> bool:
        """True where the sentence ends as a question does."""
        return not _ASKING.isdisjoint([token.text for token in self.tokens[-4:]])


def cut_lines(title: str | None, text: str, lexicon: Lexicon) -> list[Line]:
    """Returns the article's sentences, the title's first."""
    lines: list[Line] = []
    if title:
        _cut(title, lexicon, lines, in_title=True)
    _cut(text, lexicon, lines, in_title=False)
    return lines


def _cut(text: str, lexicon: Lexicon, lines: list[Line], *, in_title: bool) -> None:
    spans = quoted_spans(text, _labels(lexicon.grammar))
    speech = [is_speech(text, span) for span in spans]
    quote = 0
    foreign: frozenset[int] = frozenset() if in_title else foreign_lines(text)
    for sentence in split_sentences(text, lexicon.grammar):
        if sentence.paragraph in foreign:
            continue
        tokens = tokenise(text, sentence.start, sentence.end)
        if not tokens:
            continue
        while quote < len(spans) and spans[quote][1] <= sentence.start:
            quote += 1
        quoted = _quoted(tokens, spans, quote)
        terms = _named(find_terms(tokens, lexicon.vocabulary), tokens, lexicon.grammar)
        lines.append(
            Line(
                text=text[sentence.start : sentence.end],
                start=sentence.start,
                end=sentence.end,
                index=len(lines),
                paragraph=-1 if in_title else sentence.paragraph,
                in_title=in_title,
                tokens=tokens,
                terms=terms,
                quoted=quoted,
                speech=_spoken(quoted, speech) if speech else frozenset(),
                by_kind=_by_kind(terms),
                norms=frozenset([token.norm for token in tokens]),
            )
        )


def _named(terms: list[Term], tokens: list[Token], grammar: Grammar) -> list[Term]:
    """Makes names of nouns for a law that stand by its title or its number, if none is named."""
    if any(t.entry.kind in ("name", "description") for t in terms):
        return terms
    numbers = [t for t in terms if t.entry.kind == "bare" and t.first == t.last]
    titles = [t for t in terms if t.entry.kind == "context" and t.entry.value == "title"]
    if not numbers and not titles:
        return terms
    nouns = [t for t in terms if t.entry.kind == "noun" and t.entry.value == "law"]
    for number in numbers:
        for noun in nouns:
            if _is_numbered(noun, number, tokens, grammar):
                name = _joined(noun, number)
                return [name if t is noun else t for t in terms if t is not number]
    whole = grammar.any_of("act", "document")
    for noun in nouns:  # "the clause that lobbyists once wrote into the act"
        near = any(-TITLED <= noun.first - title.last <= TITLED for title in titles)
        if near and not numbers and tokens[noun.last].norm not in whole:
            described = noun._replace(entry=replace(noun.entry, kind="description", value=""))
            return [described if t is noun else t for t in terms]
    return terms


def _is_numbered(noun: Term, number: Term, tokens: list[Token], grammar: Grammar) -> bool:
    """True for "5 sayılı kısıtlayıcı yasa": only unknown small words part noun and number."""
    between = tokens[number.last + 1 : noun.first] or tokens[noun.last + 1 : number.first]
    barrier = grammar.any_of("barrier", "and_or", "preposition", "relative", "verb_group")
    small = all(t.text[0].islower() and t.norm not in barrier for t in between)
    return small and 0 < max(noun.first - number.last, number.first - noun.last) <= NUMBERED


def _joined(noun: Term, number: Term) -> Term:
    return noun._replace(
        first=min(noun.first, number.first),
        last=max(noun.last, number.last),
        entry=replace(noun.entry, kind="name", value=""),
    )


def _labels(grammar: Grammar) -> Labels:
    return Labels(*(grammar.any_of(group) for group in ("answer", "asker", "label")))


def _spoken(quoted: list[int], speech: list[bool]) -> frozenset[int]:
    """Returns the numbers of the quotations that are somebody's words."""
    return frozenset(n for n in set(quoted) if n >= 0 and speech[n])


def _by_kind(terms: list[Term]) -> dict[str, list[Term]]:
    by_kind: dict[str, list[Term]] = {}
    for term in terms:
        kind = term.entry.kind
        if kind in by_kind:
            by_kind[kind].append(term)
        else:
            by_kind[kind] = [term]
    return by_kind


def _quoted(tokens: list[Token], spans: list[tuple[int, int]], first: int) -> list[int]:
    number = first
    if number >= len(spans) or spans[number][0] > tokens[-1].start:
        return [-1] * len(tokens)
    inside = []
    for token in tokens:
        while number < len(spans) and spans[number][1] <= token.start:
            number += 1
        within = number < len(spans) and spans[number][0] <= token.start
        inside.append(number if within else -1)
    return inside
