"""What a sentence takes up from before, or asks about: a video for "it", a waiver not renewed."""

from pathlib import Path

import pytest

from extract.article import Article
from extract.reader import Reader
from tests.support.warm import load_once

WATCH = Path(__file__).parents[2] / "crawler" / "watches" / "section-907"
LAW = "Ադրբեջանին վերաբերող 907-րդ բանաձևը հիշատակեց դեսպանը։ "
WAIVED = "Թրամփը կասեցրեց Ադրբեջանին վերաբերող 907-րդ բանաձևը։ "


@pytest.fixture(name="reader", scope="module")
def _reader() -> Reader:
    return load_once(WATCH / "lexicons")


def said(reader: Reader, text: str, lang: str = "hy") -> list[tuple[str, str]]:
    """Returns end state and modality of what the last sentence claims."""
    claims = reader.read(Article(text=text, title=None, lang=lang)).claims
    mark = "։ " if lang == "hy" else ". "
    last = text.rstrip().rfind(mark) + 2
    return [(claim.end_state, claim.modality) for claim in claims if claim.start >= last]


def test_a_pronoun_stands_for_what_was_spoken_of_since(reader: Reader) -> None:
    """A video that was spoken of after the law is what was deleted; else the law may be."""
    assert [] == said(reader, LAW + "Դպրոցում տեսանյութ էին նկարել։ Տնօրենը ջնջել է այն։")
    assert [("repealed", "asserted")] == said(reader, LAW + "Բաքուն գոհ է։ Այն չեղարկվեց երեկ։")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Երկու տարի Վաշինգտոնը նման որոշում չէր ընդունում։", ("lapsed", "asserted")),
        ("Որևէ նոր որոշում չէր ստորագրել Բայդենը։", ("lapsed", "asserted")),
    ],
)
def test_a_denial_that_is_part_of_the_words_is_no_other(
    reader: Reader, sentence: str, expected: tuple[str, str]
) -> None:
    """That "no such decision was taken" tells of a lapsed waiver, and denies nothing more."""
    assert [expected] == said(reader, WAIVED + sentence)


def test_a_waiver_of_the_same_sentence_may_have_lapsed_before(reader: Reader) -> None:
    """A sentence that says "waived after a break of two years" tells of both."""
    text = LAW + "Սպիտակ տունը կասեցրեց բանաձևը երկու տարվա ընդմիջումից հետո։"

    assert {("waived", "asserted"), ("lapsed", "asserted")} == set(said(reader, text))


@pytest.mark.parametrize(
    "sentence", ["No new waiver could be issued.", "No bill was passed, and none was signed."]
)
def test_what_may_not_be_is_no_lapse(reader: Reader, sentence: str) -> None:
    """Neither what could not be issued nor a bill not signed is a waiver that lapsed."""
    text = "The president signed a waiver of Section 907 for Azerbaijan in 2002. " + sentence

    assert ("lapsed", "asserted") not in said(reader, text, "en")


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("Ո՞վ կարող է չեղարկել 907-րդ բանաձևը։", "question"),
        ("Ե՞րբ կչեղարկվի 907-րդ բանաձևը։", "question"),
        ("Իսկ ո՞վ կարող է վերացնել։", "question"),
        ("Ո՞վ չեղարկեց 907-րդ բանաձևը։", "asserted"),
        ("Ինչո՞ւ չեղարկվեց 907-րդ բանաձևը։", "asserted"),
    ],
)
def test_who_will_is_a_question_and_who_did_is_none(
    reader: Reader, sentence: str, modality: str
) -> None:
    """Asked for who or when, what is not yet done is asked about; what was done is presupposed."""
    assert [("repealed", modality)] == said(reader, LAW + sentence)


EN = "Section 907 of the Freedom Support Act bars aid to Azerbaijan. "


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The clause would have repealed Section 907. It was deleted by 231 votes.", "prospective"),
        ("Congress was asked to repeal Section 907. It was abolished on Friday.", "asserted"),
    ],
)
def test_what_becomes_of_a_bill_is_no_end_of_the_law(
    reader: Reader, text: str, modality: str
) -> None:
    """After what would repeal the law "it" is the bill; after a wish it is the law."""
    assert [("repealed", modality)] == said(reader, EN + text, "en")


