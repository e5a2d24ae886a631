"""A wire story on many sites is one finding; what differs in substance is a finding of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.changes import plan_changes
from alerts.judge import judge
from alerts.record_changes import Applied, apply_judgement
from alerts.routing import Audience, Route
from extract.claim import Claim
from extract.sketch import sketch_of
from state.finding import StoredFinding
from state.store import Store
from tests.support.alerting import NOW, RECORD, SENTENCE, claim, reading, rules, stored, write
from tests.support.databases import make_store

RULES = rules()
AUDIENCE = Audience((), {"mail": ("a@desk.example",)})
STORY = (
    SENTENCE + " " + " ".join(f"Sentence {n} tells of the deal of day {n * n}." for n in range(30))
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = make_store(tmp_path)
    yield opened
    opened.close()


class Wire:
    """Outlets that carry a story, one visit after another."""

    def __init__(self, store: Store, audience: Audience = AUDIENCE) -> None:
        self.store, self.audience, self.now = store, audience, NOW

    def tell(self, outlet: str, *claims: Claim, text: str = STORY) -> Applied:
        """An outlet's article, visited a day after the last visit of any."""
        self.now += timedelta(days=1)
        wrote = write(reading(*claims), text, self.now, f"https://{outlet}.example/a")
        wrote = replace(wrote, outlet=outlet, sketch=sketch_of(text))
        judgement = judge(wrote.article, wrote.reading, RECORD, RULES)
        wrote = replace(wrote, verdict=judgement.verdict, severity=judgement.severity)
        with self.store.unit() as unit:
            return apply_judgement(unit, wrote, judgement, self.audience)

    def found(self) -> dict[str, tuple[str, ...]]:
        """Outlet and copies of each open finding."""
        findings = [one for one in self.store.findings() if one.status == "open"]
        return {one.outlet: tuple(outlet for outlet, _ in one.copies) for one in findings}

    def sent(self) -> list[tuple[str, str, bool]]:
        """Type, cause and whether it waits for a digest, of every message."""
        queued = self.store.messages()
        return [(q.message.type, q.message.payload["cause"], q.message.held) for q in queued]


def test_a_copy_is_a_quiet_addition(store: Store) -> None:
    """The second and third outlet join the first one's finding, for the next digest."""
    wire = Wire(store)
    first = wire.tell("one", claim())
    second = wire.tell("two", claim(), text="Agency. " + STORY)
    wire.tell("three", claim())

    assert (1, 0) == (len(first.opened), len(second.opened))
    assert {"one": ("two", "three")} == wire.found()
    assert [
        ("finding.opened", "article", False),
        ("finding.updated", "copy", True),
        ("finding.updated", "copy", True),
    ] == wire.sent()
    payload = store.messages()[1].message.payload
    assert {"outlet": "two", "url": "https://two.example/a", "change": "added"} == payload["copy"]


def test_the_same_copy_again_is_no_news(store: Store) -> None:
    """Visiting a copy again changes nothing."""
    wire = Wire(store)
    for outlet in ("one", "two", "two", "one", "two"):
        last = wire.tell(outlet, claim())

    assert (0, 0) == (last.queued, len(last.updated))
    assert 2 == len(wire.sent())


def test_an_edit_that_changes_the_verdict_stays_out(store: Store) -> None:
    """Nearly the same text with another verdict is judged by itself."""
    wire = Wire(store)
    wire.tell("one", claim())
    relays = wire.tell("two", claim(voice="quoted"), text=STORY.replace("day 25", "day 26"))
    denies = wire.tell("three", claim(modality="negated"))

    assert (1, 0) == (len(relays.opened), len(denies.opened))
    assert {"one": (), "two": ()} == wire.found()
    assert 1 == len({one.cluster for one in store.findings()})


