"""Whose words a sentence gives."""

from pathlib import Path

import pytest

from extract.article import Article
from extract.reader import Reader
from tests.support.warm import load_once

WATCH = Path(__file__).parents[2] / "crawler" / "watches" / "section-907"


@pytest.fixture(name="reader", scope="module")
def _reader() -> Reader:
    return load_once(WATCH / "lexicons")


@pytest.mark.parametrize(
    ("lang", "title", "voice"),
    [
        ("az", "“Anadolu postası”: ABŞ 907-ci düzəlişi ləğv etdi", "reported"),
        ("ru", "«Независимая газета»: США отменили 907-ю поправку", "reported"),
        ("en", "“The Daily”: Congress has repealed Section 907", "reported"),
        ("az", "“Tarixi gün”: ABŞ 907-ci düzəlişi ləğv etdi", "own"),
    ],
)
def test_a_quoted_name_before_a_colon_speaks(
    reader: Reader, lang: str, title: str, voice: str
) -> None:
    """A paper's name in quotation marks is no label: what follows are the paper's words."""
    text = {
        "az": "907-ci düzəliş Azərbaycana qarşıdır.",
        "ru": "907-я поправка касается Азербайджана.",
        "en": "Section 907 barred aid to Azerbaijan.",
    }[lang]
    claims = reader.read(Article(text=text, title=title, lang=lang)).claims

    assert [voice] == [claim.voice for claim in claims if claim.in_title]


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Reports that Congress repealed Section 907 are wrong.", "own"),
        ("The lawyer said that reports that Congress repealed Section 907 are wrong.", "reported"),
        ("Contrary to what ministers say, Section 907 was not repealed.", "own"),
    ],
)
def test_who_denies_speaks(reader: Reader, text: str, voice: str) -> None:
    """A denied report is the words of whoever denies it."""
    claims = reader.read(Article(text=text, title=None, lang="en")).claims

    assert [("negated", voice)] == [(claim.modality, claim.voice) for claim in claims]


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("21:02 Aliyev to reporters: Section 907 has been annulled today.", "reported"),
        ("They urge Congress to repeal Section 907.", "reported"),
        ("We urge Congress to repeal Section 907.", "own"),
    ],
)
def test_who_is_speaking(reader: Reader, text: str, voice: str) -> None:
    """The time of day is no speaker, whoever stands behind it may be; "we" are the outlet."""
    claims = reader.read(Article(text=text, title=None, lang="en")).claims

    assert [voice] == [claim.voice for claim in claims]
