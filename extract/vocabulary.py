"""What each word of a text may be in a lexicon, looked up once for each spelling."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Mapping
from typing import NamedTuple

from extract.entry import Entry
from extract.patterns import CLOSE
from extract.tokens import spelling
from extract.tree import Node
from extract.words import ANY, Readings

MOST_SPELLINGS = 50_000  # kept at a time: more than a language's press uses in a day


class Start(NamedTuple):
    """A pattern's first word, behind which it goes on.

    Attributes:
        needs: The words of which one must follow; None where something else may.
        node: Where the pattern goes on.
        features: What the first word carries.
    """

    needs: KeysView[str] | None
    node: Node
    features: frozenset[str]


class Known(NamedTuple):
    """A word of a text that a lexicon knows.

    Attributes:
        readings: The lexicon's words that it may be, with the features it then carries.
        entries: The entries that it is by itself, with these features.
        starts: Where the patterns go on that may begin with it.
    """

    readings: Mapping[str, frozenset[str]]
    entries: tuple[tuple[Entry, frozenset[str]], ...]
    starts: tuple[Start, ...]


class Vocabulary(dict[str, Known | None]):
    """What words are in a lexicon, by their spelling in a text; None where the lexicon has none.

    Filled as words are asked for, and emptied when it is full.

    Attributes:
        root: The tree of the patterns that are to be found.
    """

    def __init__(self, forms: Mapping[str, Readings], root: Node) -> None:
        super().__init__()
        self._forms = forms
        self.root = root
        self._endings = _endings(forms)

    def __missing__(self, word: str) -> Known | None:
        if len(self) >= MOST_SPELLINGS:
            self.clear()
        known = self[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> Known | None:
        norm, stem = spelling(word)
        found = self._forms.get(norm, ())
        if stem != norm:  # "Ruritania's" may stand in a pattern, and Ruritania in another
            found += self._forms.get(stem, ())
        for length in self._endings:
            if len(norm) > length + 1:
                found += self._forms.get(ANY + norm[-length:], ())
        if not found:
            return None
        nodes = ((self.root.next.get(one), features) for one, features in found)
        begun = [(node, features) for node, features in nodes if node is not None]
        return Known(
            dict(found),
            tuple((entry, features) for node, features in begun for entry in node.entries),
            tuple(
                Start(needed_after(node), node, features)
                for node, features in begun
                if node.next or node.gaps
            ),
        )


def needed_after(node: Node) -> KeysView[str] | None:
    """Returns the words of which one must follow; None where something else may."""
    return None if node.gaps or CLOSE in node.next else node.next.keys()


def _endings(forms: Iterable[str]) -> tuple[int, ...]:
    """Returns how long the endings are that stand for any word that bears them ("*able")."""
    return tuple(sorted({len(form) - 1 for form in forms if form[:1] == ANY and form[1:]}))
