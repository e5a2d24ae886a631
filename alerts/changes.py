"""Compares the open findings of an article with a new judgement of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.judge import Judgement
from extract.claim import Claim
from state.finding import Finding, RecordReference, Severity
from state.findings import StoredFinding


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new judgement changes, in the order of the rules.

    Attributes:
        opened: Findings of rules that had none open.
        updated: Open findings whose evidence, severity or record entry is now another.
        corrected: Open findings whose rule finds nothing any more.
    """

    opened: tuple[Finding, ...] = ()
    updated: tuple[tuple[StoredFinding, Finding], ...] = ()
    corrected: tuple[StoredFinding, ...] = ()


def plan_changes(known_findings: Iterable[StoredFinding], judgement: Judgement) -> Changes:
    """Says which findings to open, update and close as corrected, by rule id.

    An ``unjudged`` article changes nothing: text that came out empty is no correction. What was
    dismissed is not opened again while its sentence stays the same.

    Args:
        known_findings: The article's findings, whatever their status.
        judgement: Of the article as it is now.
    """
    if judgement.verdict == "unjudged":
        return Changes()
    known_findings = tuple(known_findings)
    known = {stored.rule: stored for stored in known_findings if stored.status == "open"}
    found = {finding.rule: finding for finding in judgement.findings}
    dismissed = {
        (stored.rule, _words(stored.claim))
        for stored in known_findings
        if stored.status == "dismissed"
    }
    both = [(known[rule], finding) for rule, finding in found.items() if rule in known]
    return Changes(
        opened=tuple(
            finding
            for rule, finding in found.items()
            if rule not in known and (rule, _words(finding.claim)) not in dismissed
        ),
        updated=tuple((old, new) for old, new in both if _differ(old, new)),
        corrected=tuple(stored for rule, stored in known.items() if rule not in found),
    )


def _differ(old: StoredFinding, new: Finding) -> bool:
    """Whether a reader would see a difference; where the sentence stands is none."""
    return _seen(old.severity, old.claim, old.record) != _seen(new.severity, new.claim, new.record)


def _seen(severity: Severity, claim: Claim, record: RecordReference) -> tuple[object, ...]:
    states = (claim.end_state, claim.voice, claim.modality, claim.in_title)
    return severity, _words(claim), *states, record.status, record.as_of, record.citation


def _words(claim: Claim) -> str:
    return " ".join(claim.sentence.split())
