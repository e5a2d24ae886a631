"""What a sentence says by leaning on others: names, bills, ellipses, answers, other papers."""

from pathlib import Path

import pytest

from extract.article import Article
from extract.claim import Reading
from extract.reader import Reader
from tests.support.warm import load_once

WATCH = Path(__file__).parents[2] / "crawler" / "watches" / "section-907"


@pytest.fixture(name="reader", scope="module")
def _reader() -> Reader:
    return load_once(WATCH / "lexicons")


def read(reader: Reader, text: str, title: str | None = None) -> Reading:
    """Returns what an English article says."""
    return reader.read(Article(text=text, title=title, lang="en"))


def claims(reading: Reading) -> list[tuple[str, str]]:
    """Returns the end state and modality of each claim."""
    return [(claim.end_state, claim.modality) for claim in reading.claims]


@pytest.mark.parametrize(
    "text",
    [
        "Flight 907 to Baku was late. Section 907 was repealed, its passengers heard.",
        "'907' is no longer law. The presidential paper waives the restrictions.",
        "907 waiver: what happens when it runs out? The suspension began in August.",
    ],
)
def test_the_law_is_named_whatever_else_bears_its_number(reader: Reader, text: str) -> None:
    """A name counts beside another thing of its number, and a bare number beside its field."""
    assert read(reader, text).mentions


@pytest.mark.parametrize(
    "text",
    [
        "Ashford repealed Section 907 of its municipal code. A group from Azerbaijan had sued.",
        "Entry 907 in the annex, a Baku-registered firm, was deleted. The ban was lifted.",
        "The committee scrapped amendment no. 907 to the farm bill. Azerbaijan exports hazelnuts.",
        "The US cancelled 907 visas. The ban was lifted in Baku.",
    ],
)
def test_other_things_of_the_number_are_left_alone(reader: Reader, text: str) -> None:
    """A sign of another field that stands closer to the number decides against the law."""
    assert not read(reader, text).mentions


@pytest.mark.parametrize(
    ("reply", "modality"),
    [
        ("They did not.", "negated"),
        ("It was not; the President signed a waiver.", "negated"),
        ("It has been.", "asserted"),
        ("And yet it was.", "asserted"),
    ],
)
def test_an_ellipsis_takes_up_the_last_claim(reader: Reader, reply: str, modality: str) -> None:
    """What leaves its verb out means the one before."""
    reading = read(reader, f"Azerbaijanis say that Congress repealed Section 907. {reply}")

    assert ("repealed", modality) in claims(reading)[1:]


def test_an_ellipsis_takes_up_no_claim_farther_back(reader: Reader) -> None:
    """Another sentence between parts the two."""
    reading = read(reader, "Congress repealed Section 907. Azerbaijan sells oil. They did not.")

    assert [("repealed", "asserted")] == claims(reading)


def test_what_a_bill_says_lies_ahead(reader: Reader) -> None:
    """The present tense after a bill tells what the bill would do."""
    bill = read(reader, "The bill on Azerbaijan is one page long. It repeals Section 907.")
    news = read(reader, "The visit to Azerbaijan is two days old. Trump repeals Section 907.")

    assert [("repealed", "prospective")] == claims(bill)
    assert [("repealed", "asserted")] == claims(news)


def test_the_nearer_of_fact_and_wish_decides(reader: Reader) -> None:
    """A word like "after" presupposes what it governs, not what is wished for beyond."""
    wish = read(reader, "Speaker after speaker called for the abolition of Section 907 in Baku.")
    fact = read(reader, "Sales rose after the abolition of Section 907, which Baku celebrated.")

    assert ("repealed", "prospective") in claims(wish)
    assert ("repealed", "asserted") in claims(fact)


def test_a_condition_denies_nothing(reader: Reader) -> None:
    """What follows "if ... not" is supposed."""
    reading = read(reader, "If Congress does not repeal Section 907, Azerbaijan will turn away.")

    assert [("repealed", "hypothetical")] == claims(reading)


def test_an_answer_to_a_wish_is_a_wish(reader: Reader) -> None:
    """A noun that answers what somebody wants presupposes nothing."""
    reading = read(reader, "What does Azerbaijan want? The abolition of Section 907, above all.")

    assert [("repealed", "prospective")] == claims(reading)


def test_the_document_is_the_paper_last_spoken_of(reader: Reader) -> None:
    """After a memorandum "the document" is no longer the law."""
    paper = (
        "Section 907 bars aid to Azerbaijan. Trump signed a memorandum. The document was annulled."
    )
    law = "Section 907 bars aid to Azerbaijan. The document was annulled."

    assert ("repealed", "asserted") not in claims(read(reader, paper))
    assert ("repealed", "asserted") in claims(read(reader, law))


