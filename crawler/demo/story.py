"""Plays the demonstration: crawl, deliver, correct, crawl and deliver again, digest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from alerts.digest import Period, period_digest
from crawler.demo.outlets import Outlet, load_outlets, served
from crawler.demo.receivers import Call, HookReceiver, Mailbox, hook_server, mail_server
from crawler.operation import Operation, PassChoice, started_operation
from crawler.report import PassReport
from crawler.session import opened_store, utc_now
from crawler.settings_schema import (
    CrawlSettings,
    DatabaseSettings,
    DataSettings,
    EmailChannelSettings,
    ServiceSettings,
    Settings,
    WebhookChannelSettings,
)
from crawler.watch import Watch
from state.store import FindingQuery, Store, StoredFinding

_REVISIT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs during the demonstration."""

    outlets: tuple[Outlet, ...]
    mailbox: Mailbox
    receiver: HookReceiver
    settings: Settings


@dataclass(frozen=True, slots=True)
class Round:
    """One pass and the delivery after it.

    Attributes:
        again: How many messages the next delivery sent: none, as each goes out once.
        findings: All there are, as they stand after the pass.
        mails: What the mail server took.
        calls: What the webhook receiver took.
    """

    report: PassReport
    delivered: int
    again: int
    findings: list[StoredFinding]
    mails: list[EmailMessage]
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the demonstration."""

    first: Round
    second: Round
    digest: dict[str, Any]


@contextmanager
def stage(watch: Watch, folder: Path) -> Iterator[Stage]:
    """Serves the outlets and the receivers, and keeps what is found under ``folder``.

    Raises:
        WatchError: The watch has no sample outlets.
    """
    outlets = load_outlets(watch.folder / "demo.toml")
    mailbox, receiver = Mailbox(), HookReceiver()
    with served(outlets), mail_server(mailbox) as smtp, hook_server(receiver) as hook:
        mail = EmailChannelSettings(
            kind="email",
            name="desk",
            to=("desk@example.org",),
            sender="waiverwatch@example.org",
            smtp=SecretStr(smtp),
        )
        web = WebhookChannelSettings(
            kind="webhook", name="hook", url=SecretStr(hook), secret=SecretStr(receiver.secret)
        )
        settings = Settings(
            database=DatabaseSettings(url=SecretStr(f"sqlite:///{folder / 'demo.db'}")),
            data=DataSettings(archive=folder / "archive"),
            crawl=CrawlSettings(
                contact="mailto:demo@example.org",
                allow_networks=(ip_network("127.0.0.0/8"),),
                per_host_delay=timedelta(),
                revisit=(_REVISIT,),
                builtin_sources=False,
            ),
            # Each alert is to be seen by itself.
            service=ServiceSettings(burst=1000),
            source=tuple(outlet.source() for outlet in outlets),
            channel=(mail, web),
        )
        yield Stage(outlets, mailbox, receiver, settings)


async def play(watch: Watch, at: Stage) -> Played:
    """Plays all of it."""
    begun = utc_now()
    with opened_store(at.settings) as store:
        async with started_operation(at.settings, watch, store) as operation:
            first = await _round(operation, store, at)
            for outlet in at.outlets:
                outlet.is_corrected = True
            await asyncio.sleep(_REVISIT.total_seconds())
            second = await _round(operation, store, at)
        digest = period_digest(store, Period(begun, utc_now()))
    return Played(first, second, digest)


async def _round(operation: Operation, store: Store, at: Stage) -> Round:
    mails, calls = len(at.mailbox.mails), len(at.receiver.calls)
    report = await operation.crawl(PassChoice(everything=True))
    delivered = await operation.deliver()
    again = await operation.deliver()
    return Round(
        report=report,
        delivered=delivered.delivered,
        again=again.delivered,
        findings=store.findings(FindingQuery()),
        mails=at.mailbox.mails[mails:],
        calls=at.receiver.calls[calls:],
    )
