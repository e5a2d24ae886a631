"""Reads an article: which sentences say how the law ends or stands, in whose voice, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from extract.article import Article
from extract.claim import Mention, Reading
from extract.claims import read_claims
from extract.entry import NAMES
from extract.glance import Glance
from extract.language import detect_language
from extract.lexicon import Lexicon
from extract.lexicon_file import load_lexicons
from extract.lines import Line, cut_lines
from extract.matching import holds_any
from extract.naming import names_law
from extract.sentences import MAX_SENTENCE
from extract.tokens import fold

LANGUAGES = Path(__file__).with_name("languages")
LANGUAGE_SAMPLE = 800  # characters: more tells no more, and costs most of a short visit
MAX_TEXT = 200_000  # characters; what lies beyond is no article


class Reader:
    """The claim engine: a lexicon for each language, and the mechanism that applies it."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = dict(lexicons)
        self._glance = Glance(lambda: [known.needles for known in self._lexicons.values()])

    def __reduce__(self) -> tuple[type[Reader], tuple[dict[str, Lexicon]]]:
        """A copy in another process reads as this one, whatever lies in the folders by then."""
        return Reader, (self._lexicons,)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that can be read."""
        return frozenset(self._lexicons)

    @property
    def lexicons(self) -> Mapping[str, Lexicon]:
        """The lexicon of each language."""
        return self._lexicons

    def may_name_law(self, text: str) -> bool:
        """True where ``text`` holds words without which no lexicon finds the law named.

        Cheap, and never wrong when it says no.
        """
        folded = fold(text)
        return any(lexicon.needles.may_be_in(folded) for lexicon in self._lexicons.values())

    def may_name_law_on(self, body: bytes, content_type: str | None = None) -> bool:
        """The same of a page as it came; see :class:`extract.glance.Glance`."""
        return self._glance.may_name(body, content_type)

    def read(self, article: Article) -> Reading:
        """Returns what ``article`` says of the law.

        Its language is detected where ``article.lang`` names none, or none that can be read.
        Offsets count in ``article.text``, for title claims in ``article.title``.
        """
        text = article.text[:MAX_TEXT]
        whole = f"{article.title or ''}\n{text}"
        if not whole.strip():
            return Reading(lang=article.lang, unread="the page holds no text")
        lang = (
            article.lang
            if article.lang in self._lexicons
            else detect_language(whole[:LANGUAGE_SAMPLE])
        )
        lexicon = self._lexicons.get(lang or "")
        if lexicon is None:
            name = lang or "of unknown name"
            return Reading(lang=lang, unread=f"no lexicon for the language {name}")
        if not _may_name(whole, lexicon):
            return Reading(lang=lang)
        lines = cut_lines(article.title, text, lexicon)
        if not names_law(lines, lexicon.grammar):
            return Reading(lang=lang)
        return Reading(
            lang=lang,
            mentions=tuple(_mentions(lines)),
            claims=tuple(read_claims(lines, lexicon.grammar)),
        )


def load_reader(*folders: Path) -> Reader:
    """Returns a reader with the built-in languages and the lexicons in ``folders``.

    Raises:
        LexiconError: A lexicon is wrong.
    """
    return Reader(load_lexicons([LANGUAGES, *folders]))


def _may_name(text: str, lexicon: Lexicon) -> bool:
    """True where words stand in ``text`` that name the law, whatever they mean there."""
    if not lexicon.needles.may_be_in(fold(text)):
        return False
    # Reading cuts what is longer wherever that may be.
    uncut = max(map(len, text.split(" "))) <= MAX_SENTENCE
    return not uncut or holds_any(text.split("\n"), lexicon.names)


def _mentions(lines: Iterable[Line]) -> Iterable[Mention]:
    for line in lines:
        text_start = line.start
        for term in sorted(line.of(*NAMES), key=lambda term: term.first):
            start, end = line.tokens[term.first].start, line.tokens[term.last].end
            yield Mention(
                line.text[start - text_start : end - text_start], start, end, line.in_title
            )
