"""Reads pages and listings in worker processes, for the crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crawler.errors import ListingError, WorkError
from crawler.listings import read_listing
from crawler.parts import PageError
from crawler.sources import Answer, Listing, SourceKind
from crawler.workers import (
    JobFailure,
    PageJob,
    PagePool,
    PageResult,
    Task,
    WorkerStartError,
    process_page,
    warm_reader,
)
from extract.article import Article, NotArticle
from extract.claim import Reading
from extract.reader import Reader


@dataclass(frozen=True, slots=True)
class ListingJob:
    """A listing to read; see :func:`crawler.listings.read_listing`."""

    kind: SourceKind
    answer: Answer
    largest: int


@dataclass(frozen=True, slots=True)
class NoListing:
    """Why an answer lists nothing."""

    reason: str


Job = PageJob | ListingJob
Result = PageResult | Listing | NoListing


def do_job(reader: Reader, job: Job) -> Result:
    """Does one job; runs in a worker process."""
    if isinstance(job, PageJob):
        return process_page(reader, job)
    try:
        return read_listing(job.kind, job.answer, job.largest)
    except ListingError as error:
        return NoListing(str(error))


class PooledReader:
    """Reads in the workers of a pool; see :class:`crawler.parts.PageReader`."""

    def __init__(self, pool: PagePool[Reader, Job, Result]) -> None:
        self._pool = pool

    async def read_page(self, page: Answer) -> tuple[Article, Reading] | NotArticle:
        """The article of a page and what it says, or why there is none.

        Raises:
            PageError: The page could not be read in time, in memory, or at all.
        """
        return _page_of(await self._pool.run(PageJob(page.body, page.url, page.content_type)))

    async def first_read(self, page: Answer) -> tuple[Article, Reading] | NotArticle | None:
        """The same of a page that was never read; None where it nowhere names the law.

        Raises:
            PageError: As above.
        """
        job = PageJob(page.body, page.url, page.content_type, glance=True)
        result = await self._pool.run(job)
        return None if result == PageResult() else _page_of(result)

    async def read_listing(self, kind: SourceKind, answer: Answer, largest: int) -> Listing:
        """What a way in lists.

        Raises:
            ListingError: It lists nothing that can be used, or could not be read.
        """
        result = await self._pool.run(ListingJob(kind, answer, largest))
        if isinstance(result, Listing):
            return result
        raise ListingError(_why(result))


def _page_of(result: Result | JobFailure) -> tuple[Article, Reading] | NotArticle:
    if isinstance(result, PageResult) and result.not_article is not None:
        return result.not_article
    if isinstance(result, PageResult) and result.article and result.reading:
        return result.article, result.reading
    raise PageError(_why(result))


def _why(result: Result | JobFailure) -> str:
    if isinstance(result, JobFailure):
        return f"could not be read: {result.detail}"
    return result.reason if isinstance(result, NoListing) else "could not be read"


@asynccontextmanager
async def opened_reader(reader: Reader) -> AsyncIterator[PooledReader]:
    """A reader whose workers run until the block ends, and read as ``reader`` does.

    They are given what it has loaded: one that takes another's place hours later would find other
    lexicons in the folders.

    Raises:
        WorkError: The workers cannot be started.
    """
    pool: PagePool[Reader, Job, Result] = PagePool(Task(warm_reader, do_job, (reader,)))
    try:
        await pool.start()
    except WorkerStartError as error:
        raise WorkError(str(error)) from error
    try:
        yield PooledReader(pool)
    finally:
        await pool.close()
