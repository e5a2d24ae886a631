"""Rules as data: which claim, in which kind of article, contradicts which state of the record."""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from alerts.errors import RuleError
from extract.claim import Claim, Cue, EndState, Modality, Voice
from state.finding import Severity, Verdict
from state.record import StatusName

Place = Literal["anywhere", "title", "body"]
MESSAGE_FIELDS = frozenset({"status", "event", "as_of", "sentence"})
UNDATED_FIELDS = frozenset({"event", "sentence"})
STRICT = ConfigDict(extra="forbid")
Named = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Filled = Annotated[str, Field(min_length=1)]
CueKind = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ClaimPattern:
    """Which claims are meant; an empty tuple takes any.

    Attributes:
        cue: The claim has a cue of one of these kinds; what kinds there are, the lexicons say.
    """

    end_state: tuple[EndState, ...] = ()
    voice: tuple[Voice, ...] = ()
    modality: tuple[Modality, ...] = ()
    where: Place = "anywhere"
    cue: tuple[CueKind, ...] = ()

    def matches(self, claim: Claim) -> bool:
        """Whether the claim is one of those that are meant."""
        return (
            (not self.end_state or claim.end_state in self.end_state)
            and (not self.voice or claim.voice in self.voice)
            and (not self.modality or claim.modality in self.modality)
            and (self.where == "anywhere" or claim.in_title == (self.where == "title"))
            and (not self.cue or any(cue.kind in self.cue for cue in claim.cues))
        )


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ExampleClaim:
    """A claim as an example writes it."""

    end_state: EndState
    voice: Voice = "own"
    modality: Modality = "asserted"
    in_title: bool = False
    cue: tuple[CueKind, ...] = ()

    def as_claim(self) -> Claim:
        """The claim, with an empty sentence."""
        cues = tuple(Cue(kind, "", 0, 0) for kind in self.cue)
        return Claim("", 0, 0, self.in_title, self.end_state, self.voice, self.modality, cues)


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Example:
    """An article in short, and whether the rule fires on it. Run at load.

    Attributes:
        on: The article's day; None where it does not matter, or is not known.
    """

    says: Filled
    verdict: Verdict
    claims: Annotated[tuple[ExampleClaim, ...], Field(min_length=1)]
    status: StatusName
    fires: bool
    on: date | None = None


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which an article can contradict the record.

    Attributes:
        id: With the article, identifies the finding over all revisions.
        verdicts: The articles' verdicts under which the rule is looked at.
        claim: The claim that triggers it; the first one of the article is the evidence.
        beside: Patterns of which one must match a claim of the article too; empty for no condition.
        without: Patterns that no claim of the article may match.
        contradicts: The record's statuses that such a claim contradicts.
        message: One line, with fields of :data:`MESSAGE_FIELDS` in braces.
        message_undated: The same where the article's date is not known (:data:`UNDATED_FIELDS`).
        since: Only articles of this day or later are looked at, and none without a day.
        example: At least one that fires and one that does not.
        rating: What is said of such a claim in a few words, where findings are published.
        immediate: False: its findings are told in digests alone, whatever the routes say.
    """

    id: Named
    severity: Severity
    verdicts: Annotated[tuple[Verdict, ...], Field(min_length=1)]
    claim: ClaimPattern
    contradicts: Annotated[tuple[StatusName, ...], Field(min_length=1)]
    message: Filled
    message_undated: Filled
    example: tuple[Example, ...]
    beside: tuple[ClaimPattern, ...] = ()
    without: tuple[ClaimPattern, ...] = ()
    immediate: bool = True
    since: date | None = None
    rating: Filled | None = None

    def evidence(
        self, verdict: Verdict, claims: Iterable[Claim], status: StatusName, on: date | None
    ) -> Claim | None:
        """The claim that contradicts the record under this rule, or None.

        Args:
            verdict: The verdict of the article as a whole.
            claims: All claims of the article, in order.
            status: What the record says for the article's date.
            on: That date, None where it is not known.
        """
        if self.since is not None and (on is None or on < self.since):
            return None
        if verdict not in self.verdicts or status not in self.contradicts:
            return None
        claims = tuple(claims)
        if self.beside and not _any_matches(self.beside, claims):
            return None
        if _any_matches(self.without, claims):
            return None
        return next((claim for claim in claims if self.claim.matches(claim)), None)


def _any_matches(patterns: tuple[ClaimPattern, ...], claims: tuple[Claim, ...]) -> bool:
    return any(pattern.matches(claim) for pattern in patterns for claim in claims)


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a watch.

    Attributes:
        rule: The rules, in the order of the file.
        fingerprint: Changes when the file does.
    """

    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]
    fingerprint: str = field(default="", init=False)

    @property
    def digest_only(self) -> frozenset[str]:
        """Ids of the rules whose findings are told in digests alone."""
        return frozenset(rule.id for rule in self.rule if not rule.immediate)