def test_a_clause_may_name_the_waiver(reader: Reader) -> None:
    """Deleting what lets the law be waived leaves the law standing."""
    text = "Congress deleted the clause that lets the president waive Section 907 for Azerbaijan."

    assert [("waiver_repealed", "asserted")] == claims(read(reader, text))


def test_a_hedge_is_told_apart(reader: Reader) -> None:
    """What is as good as done carries a cue of its own."""
    hedged = read(reader, "Section 907 is as good as repealed, Azerbaijani papers write.")
    supposed = read(reader, "Section 907 could be repealed, Azerbaijani papers write.")

    assert "hedge" in {cue.kind for cue in hedged.claims[0].cues}
    assert "hedge" not in {cue.kind for cue in supposed.claims[0].cues}


@pytest.mark.parametrize(
    "sentence",
    [
        "The old act of 1946 was repealed.",
        "The House struck the clause on the repeal from its bill.",
        "The 1974 law was abolished.",
    ],
)
def test_another_law_is_told_apart_by_its_own_words(reader: Reader, sentence: str) -> None:
    """A year of its own, or being about an end, makes a law or clause another one."""
    reading = read(reader, "Section 907 bars aid to Azerbaijan. " + sentence)

    assert ("repealed", "asserted") not in claims(reading)


def test_the_laws_own_year_leaves_it_itself(reader: Reader) -> None:
    """The year of its enactment names it as well as its number does."""
    reading = read(reader, "Section 907 bars aid to Azerbaijan. The 1992 law was abolished.")

    assert [("repealed", "asserted")] == claims(reading)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Section 907 bars aid to Azerbaijan. Congress abolished the section in 1998."),
        ("ru", "907-я поправка бьёт по Азербайджану. Конгресс отменил поправку в 1998 году."),
        ("az", "907-ci düzəliş Azərbaycana qarşıdır. Konqres 1998-ci ildə düzəlişi ləğv etdi."),
        ("tr", "907. madde Azerbaycan'a karşı. Kongre 1998'de maddeyi iptal etti."),
        ("hy", "907-րդ բանաձևն Ադրբեջանի դեմ է։ Կոնգրեսը 1998 թվականին բանաձևը չեղարկեց։"),
    ],
)
def test_a_year_in_which_something_was_done_dates_no_law(
    reader: Reader, lang: str, text: str
) -> None:
    """The year of the sentence is not the year of its law."""
    claims_ = reader.read(Article(text=text, lang=lang)).claims

    assert ["repealed"] == [claim.end_state for claim in claims_]


def test_an_embargo_is_lifted_by_whatever_verb(reader: Reader) -> None:
    """It is what a law imposes; ending it leaves the law unsaid."""
    reading = read(reader, "Section 907 bars aid to Azerbaijan. Congress abolished the embargo.")

    assert [("lifted", "asserted")] == claims(reading)


def test_a_text_read_out_is_a_bill_s(reader: Reader) -> None:
    """Enacted words are not read out of a document as news; a bill's are."""
    reading = read(reader, "Section 907 bars aid to Baku. The bill reads: the section is repealed.")

    assert [("repealed", "prospective")] == claims(reading)
    assert "reported" == reading.claims[0].voice


def test_curbs_named_by_the_law_are_no_law(reader: Reader) -> None:
    """The last noun of a compound says what is removed."""
    reading = read(reader, "Washington removes Section 907 curbs on aid to Baku.")

    assert [("lifted", "asserted")] == claims(reading)


def test_a_law_that_forbids_is_not_the_waiver(reader: Reader) -> None:
    """What forbids suspending ends the waiver, in languages that say so."""
    text = "Документ запрещает президенту приостанавливать действие 907-й поправки."
    claim = reader.read(Article(text=text, title=None, lang="ru")).claims[0]

    assert "waiver_repealed" == claim.end_state


def test_an_end_ahead_is_still_ahead_in_the_next_sentence(reader: Reader) -> None:
    """A bare noun of it is no fact; one after a fact is."""
    ahead = "A bill would repeal Section 907. The text speaks of full repeal of the section."
    done = "Congress repealed Section 907. The repeal of the section pleased Azerbaijan."

    assert ("repealed", "asserted") not in claims(read(reader, ahead))
    assert 2 == claims(read(reader, done)).count(("repealed", "asserted"))


def test_a_relative_clause_is_of_the_noun_before_it(reader: Reader) -> None:
    """What no longer exists is the world, not what belongs to it."""
    reading = read(reader, "Section 907 bars aid to Baku. It is of a world that no longer exists.")

    assert [] == claims(reading)


def test_a_caption_read_out_is_no_bill(reader: Reader) -> None:
    """Only a document or bill tells what is to come when it is read out."""
    reading = read(reader, 'The caption reads: "Section 907 on Azerbaijan is cancelled for ever."')

    assert [("repealed", "asserted")] == claims(reading)


