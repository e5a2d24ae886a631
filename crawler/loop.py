"""The event loop that the crawl runs on.

A Twisted reactor is installed once for a process, and cannot be started twice. So the asyncio loop
is what runs, and the reactor only rides on it: commands may run one loop after another, and a
service may keep one for its scheduler, its passes and its web server alike.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from scrapy.utils.reactor import install_reactor

from crawler.errors import PassError
from crawler.fetching import REACTOR

_ROUNDS = 5
_T = TypeVar("_T")


def run_async(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs ``work`` to its end on a loop of its own, and returns what it returns.

    May be called as often as one likes. Ctrl-C cancels ``work``.
    """
    return asyncio.run(_whole(work))


async def _whole(work: Coroutine[Any, Any, _T]) -> _T:
    try:
        return await work
    finally:
        await _end_others()


async def _end_others() -> None:
    """Cancels what a broken-off crawl left running, and what that starts in turn.

    asyncio.run cancels only once, and the answer to a cancelled fetch is handled in a new task.
    """
    for _ in range(_ROUNDS):
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            return
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=1)


def running_reactor() -> object:
    """The process's reactor, riding on the running loop.

    Raises:
        PassError: Another kind of reactor is installed, or another loop of this process runs it.
    """
    loop = asyncio.get_running_loop()
    if "twisted.internet.reactor" not in sys.modules:
        install_reactor(REACTOR)
    reactor: Any = sys.modules["twisted.internet.reactor"]
    riding = getattr(reactor, "_asyncioEventloop", None)
    if riding is None or (riding is not loop and riding.is_running()):
        raise PassError("the process's Twisted reactor runs elsewhere, no pass can be run here")
    if riding is not loop:
        _move(reactor, loop)
    return cast("object", reactor)


def _move(reactor: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Lets the reactor ride on ``loop``; its last one has ended, and all it waited for with it."""
    reactor._asyncioEventloop = loop
    reactor._timerHandle = None
    reactor._scheduledAt = None
    reactor._readers.clear()
    reactor._writers.clear()
