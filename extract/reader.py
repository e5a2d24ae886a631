"""Reads an article: which sentences say how the law ends or stands, in whose voice, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from extract.article import Article
from extract.claim import Mention, Reading
from extract.claims import read_claims
from extract.glance import Glance
from extract.language import detect_language
from extract.lexicon import Lexicon
from extract.lexicon_file import load_lexicons
from extract.lines import Line, cut_lines
from extract.naming import NAMES, names_law
from extract.tokens import fold

LANGUAGES = Path(__file__).with_name("languages")
LANGUAGE_SAMPLE = 800  # characters: more tells no more, and costs most of a short visit
MAX_TEXT = 200_000  # characters; what lies beyond is no article


class Reader:
    """The claim engine: a lexicon for each language, and the mechanism that applies it."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = dict(lexicons)
        self._hint = _hint(self._lexicons.values())
        self._glance = Glance(*_hint_words(self._lexicons.values()))

    @property
    def languages(self) -> frozenset[str]:
        """The languages that can be read."""
        return frozenset(self._lexicons)

    @property
    def lexicons(self) -> Mapping[str, Lexicon]:
        """The lexicon of each language."""
        return self._lexicons

    def may_name_law(self, text: str) -> bool:
        """True where ``text`` holds a word without which no lexicon finds the law named.

        Cheap, and never wrong when it says no.
        """
        alone, together = self._hint
        folded = fold(text)
        return alone.search(folded) is not None or any(
            all(word in folded for word in words) for words in together
        )

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
        if not self.may_name_law(whole):
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


def _mentions(lines: Iterable[Line]) -> Iterable[Mention]:
    for line in lines:
        text_start = line.start
        for term in sorted(line.of(*NAMES), key=lambda term: term.first):
            start, end = line.tokens[term.first].start, line.tokens[term.last].end
            yield Mention(
                line.text[start - text_start : end - text_start], start, end, line.in_title
            )


def _hint(lexicons: Iterable[Lexicon]) -> tuple[re.Pattern[str], list[frozenset[str]]]:
    """Returns what each text that names the law holds: one of some words, or all of a set.

    The word group ``hint`` lists them; ``a+b`` asks for both.
    """
    alone, together = _hint_words(lexicons)
    return re.compile("|".join(map(re.escape, alone)) if alone else "(?!)"), together


def _hint_words(lexicons: Iterable[Lexicon]) -> tuple[list[str], list[frozenset[str]]]:
    listed = {word for lexicon in lexicons for word in lexicon.grammar.words.get("hint", ())}
    alone = sorted(word for word in listed if "+" not in word)
    together = [frozenset(word.split("+")) for word in sorted(listed) if "+" in word]
    return alone, together
