"""Findings as the JSON objects that users script against."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from extract.claim import Claim
from state.finding import Confirmation, StoredFinding


def claim_data(claim: Claim) -> dict[str, Any]:
    """A claim as ``check --json`` prints it."""
    return {
        "sentence": claim.sentence,
        "start": claim.start,
        "end": claim.end,
        "in_title": claim.in_title,
        "end_state": claim.end_state,
        "voice": claim.voice,
        "modality": claim.modality,
        "cues": [
            {"kind": cue.kind, "text": cue.text, "start": cue.start, "end": cue.end}
            for cue in claim.cues
        ],
    }


def finding_data(finding: StoredFinding) -> dict[str, Any]:
    """A finding as ``findings list --json`` prints it and webhooks carry it: plain JSON values."""
    return {
        "id": finding.id,
        "status": finding.status,
        "rule": finding.rule,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "outlet": finding.outlet,
        "url": finding.url,
        "title": finding.title,
        "published": finding.published.isoformat() if finding.published else None,
        "lang": finding.lang,
        "sentence": finding.claim.sentence,
        "message": finding.message,
        "claim": claim_data(finding.claim),
        "record": asdict(finding.record),
        "opened_at": finding.opened_at.isoformat(),
        "closed_at": finding.closed_at.isoformat() if finding.closed_at else None,
        "cluster": finding.cluster,
        "copies": [{"outlet": outlet, "url": url} for outlet, url in finding.copies],
        "warc": asdict(finding.warc) if finding.warc else None,
        "why": finding.why,
        "confirmed": _confirmed(finding.confirmed),
    }


def _confirmed(word: Confirmation | None) -> dict[str, Any] | None:
    return {"at": word.at.isoformat(), "by": word.by, "why": word.why} if word else None
