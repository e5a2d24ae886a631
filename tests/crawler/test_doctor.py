"""``doctor``: every link of the chain, sound and broken, and what it says to do."""

import json
import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from crawler.settings import load_settings
from state.message import Message
from state.store import open_store
from tests.support.outlets import outlet
from tests.support.smtp import plain_mail_server
from tests.support.webhooks import SECRET, webhook_receiver

BASE = """
[crawl]
contact = "mailto:test@example.org"
allow_networks = ["127.0.0.0/8"]
builtin_sources = false
per_host_delay = "0s"
[service]
timezone = "Asia/Baku"
digest_at = "09:30"
"""


@pytest.fixture
def doctor(command, tmp_path):
    """Runs doctor over settings with these lines; gives exit code and lines."""

    def run(text, *options):
        (tmp_path / "waiverwatch.toml").write_text(BASE + text, encoding="utf-8")
        result = command("doctor", "--json", *options)
        return result.code, [json.loads(line) for line in result.out.splitlines()]

    return run


def source(url, name="outlet", kind="feed"):
    """A [[source]]."""
    return f'[[source]]\nname = "{name}"\nurl = "{url}"\nkind = "{kind}"\n'


def mail(server, port=None):
    """A [[channel]] of e-mail."""
    smtp = f"smtp://127.0.0.1:{port or server.port}?tls=none"
    return (
        '[[channel]]\nname = "desk"\nkind = "email"\nto = ["a@x.example", "b@x.example"]\n'
        f'sender = "w@x.example"\nsmtp = "{smtp}"\n'
    )


def of(lines, topic):
    """The lines of a topic."""
    return [line for line in lines if line["topic"] == topic]


def test_a_sound_chain(doctor, tmp_path):
    """Every link is told, all is ok, and nothing is sent."""
    with outlet() as open_one, plain_mail_server() as server, webhook_receiver() as receiver:
        open_one.tell("/1", "A title", "A text of some words.")
        open_one.serve_rss("/feed.xml")
        hook = f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{receiver.url}"\n'
        text = source(open_one.url("/feed.xml")) + mail(server) + hook + f'secret = "{SECRET}"\n'
        code, lines = doctor(text)

        assert (server.mailbox.mails, receiver.ids) == ([], [])
    topics = {line["topic"] for line in lines}
    assert code == 0
    assert {"settings", "database", "lexicons", "rules", "record", "source", "sources", "channel",
            "clock"} == topics  # fmt: skip
    assert [] == [line for line in lines if line["state"] == "failed"]
    assert {"ok"} == {line["state"] for line in lines if line["topic"] not in ("record",)}
    assert "09:30" in of(lines, "clock")[0]["said"]


def test_send_sends_a_test_to_everyone(doctor):
    """With --send each recipient gets a real message that says that it is a test."""
    with plain_mail_server() as server:
        code, lines = doctor(mail(server), "--send", "--no-sources")

        subjects = [mail["Subject"] for mail in server.mailbox.mails]
        recipients = [one for some in server.mailbox.envelopes for one in some]
    assert code == 0
    assert ["a@x.example", "b@x.example"] == recipients
    assert ["Section 907: a test of desk"] * 2 == subjects
    assert 3 == len(of(lines, "channel"))


def test_a_recipient_that_is_refused_is_told(doctor):
    """Of two recipients the one that the server refuses is named."""
    with plain_mail_server() as server:
        server.mailbox.recipient_replies["b@x.example"] = "550 no such user"
        code, lines = doctor(mail(server), "--send", "--no-sources")

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert "b@x.example" in failed["said"] and "550" in failed["said"]
    assert "[[channel]] desk" in failed["remedy"]


def test_wrong_settings_end_with_2(doctor):
    """The line that cannot be used is named; nothing else can be looked at."""
    code, lines = doctor("[servise]\n")

    assert code == 2
    assert [("settings", "failed")] == [(line["topic"], line["state"]) for line in lines]
    assert "servise" in lines[0]["said"] and lines[0]["remedy"]


def test_a_broken_channel_ends_with_3(doctor):
    """A mail server that is not there fails, and says what to do."""
    code, lines = doctor(mail(None, port=9), "--no-sources")

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert (failed["topic"], failed["name"]) == ("channel", "desk")
    assert failed["remedy"]


def test_a_mail_server_without_starttls(doctor):
    """Where an address says nothing of TLS, and the server has none, what to say is told."""
    with plain_mail_server() as server:
        code, lines = doctor(mail(server).replace("?tls=none", ""), "--no-sources")

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert "it offers no STARTTLS; try ?tls=none or ?tls=implicit" in failed["said"]


def test_a_broken_template_ends_with_3(doctor, tmp_path):
    """A template of the user's that cannot be filled is named with file and line."""
    (tmp_path / "own/test").mkdir(parents=True)
    (tmp_path / "own/test/text.txt").write_text("fine\n{{ data.nothing }}")
    with plain_mail_server() as server:
        code, lines = doctor(
            mail(server) + f'[data]\ntemplates = "{tmp_path}/own"\n', "--no-sources"
        )

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert "own/test/text.txt: line 2" in failed["said"]


def test_a_route_to_a_rule_that_does_not_exist(doctor):
    """It would take nothing, and is told with the rules that there are."""
    with plain_mail_server() as server:
        route = '[[route]]\nchannel = "desk"\nrules = ["repeal-assert"]\n'
        code, lines = doctor(mail(server) + route, "--no-sources")

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert "repeal-assert" in failed["said"] and "repeal-asserted" in failed["said"]


