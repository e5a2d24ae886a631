"""Claims that leave their thing unsaid: bare nouns, dropped subjects, what takes up a waiver."""

from pathlib import Path

import pytest

from extract.article import Article
from extract.reader import Reader
from tests.support.warm import load_once

WATCH = Path(__file__).parents[2] / "crawler" / "watches" / "section-907"
LAW = "Section 907 bars American aid to Azerbaijan. "
WAIVED = "President Bush signed a waiver of Section 907 for Azerbaijan in 2002. "


@pytest.fixture(name="reader", scope="module")
def _reader() -> Reader:
    return load_once(WATCH / "lexicons")


def said(reader: Reader, text: str, lang: str = "en") -> list[tuple[str, str]]:
    """Returns end state and modality of what the last sentence claims."""
    claims = reader.read(Article(text=text, title=None, lang=lang)).claims
    last = text.rstrip().rfind(". ") + 2
    return [(claim.end_state, claim.modality) for claim in claims if claim.start >= last]


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("The embassy calls for repeal.", "prospective"),
        ("Its friends will seek full repeal in the autumn.", "prospective"),
        ("Repeal would help both countries.", "hypothetical"),
    ],
)
def test_a_bare_wish_is_for_the_law(reader: Reader, sentence: str, modality: str) -> None:
    """What is wished for without its object can only be the end of the law spoken of."""
    assert [("repealed", modality)] == said(reader, LAW + sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The deputies welcomed repeal.",  # a fact of something unsaid is nobody's claim
        "The embassy calls for the repeal of the customs code.",
        "The ministers hope to end the talks.",
        "The embassy calls for visa repeal.",
    ],
)
def test_a_bare_noun_claims_no_fact_and_no_other_thing(reader: Reader, sentence: str) -> None:
    """A fact needs its object named; and an object that is named is another's."""
    assert [] == said(reader, LAW + sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Every president has done so since.", ("waived", "asserted")),
        ("Similar papers were signed in later years.", ("waived", "asserted")),
        ("No renewal followed in 2017.", ("lapsed", "asserted")),
        ("It lapsed a year later.", ("lapsed", "asserted")),
        ("The latest one lapsed in June.", ("lapsed", "asserted")),
    ],
)
def test_a_sentence_takes_up_the_waiver(
    reader: Reader, sentence: str, expected: tuple[str, str]
) -> None:
    """Another like it, or none: what is told of the waiver spoken of before."""
    assert expected in said(reader, WAIVED + sentence)


def test_nothing_is_taken_up_from_far_away(reader: Reader) -> None:
    """After sentences about other things, "he did so" is of these."""
    between = "He flew home. The harvest was good. The opera opened its season. "

    assert [] == said(reader, WAIVED + between + "Every president has done so since.")


@pytest.mark.parametrize(
    ("lang", "law", "sentence", "modality"),
    [
        ("az", "907-ci düzəliş Azərbaycana yardımı qadağan edir. ", "Ləğv olunmayıb.", "negated"),
        ("tr", "907. madde Azerbaycan'a yardımı yasaklıyor. ", "Hâlâ kaldırılmadı.", "negated"),
        ("ru", "907-я поправка запрещает помощь Азербайджану. ", "Не отменена.", "negated"),
    ],
)
def test_a_verb_alone_is_said_of_what_was_named(
    reader: Reader, lang: str, law: str, sentence: str, modality: str
) -> None:
    """Where a language drops subjects, a verb with small words goes on about the last thing."""
    assert [("repealed", modality)] == said(reader, law + sentence, lang)


def test_a_verb_with_another_subject_is_not(reader: Reader) -> None:
    """One unknown word may be the subject that the verb has."""
    text = "907-ci düzəliş Azərbaycana yardımı qadağan edir. Vizalar ləğv olunub."

    assert [] == said(reader, text, "az")


def test_a_law_to_be_applied_is_to_stay(reader: Reader) -> None:
    """That is a wish for its force; that it was applied tells nothing."""
    assert ("in_force", "prospective") in said(reader, LAW + "Congress should apply Section 907.")
    assert [] == said(reader, LAW + "Congress applied Section 907 to Azerbaijan.")


def test_an_end_of_restrictions_names_the_law_that_set_them(reader: Reader) -> None:
    """With those who made it in the same sentence; what others restrict is theirs."""
    ours = "The talks went on. Washington lifted restrictions on aid to Azerbaijan."
    theirs = "The talks went on. The bank lifted restrictions on aid to Azerbaijan."

    assert [("lifted", "asserted")] == said(reader, ours)
    assert [] == said(reader, theirs)


