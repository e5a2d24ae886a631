"""The service: jobs by the clock, failures that are told and survived, health, and a clean end."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from alerts.channels.channel import Delivered, Retry
from alerts.dispatcher import DeliveryCounts
from crawler.commands.serve import _end_in_time
from crawler.errors import WorkError
from crawler.http import running_web
from crawler.report import PassReport, SourceReport
from crawler.service import (
    Brake,
    Service,
    StoppableChannel,
    latest_moment,
    pass_interval,
)
from crawler.settings import load_settings
from state.errors import DatabaseUnavailable
from state.store import Poll, open_store
from tests.support.outlets import outlet
from tests.support.records import own_watch
from tests.support.stored import message
from tests.support.webhooks import webhook_receiver

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPEALED = (
    "Section 907 of the Freedom Support Act has been repealed. The document was signed on Friday "
    "evening, when most reporters had left the building. Energy comes first on the agenda."
)


@dataclass(frozen=True)
class Operation:
    """An operation that does as it is told.

    Attributes:
        fails: What passes and deliveries raise; None lets them pass.
    """

    store: object
    fails: list = field(default_factory=list)
    report: PassReport = field(default_factory=lambda: PassReport("run", NOW))
    channels: tuple = ()
    sources: tuple = ()
    settings: object = field(default_factory=lambda: load_settings(None, {"XDG_CONFIG_HOME": "/x"}))

    stale: object = None

    def clock(self):
        return NOW

    def standing(self):
        return SimpleNamespace(stale=self.stale)

    def tell_if_stale(self):
        return 0

    async def crawl(self):
        if self.fails:
            raise self.fails[0]
        return self.report

    async def deliver(self):
        if self.fails:
            raise self.fails[0]
        return DeliveryCounts(delivered=2, dead=1)

    async def queue_digests(self):
        from alerts.digest import queue_digests

        return queue_digests(self.store, NOW)


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    opened = open_store(f"sqlite:///{tmp_path}/watch.db")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ([], timedelta(seconds=30)),
        ([timedelta(hours=1)], timedelta(seconds=30)),
        ([timedelta(seconds=10), timedelta(hours=1)], timedelta(seconds=2.5)),
        ([timedelta(seconds=1)], timedelta(seconds=1)),
    ],
)
def test_pass_interval(every, expected):
    """Sources are asked for a few times within the shortest interval, and never in a frenzy."""
    assert expected == pass_interval(every)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-03-01T12:00", "Europe/London", "2026-03-01T08:00"),
        ("2026-03-01T07:00", "Europe/London", "2026-02-28T08:00"),
        ("2026-07-01T12:00", "Europe/London", "2026-07-01T07:00"),
        ("2026-03-01T05:00", "Asia/Baku", "2026-03-01T04:00"),
    ],
)
def test_latest_moment(now, zone, expected):
    """The last time the clock of a zone showed eight, in summer and winter."""
    moment = latest_moment(datetime.fromisoformat(now + "Z"), 8, 0, zone)

    assert datetime.fromisoformat(expected + "Z") == moment


async def test_health(store):
    """Health is fine after a pass that worked, and tells how old the outbox is."""
    with store.unit() as unit:
        unit.enqueue([message()], NOW - timedelta(minutes=5))
    service = Service(Operation(store))
    await service.crawl()

    health = await service.health(1)

    assert ("ok", "ok") == (health["status"], health["database"])
    assert NOW.isoformat() == health["last_pass"]["finished_at"]
    assert {"waiting": 1, "oldest_seconds": 300} == health["outbox"]


async def test_failed_pass_shows_and_heals(store):
    """A pass that fails makes the health fail until the next one that works."""
    operation = Operation(store, [DatabaseUnavailable("x", "is away")])
    service = Service(operation)
    await service._job("pass", service.crawl)()
    failing = await service.health(1)
    operation.fails.clear()
    await service._job("pass", service.crawl)()

    assert "failing" == failing["status"]
    assert "is away" in failing["last_pass"]["error"]
    assert "ok" == (await service.health(1))["status"]
    assert 'waiverwatch_passes_total{outcome="failed"} 1.0' in service.metrics.text().decode()


@pytest.mark.parametrize(
    ("other_answers", "other_is_polled", "error", "outcome"),
    [
        (False, True, "every source failed", "failed"),
        (True, True, None, "ok"),
        (True, False, "every source failed", "failed"),
    ],
)
async def test_all_sources_failing(store, other_answers, other_is_polled, error, outcome):
    """Only where no source answered when it was polled last, in whichever pass, all have failed."""
    sources = (
        SimpleNamespace(name="a", enabled=True),
        SimpleNamespace(name="b", enabled=other_is_polled),
    )
    with store.unit() as unit:
        unit.record_poll(Poll("a", NOW, ok=False, error="answered 500"))
        unit.record_poll(Poll("b", NOW - timedelta(minutes=5), ok=other_answers))
    report = PassReport("run", NOW, sources=[SourceReport("a", "failed")])
    service = Service(Operation(store, report=report, sources=sources))
    await service.crawl()

    assert error == (await service.health(1))["last_pass"]["error"]
    assert f'waiverwatch_passes_total{{outcome="{outcome}"}} 1.0' in service.metrics.text().decode()


@pytest.mark.parametrize("fault", [DatabaseUnavailable("x", "is away"), None])
async def test_database_away(fault):
    """A database that refuses or does not answer is told, and does not hold the answer up."""

    def counts():
        if fault:
            raise fault
        time.sleep(0.5)

    service = Service(Operation(SimpleNamespace(counts=counts)))

    health = await service.health(0.1)

    assert "failing" == health["status"]
    assert health["database"] in ("database x: is away", "no answer in time")


async def test_metrics(store):
    """Counters grow with what is done; gauges come from the store."""
    with store.unit() as unit:
        unit.enqueue([message()], NOW - timedelta(minutes=5))
    report = PassReport("run", NOW, sources=[SourceReport("a", "ok", not_modified=4)])
    report.articles.fetched, report.findings.opened = 3, 2
    report.articles.revisited = report.articles.not_modified = 1
    service = Service(Operation(store, report=report))
    await service._job("pass", service.crawl)()
    await service.deliver()
    service.metrics.read_store(store, NOW)

    text = service.metrics.text().decode()

    for line in (
        'waiverwatch_passes_total{outcome="ok"} 1.0',
        'waiverwatch_pages_total{outcome="fetched"} 3.0',
        'waiverwatch_pages_total{outcome="not_modified"} 5.0',
        'waiverwatch_findings_total{change="opened"} 2.0',
        'waiverwatch_messages_total{outcome="delivered"} 2.0',
        'waiverwatch_messages_total{outcome="dead"} 1.0',
        'waiverwatch_outbox_messages{status="queued"} 1.0',
        "waiverwatch_outbox_oldest_seconds 300.0",
        "waiverwatch_sources_failing 0.0",
        "waiverwatch_database_up 1.0",
        'waiverwatch_job_seconds_count{job="pass"} 1.0',
    ):
        assert line in text.splitlines()


async def test_a_pass_of_revisits_counts(store):
    """A pass that polled nothing and looked at articles again is a pass; an idle one is not."""
    report = PassReport("run", NOW)
    service = Service(Operation(store, report=report))
    await service.crawl()
    idle = service.metrics.text().decode()
    report.articles.fetched = report.articles.revisited = 1
    await service.crawl()

    assert 'waiverwatch_passes_total{outcome="ok"}' not in idle
    assert 'waiverwatch_passes_total{outcome="ok"} 1.0' in service.metrics.text().decode()


@pytest.mark.parametrize(("queued", "expected"), [(timedelta(hours=5), 1), (timedelta(hours=3), 0)])
async def test_missed_digest(store, queued, expected):
    """A digest whose time went by while no service ran is made up for, once."""
    with store.unit() as unit:
        held = message(type="source.failing", payload={"source": "a", "error": "x"}, held=True)
        unit.enqueue([held], NOW - queued)
    service = Service(Operation(store))
    await service.catch_up_digest()
    await service.catch_up_digest()

    assert expected == len([one for one in store.messages() if one.message.type == "digest"])


def test_brake():
    """Once the service ends, messages are put off rather than sent."""
    sent = []
    channel = SimpleNamespace(name="desk", send=lambda queued: sent.append(queued) or Delivered())
    brake = Brake()
    stoppable = StoppableChannel(channel, brake)

    assert isinstance(stoppable.send("one"), Delivered)
    brake.pulled.set()
    assert isinstance(stoppable.send("two"), Retry)
    assert (["one"], "desk", 0) == (sent, stoppable.name, brake.sending)


async def test_port_in_use():
    """A port that is taken is one clear line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        endpoint = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(WorkError, match=re.escape(endpoint)):
            async with running_web(None, endpoint):
                pass


