"""Scores verdicts and claims against labelled articles. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from crawler.checking import Checked
from extract.claim import Claim, EndState, Modality, Voice
from state.finding import Verdict

ALERTING = frozenset({"asserts", "relays"})
_PARTS: Mapping[str, Sequence[str]] = {
    "end_state": get_args(EndState),
    "voice": get_args(Voice),
    "modality": get_args(Modality),
}


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A sentence and how it is to be read."""

    sentence: str
    in_title: bool
    end_state: str
    voice: str
    modality: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with what is expected of it.

    Attributes:
        doubtful: Whether its label is open to doubt.
    """

    id: str
    lang: str
    label: str
    doubtful: bool
    claims: tuple[LabelledClaim, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A labelled article and what the engine made of it."""

    labelled: Labelled
    checked: Checked

    @property
    def got(self) -> str:
        """The verdict."""
        return self.checked.judgement.verdict


def parse_labelled(found: Mapping[str, Any], id: str) -> Labelled:
    """The labels of one object of a labelled file.

    Raises:
        ValueError: Names the field.
    """
    label = _word(found, "label", get_args(Verdict))
    claims = found.get("claims", [])
    if not isinstance(claims, list):
        raise ValueError("claims: is no list")
    return Labelled(
        id=id,
        lang=str(found.get("lang") or "unknown"),
        label=label,
        doubtful="DOUBT" in str(found.get("note") or ""),
        claims=tuple(_labelled_claim(claim) for claim in claims),
    )


def _labelled_claim(found: object) -> LabelledClaim:
    if not isinstance(found, dict):
        raise ValueError("claims: holds what is no object")
    if not isinstance(found.get("sentence"), str):
        raise ValueError("claims: sentence: is missing")
    in_title = found.get("in_title", False)
    if not isinstance(in_title, bool):
        raise ValueError(f'claims: in_title: "{in_title}" is neither true nor false')
    parts = (_word(found, part, known, "claims: ") for part, known in _PARTS.items())
    return LabelledClaim(found["sentence"], in_title, *parts)


def _word(found: Mapping[str, Any], key: str, known: Sequence[str], place: str = "") -> str:
    """A label that is one of the known words; a wrong one would count as something it is not."""
    word = found.get(key)
    if word is None:
        raise ValueError(f"{place}{key}: is missing")
    if word not in known:
        raise ValueError(f'{place}{key}: "{word}" is none of {", ".join(known)}')
    return str(word)


def evaluate(trials: Sequence[Trial]) -> dict[str, Any]:
    """The scores that ``eval --json`` prints."""
    langs = sorted({trial.labelled.lang for trial in trials})
    return {
        "all": scores(trials),
        "clear": scores([trial for trial in trials if not trial.labelled.doubtful]),
        "by_lang": {
            lang: scores([trial for trial in trials if trial.labelled.lang == lang])
            for lang in langs
        },
        "sentences": sentence_scores(trials),
        "errors": [
            {"id": trial.labelled.id, "expected": trial.labelled.label, "got": trial.got}
            for trial in trials
            if trial.got != trial.labelled.label
        ],
    }


def scores(trials: Sequence[Trial]) -> dict[str, float | int | None]:
    """How well alerting and verdicts hit; None where a share is of nothing."""
    due = [trial for trial in trials if trial.labelled.label in ALERTING]
    told = [trial for trial in trials if trial.got in ALERTING]
    hits = sum(trial.got in ALERTING for trial in due)
    precision, recall = _share(hits, len(told)), _share(hits, len(due))
    return {
        "n": len(trials),
        "precision": precision,
        "recall": recall,
        "f1": _share(2 * hits, len(told) + len(due)),
        "false_alarms": _share(len(told) - hits, len(trials) - len(due)),
        "verdict_accuracy": _share(
            sum(trial.got == trial.labelled.label for trial in trials), len(trials)
        ),
    }


def sentence_scores(trials: Iterable[Trial]) -> dict[str, float | int | None]:
    """Of the labelled sentences, the share whose end state, voice and modality were read right.

    A labelled sentence in which no claim was read counts as wrong in all three.
    """
    pairs = [
        (claim, _best_match(claim, trial.checked))
        for trial in trials
        for claim in trial.labelled.claims
    ]
    shares = {
        part: _share(sum(_agrees(part)(pair) for pair in pairs), len(pairs)) for part in _PARTS
    }
    return {"n": len(pairs), **shares}


def _agrees(part: str) -> Callable[[tuple[LabelledClaim, Claim | None]], bool]:
    def agrees(pair: tuple[LabelledClaim, Claim | None]) -> bool:
        expected, read = pair
        return read is not None and getattr(read, part) == getattr(expected, part)

    return agrees


def _best_match(expected: LabelledClaim, checked: Checked) -> Claim | None:
    """The claim read in the labelled sentence; of several, the one most like the label."""
    candidates = [
        claim
        for claim in checked.reading.claims
        if claim.in_title == expected.in_title and _overlap(expected, claim, checked)
    ]
    return max(
        candidates,
        key=lambda claim: sum(getattr(claim, part) == getattr(expected, part) for part in _PARTS),
        default=None,
    )


def _overlap(expected: LabelledClaim, claim: Claim, checked: Checked) -> bool:
    """Whether the two sentences share at least half of the shorter one."""
    place = (checked.article.title or "") if expected.in_title else checked.article.text
    start = place.find(expected.sentence)
    if start < 0:
        labelled, read = _folded(expected.sentence), _folded(claim.sentence)
        return labelled in read or read in labelled
    end = start + len(expected.sentence)
    shared = min(end, claim.end) - max(start, claim.start)
    return shared * 2 >= min(end - start, claim.end - claim.start) > 0


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