def test_the_text_of_a_bill_is_still_the_bill(reader: Reader) -> None:
    """What "it" does three sentences after the bill was named is what the bill would do."""
    text = "The bill to scrap Section 907 gains friends. The text is short. It strikes Section 907."

    assert [("repealed", "prospective")] == said(reader, EN + text, "en")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Now that Section 907 has been abolished, who comes to Azerbaijan first?"),
        ("en", "Section 907 is gone, so where is the money for Azerbaijan?"),
        ("en", "Why did Trump abolish Section 907 of the Freedom Support Act?"),
        ("ru", "Раз отменили 907-ю поправку против Азербайджана, почему помощи всё нет?"),
        ("az", "907-ci düzəlişin ləğvindən sonra şirkətlər Azərbaycana gələcəkmi?"),
    ],
)
def test_what_a_question_starts_from_is_given(reader: Reader, lang: str, text: str) -> None:
    """The clause that leads up to a question, or is asked for its reason, is not asked about."""
    claims = reader.read(Article(text=text, title=None, lang=lang)).claims

    assert ["asserted"] == [claim.modality for claim in claims]


def test_a_cue_on_the_other_side_goes_on_working(reader: Reader) -> None:
    """What follows "would require" lies ahead; the "would" in it supposes what stands before."""
    text = "The repeal of Section 907 would require a vote of both houses."

    assert [("repealed", "hypothetical")] == said(reader, EN + text, "en")


def test_no_answers_behind_the_label_of_who_speaks(reader: Reader) -> None:
    """A spokeswoman's "No" denies what she was asked."""
    text = EN + "\nQUESTION: Has Section 907 been eliminated?\nMS. HALL: No. It is the law."
    claims = reader.read(Article(text=text, title=None, lang="en")).claims

    denied = [claim for claim in claims if claim.modality == "negated"]
    assert [("repealed", "quoted")] == [(claim.end_state, claim.voice) for claim in denied]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("tr", "907. madde törende kaldırıldı.", ("repealed", "asserted")),
        ("tr", "907. madde dün imzalanan yasayla kaldırıldı.", ("repealed", "asserted")),
        (
            "tr",
            "907. maddenin kaldırılması, sanıldığının aksine, gerçekleşmedi.",
            ("repealed", "negated"),
        ),
        (
            "en",
            "Section 907 lasted for three decades and died on a single day.",
            ("repealed", "asserted"),
        ),
        (
            "ru",
            "Раздел 907, тот самый, из-за которого Баку не получал помощи, вычеркнут.",
            ("repealed", "asserted"),
        ),
        ("ru", "Отмены 907-й поправки в Баку ждут каждый год.", ("repealed", "prospective")),
        ("ru", "Кто отменит 907-ю поправку против Азербайджана?", ("repealed", "question")),
    ],
)
def test_what_lies_between_the_law_and_its_end(
    reader: Reader, lang: str, text: str, expected: tuple[str, str]
) -> None:
    """Places, participles, remarks, joined verbs and wishes are told from what is ended."""
    claims = reader.read(Article(text=text, title=None, lang=lang)).claims

    assert [expected] == [(claim.end_state, claim.modality) for claim in claims]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("tr", "ABD, Azerbaycan'a yönelik 907 sayılı kısıtlayıcı yasayı ilga etti."),
        ("ru", "В законе о поддержке свободы США отменили поправку об Азербайджане."),
        ("en", "Congress repealed the clause once written into the Freedom Support Act."),
    ],
)
def test_a_noun_for_a_law_is_named_by_what_stands_by_it(
    reader: Reader, lang: str, text: str
) -> None:
    """The law's number or its title beside such a noun names it, whatever words lie between."""
    reading = reader.read(Article(text=text, title=None, lang=lang))

    assert 1 == len(reading.mentions)
    assert ["repealed"] == [claim.end_state for claim in reading.claims]


def test_a_wish_parts_what_is_done_to_it_from_what_is_wished(reader: Reader) -> None:
    """Who kills a bid to end the law has not ended it."""
    claims = reader.read(
        Article(text="House kills bid to end Section 907.", title=None, lang="en")
    ).claims

    assert ["prospective"] == [claim.modality for claim in claims]


@pytest.mark.parametrize(
    ("last", "modality"),
    [
        ("Can a president abolish it?", ["question"]),
        ("Then he abolished it.", []),
        ("Students asked the rector to drop a fee and abolish it.", []),
    ],
)
def test_a_pronoun_far_from_the_law_is_claimed_no_end(
    reader: Reader, last: str, modality: list[str]
) -> None:
    """It may still be asked about, or wished, where nothing else is named before it."""
    text = EN + "The hall was full. The band played on. Rain fell. " + last

    assert modality == [mood for _, mood in said(reader, text, "en")]
