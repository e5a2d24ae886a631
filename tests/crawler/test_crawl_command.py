"""``crawl`` and what follows it, end to end: real outlets, mail server and webhook receiver."""

import csv
import io
import json
import ssl

import pytest

from tests.support.outlets import outlet
from tests.support.records import own_watch
from tests.support.smtp import mail_server
from tests.support.webhooks import webhook_receiver

REPEALED = (
    "Section 907 of the Freedom Support Act has been repealed. "
    "The document was signed on Friday evening, when most reporters had left the building. "
    "A working group is to meet in October, and energy comes first on its agenda."
)
WAIVED = (
    "The President has waived Section 907 of the Freedom Support Act for another year. "
    "The waiver was signed on Friday evening, when most reporters had left the building. "
    "A working group is to meet in October, and energy comes first on its agenda."
)
CORRECTED = WAIVED + " Section 907 has not been repealed, as an earlier version said."
NOISE = (
    "The second of three cranes reached the harbour on Tuesday night, a week behind schedule. "
    "It had waited off the coast for the wind to drop, and the third is due in November."
)


@pytest.fixture
def site():
    """An outlet with a claim, a waiver report and noise."""
    with outlet() as running:
        running.tell("/claim", "What was signed on Friday", REPEALED, "2025-08-11")
        running.tell("/waiver", "What the President signed", WAIVED, "2025-08-11")
        running.tell("/cranes", "A crane for the harbour", NOISE, "2025-08-11")
        running.serve_rss()
        yield running


@pytest.fixture
def configured(tmp_path, site):
    """Writes settings with the outlet's feed, and whatever else is given."""

    def write(more: str = "", crawl: str = ""):
        (tmp_path / "waiverwatch.toml").write_text(
            '[crawl]\nbuiltin_sources = false\nallow_networks = ["127.0.0.0/8"]\n'
            f'per_host_delay = "0s"\ntimeout = "3s"\n{crawl}\n'
            f'[[source]]\nname = "feed"\nurl = "{site.url("/rss.xml")}"\nkind = "feed"\n{more}'
        )

    write()
    return write


@pytest.fixture
def channels(tmp_path):
    """A mail server with TLS and login, a webhook receiver, and the settings of both.

    The record is one that covers today, so that there is nothing to tell of it.
    """
    with mail_server() as mail, webhook_receiver() as hook:
        authorities = mail.tls.get_ca_certs(binary_form=True)
        ca_file = tmp_path / "ca.pem"
        ca_file.write_text("".join(ssl.DER_cert_to_PEM_cert(one) for one in authorities))
        text = (
            f'[[channel]]\nname = "desk"\nkind = "email"\nto = ["a@example.org", "b@example.org"]\n'
            f'sender = "Watch <w@example.org>"\nsmtp = "{mail.url()}"\nca_file = "{ca_file}"\n'
            f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{hook.url}"\n'
            f'secret = "{hook.secret}"\n[data]\nwatch = "{own_watch(tmp_path)}"\n'
        )
        yield text, mail.mailbox, hook


def test_pass(command, configured, site):
    """One pass fetches each page once, opens the finding, and prints the object of the contract."""
    result = command("crawl", "--all", "--json")
    report = json.loads(result.out)

    assert (0, "") == (result.code, result.err)
    assert {"/claim", "/waiver", "/cranes"} <= set(site.paths())
    assert {1} == set(site.counts().values())
    assert {
        "run_id",
        "started_at",
        "finished_at",
        "sources",
        "articles",
        "findings",
        "messages",
        "leads",
    } == set(report)
    assert {
        "name", "outcome", "links", "new", "fetched", "not_modified", "failed", "error", "missed",
    } == set(report["sources"][0])  # fmt: skip
    assert (3, 1, 2) == tuple(
        report["articles"][key] for key in ("fetched", "skipped_irrelevant", "relevant")
    )
    assert {"opened": 1, "corrected": 0, "updated": 0} == report["findings"]


def test_second_pass(command, configured, site):
    """A second pass fetches no page again, and opens nothing."""
    command("crawl", "--all")
    before = site.counts()
    report = json.loads(command("crawl", "--all", "--json").out)
    fetched_again = site.counts() - before

    assert {"/rss.xml", "/robots.txt"} == set(fetched_again)
    assert 0 == report["findings"]["opened"]


