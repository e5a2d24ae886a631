"""Tells whether an article names this law, or another thing of the same number or name.

The law's full title settles it. Without it, the signs of the law's field are weighed against those
of other fields by how close they stand to what may be the law's name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extract.lexicon import Grammar
from extract.lines import Line
from extract.matching import Term

LIFTING = frozenset(("repeal", "remove", "lift", "waive"))
AT_HOME = 2  # sentences with signs of the law's field: more than a chance
SHORT_ARTICLE = 150  # tokens: less may leave unsaid what everybody knows
_FIELD_NOUNS = ("waiver", "restriction", "ban")
_SMALL_WORDS = ("light", "verb_group", "barrier", "link", "preposition", "postposition", "and_or")
_FAR_AWAY = 1_000_000


def names_law(lines: Sequence[Line], grammar: Grammar) -> bool:
    """True where the article names this law."""
    if _described(lines) or any(_ends_restriction(line) for line in lines):
        return True
    named = [line for line in lines if line.of("name")]
    bare = [line for line in lines if any(_is_alone(t, line, grammar) for t in line.of("bare"))]
    if _any_value(lines, ("context", "name"), "title"):
        return bool(named or bare or any(line.of("description") for line in lines))
    others = {term.value for line in lines for term in line.of("other")}
    if "" in others or _elsewhere(lines, named or bare):
        return False
    near, far = (_any_value(lines, ("context",), value) for value in ("near", "far"))
    short = sum(len(line.tokens) for line in lines) < SHORT_ARTICLE
    if named:
        return near or far or short
    numbered = any(not _is_alone(t, line, grammar) for line in lines for t in line.of("bare"))
    numbered = numbered or any(line.of("foreign") for line in bare)
    if not bare or others or numbered:  # once "Hall 5", it is the hall that is meant
        return False
    return (near and far) or (short and _at_home(lines, bare))


def _described(lines: Sequence[Line]) -> bool:
    """True where the law is described so that no other can be meant, or beside its waiver."""
    return any(
        term.value.endswith("alone") or any(noun.value == "waiver" for noun in line.of("noun"))
        for line in lines
        for term in line.of("description")
    )


def _ends_restriction(line: Line) -> bool:
    """True where what the law restricts is ended by those who made the law, in one sentence."""
    ended = any(term.value in LIFTING for term in line.of("action"))
    return bool(line.of("description")) and ended and _any_value([line], ("context",), "far")


def _any_value(lines: Sequence[Line], kinds: Collection[str], value: str) -> bool:
    return any(
        term.entry.value == value
        for line in lines
        for kind in kinds
        if kind in line.by_kind
        for term in line.by_kind[kind]
    )


def _is_alone(term: Term, line: Line, grammar: Grammar) -> bool:
    """True where a bare number stands for a name: it neither counts nor numbers a thing.

    It counts where an unknown noun in small letters follows ("5 boxes"), perhaps behind a word
    of the group ``numbering``; it numbers the unknown noun that it follows ("entry 5").
    """
    if term.first < term.last or not line.tokens[term.last].text[0].isdigit():
        return True
    after = term.last + 1
    while after < len(line.tokens) and line.tokens[after].norm in grammar.words.get(
        "numbering", ()
    ):
        after += 1
    plain = line.tokens[term.last].norm.isdigit()
    counts = plain or grammar.definite or after > term.last + 1  # an ending makes it a name
    small = after < len(line.tokens) and line.tokens[after].text[0].islower()
    if counts and small and _is_unknown(after, line, grammar):
        return False
    before = term.first - 1
    numbers = plain and grammar.head == "first" and before >= 0
    return not (numbers and _is_unknown(before, line, grammar))


def _is_unknown(position: int, line: Line, grammar: Grammar) -> bool:
    """True for another thing, or a word in no entry and none of the groups of small words."""
    token = line.tokens[position]
    if any(t.value == "other" and t.first == position for t in line.of("noun")):
        return True
    if not token.is_word or any(t.first <= position <= t.last for t in line.terms):
        return False
    return not any(token.norm in grammar.words.get(group, ()) for group in _SMALL_WORDS)


def _elsewhere(lines: Sequence[Line], named: Sequence[Line]) -> bool:
    """True where signs of another field stand closer to the name than those of the law's own."""
    foreign = [line.index for line in lines if line.of("foreign")]
    near = [line.index for line in lines if _any_value([line], ("context",), "near")]
    away = _distance(foreign, named)
    if away and len(near) >= AT_HOME:
        return False  # news of the law's field, among other news
    return bool(foreign) and away < _distance(near, named)


def _distance(places: Sequence[int], named: Sequence[Line]) -> int:
    """Returns how many sentences lie between a name and the closest of ``places``."""
    return min((abs(n - line.index) for n in places for line in named), default=_FAR_AWAY)


def _at_home(lines: Sequence[Line], bare: Sequence[Line]) -> bool:
    """True where a short text shows the law's field beside its bare number, or speaks its terms."""
    home = [
        line.index
        for line in lines
        if _any_value([line], ("context",), "far")
        or any(noun.value in _FIELD_NOUNS for noun in line.of("noun"))
    ]
    return _distance(home, bare) <= 1
