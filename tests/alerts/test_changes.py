"""What a new judgement changes about the findings of an article."""

from __future__ import annotations

from dataclasses import replace

from alerts.changes import Changes, plan_changes
from alerts.judge import Judgement
from state.finding import Finding, RecordReference, Severity
from tests.support.alerting import claim, stored

RECORD = RecordReference("waived", "2025-08-09", "The memorandum", "90 FR 1", "https://l.example")
NOW_THERE = stored(record=RECORD)


def found(
    rule: str = "repeal-asserted", severity: Severity = "high", sentence: str = ""
) -> Finding:
    """A finding of the new judgement."""
    evidence = claim(sentence=sentence) if sentence else claim()
    return Finding(rule, severity, "Why.", evidence, RECORD)


def judged(*findings: Finding) -> Judgement:
    """A judgement with these findings."""
    return Judgement("asserts", findings=findings)


def test_a_new_rule_opens():
    """A finding of a rule that has none open is opened."""
    assert Changes(opened=(found(),)) == plan_changes([], judged(found()))


def test_the_same_finding_changes_nothing():
    """The same evidence, even further down the page and differently spaced, is no news."""
    moved = found(sentence=" ".join(claim().sentence.split()) + "  ")
    moved = replace(moved, claim=replace(moved.claim, start=900, end=950))

    assert Changes() == plan_changes([NOW_THERE], judged(moved))


def test_other_words_update():
    """Another sentence under the same rule updates the open finding."""
    new = found(sentence="It was repealed today.")

    assert Changes(updated=((NOW_THERE, new),)) == plan_changes([NOW_THERE], judged(new))


def test_another_severity_updates():
    """A rule that became quieter updates the open finding."""
    new = found(severity="low")

    assert Changes(updated=((NOW_THERE, new),)) == plan_changes([NOW_THERE], judged(new))


def test_a_rule_that_finds_nothing_any_more_is_corrected():
    """An open finding that is not found again is closed; the one that takes over is opened."""
    new = found("repeal-relayed", "medium")

    assert Changes((new,), (), (NOW_THERE,)) == plan_changes([NOW_THERE], judged(new))


def test_an_unjudged_article_changes_nothing():
    """Text that came out empty is no correction."""
    unjudged = Judgement("unjudged", reason="no text")

    assert Changes() == plan_changes([NOW_THERE], unjudged)


def test_closed_findings_are_no_open_ones():
    """A corrected finding that comes back is opened anew, and is not corrected twice."""
    closed = replace(NOW_THERE, status="corrected")

    assert Changes(opened=(found(),)) == plan_changes([closed], judged(found()))
    assert Changes() == plan_changes([closed], judged())


def test_what_was_dismissed_stays_so_while_it_says_the_same():
    """A dismissed sentence is not opened again; another sentence is."""
    dismissed = replace(NOW_THERE, status="dismissed")
    other = found(sentence="It was repealed today.")

    assert Changes() == plan_changes([dismissed], judged(found()))
    assert Changes(opened=(other,)) == plan_changes([dismissed], judged(other))