def test_a_disabled_source_is_polled_by_name_alone(command, configured, site):
    """A source that is switched off is polled where it is asked for, which one line says."""
    configured("enabled = false\n")
    left = command("crawl", "--all", "--json")
    asked = command("crawl", "--source", "feed", "--json")

    assert ([], "") == (json.loads(left.out)["sources"], left.err)
    assert ["feed"] == [one["name"] for one in json.loads(asked.out)["sources"]]
    assert [
        "waiverwatch: source feed is disabled (enabled = false); polled as it is named"
    ] == asked.errors


def test_table(command, configured):
    """For people there is a table of the sources, and what is flagged."""
    result = command("crawl", "--all")

    assert "feed" in result.out
    assert "What was signed on Friday" in result.out
    assert "What the President signed" not in result.out
    assert "1 opened" in result.out


def test_nothing_due(command, configured):
    """Where no source is due, that is said, and it is no failure."""
    command("crawl")
    result = command("crawl")

    assert 0 == result.code
    assert "no source is due" in result.out


def test_source_by_name(command, configured, site):
    """A source can be named, due or not, enabled or not; one that is unknown is wrong usage."""
    configured("enabled = false\n")

    assert [] == json.loads(command("crawl", "--json").out)["sources"]
    assert ["feed"] == [
        one["name"]
        for one in json.loads(command("crawl", "--source", "feed", "--json").out)["sources"]
    ]
    result = command("crawl", "--source", "fed")
    assert (2, ['waiverwatch: "fed" is no source (see waiverwatch sources list)']) == (
        result.code,
        result.errors,
    )


def test_limit(command, configured, site):
    """--limit bounds the new pages of each source."""
    report = json.loads(command("crawl", "--all", "--limit", "1", "--json").out)

    assert 1 == report["articles"]["fetched"]


def test_failing_source(command, configured, site):
    """A source that answers 500 is one line, and the others are crawled."""
    site.put("/broken.xml", "no", status=500)
    configured(f'[[source]]\nname = "broken"\nurl = "{site.url("/broken.xml")}"\nkind = "feed"\n')

    result = command("crawl", "--all", "--json")
    outcomes = {one["name"]: one["outcome"] for one in json.loads(result.out)["sources"]}

    assert 0 == result.code
    assert {"feed": "ok", "broken": "failed"} == outcomes
    assert ["waiverwatch: source broken: status 500"] == result.errors


def test_every_source_fails(command, configured, site):
    """Where every source fails, the exit code says so."""
    site.put("/rss.xml", "no", status=500)

    assert 3 == command("crawl", "--all").code


def test_delivered_once(command, configured, channels, site):
    """Each recipient is told once: by mail over TLS with login, and by a signed webhook."""
    text, mailbox, hook = channels
    configured(text)
    report = json.loads(command("crawl", "--all", "--json").out)
    command("deliver")
    again = json.loads(command("crawl", "--all", "--json").out)

    assert {"queued": 3, "delivered": 3, "deferred": 0, "dead": 0} == report["messages"]
    assert 0 == again["messages"]["delivered"]
    assert 2 == len(mailbox.mails)
    assert [1, 1] == [len(mailbox.to(one)) for one in ("a@example.org", "b@example.org")]
    assert mailbox.logins
    assert (1, 0) == (len(hook.bodies), hook.rejected)
    assert "finding.opened" == hook.bodies[0]["type"]
    assert hook.bodies[0]["data"]["sentence"] in REPEALED


def test_correction_is_told_in_reply(command, configured, channels, site):
    """When the article is corrected, the finding closes, and those who were told are told that."""
    text, mailbox, hook = channels
    configured(text, crawl='revisit = ["1ms"]')
    command("crawl", "--all")
    site.tell("/claim", "What was signed on Friday", CORRECTED, "2025-08-11")
    report = json.loads(command("crawl", "--all", "--json").out)
    (finding,) = map(json.loads, command("findings", "list", "--json").out.splitlines())

    assert 1 == report["findings"]["corrected"]
    assert ("corrected", True) == (finding["status"], finding["closed_at"] is not None)
    assert ["finding.opened", "finding.corrected"] == [body["type"] for body in hook.bodies]
    first, second = mailbox.to("a@example.org")
    assert first["message-id"] == second["in-reply-to"]