async def test_job_is_cancelled_at_the_end(store):
    """A pass that runs when the service ends is cancelled; a delivery may finish."""
    service = Service(Operation(store))
    done = []

    async def work(name, seconds):
        await asyncio.sleep(seconds)
        done.append(name)

    tasks = [
        asyncio.create_task(service._job("pass", lambda: work("pass", 60))()),
        asyncio.create_task(service._job("delivery", lambda: work("delivery", 0.05))()),
    ]
    await asyncio.sleep(0.01)
    service.brake.pulled.set()
    await service._end_jobs()

    assert ["delivery"] == done
    assert all(task.done() for task in tasks)


async def test_a_delivery_that_hangs_is_left_after_a_few_seconds(store):
    """What still runs then is as after a crash; there is time left for all else that ends."""
    service = Service(Operation(store))
    delivery = asyncio.create_task(service._job("delivery", lambda: asyncio.sleep(60))())
    await asyncio.sleep(0.01)
    service.brake.pulled.set()
    begun = time.monotonic()
    await service._end_jobs()

    assert time.monotonic() - begun < 5.5
    assert not delivery.done()
    delivery.cancel()
    await delivery


def test_whatever_hangs_the_process_ends(monkeypatch):
    """A thread that waits for a locked database keeps nobody waiting past the ten seconds."""
    ends = []
    monkeypatch.setattr("crawler.commands.serve.time.sleep", ends.append)
    monkeypatch.setattr("crawler.commands.serve.os._exit", ends.append)
    brake = Brake()
    thread = threading.Thread(target=_end_in_time, args=(brake,))
    thread.start()
    assert [] == ends
    brake.pulled.set()
    thread.join(5)

    waited, code = ends
    assert waited < 10
    assert 0 == code


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url: str) -> tuple[int, str]:
    """Status and body of an address; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def eventually(condition, seconds: float = 90):
    """What the condition returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("did not come true in time")


