"""Article, findings and messages are saved together, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.judge import Judgement, judge
from alerts.record_changes import Applied, apply_judgement
from alerts.routing import Audience
from extract.claim import Claim
from state.store import Store
from tests.support.alerting import NOW, RECORD, claim, reading, rules, write
from tests.support.databases import make_store

RULES = rules()
AUDIENCE = Audience((), {"mail": ("a@desk.example", "b@desk.example")})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = make_store(tmp_path)
    yield opened
    opened.close()


def visit(store: Store, text: str, *claims: Claim, hours: int = 0) -> Applied:
    """Visits the article, which now has this text and these claims."""
    visited = write(reading(*claims), text, NOW + timedelta(hours=hours))
    judgement = judge(visited.article, visited.reading, RECORD, RULES)
    with store.unit() as unit:
        return apply_judgement(unit, visited, judgement, AUDIENCE)


def sent(store: Store) -> list[tuple[str, str]]:
    """Type and recipient of every message, in order."""
    return [(q.message.type, q.message.recipient) for q in store.messages()]


def test_a_finding_and_its_messages_are_saved_together(store: Store):
    """A new contradiction opens one finding and queues one message for each recipient."""
    applied = visit(store, "Repealed.", claim())

    assert ["repeal-asserted"] == [one.rule for one in applied.opened]
    assert applied.queued == 2
    assert [one.id for one in store.findings()] == [one.id for one in applied.opened]
    assert sent(store) == [
        ("finding.opened", "a@desk.example"),
        ("finding.opened", "b@desk.example"),
    ]


def test_a_second_visit_says_nothing_again(store: Store):
    """The same text opens no finding again and queues nothing."""
    visit(store, "Repealed.", claim())

    applied = visit(store, "Repealed.", claim(), hours=1)

    assert (applied.opened, applied.updated, applied.corrected, applied.queued) == ((), (), (), 0)
    assert len(store.messages()) == 2


def test_a_changed_sentence_updates(store: Store):
    """Other words for the same claim update the finding and are told once."""
    visit(store, "Repealed.", claim())

    applied = visit(store, "Scrapped.", claim(sentence="It was scrapped."), hours=1)

    assert ["It was scrapped."] == [one.claim.sentence for one in applied.updated]
    assert applied.queued == 2
    assert len(store.findings()) == 1


def test_a_correction_closes_and_answers(store: Store):
    """An article that corrects itself closes the finding, in reply to what opened it."""
    visit(store, "Repealed.", claim())
    opening = store.messages()

    applied = visit(store, "Not repealed.", claim(modality="negated"), hours=1)

    (finding,) = applied.corrected
    assert (finding.status, finding.closed_at) == ("corrected", NOW + timedelta(hours=1))
    replies = store.messages()[2:]
    assert ["finding.corrected"] * 2 == [one.message.type for one in replies]
    assert [one.id for one in opening] == [one.in_reply_to for one in replies]
    assert "says outright" in str(replies[0].message.payload["why"])


def test_text_that_came_out_empty_is_no_correction(store: Store):
    """An unjudged visit leaves the finding open and tells nobody."""
    visit(store, "Repealed.", claim())
    empty = write(replace(reading(), unread="no text"), "", NOW + timedelta(hours=1))

    with store.unit() as unit:
        apply_judgement(unit, empty, Judgement("unjudged", reason="no text"), AUDIENCE)

    assert ["open"] == [one.status for one in store.findings()]
    assert len(store.messages()) == 2


def test_a_failure_leaves_nothing_behind(store: Store):
    """What fails before the end of the unit saves neither article nor finding nor message."""
    visited = write(reading(claim()))
    judgement = judge(visited.article, visited.reading, RECORD, RULES)

    with pytest.raises(RuntimeError, match="power cut"), store.unit() as unit:
        apply_judgement(unit, visited, judgement, AUDIENCE)
        raise RuntimeError("power cut")

    assert store.article("https://wire.example/a") is None
    assert (store.findings(), store.messages()) == ([], [])


def test_what_was_dismissed_is_not_opened_again(store: Store):
    """A dismissed finding stays so when the article changes elsewhere."""
    (finding,) = visit(store, "Repealed.", claim()).opened
    with store.unit() as unit:
        unit.close_finding(finding.id, "dismissed", NOW, "satire")

    applied = visit(store, "Repealed. And more.", claim(), hours=1)

    assert (applied.opened, applied.queued) == ((), 0)
