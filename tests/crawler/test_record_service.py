"""The service and the record: it is told when it runs out, and kept to when it changes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from alerts.routing import FindingEvent, messages_for
from crawler.errors import WatchError
from crawler.operation import Operation
from crawler.service import Service
from crawler.settings import load_settings
from crawler.watch import Watch, load_bench, load_watch
from crawler.wiring import audience_of
from state.errors import RecordError
from state.event import Event
from state.store import open_store
from tests.support.alerting import stored
from tests.support.outlets import outlet
from tests.support.records import own_watch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPEAL = Event(
    date(2025, 8, 10), "repealed", "Public Law 1", "high", citation="1", url="https://x.example"
)
RENEWAL = Event(
    date(2025, 10, 1), "extension", "A renewal", "high", citation="2", url="https://x.example",
    until=date(2026, 10, 1), until_basis="source",
)  # fmt: skip
CHANNEL = (
    '[[channel]]\nname = "desk"\nkind = "email"\nto = ["a@desk.example"]\n'
    'sender = "w@desk.example"\nsmtp = "smtp://127.0.0.1:1"\n'
)


@pytest.fixture
def operation(tmp_path):
    """An operation over a record that ran out, which can do all but fetch."""
    folder = own_watch(tmp_path, "2025-09-08")
    (tmp_path / "waiverwatch.toml").write_text(CHANNEL)
    settings = load_settings(tmp_path / "waiverwatch.toml", {})
    bench = load_bench(str(folder))
    watch = Watch(folder, bench.law, None, bench.record, bench.rules, ())
    store = open_store(f"sqlite:///{tmp_path}/watch.db")
    made = Operation(settings, watch, store, None, [], audience_of(settings), lambda: NOW)
    yield made
    made.deliveries.shutdown()
    store.close()


async def test_a_stale_record_is_told_once_by_the_service(operation):
    """The job runs daily and at the start; operators hear of each lapse one time."""
    service = Service(operation)
    await service.watch_record()
    await service.watch_record()

    (message,) = operation.store.messages()
    assert "record.stale" == message.message.type
    assert "since 2025-09-09" in message.message.payload["caveat"]


async def test_the_next_lapse_is_told_again(operation):
    """A renewal ends the warning; when it runs out in turn, that is another."""
    service = Service(operation)
    await service.watch_record()
    operation.store.add_record_entry(RENEWAL, "ada", NOW)
    await service.watch_record()
    assert 1 == len(operation.store.messages())
    service.operation = replace(operation, clock=lambda: NOW.replace(year=2027))
    await service.watch_record()

    assert 2 == len(operation.store.messages())


async def test_health_and_metrics_tell_of_a_stale_record(operation):
    """It is no fault of the service, so its status stays fine."""
    service = Service(operation)
    health = await service.health(5)
    service.read_metrics()

    assert ("ok", "2025-09-09") == (health["status"], health["record"]["stale_since"])
    assert "out of date" in health["record"]["caveat"]
    assert "waiverwatch_record_stale 1.0" in service.metrics.text().decode()
    operation.store.add_record_entry(RENEWAL, "ada", NOW)
    service.read_metrics()
    assert (None, None) == tuple((await service.health(5))["record"].values())
    assert "waiverwatch_record_stale 0.0" in service.metrics.text().decode()


async def test_health_tells_of_a_contradiction(operation):
    """An entry that no longer fits the release shows there, and leaves the rest readable."""
    operation.store.add_record_entry(REPEAL, "ada", NOW)
    operation.store.add_record_entry(replace(REPEAL, date=date(2025, 9, 1)), "bob", NOW)
    health = await Service(operation).health(5)

    assert "record withdraw" in health["record"]["error"]
    with pytest.raises(RecordError, match="record withdraw"):
        operation.standing()


async def test_the_digest_carries_the_caveat(operation):
    """The one that is queued for a recipient, too."""
    event = FindingEvent("finding.opened", stored(rule="soft"), 1)
    audience = replace(operation.audience, digest_only=frozenset({"soft"}))
    with operation.store.unit() as unit:
        unit.enqueue(messages_for(event, audience, NOW), NOW)
    await operation.queue_digests()

    (digest,) = [m.message for m in operation.store.messages() if m.message.type == "digest"]
    assert "out of date" in digest.payload["record_caveat"]


def test_a_pass_judges_by_what_was_entered(command, tmp_path):
    """Also the articles whose judging broke off: entered, and the process ended before judging."""
    with outlet() as site:
        text = "Section 907 of the Freedom Support Act has been repealed. " * 2
        site.tell("/claim", "What was signed on Friday", text, "2025-08-11")
        site.serve_rss()
        (tmp_path / "waiverwatch.toml").write_text(
            f'[data]\nwatch = "{own_watch(tmp_path)}"\n[crawl]\nbuiltin_sources = false\n'
            'allow_networks = ["127.0.0.0/8"]\nper_host_delay = "0s"\n[[source]]\nname = "feed"\n'
            f'url = "{site.url("/rss.xml")}"\nkind = "feed"\n'
        )
        command("crawl", "--all")
        store = open_store(f"sqlite:///{tmp_path / 'waiverwatch.db'}")
        before = [one.status for one in store.findings()]
        store.add_record_entry(REPEAL, "ada", NOW)
        site.tell("/later", "What was signed later", text, "2025-08-12")
        site.serve_rss()
        report = json.loads(command("crawl", "--all", "--json").out)
        after = [one.status for one in store.findings()]
        (entry,) = store.record_entries()
        store.close()

    assert (["open"], ["corrected"]) == (before, after)
    assert (1, 0) == (report["articles"]["relevant"], report["findings"]["opened"])
    assert entry.judged_at is not None


def test_a_watch_and_its_bench_are_checked_alike(tmp_path):
    """The record's error is the same line, with the lexicons or without."""
    folder = own_watch(tmp_path)
    (folder / "record.toml").write_text("[[event]]\n")
    lines = []
    for load in (load_bench, load_watch):
        with pytest.raises(WatchError) as caught:
            load(str(folder))
        lines.append(str(caught.value))

    assert lines[0] == lines[1]
    assert "record.toml" in lines[0]
