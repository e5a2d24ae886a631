"""Tells in which language a text is written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_ARMENIAN = re.compile(r"[\u0531-\u0587\ufb13-\ufb17]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
# Letters that Russian has and its neighbours lack, and the other way round.
_RUSSIAN_ONLY = re.compile("[ыэё]")
_NOT_RUSSIAN = re.compile("[іїєґўђћљњјџѓќѕӣӯҳҷқғңөүұһә]")
_TURKIC = re.compile("[ğışçİ]")
# Close relatives of a language of the press that headlines are mistaken for.
_SELDOM_NEWS = frozenset(
    ["an", "br", "eo", "fo", "fy", "gd", "jv", "la", "mg", "oc", "om", "qu", "rw", "tl", "vo", "wa"]
)

# Letters that Turkish does without, and its neighbours with a dotless i do not.
_NOT_TURKISH = re.compile("[qxwñäəý]")
_NOT_LATIN = re.compile("[\u0370-\u1fff\u2c00-\ud7ff]")
# No other language has several of these in one text.
_ENGLISH = frozenset((
    "the", "of", "and", "to", "in", "that", "is", "was", "for", "by", "with", "as", "it", "has",
    "have", "had", "its", "from", "are", "were", "which", "will", "would", "said", "this", "but",
    "they", "their", "been",
))  # fmt: skip
_ENGLISH_KINDS = 7
_ENGLISH_SHARE = 4  # of so many words one is among these
_LONG = 40  # words, below which small ones prove nothing

SAMPLE = 6_000  # characters that are looked at
FEWEST = 8  # letters, where the script alone does not tell
SHORT = 60  # letters, below which the classifier is not asked about Cyrillic


def detect_language(text: str) -> str | None:
    """Returns the ISO 639-1 code of a text's language, None where there is too little of it.

    Script and letters decide where they can, so that headlines too are told apart: an Armenian
    letter is Armenian, ə is never Turkish. A classifier decides among the rest.
    """
    sample = text[:SAMPLE].lower()
    letters = len(_LETTER.findall(sample))
    if letters and len(_ARMENIAN.findall(sample)) * 2 > letters:
        return "hy"
    if letters and len(_CYRILLIC.findall(sample)) * 2 > letters:
        return _cyrillic(sample, letters)
    return _latin(sample, letters) if letters >= FEWEST else None


def _cyrillic(sample: str, letters: int) -> str:
    foreign = len(_NOT_RUSSIAN.findall(sample))
    russian = len(_RUSSIAN_ONLY.findall(sample))
    short = letters < SHORT and sample.count("ъ") < 2  # so frequent in Bulgarian alone
    if foreign * 50 < letters and (russian > foreign or short):
        return "ru"
    return _classified(sample)


def _latin(sample: str, letters: int) -> str:
    schwas = sample.count("ə")
    if schwas * 33 >= letters:  # fewer stand in foreign names
        return "az"
    language = _plainly(sample, letters) or _classified(sample)
    if language == "tr" and schwas:
        return "az"
    if language == "az" and letters >= SHORT and _TURKIC.search(sample):
        return "tr"  # the other does not do without ə for so long
    return language


def _plainly(sample: str, letters: int) -> str | None:
    """Returns the language where letters or small words leave no doubt, without the classifier.

    It takes a second to load, and as long for one text as all the rest of a short visit.
    """
    if _NOT_LATIN.search(sample):
        return None
    dotless = letters >= SHORT and "ğ" in sample and sample.count("ı") * 60 >= letters
    if dotless and len(_NOT_TURKISH.findall(sample)) * 50 < letters:
        return "tr"
    words = _WORD.findall(sample)
    met = [word for word in words if word in _ENGLISH]
    plenty = len(words) >= _LONG and len(met) * _ENGLISH_SHARE >= len(words)
    return "en" if plenty and len(set(met)) >= _ENGLISH_KINDS else None


def _classified(sample: str) -> str:
    return str(_identifier().classify(sample)[0])


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Returns the classifier; it and its model are read on first use, which takes a second."""
    from py3langid.langid import (  # type: ignore[import-untyped]  # noqa: PLC0415 - seldom asked
        MODEL_FILE,
        LanguageIdentifier,
    )

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = [code for code in identifier.labels if len(code) == 2 and code not in _SELDOM_NEWS]
    identifier.set_languages(known)
    return identifier