@contextmanager
def serving(folder, text):
    """The service as a process of its own; gives its address and the process."""
    (folder / "waiverwatch.toml").write_text(text)
    endpoint = f"127.0.0.1:{free_port()}"
    environ = {key: value for key, value in os.environ.items() if not key.startswith("WAIVERWATCH")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "serve", "--http", endpoint],
            cwd=folder,
            env=environ | {"PYTHONPATH": str(Path.cwd())},
            stderr=log,
        )
        try:
            eventually(lambda: get(f"http://{endpoint}/metrics")[0] or process.poll() is not None)
            yield f"http://{endpoint}", process
        finally:
            process.kill()
            process.wait()


def settings(tmp_path, site, hook) -> str:
    """Settings of a service with one quick source, one webhook and one language."""
    return (
        '[crawl]\nbuiltin_sources = false\nallow_networks = ["127.0.0.0/8"]\n'
        'per_host_delay = "0s"\nrevisit = ["1s"]\n[service]\ndeliver_every = "1s"\n'
        f'[[source]]\nname = "feed"\nurl = "{site.url("/rss.xml")}"\nkind = "feed"\nevery = "1s"\n'
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{hook.url}"\n'
        f'secret = "{hook.secret}"\n[data]\nwatch = "{own_watch(tmp_path, langs=("en",))}"\n'
    )


def test_serve(tmp_path):
    """What is published is found and told; a source that fails heals; SIGTERM ends it cleanly."""
    with outlet() as site, webhook_receiver() as hook:
        site.serve_rss()
        with serving(tmp_path, settings(tmp_path, site, hook)) as (base, process):
            site.tell("/claim", "What was signed on Friday", REPEALED, "2025-08-11")
            site.serve_rss()
            eventually(lambda: hook.bodies)
            site.put("/rss.xml", "no", status=500)
            eventually(lambda: get(f"{base}/healthz")[0] == 503)
            site.serve_rss()
            eventually(lambda: get(f"{base}/healthz")[0] == 200)
            health = json.loads(get(f"{base}/healthz")[1])
            metrics = get(f"{base}/metrics")[1]
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=15)

    assert ["finding.opened"] == [
        body["type"] for body in hook.bodies if body["type"].startswith("finding")
    ]
    assert "ok" == health["status"]
    assert 'waiverwatch_findings_total{change="opened"} 1.0' in metrics
    assert 0 == code
    assert time.monotonic() - begun < 10
    log = (tmp_path / "log").read_text()
    assert "service ended" in log
    assert "Traceback" not in log


def test_serve_ends_though_a_receiver_hangs(tmp_path):
    """A receiver that never answers does not keep the service from ending within ten seconds."""
    with outlet() as site, silent_receiver() as hook:
        site.tell("/claim", "What was signed on Friday", REPEALED, "2025-08-11")
        site.serve_rss()
        with serving(tmp_path, settings(tmp_path, site, hook)) as (_, process):
            assert hook.called.wait(30)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=15)

    assert (0, True) == (code, time.monotonic() - begun < 10)


@contextmanager
def silent_receiver():
    """A receiver that takes calls and never answers."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = []

        def accept():
            try:
                while True:
                    connections.append(listener.accept()[0])
                    called.set()
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        yield SimpleNamespace(url=url, secret="whsec_QUFBQUFBQUFBQUFBQUFBQQ==", called=called)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in connections:
            connection.close()


def test_serve_without_database(tmp_path):
    """A database that cannot be opened at the start is one line, and exit code 3."""
    text = '[database]\nurl = "postgresql+psycopg://u:hunter2@127.0.0.1:1/x"\n'
    with serving(tmp_path, text) as (_, process):
        code = process.wait(timeout=30)

    log = (tmp_path / "log").read_text()
    assert 3 == code
    assert (1, False) == (len(log.splitlines()), "hunter2" in log)
