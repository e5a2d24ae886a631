"""Compares the findings of an article, and of its copies, with a new judgement of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.judge import Judgement
from extract.claim import Claim
from state.finding import Finding, RecordReference, Severity, StoredFinding

Pair = tuple[StoredFinding, Finding]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new judgement changes, in the order of the rules.

    Attributes:
        opened: Findings of rules that had none open.
        updated: Open findings whose evidence, severity or record entry is now another.
        corrected: Open findings whose rule finds nothing any more.
        copied: Findings that the same text has elsewhere already, each with that one.
        moved: Copies whose evidence is now another; nobody needs to hear of it.
        released: Copies that no longer say what the finding says that they copied.
        withdrawn: Copies whose rule finds nothing any more.
    """

    opened: tuple[Finding, ...] = ()
    updated: tuple[Pair, ...] = ()
    corrected: tuple[StoredFinding, ...] = ()
    copied: tuple[Pair, ...] = ()
    moved: tuple[Pair, ...] = ()
    released: tuple[Pair, ...] = ()
    withdrawn: tuple[StoredFinding, ...] = ()


def plan_changes(
    known_findings: Iterable[StoredFinding],
    judgement: Judgement,
    kin: Iterable[StoredFinding] = (),
) -> Changes:
    """Says which findings to open, update and close as corrected, by rule id.

    An ``unjudged`` article changes nothing: text that came out empty is no correction. What was
    dismissed is not opened again while its sentence stays the same. What another article with the
    same text was found to say, with the same verdict, is a copy of that finding: a small edit that
    changes the verdict makes a finding of its own.

    Args:
        known_findings: The article's findings, whatever their status.
        judgement: Of the article as it is now.
        kin: Findings, open or dismissed, of other articles that carry the same text.
    """
    if judgement.verdict == "unjudged":
        return Changes()
    known_findings = tuple(known_findings)
    known = {stored.rule: stored for stored in known_findings if stored.status == "open"}
    found = {finding.rule: finding for finding in judgement.findings}
    both = [(known[rule], finding) for rule, finding in found.items() if rule in known]
    own = [(old, new) for old, new in both if old.copy_of is None]
    copies = [(old, new) for old, new in both if old.copy_of is not None]
    gone = [stored for rule, stored in known.items() if rule not in found]
    fresh = [
        finding
        for rule, finding in found.items()
        if rule not in known and not _is_dismissed(finding, known_findings)
    ]
    kin = tuple(kin)
    holders = {finding.rule: _holder(finding, judgement, kin) for finding in fresh}
    held = {one.id for one in kin if one.verdict == judgement.verdict}
    return Changes(
        opened=tuple(one for one in fresh if holders[one.rule] is None),
        updated=tuple((old, new) for old, new in own if _differ(old, new)),
        corrected=tuple(stored for stored in gone if stored.copy_of is None),
        copied=tuple((holder, one) for one in fresh if (holder := holders[one.rule]) is not None),
        moved=tuple((old, new) for old, new in copies if old.copy_of in held and _differ(old, new)),
        released=tuple((old, new) for old, new in copies if old.copy_of not in held),
        withdrawn=tuple(stored for stored in gone if stored.copy_of is not None),
    )


def _holder(
    finding: Finding, judgement: Judgement, kin: Iterable[StoredFinding]
) -> StoredFinding | None:
    """The finding of the same text that tells of this one too; an open one before a dismissed."""
    fitting = [
        one
        for one in kin
        if one.rule == finding.rule
        and one.verdict == judgement.verdict
        and (one.status == "open" or _words(one.claim) == _words(finding.claim))
    ]
    return min(fitting, key=lambda one: one.status != "open", default=None)


def _is_dismissed(finding: Finding, known_findings: Iterable[StoredFinding]) -> bool:
    return any(
        stored.status == "dismissed"
        and stored.rule == finding.rule
        and _words(stored.claim) == _words(finding.claim)
        for stored in known_findings
    )


def _differ(old: StoredFinding, new: Finding) -> bool:
    """Whether a reader would see a difference; where the sentence stands is none."""
    return _seen(old.severity, old.claim, old.record) != _seen(new.severity, new.claim, new.record)


def _seen(severity: Severity, claim: Claim, record: RecordReference) -> tuple[object, ...]:
    states = (claim.end_state, claim.voice, claim.modality, claim.in_title)
    return severity, _words(claim), *states, record.status, record.as_of, record.citation


def _words(claim: Claim) -> str:
    return " ".join(claim.sentence.split())
