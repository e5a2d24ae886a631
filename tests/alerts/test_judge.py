"""Verdicts and findings: the first verdict that fits, held against the record on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from alerts.judge import Judgement, judge
from extract.claim import Claim, Cue, Reading
from state.event import DatePrecision, Event
from state.finding import Verdict
from state.record import Record, load_record
from tests.support.alerting import RECORD, RULES_FILE, article, claim, reading, rules
from tests.support.stored import finding

RULES = rules()
REPEAL = Event(date(2026, 3, 1), "repealed", "The repealing act", "high", citation="P.L. 1")
REPEALED = Record((*RECORD.events, REPEAL))
HEADLINE = claim(in_title=True)
DENIED = claim(modality="negated")
WAIVED = claim("waived")
STANDS = claim("in_force")


@pytest.mark.parametrize(
    ("claims", "verdict", "severity", "found"),
    [
        ([], "background", "none", []),
        ([claim()], "asserts", "high", ["repeal-asserted"]),
        ([claim(), WAIVED], "asserts", "high", ["repeal-asserted"]),
        ([claim(voice="quoted")], "relays", "medium", ["repeal-relayed"]),
        ([claim(voice="reported"), WAIVED], "relays", "medium", ["repeal-relayed"]),
        ([claim(voice="reported"), claim()], "asserts", "high", ["repeal-asserted"]),
        ([claim(), DENIED], "corrects", "none", []),
        (
            [claim(voice="quoted"), claim(voice="quoted", modality="negated")],
            "corrects",
            "none",
            [],
        ),
        ([claim(voice="quoted"), STANDS], "corrects", "none", []),
        ([claim(voice="quoted"), claim("in_force", "quoted")], "corrects", "none", []),
        ([WAIVED, STANDS], "corrects", "none", []),
        ([WAIVED, claim("in_force", "quoted")], "accurate", "none", []),
        ([STANDS], "background", "none", []),
        ([claim("lifted", "reported")], "lifted", "low", ["restrictions-lifted"]),
        (
            [claim("lifted"), claim(modality="prospective")],
            "lifted",
            "low",
            ["restrictions-lifted"],
        ),
        ([claim(modality="prospective"), WAIVED], "prospective", "none", []),
        ([claim(modality="hypothetical")], "prospective", "none", []),
        ([claim(modality="question")], "prospective", "none", []),
        ([claim("lifted", modality="prospective")], "prospective", "none", []),
        ([WAIVED], "accurate", "none", []),
        ([claim("lapsed")], "accurate", "none", []),
        ([claim("waiver_repealed")], "accurate", "none", []),
        ([HEADLINE, WAIVED], "asserts", "high", ["repeal-asserted", "headline-contradicted"]),
        ([HEADLINE, DENIED], "corrects", "low", ["headline-contradicted"]),
        ([HEADLINE, claim(), WAIVED], "asserts", "high", ["repeal-asserted"]),
        ([claim(in_title=True, voice="quoted"), DENIED], "corrects", "none", []),
    ],
)
def test_verdict(claims: list[Claim], verdict: Verdict, severity: str, found: list[str]):
    """An article gets the first verdict that fits, and the rules' findings, whose worst it is."""
    judgement = judge(article(), reading(*claims), RECORD, RULES)

    assert (verdict, severity) == (judgement.verdict, judgement.severity)
    assert found == [finding.rule for finding in judgement.findings]


def test_a_severity_without_a_finding_is_none():
    """What contradicts nothing is not loud, whatever its verdict; of some the loudest counts."""
    low, high = (finding(severity=severity) for severity in ("low", "high"))

    assert [Judgement("lifted", findings=some).severity for some in ((), (low,), (low, high))] == [
        "none", "low", "high",
    ]  # fmt: skip


def test_an_article_that_does_not_name_the_law_is_irrelevant():
    """No mention: irrelevant, whatever else it says."""
    judgement = judge(article(), reading(mentions=0), RECORD, RULES)

    assert judgement.verdict == "irrelevant"
    assert judgement.reason is None


def test_an_article_that_could_not_be_read_is_unjudged():
    """Unread: unjudged, with the reason, and no finding even where there are claims."""
    unread = Reading(None, claims=(claim(),), unread="no lexicon for German")

    judgement = judge(article(), unread, RECORD, RULES)

    assert (judgement.verdict, judgement.severity) == ("unjudged", "none")
    assert judgement.reason == "no lexicon for German"
    assert judgement.findings == ()


@pytest.mark.parametrize(
    ("day", "status", "event"),
    [
        (date(1990, 1, 1), "not_enacted", "the record has no event by then"),
        (date(1995, 1, 1), "in_force", "The act, enacted 1992-10-24"),
        (
            date(2025, 8, 9),
            "waived",
            "The memorandum, extension 2025-08-08, until 2026-08-08",
        ),
        (
            date(2027, 1, 1),
            "not_established",
            "The memorandum, extension 2025-08-08, until 2026-08-08",
        ),
    ],
)
def test_the_finding_cites_the_record_on_the_article_s_day(day: date, status: str, event: str):
    """Whatever the status short of a repeal, the claim contradicts it, and the entry is cited."""
    (finding,) = judge(article(day), reading(claim()), RECORD, RULES).findings

    assert status == finding.record.status
    assert day.isoformat() == finding.record.as_of
    assert event == finding.record.event
    assert day.isoformat() in finding.message
    assert event in finding.message


