"""What tests of all packages share: commands, run as a user would."""

import functools
import io
import logging
from dataclasses import dataclass

import pytest
import structlog

from crawler.__main__ import run
from extract.reader import load_reader

# Loading runs every example of every lexicon; once is enough for the tests of a process.
load_once = functools.cache(load_reader)


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


@pytest.fixture
def command(tmp_path, monkeypatch, capsys, plain_logs):
    """Runs a command line in an empty folder, as a user with no settings would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crawler.watch.load_reader", load_once)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words: object, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
