"""Judges one article against the record: a verdict, and the findings of the rules. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from alerts.rules import ClaimPattern, Rule, Rules
from extract.article import Article
from extract.claim import Claim, Reading
from state.event import Event
from state.finding import LOUDNESS, Finding, RecordReference, Severity, Verdict
from state.record import Record, Status, StatusName

NO_REPEAL = "the article's date is not known; no repeal is on record to date"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an article as a whole says against the record.

    Attributes:
        accurate_context: Whether the page says, in its own voice, that the law is waived.
        findings: At most one for each rule, in the order of the rules.
        reason: Why an ``unjudged`` article is so; None for every other verdict.
    """

    verdict: Verdict
    accurate_context: bool = False
    findings: tuple[Finding, ...] = ()
    reason: str | None = None

    @property
    def severity(self) -> Severity:
        """That of its most severe finding; ``none`` where there is none."""
        found = (finding.severity for finding in self.findings)
        return max(found, key=LOUDNESS.__getitem__, default="none")


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the record says for an article: the status rules compare with, and how to cite it."""

    status: StatusName
    reference: RecordReference
    caveat: str | None
    on: date | None = None


def judge(article: Article, reading: Reading, record: Record, rules: Rules) -> Judgement:
    """Holds what an article says against the record as of the article's own date.

    Where the date is not known, a repeal claim contradicts the record only if no repeal is on
    record at any time, and the finding says that the date is not known.
    """
    if reading.unread is not None:
        return Judgement("unjudged", reason=reading.unread)
    standing = _standing(article, record)
    verdict = verdict_of(reading, repealed=standing.status == "repealed")
    return Judgement(
        verdict,
        any(_OWN_WAIVED.matches(claim) for claim in reading.claims),
        tuple(_findings(verdict, reading.claims, standing, rules)),
    )


def verdict_of(reading: Reading, *, repealed: bool = False) -> Verdict:
    """The verdict of an article that could be read: the first of DESIGN.md's that fits.

    Args:
        reading: What the article says.
        repealed: Whether the record has the law as repealed, so that saying so is accurate.
    """
    if not reading.mentions and not reading.claims:
        return "irrelevant"
    claims = reading.claims
    verdict: Verdict = next((name for name, fits in _VERDICTS if fits(claims)), "background")
    return "accurate" if repealed and verdict in ("asserts", "relays") else verdict


_OWN_WAIVED = ClaimPattern(("waived",), ("own",), ("asserted",))
_WAIVED = ClaimPattern(("waived",), (), ("asserted",))
# A speaker's "it still stands" beside a suspension is mostly a lament, not an answer (measured on
# the labelled corpus: two false corrections against none).
_STANDS_UNQUOTED = ClaimPattern(("in_force",), ("own", "reported"), ("asserted",))
_STANDS = ClaimPattern(("in_force",), (), ("asserted",))
_DENIED = ClaimPattern(("repealed",), (), ("negated",))
_REPEALED = ClaimPattern(("repealed",), (), ("asserted",))
_OWN_REPEALED = ClaimPattern(("repealed",), ("own",), ("asserted",))
_LIFTED = ClaimPattern(("lifted",), (), ("asserted",))
_OPEN = ClaimPattern(("repealed",), (), ("prospective", "hypothetical", "question"))
_LIFTING = ClaimPattern(("lifted",), (), ("prospective", "hypothetical", "question"))
_CORRECT = ClaimPattern(("waived", "lapsed", "waiver_repealed"))


def _any(pattern: ClaimPattern, claims: tuple[Claim, ...]) -> bool:
    return any(pattern.matches(claim) for claim in claims)


def _hedged(claim: Claim) -> bool:
    """True for a repeal as good as claimed, which says nothing of the future."""
    return any(cue.kind == "hedge" for cue in claim.cues)


def _corrects(claims: tuple[Claim, ...]) -> bool:
    """Denied outright; or said to stand, where that answers a repeal or is set against a waiver."""
    answers = _any(_STANDS, claims) and _any(_REPEALED, claims)
    set_against = _any(_STANDS_UNQUOTED, claims) and _any(_WAIVED, claims)
    return _any(_DENIED, claims) or answers or set_against


_VERDICTS: tuple[tuple[Verdict, Callable[[tuple[Claim, ...]], bool]], ...] = (
    ("corrects", _corrects),
    ("asserts", lambda claims: _any(_OWN_REPEALED, claims)),
    ("relays", lambda claims: _any(_REPEALED, claims)),
    ("lifted", lambda claims: _any(_LIFTED, claims)),
    ("prospective", lambda claims: any(_OPEN.matches(c) and not _hedged(c) for c in claims)),
    ("accurate", lambda claims: _any(_CORRECT, claims)),
    ("prospective", lambda claims: _any(_OPEN, claims) or _any(_LIFTING, claims)),
)


def _findings(
    verdict: Verdict, claims: tuple[Claim, ...], standing: _Standing, rules: Rules
) -> Iterator[Finding]:
    for rule in rules.rule:
        claim = rule.evidence(verdict, claims, standing.status, standing.on)
        if claim is not None:
            message = _message(rule, claim, standing)
            yield Finding(rule.id, rule.severity, message, claim, standing.reference)


def _message(rule: Rule, claim: Claim, standing: _Standing) -> str:
    reference = standing.reference
    template = rule.message if reference.as_of else rule.message_undated
    text = template.format(
        status=reference.status.replace("_", " "),
        event=reference.event,
        as_of=reference.as_of,
        sentence=claim.sentence,
    )
    caveat = f" {standing.caveat}" if standing.caveat else ""
    return " ".join(f"{text}{caveat}".split())


def _standing(article: Article, record: Record) -> _Standing:
    if article.published is None:
        return _undated(record)
    status = record.status(article.published)
    reference = _reference(status, as_of=article.published.isoformat(), event=_line(status.event))
    return _Standing(status.status, reference, status.caveat, article.published)


@lru_cache(maxsize=4)  # a record outlives many articles
def _undated(record: Record) -> _Standing:
    """Repealed if it ever was: the article may be younger than the repeal, and never is accused."""
    statuses = [record.status(event.latest) for event in record.events]
    repealed = next((status for status in statuses if status.status == "repealed"), None)
    if repealed is not None:
        line = f"the article's date is not known; {_line(repealed.event)}"
        return _Standing("repealed", _reference(repealed, as_of=None, event=line), None)
    latest = max(statuses, key=lambda status: status.on, default=None)
    event = latest.event if latest else None
    url, citation = (event.url, event.citation) if event else (None, None)
    reference = RecordReference("not_established", None, NO_REPEAL, citation, url)
    return _Standing("not_established", reference, None)


def _reference(status: Status, *, as_of: str | None, event: str) -> RecordReference:
    entry = status.event
    return RecordReference(
        status.status,
        as_of,
        event,
        entry.citation if entry else None,
        entry.url if entry else None,
    )


def _line(event: Event | None) -> str:
    """An event in one line: instrument, kind, date as precisely as it is known, end."""
    if event is None:
        return "the record has no event by then"
    until = f", until {event.until.isoformat()}" if event.until else ""
    kind = event.kind.replace("_", " ")
    return f"{event.instrument}, {kind} {_day(event)}{until}"


def _day(event: Event) -> str:
    match event.date_precision:
        case "day":
            return event.date.isoformat()
        case "month":
            return f"{event.date:%Y-%m}"
        case "year":
            return f"{event.date:%Y}"
        case "range":
            return f"{event.date:%Y} and after"
        case _:
            return f"about {event.date.isoformat()}"
