"""What tests of all packages share: commands, run as a user would."""

import io
import logging
from dataclasses import dataclass

import pytest
import structlog
from hypothesis import HealthCheck, settings

import crawler.watch
from crawler.__main__ import run
from tests.support.warm import WarmPools, load_once

# How busy the machine is says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# For every test, those that load a watch while they are collected among them.
crawler.watch.load_reader = load_once


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


@pytest.fixture
def plain_logs():
    """Leaves logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def warm_pools():
    """Worker processes that stay, since each takes seconds to start."""
    pools = WarmPools()
    yield pools
    pools.close()


@pytest.fixture
def command(tmp_path, monkeypatch, capsys, plain_logs, warm_pools):
    """Runs a command line in an empty folder, as a user with no settings would.

    Worker processes are those of the session, and not started anew.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crawler.operation.opened_reader", warm_pools.opened_reader)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words: object, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
