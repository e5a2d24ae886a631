"""Runs passes in one process, as the service does, and prints what each cost.

Run as a script in a folder with settings; each word is the names of sources to poll in one pass,
with commas between. Prints one line of JSON for each pass.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from crawler.crawl import run_async
from crawler.operation import Operation, PassChoice, started_operation
from crawler.session import opened_store
from crawler.settings import load_settings
from crawler.watch import load_watch

_TICK = os.sysconf("SC_CLK_TCK")


def main(choices: list[str]) -> None:
    """Runs the passes."""
    settings = load_settings(Path("waiverwatch.toml"))
    with opened_store(settings) as store:
        run_async(_run(settings, store, choices))


async def _run(settings: Any, store: Any, choices: list[str]) -> None:
    async with started_operation(
        settings, load_watch(settings.data.watch, settings.data.lexicons), store
    ) as operation:
        for names in choices:
            print(json.dumps(await _one(operation, tuple(names.split(",")))), flush=True)


async def _one(operation: Operation, names: tuple[str, ...]) -> dict[str, Any]:
    cpu, begun = _cpu(), time.perf_counter()
    report = await operation.crawl(PassChoice(only=names))
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": _cpu() - cpu,
        "rss": _rss(),
        "pages": report.articles.fetched,
        "relevant": report.articles.relevant,
        "failed": report.articles.failed,
    }


def _cpu() -> float:
    """Seconds of this process and of its workers, those that ended among them."""
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for pid in _children():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def _rss() -> float:
    """The most memory that this process has had, in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    main(sys.argv[1:])
