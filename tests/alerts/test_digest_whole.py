"""A digest from top to foot: stories, what still stands, the record, the sources, the picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.channels.channel import Delivered, Outcome, Proof, Refused
from alerts.digest import Period, digest_of, queue_digests
from alerts.digest_foot import DAYS, Footing, chart_of, foot_of, record_state
from alerts.dispatcher import deliver_due
from alerts.judge import judge
from alerts.record_changes import apply_judgement
from alerts.render import Renderer
from alerts.routing import Audience, Route
from extract.claim import Claim
from state.message import Message, QueuedMessage
from state.store import Poll, Store
from tests.support.alerting import LAW, NOW, RECORD, claim, reading, rules, stored, write
from tests.support.databases import make_store

RULES = rules()
RENDERER = Renderer(LAW)
DAY = Period(NOW - timedelta(days=1), NOW + timedelta(days=1))
READER = ("mail", "a@desk.example")
AUDIENCE = Audience((Route("mail", "low", mode="digest"),), {"mail": (READER[1],)})
TODAY = NOW.date()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with closing(make_store(tmp_path)) as opened:
        yield opened


class Sink:
    """A mail channel that answers everything alike."""

    name = "mail"

    def __init__(self, answer: Outcome | None = None) -> None:
        self.answer = answer or Delivered()

    def send(self, queued: QueuedMessage) -> Outcome:
        return self.answer

    def names_all(self, message: Message) -> bool:
        return True

    def probe(self) -> Proof:
        return Proof(True, "it is there")


def visit(store: Store, number: int, *claims: Claim, text: str = "") -> None:
    """Visits an article."""
    url = f"https://o.example/{number}"
    visited = write(reading(*claims), text or f"A text of its own, number {number}.", url=url)
    judgement = judge(visited.article, visited.reading, RECORD, RULES)
    with store.unit() as unit:
        apply_judgement(unit, visited, judgement, AUDIENCE)


def queued_digest(store: Store) -> dict[str, object]:
    """The one digest that waits."""
    (message,) = store.messages("queued")
    return dict(message.message.payload)


def test_a_wire_story_is_told_once_with_its_outlets():
    """Articles of one text, and of one sentence, are one entry that names the others."""
    others = [
        stored(id="f_2", outlet="Second", url="https://b.example/2", cluster="c"),
        stored(id="f_3", outlet="Third", url="https://c.example/3"),
    ]
    first = stored(cluster="c", copies=(("Second", "https://b.example/2"),))
    other = stored(id="f_4", claim=claim(sentence="It was repealed today."))

    data = digest_of([first, *others, other], DAY)

    findings = data["groups"][0]["findings"]
    assert sorted(f["id"] for f in findings) == ["f_1", "f_2", "f_3", "f_4"]
    assert {f["id"]: f["story"] for f in findings}["f_2"] == "f_1"
    (lead,) = [f for f in findings if f["id"] == "f_1"]
    assert {"outlet": "Second", "url": "https://b.example/2"} in lead["also"]
    text = RENDERER.render("digest", data).text
    assert text.count("https://b.example/2") == 1
    assert text.count(claim().sentence.replace("repealed", "[repealed]")) == 2


def test_what_was_told_before_and_stands_is_said(store: Store):
    """The next digest has only what is new in full, and names what still stands."""
    visit(store, 1, claim())
    queue_digests(store, NOW)
    deliver_due(store, [Sink()], lambda: NOW)
    visit(store, 2, claim())
    queue_digests(store, NOW)

    payload = queued_digest(store)
    words = RENDERER.render("digest", payload)

    assert payload["total"] == 1
    assert payload["standing"]["total"] == 1  # type: ignore[index]
    for form in (words.text, words.html):
        assert "Still standing (1)" in form
        assert "https://o.example/1" in form and "https://o.example/2" in form


def test_what_was_corrected_stands_no_more(store: Store):
    """A finding that was closed since is told as corrected, once, and not as standing."""
    visit(store, 1, claim())
    queue_digests(store, NOW)
    deliver_due(store, [Sink()], lambda: NOW)
    visit(store, 1, claim(modality="negated"), text="Not so.")
    queue_digests(store, NOW)

    payload = queued_digest(store)

    assert ["corrected"] == [group["name"] for group in payload["groups"]]  # type: ignore[attr-defined]
    assert payload["standing"] == {"total": 0, "findings": []}


def test_a_digest_that_never_arrived_told_nothing(store: Store):
    """What a dead digest held is not taken for told, and its correction is not sent."""
    visit(store, 1, claim())
    queue_digests(store, NOW)
    deliver_due(store, [Sink(Refused("550"))], lambda: NOW)
    visit(store, 1, claim(modality="negated"), text="Not so.")

    assert ["dead", "folded"] == sorted(one.status for one in store.messages())


@pytest.mark.parametrize("readers", [[], [READER]])
def test_nothing_new_is_told_only_to_those_who_asked(store: Store, readers: list[tuple[str, str]]):
    """An empty digest goes to those who asked for it, once a day."""
    counts = [queue_digests(store, NOW, None, readers) for _ in range(2)]

    assert counts == [len(readers), 0]
    for message in store.messages("queued"):
        words = RENDERER.render("digest", message.message.payload)
        assert words.subject == "Section 907: nothing new"
        assert "Nothing new." in words.text


def test_the_foot_tells_of_record_and_sources(store: Store):
    """How the law stands and by what, and which sources cannot be read."""
    for attempt in range(5):
        at = NOW - timedelta(hours=9 - attempt)
        store.record_poll(Poll("bad", at, False, error="answered 503"))
        store.record_poll(Poll("old", at, False, error="is no source any more"))
    store.record_poll(Poll("good", NOW, True, 10))
    visit(store, 1, claim())
    foot = foot_of(store, Footing(RECORD, None, ("bad", "good", "new")), NOW)
    queue_digests(store, NOW, foot)

    words = RENDERER.render("digest", queued_digest(store))

    for form in (words.text, words.html):
        told = "3 watched, 1 could not be read at its last poll (it counts as failing)"
        assert f"{told}; 1 not asked yet" in form
        assert "answered 503" in form and "no source any more" not in form
        assert "2026-08-08" in form and "90 FR 1" in form
        assert "Claims per day" in form


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ([], "0 watched, all that were asked could be read"),
        ([0, 0], "2 watched, all that were asked could be read"),
        (
            [0, 1],
            "2 watched, 1 could not be read at its last poll (it does not count as failing yet)",
        ),
        (
            [2, 2, 0],
            "3 watched, 2 could not be read at their last poll (none counts as failing yet)",
        ),
        ([3, 2], "2 watched, 2 could not be read at their last poll (1 of them counts as failing)"),
        (
            [3, 3, 1],
            "3 watched, 3 could not be read at their last poll (2 of them count as failing)",
        ),
        (
            [3, 4],
            "2 watched, 2 could not be read at their last poll (all of them count as failing)",
        ),
    ],
)
def test_the_foot_tells_of_sources_on_their_way_to_fail(
    store: Store, failures: list[int], told: str
):
    """Also what failed too seldom to count as failing was not read, in either form."""
    names = tuple(f"s{number}" for number in range(len(failures)))
    for name, often in zip(names, failures, strict=True):
        store.record_poll(Poll(name, NOW, True))
        for _ in range(often):
            store.record_poll(Poll(name, NOW, False, error="answered 503"))
    # A source that was put off was not asked.
    store.postpone_source("later", NOW)
    foot = foot_of(store, Footing(RECORD, None, (*names, "later")), NOW)
    data = digest_of([stored()], DAY) | foot

    words = RENDERER.render("digest", data)

    total, _, rest = told.partition(" ")
    assert f"Sources: {int(total) + 1} {rest}; 1 not asked yet\n" in words.text
    assert f"{int(total) + 1} {rest}; 1 not asked yet.</p>" in words.html
    assert sum(often > 2 for often in failures) == words.text.count("failing since")


def test_a_digest_of_an_earlier_version_is_told():
    """A digest that waited in the outbox while the program was upgraded goes out."""
    sources = {"total": 4, "polled": 4, "failing_total": 1, "failing": []}

    words = RENDERER.render("digest", digest_of([stored()], DAY) | {"sources": sources})

    assert "4 watched, 1 could not be read at its last poll (it counts as failing)\n" in words.text


def test_a_record_that_ran_out_says_so():
    """Past its year the record's state has its caveat, and is not called lapsed."""
    state = record_state(RECORD, date(2026, 9, 1))

    assert state["status"] == "not_established"
    assert state["caveat"]


