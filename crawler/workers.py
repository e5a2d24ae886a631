"""Runs what can hang, crash or eat memory in worker processes that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from crawler import worker_main
from crawler.errors import WorkError
from extract.article import Article, NotArticle
from extract.claim import Reading
from extract.page import extract_page
from extract.reader import Reader

State = TypeVar("State")
Job = TypeVar("Job")
Result = TypeVar("Result")

FailureKind = Literal["timeout", "crashed", "memory", "error", "closed"]

_LENGTH = struct.Struct("!Q")
_LARGEST_RESULT = 64 * 1024 * 1024


class WorkerStartError(WorkError):
    """Workers cannot be started: the initializer fails, or takes too long."""


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job has no result.

    Attributes:
        kind: ``timeout`` the deadline passed, ``crashed`` the process died, ``memory`` it ran
            out of it, ``error`` the work raised, ``closed`` the pool was closed meanwhile.
        detail: One line for the log.
    """

    kind: FailureKind
    detail: str


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many workers a pool has, and what each may take.

    Attributes:
        workers: Processes.
        deadline: Seconds for a job.
        memory: Bytes of address space of a process.
        jobs_each: Jobs after which a process is replaced by a new one.
        start_within: Seconds for a process to become ready.
    """

    workers: int = 2
    deadline: float = 20.0
    memory: int = 2 * 1024**3
    jobs_each: int = 5_000
    start_within: float = 60.0


@dataclass(frozen=True, slots=True)
class Task(Generic[State, Job, Result]):
    """What a pool's workers do; the callables are importable by name.

    Attributes:
        initializer: Called once in each process; what it returns is handed to each job.
        arguments: For the initializer.
        work: Called with that state and a job; its result must be picklable.
    """

    initializer: Callable[..., State]
    work: Callable[[State, Job], Result]
    arguments: tuple[Any, ...] = ()


class PagePool(Generic[State, Job, Result]):
    """A pool of warm worker processes.

    A job that hangs, crashes or eats too much memory fails alone: its process is killed and another
    takes its place. Workers end with the pool, and with the process that holds it, however it ends.
    For use on one event loop.
    """

    def __init__(self, task: Task[State, Job, Result], limits: PoolLimits | None = None) -> None:
        self._limits = limits or PoolLimits()
        self._target = pickle.dumps((task.initializer, task.arguments, task.work))
        self._free = asyncio.Semaphore(self._limits.workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closed = False

    async def __aenter__(self) -> PagePool[State, Job, Result]:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts all workers and waits until they are warm.

        Raises:
            WorkerStartError: With what the initializer said.
        """
        missing = self._limits.workers - len(self._all)
        started = await asyncio.gather(
            *(self._start_worker() for _ in range(missing)), return_exceptions=True
        )
        for result in started:
            if isinstance(result, BaseException):
                await self.close()
                raise result
            self._idle.append(result)

    async def run(self, job: Job) -> Result | JobFailure:
        """Does a job in the next free worker.

        Raises:
            WorkerStartError: Where no worker can be started any more.
        """
        async with self._free:
            if self._closed:
                return JobFailure("closed", "the pool is closed")
            worker = self._idle.pop() if self._idle else await self._start_worker()
            return await self._ask(worker, job)

    async def close(self) -> None:
        """Ends all workers at once, those in the midst of a job too: it fails as ``closed``."""
        self._closed = True
        await asyncio.gather(*(self._end(worker) for worker in list(self._all)))

    async def _ask(self, worker: _Worker, job: Job) -> Result | JobFailure:
        outcome: Result | JobFailure | None = None
        try:
            outcome = await worker.ask(job, self._limits.deadline)
        finally:
            # None: cancelled in the midst of the job.
            spent = worker.jobs >= self._limits.jobs_each
            if outcome is None or _breaks(outcome) or spent or self._closed:
                await self._end(worker)
            else:
                self._idle.append(worker)
        if self._closed and isinstance(outcome, JobFailure):
            return JobFailure("closed", "the pool was closed during the job")
        return outcome

    async def _start_worker(self) -> _Worker:
        worker = await _Worker.start(self._target, self._limits, self._all)
        if self._closed:
            await self._end(worker)
            raise WorkerStartError("the pool is closed")
        return worker

    async def _end(self, worker: _Worker) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        await worker.kill()
        self._all.discard(worker)


