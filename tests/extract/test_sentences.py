"""Cutting a text into sentences."""

import pytest

from extract.lexicon import Grammar
from extract.sentences import MAX_SENTENCE, split_sentences

PLAIN = Grammar("xx", "first", {}, (), {}, frozenset({"mr.", "u.s.", "г."}))
DOTTED = Grammar("xx", "last", {}, (), {}, frozenset(), ordinal_dot=True)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Mr. Aliyev came. He spoke.", ["Mr. Aliyev came.", "He spoke."]),
        ("J. Smith came.", ["J. Smith came."]),
        ('"It is gone." He left.', ['"It is gone."', "He left."]),
        ("Gone! So what? Fine.", ["Gone!", "So what?", "Fine."]),
        ("В 1992 г. Конгресс решил.", ["В 1992 г. Конгресс решил."]),
        ("Այո։ Ոչ։", ["Այո։", "Ոչ։"]),
        ("Title without a stop\nText.", ["Title without a stop", "Text."]),
        ("costs 3.5 million. Next.", ["costs 3.5 million.", "Next."]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """Abbreviations, initials and decimals end no sentence; lines and closing quotes do."""
    assert sentences == [text[s.start : s.end] for s in split_sentences(text, PLAIN)]


def test_ordinals_end_no_sentence_where_the_language_dots_them() -> None:
    """A name like "907. Madde" is one name in a language that writes ordinals with a dot."""
    text = "ABD 907. Maddeyi askıya aldı. Bakü sevindi."

    assert 2 == len(split_sentences(text, DOTTED))


def test_endless_lines_are_cut() -> None:
    """A line without a full stop is cut at a space, so that reading stays linear."""
    text = "word " * 2_000

    sentences = split_sentences(text, PLAIN)

    assert all(s.end - s.start <= MAX_SENTENCE for s in sentences)
    assert text.split() == " ".join(text[s.start : s.end] for s in sentences).split()