def test_a_headline_may_leave_its_law_to_the_text(reader: Reader) -> None:
    """Verbs alone before a mark: the text below names what was not repealed."""
    article = Article(
        text="В пятницу президент США приостановил 907-ю поправку для Азербайджана.",
        title="Отложено, но не отменено: что подписал президент",
        lang="ru",
    )
    claims = reader.read(article).claims

    assert ("repealed", "negated") in [
        (claim.end_state, claim.modality) for claim in claims if claim.in_title
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Congress promised to let no waiver of Section 907 pass.", ("waived", "prospective")),
        ("If the waiver is not renewed, aid stops.", ("lapsed", "hypothetical")),
        ("There has been no valid waiver since June.", ("lapsed", "asserted")),
    ],
)
def test_a_denied_waiver(reader: Reader, sentence: str, expected: tuple[str, str]) -> None:
    """What is wished not to be is a wish; what is not renewed, or not there, has lapsed."""
    assert expected in said(reader, WAIVED + sentence)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "907-я поправка была несправедливой к Азербайджану, поэтому отменена."),
        ("ru", "907-я поправка бьёт по Азербайджану. В 2025 году отменена."),
        ("az", "907-ci düzəliş daha Azərbaycana mane ola bilməz, çünki ləğv edilib."),
        ("tr", "907. madde Azerbaycan'a artık engel olamaz, çünkü yürürlükten kaldırıldı."),
    ],
)
def test_a_last_clause_may_leave_its_subject_unsaid(reader: Reader, lang: str, text: str) -> None:
    """A verb with small words goes on about what the clause or sentence before spoke of."""
    found = reader.read(Article(text=text, title=None, lang=lang)).claims

    assert ("repealed", "asserted") in [(claim.end_state, claim.modality) for claim in found]


def test_a_last_clause_goes_on_about_a_subject_alone(reader: Reader) -> None:
    """What stands in another case is not what the clause goes on about."""
    text = "Причин для 907-й поправки против Азербайджана нет, уже отменены."

    assert not reader.read(Article(text=text, title=None, lang="ru")).claims


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "907-я поправка бьёт по Азербайджану. Не отменили, а приостановили."),
        ("az", "907-ci düzəliş Azərbaycana qarşıdır. Ləğv edilməyib, dayandırılıb."),
        ("tr", "907. madde Azerbaycan'a yardımı yasaklıyor. İptal edilmedi, askıya alındı."),
    ],
)
def test_joined_verbs_may_both_leave_their_subject_unsaid(
    reader: Reader, lang: str, text: str
) -> None:
    """Two verbs say two things of the law spoken of before."""
    found = reader.read(Article(text=text, title=None, lang=lang)).claims

    assert {("repealed", "negated"), ("waived", "asserted")} == {
        (claim.end_state, claim.modality) for claim in found
    }


@pytest.mark.parametrize(
    "text",
    [
        "907. maddeyi Bakü'ye karşı yıllarca savundular, Trump bir günde kaldırdı.",
        "907-ci düzəlişi Bakıya qarşı illərlə müdafiə etdilər; Tramp ləğv etdi.",
        "Heyetler 907. maddeyi Bakü'ye karşı yıllarca savundu; Trump bir günde kaldırdı.",
    ],
)
def test_a_last_clause_may_leave_its_object_unsaid(reader: Reader, text: str) -> None:
    """What one clause has for an object, the next need not name again."""
    lang = "tr" if "madde" in text else "az"
    found = reader.read(Article(text=text, title=None, lang=lang)).claims

    assert [("repealed", "asserted")] == [(claim.end_state, claim.modality) for claim in found]


def test_a_question_of_no_more_than_the_end_reaches_far_back(reader: Reader) -> None:
    """What an article is about needs no name where it asks whether that has ended."""
    between = "Para akıyordu. Herkes memnundu. Yıllar geçti. "
    text = f"907. madde Azerbaycan'a yardımı yasaklıyordu. {between}Peki kalktı mı? Hayır."

    assert ("repealed", "negated") in said(reader, text, "tr")
    assert not said(reader, text.replace("Peki kalktı mı? Hayır.", "Kalktı."), "tr")


def test_a_whole_sentence_within_a_quotation_is_speech(reader: Reader) -> None:
    """Few words and a noun are held up only where others stand around the marks."""
    text = 'Pallone said: "Section 907 stands. The waiver is temporary. Baku knows."'
    found = reader.read(Article(text=text, title=None, lang="en")).claims

    assert {"quoted"} == {claim.voice for claim in found if claim.end_state == "waived"}


def test_the_stop_of_an_ordinal_ends_no_gap(reader: Reader) -> None:
    """A number and its stop are words of the sentence, also between the parts of a pattern."""
    text = "Komite 907. maddenin kaldırılmasını öngören tasarıyı onayladı."
    found = reader.read(Article(text=text, title=None, lang="tr")).claims

    assert ["prospective"] == [claim.modality for claim in found]


def test_words_in_quotation_marks_stand_by_themselves(reader: Reader) -> None:
    """What is quoted needs no law named in it, whatever the sentence around it says."""
    text = 'Basın 907. maddenin kaldırıldığını yazdı. Uzman "Hayır efendim, kalkmadı" dedi.'
    claims = reader.read(Article(text=text, title=None, lang="tr")).claims

    assert ("repealed", "quoted", "negated") == (
        claims[-1].end_state,
        claims[-1].voice,
        claims[-1].modality,
    )
