"""Finds a lexicon's entries in a sentence; the longest match wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.lexicon import Entry, Lexicon, Node
from extract.tokens import Token

OPENING, CLOSE = "<<", ">>"  # steps of a pattern: where a sentence opens and closes, marks aside
_HARD = frozenset('.;!?…:։«»“”"()')


@dataclass(frozen=True, slots=True)
class Term:
    """An entry found in a sentence.

    Attributes:
        first: Index of its first token in the sentence.
        last: Index of its last token.
        features: Grammatical features of its last inflected word.
        gap: The tokens that a gap of its pattern skipped, as first and one past the last.
    """

    entry: Entry
    first: int
    last: int
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


def find_terms(tokens: Sequence[Token], lexicon: Lexicon) -> list[Term]:
    """Returns the entries found, by position; what lies inside a longer match is left out."""
    words = [_readings(token, lexicon) for token in tokens]
    found: list[Term] = []
    beginnings = lexicon.root.next
    for first, choices in enumerate(words):
        for word, features in choices or ():
            node = beginnings.get(word)
            if node is not None:
                _follow(node, words, tokens, _Path(first, first + 1, features), found)
    if OPENING in beginnings:
        first = next((n for n, token in enumerate(tokens) if token.is_word), 0)
        start = _Path(first, first, frozenset())
        _follow(beginnings[OPENING], words, tokens, start, found)
    return _longest(found)


def _readings(token: Token, lexicon: Lexicon) -> tuple[tuple[str, frozenset[str]], ...] | None:
    """Returns the lexicon's words that ``token`` may be, with the features it then carries."""
    forms = lexicon.forms
    found = forms.get(token.norm) or (forms.get(token.stem) if token.stem != token.norm else None)
    for length in lexicon.endings:
        if len(token.norm) > length + 1 and (more := forms.get("*" + token.norm[-length:])):
            found = (found or ()) + more
    return found


@dataclass(frozen=True, slots=True)
class _Path:
    first: int
    next: int
    features: frozenset[str]
    gap: tuple[int, int] = (0, 0)


_Words = Sequence["tuple[tuple[str, frozenset[str]], ...] | None"]


def _follow(
    node: Node, words: _Words, tokens: Sequence[Token], path: _Path, found: list[Term]
) -> None:
    for entry in node.entries:
        found.append(Term(entry, path.first, path.next - 1, path.features, path.gap))
    for gap in node.gaps.items():
        _skip(gap, words, tokens, path, found)
    if not node.next:
        return
    if CLOSE in node.next and not any(token.is_word for token in tokens[path.next :]):
        _follow(node.next[CLOSE], words, tokens, path, found)
    if path.next >= len(words):
        return
    for word, features in words[path.next] or ():
        following = node.next.get(word)
        if following is not None:
            step = _Path(path.first, path.next + 1, features or path.features, path.gap)
            _follow(following, words, tokens, step, found)


def _skip(
    gap: tuple[int, Node],
    words: _Words,
    tokens: Sequence[Token],
    path: _Path,
    found: list[Term],
) -> None:
    most, node = gap
    for skipped in range(most + 1):
        here = path.next + skipped
        if here >= len(tokens) or (skipped and tokens[here - 1].text in _HARD):
            return
        if words[here]:
            step = _Path(path.first, here, path.features, (path.next, here))
            _follow(node, words, tokens, step, found)


def _longest(found: list[Term]) -> list[Term]:
    """Drops what lies inside a longer match that hides it."""
    found.sort(key=lambda term: (term.first, term.first - term.last))
    kept: list[Term] = []
    for term in _merged(found):
        if not any(_hides(longer, term) for longer in kept if longer.last >= term.first):
            kept.append(term)
    return kept


def _merged(found: list[Term]) -> Iterable[Term]:
    """Joins the readings of one entry at one place: a form may be several of its words."""
    merged: dict[tuple[int, int, int], Term] = {}
    for term in found:
        key = (id(term.entry), term.first, term.last)
        known = merged.setdefault(key, term)
        if known.features != term.features:
            merged[key] = replace(known, features=known.features | term.features)
    return merged.values()


def _hides(longer: Term, term: Term) -> bool:
    """True where ``longer`` takes the place of ``term``.

    A cue hides only cues, since it often reaches over a name or an action without replacing it; and
    the parts of an action ("set ... aside") do not hide what stands between them.
    """
    if longer.last < term.last or _width(longer) <= _width(term):
        return False
    if longer.kind == "action" and longer.gap[0] <= term.first and term.last < longer.gap[1]:
        return False
    if "manner" in (longer.kind, term.kind) and longer.kind != "pass":
        return longer.kind == term.kind  # how it was done leaves what was done as it is
    if term.kind == "context" and longer.kind in ("noun", "action"):
        return False  # what a word says of the article's field holds in any combination
    return (
        longer.kind not in _CUES
        or term.kind == longer.kind
        or (term.kind in _CUES and longer.kind != "speech" and term.kind != "speech")
    )


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


def _width(term: Term) -> int:
    return term.last - term.first
