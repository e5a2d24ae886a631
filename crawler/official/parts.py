"""What official sources are watched with: the watch's data, its names, its record, and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from crawler.official.data import OfficialData
from crawler.official.values import Document
from extract.article import Article
from extract.reader import Reader
from state.record import Record

# Long texts are read in pieces: in a law of a thousand pages nothing belongs together by
# standing in it.
_PIECE = 10_000
_OVERLAP = 1_000


class Names(Protocol):
    """Says whether a document names the law."""

    def __call__(self, title: str, text: str) -> bool:
        """Whether title or text name it."""


@dataclass(frozen=True, slots=True)
class LawNames:
    """Holds documents in the language of the official sources against the watch's lexicon.

    Attributes:
        words: One of them has to stand near a name: official documents cite laws in full, and the
            lexicon trusts a headline's short name, which many laws share.
    """

    reader: Reader
    words: tuple[str, ...] = ()
    lang: str = "en"

    def __call__(self, title: str, text: str) -> bool:
        """Whether title or text name the law."""
        return any(self._names(title, piece) for piece in _pieces(text))

    def _names(self, title: str, text: str) -> bool:
        whole = f"{title}\n{text}".casefold()
        if self.words and not any(word.casefold() in whole for word in self.words):
            return False
        if not self.reader.may_name_law(whole):
            return False
        return bool(self.reader.read(Article(text, title, lang=self.lang)).mentions)


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), _PIECE - _OVERLAP):
        yield text[start : start + _PIECE]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of official sources, as far as there are any."""

    congress: str | None = field(default=None, repr=False)
    govinfo: str | None = field(default=None, repr=False)

    def hide(self, text: str) -> str:
        """``text`` without the keys, should a server have sent one back."""
        for key in (self.congress, self.govinfo):
            text = text.replace(key, "***") if key else text
        return text


@dataclass(frozen=True, slots=True)
class OfficialParts:
    """What official sources are watched with.

    Attributes:
        record: As the watch has it; what operators entered came from candidates.
    """

    data: OfficialData
    names: Names
    record: Record
    keys: Keys = Keys()

    def holds(self, document: Document) -> bool:
        """Whether the record holds a document already: by its citation, or its address."""
        cited = document.citation and re.compile(rf"(?<![\w-]){re.escape(document.citation)}(?!\w)")
        for event in self.record.events:
            if document.url in (event.url, *event.more_urls):
                return True
            if cited and event.citation and cited.search(event.citation):
                return True
        return False