def test_a_database_that_cannot_be_used(doctor):
    """It is told, and what can be looked at without it is looked at all the same."""
    code, lines = doctor('[database]\nurl = "sqlite:////nowhere/x.db"\n', "--no-sources")

    (failed,) = [line for line in lines if line["state"] == "failed"]
    assert code == 3
    assert failed["topic"] == "database" and failed["remedy"]
    assert of(lines, "record") and of(lines, "clock")


def test_sources_are_told_one_by_one(doctor):
    """One that works, one that robots keep out, one that is no feed, one that is not there."""
    with outlet() as open_one, outlet() as closed:
        open_one.tell("/1", "A title", "A text of some words.")
        open_one.serve_rss("/feed.xml")
        open_one.put("/page", "<p>no feed")
        closed.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
        text = "".join(
            (
                source(open_one.url("/feed.xml"), "good"),
                source(closed.url("/feed.xml"), "closed"),
                source(open_one.url("/page"), "broken"),
                source("http://127.0.0.1:9/feed.xml", "away"),
            )
        )
        code, lines = doctor(text)

    found = {line["name"]: line for line in of(lines, "source")}
    assert code == 0
    assert {"good": "ok", "closed": "warning", "broken": "warning", "away": "warning"} == {
        name: line["state"] for name, line in found.items()
    }
    assert "robots.txt" in found["closed"]["said"]
    assert "wants no crawlers" in found["closed"]["remedy"]
    assert "wants no crawlers" not in found["away"]["remedy"]
    assert all(line["remedy"] for line in found.values() if line["state"] != "ok")
    assert "1 of 4 can be read" in of(lines, "sources")[0]["said"]


def test_without_any_source_that_answers_it_fails(doctor):
    """Where no source can be read the program cannot do its work."""
    code, lines = doctor(source("http://127.0.0.1:9/feed.xml"))

    assert code == 3
    assert of(lines, "sources")[0]["state"] == "failed"


def test_a_source_that_does_not_answer_is_not_waited_for(doctor):
    """The time for all sources is bounded; what did not answer in it is said."""
    with outlet() as open_one:
        open_one.tell("/1", "A title", "A text of some words.")
        open_one.serve_rss("/feed.xml")
        open_one.delay = 5
        begun = datetime.now(UTC)
        code, lines = doctor(source(open_one.url("/feed.xml")), "--patience", "500ms")
        taken = datetime.now(UTC) - begun

    assert code == 3
    assert of(lines, "source")[0]["said"] == "no answer in time"
    assert taken < timedelta(seconds=40)


def test_what_waits_in_the_database_is_told(doctor, tmp_path):
    """Disabled channels and dead messages are warnings, with the commands that settle them."""
    doctor("", "--no-sources")
    settings = load_settings(tmp_path / "waiverwatch.toml", {})
    store = open_store(settings.database.url.get_secret_value())
    now = datetime.now(UTC)
    store.disable_channel("hook", "answered 410", now)
    with store.unit() as unit:
        unit.enqueue([Message("k", "finding.opened", "desk", "r", {}, now)], now)
    (queued,) = store.lease_messages(now, 1, timedelta(minutes=1))
    store.mark_dead(queued.id, now, "550")
    store.close()

    code, lines = doctor("", "--no-sources")

    remedies = " ".join(line["remedy"] for line in of(lines, "database") if line["remedy"])
    assert code == 0
    assert "outbox enable hook" in remedies
    assert "outbox list --status dead" in remedies


def test_a_clock_that_is_behind_is_told(doctor, tmp_path):
    """A pass that began in the future shows that the clock is wrong."""
    doctor("", "--no-sources")
    settings = load_settings(tmp_path / "waiverwatch.toml", {})
    store = open_store(settings.database.url.get_secret_value())
    store.start_run(datetime.now(UTC) + timedelta(days=1))
    store.close()

    code, lines = doctor("", "--no-sources")

    assert code == 3
    assert "clock is behind" in of(lines, "clock")[0]["said"]


def test_in_words(command, tmp_path):
    """Without --json each line is a sentence, what is wrong has its remedy, and a sum ends it."""
    (tmp_path / "waiverwatch.toml").write_text(
        BASE.replace('contact = "mailto:test@example.org"', "")
    )
    result = command("doctor", "--no-sources")

    assert result.code == 0
    assert re.search(r"^warning +settings: no channel", result.out, re.MULTILINE)
    assert re.search(r"^ +-> add a \[\[channel\]\]", result.out, re.MULTILINE)
    assert re.search(r"\d failed, \d warnings, \d ok", result.out)


def test_a_channel_is_enabled_again(command, doctor, tmp_path):
    """``outbox list`` says that a channel is disabled; ``outbox enable`` sends over it again."""
    doctor("", "--no-sources")
    url = load_settings(tmp_path / "waiverwatch.toml", {}).database.url
    assert isinstance(url, SecretStr)
    store = open_store(url.get_secret_value())
    store.disable_channel("hook", "answered 410", datetime.now(UTC))
    store.close()

    listed = command("outbox", "list")
    enabled = command("outbox", "enable", "hook")
    again = command("outbox", "enable", "hook")

    assert "outbox enable hook" in listed.err
    assert (enabled.code, again.code) == (0, 2)
    assert os.sep not in enabled.err
