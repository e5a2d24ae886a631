"""Dispatchers in processes of their own, which can be killed at every step of a delivery.

``python -m tests.support.dispatching URL SMTP HOOK ROOM`` reads one JSON object a line, forks a
process that delivers as it says, and prints how it ended: its exit code, or minus the signal.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import apprise
import requests

import state.outbox
import state.store
from alerts.bursts import Bursts
from alerts.channels.apprise import AppriseChannel, AppriseSettings
from alerts.channels.email import EmailChannel, EmailSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.dispatcher import Limits, deliver_due
from alerts.render import Renderer
from state.store import open_store
from tests.support.alerting import LAW
from tests.support.webhooks import SECRET

ROOT = Path(__file__).parents[2]
# Each is the moment right before or after one step.
STEPS = (
    "before lease", "leased, not committed", "leased", "rendered", "before handing in",
    "handed in", "answered", "marked, not committed", "marked",
)  # fmt: skip
LIMITS = Limits(batch=4, bursts=Bursts(most=1000))


class Addresses(NamedTuple):
    """Where messages go, by kind of channel."""

    smtp: str
    hook: str
    room: str


@dataclass
class Nursery:
    """Starts dispatchers, and says how they ended."""

    process: subprocess.Popen[str]

    def run(self, now: datetime, step: str | None = None, count: int = 1) -> int:
        """Delivers; the process is killed when it comes to a step for the ``count``-th time."""
        self.start(now, step, count)
        return self.ended()

    def start(self, now: datetime, step: str | None = None, count: int = 1) -> None:
        """Begins to deliver."""
        assert self.process.stdin is not None
        order = {"now": now.isoformat(), "step": step, "count": count}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def ended(self) -> int:
        """How the dispatcher ended that was started last."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def nursery(url: str, to: Addresses) -> Iterator[Nursery]:
    """A process that forks dispatchers: the imports are made once."""
    command = [sys.executable, "-m", "tests.support.dispatching", url, *to]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def _deliver(url: str, to: Addresses, order: dict[str, Any]) -> None:
    now = datetime.fromisoformat(order["now"])
    _set_traps(order["step"], order["count"])
    store = open_store(url, patience=timedelta(seconds=60))
    settings = EmailSettings("mail", (), "watch@desk.example", to.smtp)
    channels = [
        EmailChannel(settings, LAW, _renderer, lambda: now),
        WebhookChannel(WebhookSettings("hook", to.hook, SECRET, ("127.0.0.0/8",)), _real_time),
        AppriseChannel(AppriseSettings("room", to.room), _renderer),
    ]
    deliver_due(store, channels, lambda: now, LIMITS)
    store.close()


def _set_traps(step: str | None, count: int) -> None:
    """Makes the process kill itself at a step, as surely as anybody else could."""
    reached = 0

    def at(name: str) -> None:
        nonlocal reached
        reached += name == step
        if name == step and reached == count:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(owner: Any, method: str, before: str | None, after: str | None) -> None:
        real: Callable[..., Any] = getattr(owner, method)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if before:
                at(before)
            result = real(*args, **kwargs)
            if after:
                at(after)
            return result

        setattr(owner, method, wrapped)

    # What the modules do happens within a transaction, what the store does is committed.
    wrap(state.outbox, "lease_messages", "before lease", "leased, not committed")
    wrap(state.store.Store, "lease_messages", None, "leased")
    wrap(Renderer, "render", None, "rendered")
    wrap(smtplib.SMTP, "data", "before handing in", "handed in")
    wrap(requests.Session, "post", "before handing in", "handed in")
    wrap(apprise.NotifyBase, "notify", "before handing in", "handed in")
    for channel in (EmailChannel, WebhookChannel, AppriseChannel):
        wrap(channel, "send", None, "answered")
    wrap(state.outbox, "mark_delivered", None, "marked, not committed")
    wrap(state.store.Store, "mark_delivered", None, "marked")


def _real_time() -> datetime:
    """A receiver takes no signature that is not of today."""
    return datetime.now(UTC)


_renderer = Renderer(LAW)

if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _deliver(sys.argv[1], Addresses(*sys.argv[2:]), json.loads(line))
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()
