"""Who is told of what went wrong, and of what was put right: exactly those whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.channels.channel import Delivered, Gone, Outcome, Proof, Refused, Retry
from alerts.digest import queue_digests
from alerts.dispatcher import Limits, deliver_due
from alerts.judge import judge
from alerts.record_changes import apply_judgement
from alerts.render import Renderer
from alerts.routing import Audience, Route
from extract.claim import Claim
from state.message import Message, QueuedMessage
from state.store import Store, open_store
from tests.support.alerting import LAW, NOW, RECORD, claim, reading, rules, write
from tests.support.databases import postgres_database, sqlite_url

RULES = rules()
MAIL, HOOK = "mail", "hook"
EVERYONE = Audience((), {MAIL: ("a@desk.example", "b@desk.example"), HOOK: (HOOK,)})
LATER = NOW + timedelta(hours=1)


@dataclass
class Sink:
    """A channel that answers each recipient as it is told."""

    name: str
    answers: dict[str, Outcome] = field(default_factory=dict)
    given: list[QueuedMessage] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> Outcome:
        self.given.append(queued)
        return self.answers.get(queued.message.recipient, Delivered())

    def names_all(self, message: Message) -> bool:
        return True

    def probe(self) -> Proof:
        return Proof(True, "it is there")

    def told(self) -> list[tuple[str, str]]:
        """Type and recipient of everything given, forgotten afterwards."""
        told = [(one.message.type, one.message.recipient) for one in self.given]
        self.given.clear()
        return told


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "sqlite":
        with closing(open_store(sqlite_url(tmp_path))) as opened:
            yield opened
        return
    with postgres_database() as url, closing(open_store(url)) as opened:
        yield opened


def visit(store: Store, audience: Audience, text: str, *claims: Claim, later: int = 0) -> None:
    """Visits the article."""
    visited = write(reading(*claims), text, NOW + timedelta(minutes=later))
    judgement = judge(visited.article, visited.reading, RECORD, RULES)
    with store.unit() as unit:
        apply_judgement(unit, visited, judgement, audience)


def correct(store: Store, audience: Audience) -> None:
    """The article takes it back."""
    visit(store, audience, "Not so.", claim(modality="negated"), later=30)


def deliver(store: Store, *channels: Sink, audience: Audience = EVERYONE) -> None:
    """Runs the dispatcher until nothing is due."""
    deliver_due(store, channels, lambda: LATER, Limits(), audience)


def test_a_correction_goes_to_those_who_were_told(store: Store):
    """Of two recipients, the one whose alert was refused hears nothing of its correction."""
    mail = Sink(MAIL, {"b@desk.example": Refused("550 no such user")})
    hook = Sink(HOOK)
    visit(store, EVERYONE, "One.", claim())
    deliver(store, mail, hook)
    mail.given.clear(), hook.given.clear()
    mail.answers.clear()
    correct(store, EVERYONE)
    deliver(store, mail, hook)

    assert mail.told() == [("finding.corrected", "a@desk.example")]
    assert hook.told() == [("finding.corrected", HOOK)]


def test_routes_that_changed_meanwhile_do_not_matter(store: Store):
    """Who was told of the opening is told of the correction; who joined since is not."""
    before = Audience((), {MAIL: ("a@desk.example",)})
    after = Audience((Route(MAIL, langs=("ru",)),), EVERYONE.recipients)
    mail, hook = Sink(MAIL), Sink(HOOK)
    visit(store, before, "One.", claim())
    deliver(store, mail)
    mail.given.clear()
    correct(store, after)
    deliver(store, mail, hook)

    assert mail.told() == [("finding.corrected", "a@desk.example")]
    assert hook.told() == []


def test_what_a_digest_told_is_corrected_in_its_thread(store: Store):
    """Told by a digest, and the route at once since: the correction answers the digest."""
    digest = Audience((Route(MAIL, mode="digest"),), {MAIL: ("a@desk.example",)})
    at_once = Audience((), digest.recipients)
    mail = Sink(MAIL)
    visit(store, digest, "One.", claim())
    queue_digests(store, NOW)
    deliver(store, mail)
    told_by = mail.given[0].id
    mail.given.clear()
    correct(store, at_once)
    deliver(store, mail)

    (correction,) = mail.given
    assert (correction.message.type, correction.in_reply_to) == ("finding.corrected", told_by)


def test_a_correction_never_comes_before_the_digest_that_tells(store: Store):
    """While the opening waits for the digest its correction waits with it."""
    digest = Audience((Route(MAIL, mode="digest"),), {MAIL: ("a@desk.example",)})
    at_once = Audience((), digest.recipients)
    mail = Sink(MAIL)
    visit(store, digest, "One.", claim())
    correct(store, at_once)
    deliver(store, mail)
    early = mail.told()
    queue_digests(store, LATER)
    deliver(store, mail)

    assert early == []
    assert mail.told() == [("digest", "a@desk.example")]


def test_the_correction_of_what_dies_afterwards_is_not_sent(store: Store):
    """An alert that fails for good after its correction was queued takes that with it."""
    only = Audience((), {MAIL: ("a@desk.example",)})
    visit(store, only, "One.", claim())
    correct(store, only)
    mail = Sink(MAIL, {"a@desk.example": Refused("550")})
    deliver(store, mail, audience=only)

    assert mail.told() == [("finding.opened", "a@desk.example")]
    assert ["dead", "discarded"] == [one.status for one in store.messages()]


def test_retrying_what_was_dead_brings_its_correction_back(store: Store):
    """Once the alert is sent after all, so is its correction, as its answer."""
    only = Audience((), {MAIL: ("a@desk.example",)})
    visit(store, only, "One.", claim())
    correct(store, only)
    mail = Sink(MAIL, {"a@desk.example": Refused("550")})
    deliver(store, mail, audience=only)
    mail.given.clear(), mail.answers.clear()
    opening = store.messages("dead")[0].id
    store.retry_message(opening, NOW)
    deliver(store, mail, audience=only)

    assert [None, opening] == [one.in_reply_to for one in mail.given]


def test_what_is_dead_is_told_over_every_other_channel(store: Store):
    """The alert itself reaches somebody, with whom it did not reach and what to run."""
    mail = Sink(MAIL, {"b@desk.example": Refused("550 no such user")})
    hook = Sink(HOOK)
    visit(store, EVERYONE, "One.", claim())
    deliver(store, mail, hook)

    told = [one for one in hook.given if one.message.type == "delivery.failed"]
    (failure,) = told
    dead = store.messages("dead")[0]
    words = Renderer(LAW).render("delivery.failed", failure.message.payload)
    for part in ("b@desk.example", "550 no such user", f"outbox retry {dead.id}", "[repealed]"):
        assert part in words.text
    assert "b@desk.example" in words.subject
    assert ("delivery.failed", "a@desk.example") not in mail.told()


def test_with_one_channel_its_other_recipients_are_told(store: Store):
    """Where there is no other channel, another recipient hears of it."""
    only = Audience((), {MAIL: ("a@desk.example", "b@desk.example")})
    mail = Sink(MAIL, {"b@desk.example": Refused("550")})
    visit(store, only, "One.", claim())
    deliver(store, mail, audience=only)

    assert ("delivery.failed", "a@desk.example") in mail.told()


def test_after_the_last_try_others_are_told(store: Store):
    """A channel that stays down until a message is given up is told of over another."""
    mail = Sink(MAIL, {"a@desk.example": Retry("no route", channel_down=True)})
    hook = Sink(HOOK)
    audience = Audience((), {MAIL: ("a@desk.example",), HOOK: (HOOK,)})
    visit(store, audience, "One.", claim())
    limits = Limits(tries=3, patience=timedelta(0))
    for day in range(4):
        now = NOW + timedelta(days=day)
        deliver_due(store, [mail, hook], lambda now=now: now, limits, audience)

    (failure,) = [one for one in hook.given if one.message.type == "delivery.failed"]
    assert "given up after 3 tries: no route" in failure.message.payload["error"]


def test_failures_do_not_breed(store: Store):
    """Where everything is refused, each alert is told of once, and the telling is not."""
    mail = Sink(MAIL, dict.fromkeys(EVERYONE.recipients[MAIL], Refused("550")))
    hook = Sink(HOOK, {HOOK: Refused("answered 400")})
    visit(store, EVERYONE, "One.", claim())
    for _ in range(5):
        deliver(store, mail, hook)

    types = [one.message.type for one in store.messages("dead")]
    assert types.count("finding.opened") == 3
    # Two mails are told of over the hook, the hook's over two mails.
    assert types.count("delivery.failed") == 4
    assert len(store.messages()) == 7


def test_a_channel_that_is_gone_is_told_of_over_the_others(store: Store):
    """410 disables: the others hear how to enable it, once."""
    mail, hook = Sink(MAIL), Sink(HOOK, {HOOK: Gone("answered 410")})
    visit(store, EVERYONE, "One.", claim())
    for _ in range(3):
        deliver(store, mail, hook)

    failures = [one for one in mail.given if one.message.type == "delivery.failed"]
    assert ["a@desk.example", "b@desk.example"] == [one.message.recipient for one in failures]
    words = Renderer(LAW).render("delivery.failed", failures[0].message.payload)
    assert "outbox enable hook" in words.text
    assert "disabled" in words.subject


def test_a_change_shows_what_was_changed(store: Store):
    """The correction carries the first and the latest words of the article, for people."""
    visit(store, EVERYONE, "Intro.\nTrump has repealed it.\nEnd.", claim())
    visit(store, EVERYONE, "Intro.\nTrump has waived it.\nEnd.", claim(modality="negated"), later=9)
    message = next(
        one.message for one in store.messages() if one.message.type == "finding.corrected"
    )

    assert message.payload["texts"]["changes"] == [
        {"was": "Trump has repealed it.", "now": "Trump has waived it."}
    ]
    words = Renderer(LAW).render("finding.corrected", message.payload)
    for form in (words.text, words.html):
        assert "Trump has repealed it." in form and "Trump has waived it." in form


def test_an_article_that_came_to_say_so_shows_what_it_said_before(store: Store):
    """An alert on a later text shows the first one; an alert on the first text has none to show."""
    visit(store, EVERYONE, "Trump has waived it.", claim(modality="negated"))
    visit(store, EVERYONE, "Trump has repealed it.", claim(), later=9)
    later = store.messages()[0].message.payload

    assert later["texts"]["changes"] == [
        {"was": "Trump has waived it.", "now": "Trump has repealed it."}
    ]
    assert "Trump has waived it." in Renderer(LAW).render("finding.opened", later).text


def test_an_alert_on_a_first_text_has_nothing_to_compare(store: Store):
    """The first visit has no text before it."""
    visit(store, EVERYONE, "Trump has repealed it.", claim())

    assert store.messages()[0].message.payload["texts"] is None
