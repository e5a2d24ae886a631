"""Digests: everything that a recipient has not been told yet, in one message, and nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.digest import (
    Period,
    digest_of,
    period_digest,
    period_digest_messages,
    queue_digests,
    with_caveat,
)
from alerts.dispatcher import deliver_due
from alerts.judge import judge
from alerts.record_changes import apply_judgement
from alerts.render import Renderer, render_digest
from alerts.routing import Audience, Notice, Route, notice_messages
from extract.claim import Claim
from state.store import Store
from tests.support.alerting import LAW, NOW, RECORD, claim, reading, rules, stored, write
from tests.support.databases import make_store

RULES = rules()
RENDERER = Renderer(LAW)
DAY = Period(NOW - timedelta(days=1), NOW + timedelta(days=1))
AUDIENCE = Audience(
    (Route("mail", "low", mode="digest"),), {"mail": ("a@desk.example", "b@desk.example")}
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = make_store(tmp_path)
    yield opened
    opened.close()


def visit(store: Store, url: str, text: str, *claims: Claim) -> None:
    """Visits an article."""
    visited = write(reading(*claims), text, url=url)
    judgement = judge(visited.article, visited.reading, RECORD, RULES)
    with store.unit() as unit:
        apply_judgement(unit, visited, judgement, AUDIENCE)


def test_findings_are_grouped():
    """High, medium, low and corrected findings stand in groups of their own, with their numbers."""
    data = digest_of(
        [
            stored(id="f_1"),
            stored(id="f_2", severity="low", verdict="lifted"),
            stored(id="f_3", severity="medium", verdict="relays"),
            stored(id="f_4", status="corrected", why="It says so no more."),
        ],
        DAY,
    )

    assert [(group["name"], [f["id"] for f in group["findings"]]) for group in data["groups"]] == [
        ("high", ["f_1"]),
        ("medium", ["f_3"]),
        ("low", ["f_2"]),
        ("corrected", ["f_4"]),
    ]
    assert data["counts"] == {"opened": 3, "corrected": 1, "notices": 0}
    assert data["total"] == 4


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_digest_in_words_shows_the_evidence(form: str):
    """Text and page show outlet, title, link, sentence and record of each finding."""
    words = render_digest(digest_of([stored()], DAY), form, RENDERER)  # type: ignore[arg-type]

    for part in ("Caspian Wire", "Trump repeals Section 907", "https://wire.example/a", "90 FR 1"):
        assert part in words


def test_a_digest_as_json_is_one_document():
    """The JSON form is the data as it is."""
    data = digest_of([stored()], DAY)

    assert data == json.loads(render_digest(data, "json", RENDERER))


def test_an_empty_digest_says_so():
    """Nothing new is said in words, and sent to nobody."""
    data = digest_of([], DAY)

    assert "Nothing new" in render_digest(data, "text", RENDERER)
    assert period_digest_messages(data, AUDIENCE, NOW) == []


def test_what_is_held_goes_out_in_one_message(store: Store):
    """Two findings are one mail for each recipient; the next digest has nothing to tell."""
    visit(store, "https://wire.example/1", "One.", claim())
    visit(store, "https://wire.example/2", "Two.", claim("lifted"))

    queued = [queue_digests(store, NOW), queue_digests(store, NOW)]

    assert queued == [2, 0]
    digests = store.messages("queued")
    assert ["a@desk.example", "b@desk.example"] == [one.message.recipient for one in digests]
    assert all(one.message.payload["total"] == 2 for one in digests)
    assert len(store.messages("folded")) == 4


def test_nothing_new_is_no_mail(store: Store):
    """Where nothing is held, nothing is queued."""
    assert queue_digests(store, NOW) == 0
    assert store.messages() == []


def test_held_messages_are_not_sent_alone(store: Store):
    """Before the digest is made, nothing goes out."""
    visit(store, "https://wire.example/1", "One.", claim())

    assert deliver_due(store, [], lambda: NOW).deferred == 0


def test_a_finding_that_was_corrected_meanwhile_is_told_once(store: Store):
    """Opened and corrected between two digests: the digest has it once, as corrected."""
    visit(store, "https://wire.example/1", "One.", claim())
    visit(store, "https://wire.example/1", "Not so.", claim(modality="negated"))
    queue_digests(store, NOW)

    payload = store.messages("queued")[0].message.payload

    assert payload["total"] == 1
    assert ["corrected"] == [group["name"] for group in payload["groups"]]


def test_notices_stand_in_the_digest(store: Store):
    """A failing source of the day is told in the digest too."""
    notice = Notice("source.failing", "wire", "1", {"source": "wire", "error": "answered 500"})
    with store.unit() as unit:
        unit.enqueue(notice_messages(notice, AUDIENCE, NOW), NOW)
    queue_digests(store, NOW)

    payload = store.messages("queued")[0].message.payload

    assert payload["counts"]["notices"] == 1
    assert "answered 500" in RENDERER.render("digest", payload).text


def test_a_period_holds_what_changed_in_it(store: Store):
    """What changed before or after the period is left out."""
    visit(store, "https://wire.example/1", "One.", claim())

    assert period_digest(store, DAY)["total"] == 1
    assert period_digest(store, Period(NOW + timedelta(1), NOW + timedelta(2)))["total"] == 0
    assert period_digest(store, Period(NOW - timedelta(2), NOW - timedelta(1)))["total"] == 0


def test_a_period_s_digest_is_queued_once_for_each(store: Store):
    """Queueing the digest of the same period again changes nothing."""
    visit(store, "https://wire.example/1", "One.", claim())
    data = period_digest(store, DAY)
    with store.unit() as unit:
        counts = [unit.enqueue(period_digest_messages(data, AUDIENCE, NOW), NOW) for _ in "ab"]

    assert counts == [2, 0]


@pytest.mark.parametrize("caveat", [None, "The record may be <out> of date."])
def test_a_digest_tells_the_caveat_once(store: Store, caveat: str | None):
    """One plain line in text and HTML, where there is one."""
    data = with_caveat(digest_of([stored(), stored(id="f_2")], DAY), caveat)
    rendered = RENDERER.render("digest", data)

    assert rendered.text.count("The record may be <out> of date.") == (caveat is not None)
    assert rendered.html.count("The record may be &lt;out&gt; of date.") == (caveat is not None)
