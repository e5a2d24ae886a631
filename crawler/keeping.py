"""Evidence of an article: its page in the archive, and what it was before, read as of today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from crawler.answers import Fetched
from crawler.archive import ArchivedPage
from crawler.sources import Answer
from state.store import Store, WarcRecord


class PageArchive(Protocol):
    """Keeps the bytes of pages; see :class:`crawler.archive.Archive`."""

    def keep(self, page: ArchivedPage) -> WarcRecord:
        """Writes a page; returns where it is."""

    def read(self, record: WarcRecord) -> ArchivedPage:
        """The page of a record."""


def keeper_of(
    archive: PageArchive | None, fetched: Fetched, now: datetime
) -> Callable[[], WarcRecord] | None:
    """What keeps a page, once it is known that there is something new on it."""
    if archive is None:
        return None
    page = ArchivedPage(fetched.url, fetched.status, fetched.headers, fetched.body, now)
    return lambda: archive.keep(page)


def last_page(store: Store, archive: PageArchive | None, url: str) -> Answer | None:
    """The page of an article's last revision, as it was fetched; None where it is not kept.

    Raises:
        ArchiveError: It cannot be read, or is not what was kept.
        StateError: The database could not be used.
    """
    article = store.article(url)
    if archive is None or article is None:
        return None
    record = store.revisions(article.id)[-1].warc
    if record is None:
        return None
    page = archive.read(record)
    return Answer(url, page.body, page.content_type)