def test_the_restrictions_are_the_laws_a_few_sentences_on(reader: Reader) -> None:
    """Between them and the law its waiver is spoken of as a step and a decision."""
    reading = read(
        reader,
        "The US suspended Section 907 for Azerbaijan. It is called a historic step. The "
        "president welcomed the move. According to him, lifting the restrictions helps trade.",
    )

    assert ("lifted", "asserted") in claims(reading)


@pytest.mark.parametrize(
    "name",
    ["the section", "Section 907", "Section 907 of the Freedom Support Act of the United States"],
)
def test_a_cue_reaches_as_far_over_a_long_name(reader: Reader, name: str) -> None:
    """However long a name of the law is, it is one word of the cue's scope."""
    text = f"Section 907 stands. It is not true that {name} was repealed."

    assert ("repealed", "negated") in claims(read(reader, text))


def test_a_relative_clause_may_stand_between_the_law_and_its_end(reader: Reader) -> None:
    """The clause leaves the law what the verb is said of; another thing does not."""
    law = "Section 907 bars aid to Azerbaijan. "
    told = law + "The statute that three generations of emigrants had defended was wiped out."
    other = law + "They recall the section that their fathers fought for when tariffs were cut off."

    assert ("repealed", "asserted") in claims(read(reader, told))
    assert ("repealed", "asserted") not in claims(read(reader, other))


def test_a_waiver_that_dies_is_no_law(reader: Reader) -> None:
    """What the sentence spoke of last is what dies."""
    text = "Section 907 stands. What was signed is a waiver, and it dies in twelve months."

    assert ("repealed", "asserted") not in claims(read(reader, text))


def test_another_s_amendment_is_known_by_his_name(reader: Reader) -> None:
    """A name before the noun makes it another; what was done to the law does not."""
    law = "Section 907 bars aid to Azerbaijan. "
    other = law + "The conference committee struck the Pallone amendment from the text."
    same = law + "The now repealed section had angered Baku."

    assert ("repealed", "asserted") not in claims(read(reader, other))
    assert ("repealed", "asserted") in claims(read(reader, same))


def test_a_headline_may_drop_the_article(reader: Reader) -> None:
    """An epithet tells the law where a headline leaves "the" out."""
    reading = read(reader, "Section 907 bars aid to Azerbaijan.", "US scraps notorious amendment")

    assert ("repealed", "asserted") in claims(reading)


@pytest.mark.parametrize("name", ["Section 907", "Section 907 of the Freedom Support Act of 1992"])
def test_a_name_is_one_word_to_the_gap_of_a_pattern(reader: Reader, name: str) -> None:
    """However long a name of the law is, it stands between the parts of a verb."""
    text = f"He set {name} aside. Congress then struck {name} from the books in Baku's favour."

    assert [("waived", "asserted"), ("repealed", "asserted")] == claims(read(reader, text))


@pytest.mark.parametrize(
    ("title", "voice"),
    [
        ("907-ci düzəliş ləğv edildi - Hikmət Hacıyev", "reported"),
        ("907-ci düzəliş ləğv edildi - FOTO", "own"),
    ],
)
def test_a_name_behind_a_headline_s_dash_speaks(reader: Reader, title: str, voice: str) -> None:
    """First and last name are enough, where the headline's other words have small letters."""
    text = "907-ci düzəliş Azərbaycana qarşıdır."
    claims = reader.read(Article(text=text, title=title, lang="az")).claims

    assert [voice] == [claim.voice for claim in claims]


def test_an_order_that_repeals_is_no_waiver(reader: Reader) -> None:
    """What is signed may be a waiver only where the sentence ends nothing."""
    text = "Trump signed an order repealing Section 907, which barred aid to Azerbaijan."

    assert [("repealed", "asserted")] == claims(read(reader, text))


@pytest.mark.parametrize(
    ("back", "ended"),
    [("Раздел отменен.", True), ("Поправка отменена.", False)],
)
def test_another_law_takes_what_its_gender_fits(reader: Reader, back: str, ended: bool) -> None:
    """A masculine noun cannot mean the feminine law that was spoken of since."""
    text = f"Раздел 907 касается Азербайджана. О поправке Джексона забыли. {back}"
    claims = reader.read(Article(text=text, title=None, lang="ru")).claims

    assert ended == any(claim.end_state == "repealed" for claim in claims)


def test_the_case_of_a_title_is_not_the_law_s(reader: Reader) -> None:
    """A pronoun of another gender is not the law, however the law's title ends."""
    text = (
        "Стороны говорили о 907-й поправке к Закону о поддержке свободы и Азербайджане. "
        "Затем перешли к соглашению: его решено отменить."
    )

    assert not reader.read(Article(text=text, lang="ru")).claims
