"""Growing inflected forms from stems."""

import pytest

from extract.morphology import MAX_FORMS, Sounds, expand, read_inflection

TURKIC = Sounds(
    vowels="aıouəeiöü",
    harmony={
        "A": {"aıou": "a", "əeiöü": "ə"},
        "I": {"aı": "ı", "ou": "u", "əei": "i", "öü": "ü"},
        "D": {"fstkçşhp": "t", "": "d"},
    },
)


@pytest.mark.parametrize(
    ("pattern", "endings"),
    [
        ("ed", ["ed"]),
        ("(a|b)c", ["ac", "bc"]),
        ("a(b)?", ["ab", "a"]),
        ("a(b(c|d))?", ["abc", "abd", "a"]),
        ("l?ed", ["led", "ed"]),
        ("a|b", ["a", "b"]),
    ],
)
def test_patterns_expand(pattern: str, endings: list[str]) -> None:
    """Brackets, bars and question marks stand for every ending they allow."""
    assert endings == expand(pattern)


@pytest.mark.parametrize("pattern", ["(a", "a)", "(a|(b)"])
def test_unmatched_brackets_are_refused(pattern: str) -> None:
    """A pattern whose brackets do not match is an error that quotes it."""
    with pytest.raises(ValueError, match="unmatched"):
        expand(pattern)


@pytest.mark.parametrize(
    ("stem", "ending", "word"),
    [
        ("düzəliş", "lAr", "düzəlişlər"),
        ("qadağa", "lAr", "qadağalar"),
        ("qadağa", "<n>In", "qadağanın"),
        ("düzəliş", "<n>In", "düzəlişin"),
        ("düzəliş", "DA", "düzəliştə"),
        ("söz", "I", "sözü"),
        ("yol", "DA", "yolda"),
        ("norma", "<:i>s", "normas"),
    ],
)
def test_harmony_decides_letters(stem: str, ending: str, word: str) -> None:
    """Vowel harmony, assimilation and buffer letters follow the language's table."""
    assert word == TURKIC.join(stem, ending)


def test_forms_carry_features() -> None:
    """Each form knows every feature it may carry, and is folded."""
    verb = read_inflection({"inf+pres": "", "past+part": "ed", "ger": "ing"})

    assert {
        "repeal": {"inf", "pres"},
        "repealed": {"past", "part"},
        "repealing": {"ger"},
    } == verb.forms("Repeal", Sounds())


def test_endings_may_drop_letters_and_prefix() -> None:
    """``-1`` drops the stem's last letter, ``~`` places the stem."""
    cls = read_inflection({"ger": "-1ing", "fut": "կ~ի"})

    assert {"axing": {"ger"}, "կaxeի": {"fut"}} == cls.forms("axe", Sounds())


def test_endings_may_build_on_another_class() -> None:
    """``@name`` attaches each ending of a class and adds its features."""
    person = read_inflection({"past": ["ed", "(e)?d"], "ger": "ing"})
    cls = read_inflection({"act": "@person", "pass": "-1m@person"}, {"person": person})

    assert {"act", "past"} == cls.forms("walk", Sounds())["walked"]
    assert {"pass", "ger"} == cls.forms("walk", Sounds())["walming"]


def test_building_on_a_class_that_is_missing_is_refused() -> None:
    """A name that no class above bears is an error."""
    with pytest.raises(ValueError, match="nothing"):
        read_inflection({"act": "@nothing"})


def test_a_class_that_grows_without_end_is_refused() -> None:
    """A slip in an ending that yields thousands of forms is an error, not a memory leak."""
    endless = read_inflection({"x": "(a|b|c|d|e|f|g|h|i|j)" * 5})

    with pytest.raises(ValueError, match=str(MAX_FORMS)):
        endless.forms("word", Sounds())