def test_the_picture_counts_claims_by_day_and_language():
    """A row for each language, a column for each day, and the law's status on each."""
    findings = [
        stored(id="f_1"),
        stored(id="f_2"),
        stored(id="f_3", lang="ru", published=TODAY - timedelta(days=2)),
        stored(id="f_4", published=TODAY - timedelta(days=DAYS)),
        stored(id="f_5", lang="az", published=None),
    ]

    chart = chart_of(findings, RECORD, TODAY)

    counts = {one["lang"]: one["counts"] for one in chart["langs"]}
    assert list(counts) == ["az", "en", "ru"]
    assert (counts["en"][-1], counts["en"][0], counts["ru"][-3]) == (2, 0, 1)
    assert counts["az"][-1] == 1
    assert [len(row) for row in (*counts.values(), chart["days"], chart["record"])] == [DAYS] * 5
    # RECORD: the act of 1992, and a waiver from 8 August 2025.
    assert chart["record"][-3:] == ["in_force", "waived", "waived"]
    assert chart["most"] == 2


def test_the_picture_can_be_read_without_seeing_it():
    """The text has it in letters, the page in cells with numbers; nothing is loaded."""
    chart = chart_of([stored(), stored(id="f_2")], RECORD, TODAY)
    words = RENDERER.render("digest", digest_of([stored()], DAY) | {"chart": chart})

    assert "English      " + "." * 27 + "2\n" in words.text
    assert "The law      " + "f" * 26 + "ww\n" in words.text
    assert f'title="{TODAY}: 2"' in words.html
    assert "<img" not in words.html and "http://" not in words.html.replace("http://www.w3", "")


def test_a_digest_of_a_hostile_page_is_harmless():
    """Script, line ends, marks that turn text, ten thousand characters: shown, not obeyed."""
    evil = "<script>x</script>\r\nBcc: y\u202egnp.exe" + "W" * 10_000
    one = stored(title=evil, outlet=evil, why=evil, url="javascript:alert(1)")
    failing = {"name": evil, "since": None, "error": evil}
    sources = {"total": 1, "polled": 1, "failing_total": 1, "failing": [failing]}
    standing = {"total": 1, "findings": [{**digest_of([one], DAY)["groups"][0]["findings"][0]}]}
    data = digest_of([one, replace(one, id="f_2", claim=claim(sentence=evil))], DAY)

    words = RENDERER.render("digest", data | {"sources": sources, "standing": standing})

    assert "<script" not in words.html and 'href="javascript' not in words.html
    assert "\u202e" not in words.text + words.html
    assert "\nBcc:" not in words.text
    assert len(words.subject) <= 180
