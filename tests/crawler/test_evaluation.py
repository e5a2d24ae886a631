"""Scoring: alerting, verdicts and sentences against labels."""

import pytest

from alerts.judge import Judgement
from crawler.checking import Checked
from crawler.evaluation import Trial, evaluate, parse_labelled
from extract.article import Article
from extract.claim import Claim, Reading

TEXT = "The section was repealed. It was waived."


def claim(sentence, end_state="repealed", voice="own", modality="asserted"):
    """A claim that was read in the text."""
    start = TEXT.find(sentence)
    return Claim(sentence, start, start + len(sentence), False, end_state, voice, modality)


def trial(label, got, claims=(), read=(), lang="en", note=""):
    """A labelled article and a verdict."""
    labelled = parse_labelled(
        {"label": label, "lang": lang, "claims": list(claims), "note": note}, "x"
    )
    reading = Reading(lang, claims=tuple(read))
    return Trial(labelled, Checked("x", Article(TEXT), reading, Judgement(got)))


def labelled_claim(sentence, end_state="repealed", voice="own", modality="asserted"):
    """A claim as a labelled file has it."""
    parts = {"end_state": end_state, "voice": voice, "modality": modality}
    return {"sentence": sentence, "in_title": False, **parts}


def test_alerting_scores():
    """Precision, recall and false alarms count articles; asserts and relays both alert."""
    trials = [
        trial("asserts", "relays"),
        trial("asserts", "asserts"),
        trial("relays", "accurate"),
        trial("accurate", "asserts"),
        trial("corrects", "corrects"),
        trial("background", "background"),
    ]

    scores = evaluate(trials)["all"]

    assert 6 == scores["n"]
    assert round(2 / 3, 4) == scores["precision"] == scores["recall"] == scores["f1"]
    assert round(1 / 3, 4) == scores["false_alarms"]
    assert 0.5 == scores["verdict_accuracy"]


def test_doubtful_and_languages():
    """Doubtful labels are left out of the clear scores, and languages stand apart."""
    trials = [
        trial("asserts", "accurate", note="DOUBT: between two"),
        trial("asserts", "asserts"),
        trial("accurate", "accurate", lang="ru"),
    ]

    result = evaluate(trials)

    assert 0.5 == result["all"]["recall"]
    assert 1.0 == result["clear"]["recall"]
    assert {"en", "ru"} == set(result["by_lang"])
    assert [{"id": "x", "expected": "asserts", "got": "accurate"}] == result["errors"]


def test_share_of_nothing():
    """A share of nothing is none, and no division."""
    scores = evaluate([trial("accurate", "accurate")])["all"]

    assert (None, None, None) == (scores["precision"], scores["recall"], scores["f1"])


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ([claim("The section was repealed.")], (1.0, 1.0, 1.0)),
        ([claim("section was repealed", voice="quoted")], (1.0, 0.0, 1.0)),
        (
            [claim("The section was repealed.", "waived"), claim("The section was repealed.")],
            (1.0, 1.0, 1.0),
        ),
        ([claim("It was waived.")], (0.0, 0.0, 0.0)),
        ([], (0.0, 0.0, 0.0)),
    ],
)
def test_sentences(read, expected):
    """A labelled sentence is compared with the claim read in it; without one all is wrong."""
    labelled = [labelled_claim("The section was repealed.")]

    scores = evaluate([trial("asserts", "asserts", labelled, read)])["sentences"]

    assert 1 == scores["n"]
    assert expected == (scores["end_state"], scores["voice"], scores["modality"])


def test_sentence_that_is_not_verbatim():
    """A labelled sentence that differs in blanks from the text is still found."""
    labelled = [labelled_claim("The  section was repealed.")]

    scores = evaluate([trial("asserts", "asserts", labelled, [claim("The section was repealed.")])])

    assert 1.0 == scores["sentences"]["end_state"]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({}, "label: is missing"),
        ({"label": "asserts", "claims": 3}, "claims: is no list"),
        ({"label": "asserts", "claims": [3]}, "claims: holds"),
        ({"label": "asserts", "claims": [{"sentence": "x"}]}, "claims: end_state: is missing"),
    ],
)
def test_wrong_labels(found, why):
    """A label that cannot be used is told by its field."""
    with pytest.raises(ValueError, match=why):
        parse_labelled(found, "x")