def test_the_record_s_caveat_is_part_of_the_message():
    """Where the waiver's year has run out and nothing is known, the reader is told so."""
    day = date(2027, 1, 1)

    (finding,) = judge(article(day), reading(claim()), RECORD, RULES).findings

    caveat = RECORD.status(day).caveat
    assert caveat
    assert caveat in finding.message


def test_an_unknown_date_is_said_and_not_guessed():
    """Without a date, the finding has none, and holds the claim against the whole record."""
    (finding,) = judge(article(None), reading(claim()), RECORD, RULES).findings

    assert finding.record.as_of is None
    assert "the article's date is not known; no repeal is on record to date" in finding.message
    assert finding.record.citation == "90 FR 1"


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2026, 2, 28), "asserts"), (date(2026, 3, 1), "accurate"), (None, "accurate")],
)
def test_a_claim_is_true_once_the_repeal_is_on_record(day: date | None, verdict: str):
    """From the repeal on, and where the date is not known, saying so is accurate."""
    judgement = judge(article(day), reading(claim()), REPEALED, RULES)

    assert verdict == judgement.verdict
    assert (verdict == "asserts") == bool(judgement.findings)


@pytest.mark.parametrize(
    ("told", "context"),
    [
        (WAIVED, True),
        (claim("waived", "quoted"), False),
        (claim("waived", modality="negated"), False),
    ],
)
def test_accurate_context_is_the_page_s_own_voice(told: Claim, context: bool):
    """Only the page's own assertion of the waiver counts as accurate context."""
    assert context == judge(article(), reading(claim(), told), RECORD, RULES).accurate_context


def test_the_first_claim_that_fits_is_the_evidence():
    """The finding shows the claim that decided, not another one of the article."""
    decisive = claim(sentence="It was repealed.")

    (finding,) = judge(article(), reading(WAIVED, decisive, claim()), RECORD, RULES).findings

    assert decisive == finding.claim


def test_an_article_s_braces_are_no_template():
    """Text of a page that looks like a template stays text."""
    told = claim(sentence="{event} was repealed {0}")

    assert judge(article(), reading(told), RECORD, RULES).findings


@pytest.mark.parametrize(
    ("precision", "day"),
    [
        ("month", "2020-03"),
        ("year", "2020"),
        ("range", "2020 and after"),
        ("approx", "about 2020-03-31"),
    ],
)
def test_an_event_is_dated_no_more_precisely_than_the_record_has_it(
    precision: DatePrecision, day: str
):
    """An event of which only the month or year is known is not given a day."""
    event = Event(
        date(2020, 3, 31), "extension", "The waiver", "high", precision, until=date(2025, 1, 1)
    )

    (finding,) = judge(
        article(date(2021, 6, 1)), reading(claim()), Record((event,)), RULES
    ).findings

    assert f"The waiver, extension {day}, until 2025-01-01" == finding.record.event


def waived(cue: str | None = None, *, in_title: bool = False) -> Claim:
    """A claim in the outlet's own voice that the law is waived, with such a cue."""
    cues = (Cue(cue, "word", 0, 4),) if cue else ()
    return replace(claim("waived", in_title=in_title), cues=cues)


@pytest.mark.parametrize(
    ("on", "said", "rules_found"),
    [
        (date(2025, 8, 9), waived("permanent"), ["waiver-permanent"]),
        (None, waived("permanent"), ["waiver-permanent"]),
        (date(2025, 8, 9), waived("first"), ["waiver-first"]),
        (None, waived("first"), []),
        (date(2002, 1, 26), waived("first"), []),
        (date(2025, 8, 9), waived("unbroken"), ["waiver-unbroken"]),
        (date(2012, 10, 1), waived("unbroken"), []),
        (date(2025, 8, 9), waived("misattributed"), ["waiver-misattributed"]),
        (date(2025, 8, 9), waived("something_new"), []),
        (date(2025, 8, 9), waived(), []),
        (date(2024, 5, 1), waived(in_title=True), ["waiver-without-record"]),
        (date(2024, 5, 1), waived(), []),
        (date(2026, 9, 1), waived(in_title=True), []),
        (None, waived(in_title=True), []),
    ],
)
def test_soft_rules_of_the_law(on: date | None, said: Claim, rules_found: list[str]):
    """What is said of the waiver is held against the built-in record; doubt keeps silent."""
    record = load_record(RULES_FILE.parent / "record.toml")
    judgement = judge(article(on), reading(said), record, RULES)

    assert rules_found == [one.rule for one in judgement.findings]
    assert all(one.severity == "low" for one in judgement.findings)
    assert "{" not in "".join(one.message for one in judgement.findings)