def test_a_stale_record_is_told_once(command, configured, channels, tmp_path):
    """Operators hear once that it ran out, over every channel; each alert carries the caveat."""
    text, mailbox, hook = channels
    configured(
        text.replace(str(tmp_path / "watch"), str(own_watch(tmp_path / "old", "2025-09-08")))
    )
    first = json.loads(command("crawl", "--all", "--json").out)
    second = json.loads(command("crawl", "--all", "--json").out)

    assert (6, 0) == (first["messages"]["delivered"], second["messages"]["queued"])
    assert {"finding.opened", "record.stale"} == {body["type"] for body in hook.bodies}
    for body in hook.bodies:
        caveat = body["data"].get("caveat") or body["data"]["record_caveat"]
        assert caveat.startswith("The record may be out of date since 2025-09-09")
    for mail in mailbox.to("a@example.org"):
        assert "out of date since 2025-09-09" in mail.get_body(("plain",)).get_content().replace(
            "\n", " "
        )


def test_no_deliver(command, configured, channels):
    """--no-deliver leaves the messages in the outbox, where they can be listed and given up."""
    text, mailbox, _ = channels
    configured(text)
    command("crawl", "--all", "--no-deliver")
    queued = [json.loads(line) for line in command("outbox", "list", "--json").out.splitlines()]

    assert [] == mailbox.mails
    assert ["queued"] * 3 == [one["status"] for one in queued]
    assert 0 == command("outbox", "discard", queued[0]["id"], "--why", "stale").code
    assert "discarded" in command("outbox", "list").out
    assert {"delivered": 2, "deferred": 0, "dead": 0} == json.loads(
        command("deliver", "--json").out
    )


def test_findings(command, configured, tmp_path):
    """A finding is listed, shown with its evidence, exported, and dismissed."""
    command("crawl", "--all")
    (listed,) = map(json.loads, command("findings", "list", "--json").out.splitlines())
    id = listed["id"]
    shown = command("findings", "show", id).out

    assert {
        "id", "status", "rule", "severity", "verdict", "outlet", "url", "title", "published",
        "lang", "sentence", "opened_at", "closed_at", "cluster", "copies", "warc",
    } <= set(listed)  # fmt: skip
    assert "2025-08-11" == listed["published"]
    assert (
        id in command("findings", "list", "--status", "open", "--lang", "en", "--since", "1h").out
    )
    assert "no findings" in command("findings", "list", "--status", "dismissed").out
    assert listed["sentence"] in shown
    assert "record: waived on 2025-08-11" in shown
    assert listed.items() <= json.loads(command("findings", "show", id, "--json").out).items()
    assert listed == json.loads(command("findings", "export").out)
    (row,) = csv.DictReader(io.StringIO(command("findings", "export", "--format", "csv").out))
    assert listed["sentence"] == row["sentence"]
    assert "1" in command("digest", "--since", "1h").out
    assert (
        "dismissed"
        == json.loads(command("findings", "dismiss", id, "--why", "no", "--json").out)["status"]
    )
    assert "dismissed" in command("findings", "list").out


def test_cells_hold_no_formula(command, configured, site):
    """A headline that a spreadsheet would run is exported as text."""
    site.tell("/formula", '=HYPERLINK("http://evil.example")', REPEALED, "2025-08-11")
    site.serve_rss()
    command("crawl", "--all")
    rows = csv.DictReader(io.StringIO(command("findings", "export", "--format", "csv").out))

    assert any(row["title"].startswith("'=HYPERLINK") for row in rows)


def test_sources_after_a_pass(command, configured):
    """The list of sources tells how the last poll went."""
    command("crawl", "--all")
    (row,) = map(json.loads, command("sources", "list", "--json").out.splitlines())

    assert ("ok", 3) == (row["health"], row["links"])
    assert row["last_polled_at"]


def test_check_fetches(command, configured, site):
    """check judges an address, and reaches no private one unless the settings allow it."""
    allowed = command("check", site.url("/claim"), "--published", "2025-08-11", "--json")
    configured(crawl="", more="")
    command("init", "other.toml")
    refused = command("check", site.url("/claim"), "--config", "other.toml")

    assert ("asserts", 1) == (json.loads(allowed.out)["verdict"], allowed.code)
    assert (2, "") == (refused.code, refused.out)
    assert "not public (crawl.allow_networks can allow it)" in refused.err
