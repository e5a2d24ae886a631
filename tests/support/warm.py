"""Lexicons and worker processes that are loaded once and serve all tests of a session."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from crawler.reading import PooledReader, do_job
from crawler.workers import PagePool, PoolLimits, Task, warm_reader
from extract.reader import Reader, load_reader

_readers: dict[str, Reader] = {}


def load_once(*folders: Path) -> Reader:
    """The reader of these lexicons; what was loaded from copies of the folders is used again."""
    key = _content(folders)
    if key not in _readers:
        _readers[key] = load_reader(*folders)
    return _readers[key]


class WarmPools:
    """Pools of one worker each, on a loop and a thread of their own.

    Tests have a loop for each command, and a pool serves one loop: so jobs are handed over.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._pools: dict[Reader, PagePool[Any, Any, Any]] = {}

    @asynccontextmanager
    async def opened_reader(self, reader: Reader) -> AsyncIterator[PooledReader]:
        """Stands in for :func:`crawler.reading.opened_reader`."""
        if reader not in self._pools:
            task = Task(warm_reader, do_job, (reader,))
            pool = PagePool(task, PoolLimits(workers=1))
            await self._on_loop(pool.start())
            self._pools[reader] = pool
        yield PooledReader(_Handed(self, self._pools[reader]))  # type: ignore[arg-type]

    async def _on_loop(self, work: Any) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        """Ends the workers and the thread."""
        for pool in self._pools.values():
            asyncio.run_coroutine_threadsafe(pool.close(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _Handed:
    """A pool as another loop sees it."""

    def __init__(self, pools: WarmPools, pool: PagePool[Any, Any, Any]) -> None:
        self._pools, self._pool = pools, pool

    async def run(self, job: Any) -> Any:
        return await self._pools._on_loop(self._pool.run(job))


def _content(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