def test_a_copy_that_is_corrected_leaves(store: Store) -> None:
    """It is taken from the list, quietly; the finding stands."""
    wire = Wire(store)
    wire.tell("one", claim())
    wire.tell("two", claim())
    gone = wire.tell("two", claim(modality="negated"), text=STORY + " This text was corrected.")

    assert {"one": ()} == wire.found()
    assert () == gone.corrected
    assert ("finding.updated", "copy", True) == wire.sent()[-1]
    assert "withdrawn" == store.messages()[-1].message.payload["copy"]["change"]


def test_a_copy_that_changes_its_verdict_gets_a_finding(store: Store) -> None:
    """What it says now is told as what it is."""
    wire = Wire(store)
    wire.tell("one", claim())
    wire.tell("two", claim())
    changed = wire.tell("two", claim(voice="quoted"), text=STORY + " So it was said.")

    assert ["two"] == [one.outlet for one in changed.opened]
    assert {"one": (), "two": ()} == wire.found()


def test_a_correction_is_told_while_the_copies_stand(store: Store) -> None:
    """The finding goes on under its id in the next outlet, and the last correction closes it."""
    wire = Wire(store)
    first = wire.tell("one", claim())
    wire.tell("two", claim())
    fixed = STORY + " This text was corrected."
    moved = wire.tell("one", claim(modality="negated"), text=fixed)
    standing = wire.found()
    closed = wire.tell("two", claim(modality="negated"), text=fixed)

    assert {"two": ()} == standing
    assert first.opened[0].id == moved.updated[0].id == closed.corrected[0].id
    assert {} == wire.found()
    assert [
        ("finding.opened", "article", False),
        ("finding.updated", "copy", True),
        ("finding.updated", "handover", False),
        ("finding.corrected", "article", False),
    ] == wire.sent()


def test_copies_of_what_was_dismissed_are_quiet(store: Store) -> None:
    """A text that a person dismissed opens nothing on another site."""
    wire = Wire(store)
    (made,) = wire.tell("one", claim()).opened
    with store.unit() as unit:
        unit.close_finding(made.id, "dismissed", wire.now, "satire")
    copy = wire.tell("two", claim())

    assert ((), 0) == (copy.opened, copy.queued)
    assert (("two", "https://two.example/a"),) == store.finding(made.id).copies


def test_who_hears_only_of_the_copys_outlet_is_told_at_once(store: Store) -> None:
    """A desk that follows one outlet hears of it, also where that outlet only copies."""
    audience = Audience(
        (Route("two-desk", outlets=("two",)), Route("all")),
        {"two-desk": ("two-desk",), "all": ("all",)},
    )
    wire = Wire(store, audience)
    wire.tell("one", claim())
    wire.tell("two", claim())

    sent = [(q.message.recipient, q.message.type, q.message.held) for q in store.messages()]
    assert [
        ("all", "finding.opened", False),
        ("two-desk", "finding.updated", False),
        ("all", "finding.updated", True),
    ] == sent


def test_a_copy_whose_text_is_rewritten_stands_alone(store: Store) -> None:
    """Once the texts have nothing more in common, each has its finding."""
    wire = Wire(store)
    wire.tell("one", claim())
    wire.tell("two", claim())
    own = SENTENCE + " " + " ".join(f"Quite another word {n} stands here now." for n in range(40))
    alone = wire.tell("two", claim(), text=own)

    assert ["two"] == [one.outlet for one in alone.opened]
    assert {"one": (), "two": ()} == wire.found()


def test_a_copy_is_planned_only_for_the_same_rule_and_verdict() -> None:
    """The plan itself, without a store."""
    judgement = judge(write(reading(claim())).article, reading(claim()), RECORD, RULES)
    (found,) = judgement.findings
    kin: list[StoredFinding] = [stored(id="f_9")]

    assert ((kin[0], found),) == plan_changes([], judgement, kin).copied
    assert (found,) == plan_changes([], judgement, [stored(verdict="relays")]).opened
    assert (found,) == plan_changes([], judgement, [stored(rule="another")]).opened
