"""Claims, readings and record references as plain JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from extract.claim import Claim, Cue, Mention, Reading
from state.finding import RecordReference


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """The claim with its cues."""
    return asdict(claim)


def claim_from_json(data: Mapping[str, Any]) -> Claim:
    """The inverse of :func:`claim_to_json`."""
    cues = tuple(Cue(**cue) for cue in data["cues"])
    return Claim(**{**data, "cues": cues})


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """The reading with its mentions and claims."""
    return asdict(reading)


def reading_from_json(data: Mapping[str, Any]) -> Reading:
    """The inverse of :func:`reading_to_json`."""
    return Reading(
        lang=data["lang"],
        mentions=tuple(Mention(**mention) for mention in data["mentions"]),
        claims=tuple(claim_from_json(claim) for claim in data["claims"]),
        unread=data["unread"],
    )


def reference_to_json(reference: RecordReference) -> dict[str, Any]:
    """The reference, field by field."""
    return asdict(reference)


def reference_from_json(data: Mapping[str, Any]) -> RecordReference:
    """The inverse of :func:`reference_to_json`."""
    return RecordReference(**data)