_RULES: TypeAdapter[Rules] = TypeAdapter(Rules)


def load_rules(path: Path) -> Rules:
    """Reads and checks a rules file whole, and runs its examples.

    Raises:
        RuleError: The file cannot be read, or an entry is wrong; names file, entry and field.
    """
    content = _read(path)
    data = _parse(path, content)
    try:
        rules = _RULES.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise RuleError(path, _place(data, first), first["msg"]) from error
    _check_ids(path, rules)
    for rule in rules.rule:
        _check_messages(path, rule)
        _check_examples(path, rule)
    return _with_fingerprint(rules, content)


def _with_fingerprint(rules: Rules, content: bytes) -> Rules:
    digest = hashlib.sha256(content).hexdigest()[:16]
    stamped = replace(rules)
    object.__setattr__(stamped, "fingerprint", digest)  # not a key of the file, so not of __init__
    return stamped


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError(path, "", error.strerror or str(error)) from error


def _parse(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(path, "", str(error)) from error


def _place(data: dict[str, Any], error: ErrorDetails) -> str:
    """Names entry and field of a validation error: ``rule 'x', claim.voice``."""
    loc = [str(part) for part in error["loc"]]
    if loc[:1] != ["rule"] or len(loc) < 2:
        return ".".join(loc) or "file"
    entry = data["rule"][int(loc[1])] if loc[1].isdigit() else {}
    name = entry.get("id") if isinstance(entry, dict) else None
    label = f"rule '{name}'" if name else f"rule {int(loc[1]) + 1}"
    return ", ".join(filter(None, [label, ".".join(loc[2:])]))


def _check_ids(path: Path, rules: Rules) -> None:
    seen: set[str] = set()
    for rule in rules.rule:
        if rule.id in seen:
            raise RuleError(path, f"rule '{rule.id}', id", "stands twice")
        seen.add(rule.id)


def _check_messages(path: Path, rule: Rule) -> None:
    for name, text, allowed in (
        ("message", rule.message, MESSAGE_FIELDS),
        ("message_undated", rule.message_undated, UNDATED_FIELDS),
    ):
        where = f"rule '{rule.id}', {name}"
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise RuleError(path, where, str(error)) from error
        for _, used, spec, conversion in parts:
            if used is not None and (used not in allowed or spec or conversion):
                raise RuleError(path, where, f"no field {used!r}; known: {_listed(allowed)}")


def _check_examples(path: Path, rule: Rule) -> None:
    if {example.fires for example in rule.example} != {True, False}:
        why = "needs one example that fires and one that does not"
        raise RuleError(path, f"rule '{rule.id}', example", why)
    for number, example in enumerate(rule.example, 1):
        claims = [claim.as_claim() for claim in example.claims]
        found = rule.evidence(example.verdict, claims, example.status, example.on)
        fires = found is not None
        if fires != example.fires:
            why = f"{example.says!r} is expected {_fires(example.fires)}, and does not"
            raise RuleError(path, f"rule '{rule.id}', example {number}", why)


def _fires(fires: bool) -> str:
    return "to fire" if fires else "to stay silent"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