def _breaks(outcome: object) -> bool:
    return isinstance(outcome, JobFailure) and outcome.kind != "error"


class _Worker:
    """One process and the socket to it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process, self._reader, self._writer = process, reader, writer
        self.jobs = 0

    @classmethod
    async def start(cls, target: bytes, limits: PoolLimits, known: set[_Worker]) -> _Worker:
        """Starts a process and waits until it is ready. It is added to ``known`` before that."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = _launch(theirs)
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        worker = cls(process, reader, writer)
        known.add(worker)
        hello = {"path": sys.path, "memory": limits.memory, "target": target}
        kind, detail = await worker._exchange(hello, limits.start_within)
        if kind != "ready":
            await worker.kill()
            known.discard(worker)
            raise WorkerStartError(f"a worker could not be started: {detail or kind}")
        return worker

    async def ask(self, job: object, deadline: float) -> Any:
        """Returns the job's result, or the failure."""
        self.jobs += 1
        kind, value = await self._exchange(job, deadline)
        return value if kind == "done" else JobFailure(kind, value or f"the worker: {kind}")

    async def _exchange(self, message: object, within: float) -> tuple[Any, Any]:
        try:
            async with asyncio.timeout(within):
                return await self._send_and_receive(message)
        except TimeoutError:
            return "timeout", f"no answer within {within:g} s"
        except (asyncio.IncompleteReadError, ConnectionError, EOFError, pickle.UnpicklingError):
            return "crashed", await self._how_it_ended()

    async def _send_and_receive(self, message: object) -> tuple[Any, Any]:
        packed = pickle.dumps(message)
        self._writer.write(_LENGTH.pack(len(packed)) + packed)
        await self._writer.drain()
        (size,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
        if size > _LARGEST_RESULT:
            return "memory", f"a result of {size} bytes"
        answer: tuple[Any, Any] = pickle.loads(await self._reader.readexactly(size))  # noqa: S301
        return answer

    async def _how_it_ended(self) -> str:
        await self.kill()
        code = self._process.returncode
        return f"the worker process ended by signal {-code}" if code < 0 else f"exit code {code}"

    async def kill(self) -> None:
        """Ends the process now and waits for that. May be called again."""
        self._process.kill()
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)


def _launch(channel: socket.socket) -> subprocess.Popen[bytes]:
    # -P: the script's folder is our package, and no place to import from.
    script = str(Path(worker_main.__file__).resolve())
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-P", script, str(channel.fileno()), str(os.getpid())],
        pass_fds=[channel.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to read.

    Attributes:
        body: As it came, decompressed.
        url: Its canonical URL.
        content_type: The HTTP header.
        title: What the way in called it; used where the page gives no title.
        published: The day that the way in gave; used where the page states none.
        glance: Whether a page that nowhere names the law is not to be read.
    """

    body: bytes
    url: str | None = None
    content_type: str | None = None
    title: str | None = None
    published: date | None = None
    glance: bool = False


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page holds: an article and what it says of the law, or why there is none.

    Nothing at all where a glance was enough: the page nowhere names the law.
    """

    article: Article | None = None
    not_article: NotArticle | None = None
    reading: Reading | None = None


def page_task(reader: Reader) -> Task[Reader, PageJob, PageResult]:
    """Returns the task of reading pages as ``reader`` does."""
    return Task(warm_reader, process_page, (reader,))


def warm_reader(reader: Reader) -> Reader:
    """Returns the reader, with all that the first page would have to wait for loaded already."""
    process_page(reader, PageJob(_WARM_UP))
    return reader


def process_page(reader: Reader, job: PageJob) -> PageResult:
    """Returns the article of a page and what it says of the law."""
    if job.glance and not reader.may_name_law_on(job.body, job.content_type):
        return PageResult()
    found = extract_page(job.body, url=job.url, content_type=job.content_type)
    if isinstance(found, NotArticle):
        return PageResult(not_article=found)
    article = replace(
        found, title=found.title or job.title, published=found.published or job.published
    )
    return PageResult(article=article, reading=reader.read(article))


_WARM_UP = b"""<html><head><title>The first page a worker reads</title></head><body><article>
<h1>The first page a worker reads</h1><p>A paragraph of some length, so that what is read lazily,
such as the classifier of languages, is read before the first page arrives and not by its deadline.
</p></article></body></html>"""
