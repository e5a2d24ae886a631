"""The store: everything that outlives a run, behind one object."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from state import (
    articles,
    candidates,
    entries,
    findings,
    leads,
    links,
    outbox,
    pages,
    presence,
    runs,
    sightings,
    sources,
)
from state.articles import (
    ArticleWrite,
    Revisit,
    SavedArticle,
    StoredArticle,
    StoredRevision,
)
from state.candidates import Candidate, CandidateStatus, Settled, StoredCandidate
from state.database import PATIENCE, Database
from state.entries import RecordEntry
from state.event import Event
from state.finding import Confirmation, FindingQuery, StoredFinding, WarcRecord
from state.lead import Lead
from state.leads import StoredLead
from state.links import FoundLink, LinkOutcome, Settlement
from state.message import Message, MessageStatus, QueuedMessage
from state.migrations import migrate
from state.pacing import Fault, Sight, Terms
from state.runs import Run
from state.sightings import Sighting, Validators
from state.sources import Poll, SourceChange, SourceHealth
from state.unit import Unit

__all__ = [
    "ArticleWrite",
    "Candidate",
    "Confirmation",
    "Fault",
    "FindingQuery",
    "FoundLink",
    "Lead",
    "LinkOutcome",
    "Poll",
    "RecordEntry",
    "Revisit",
    "Run",
    "SavedArticle",
    "Sight",
    "Sighting",
    "SourceChange",
    "SourceHealth",
    "Store",
    "StoredArticle",
    "StoredCandidate",
    "StoredFinding",
    "StoredLead",
    "StoredRevision",
    "Terms",
    "Unit",
    "Validators",
    "WarcRecord",
    "open_store",
]


def open_store(url: str, *, patience: timedelta = PATIENCE) -> Store:
    """Open a database, creating it or bringing its schema up to date first.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/NAME``.
        patience: How long a lock of another process is waited for.

    Raises:
        DatabaseUnavailable: It cannot be used; one line that says why, without the password.
        DatabaseTooNew: A later version of the program has written it.
    """
    database = Database(url, patience)
    try:
        database.prepare()
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


class Store:
    """Everything that outlives a run. Safe to call from several threads.

    Every method is a transaction of its own, and raises DatabaseUnavailable when the database
    cannot be reached or stays locked; :meth:`unit` puts several steps into one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One transaction: committed at the block's end, rolled back on any exception."""
        with self._database.writing() as connection:
            yield Unit(connection)

    # Sources

    def due_sources(self, now: datetime, every: Mapping[str, timedelta]) -> list[str]:
        """The names in ``every`` whose next poll is due, in its order; unknown ones are due."""
        with self._database.reading() as connection:
            return sources.due_sources(connection, now, every)

    def source_health(self) -> list[SourceHealth]:
        """Every source that was ever polled, by name."""
        with self._database.reading() as connection:
            return sources.source_health(connection)

    def record_poll(self, poll: Poll) -> SourceChange | None:
        """Keep the poll; say when the source begins to count as failing, or no longer does."""
        with self.unit() as unit:
            return unit.record_poll(poll)

    def postpone_source(self, name: str, next_poll_at: datetime) -> None:
        """Keep that a source is not due before then; that says nothing of its health."""
        with self._database.writing() as connection:
            sources.postpone_source(connection, name, next_poll_at)

    def sighted(self, subjects: Collection[str]) -> set[str]:
        """Those of the subjects that a watcher of an official source saw before."""
        with self._database.reading() as connection:
            return sightings.sighted(connection, subjects)

    def validators(self, urls: Collection[str]) -> dict[str, Validators]:
        """What these addresses of official sources are to be asked with."""
        with self._database.reading() as connection:
            return sightings.find_validators(connection, urls)

    def open_leads(self, now: datetime) -> list[StoredLead]:
        """See :func:`state.leads.open_leads`."""
        with self._database.reading() as connection:
            return leads.open_leads(connection, now)

    # Links and articles

    def claim_links(
        self, source: str, found: Sequence[FoundLink], now: datetime
    ) -> list[FoundLink]:
        """See :func:`state.links.claim_links`."""
        with self._database.writing() as connection:
            return links.claim_links(connection, source, found, now)

    def settle_link(
        self,
        url: str,
        outcome: LinkOutcome,
        now: datetime,
        retry_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Keep what became of a link; with ``retry_at`` it is given out again then."""
        with self._database.writing() as connection:
            links.settle_link(connection, Settlement(url, outcome, now, retry_at, error))

    def release_claims(self, now: datetime) -> int:
        """Give out again what was claimed and never settled; only for the sole crawler."""
        with self._database.writing() as connection:
            return links.release_claims(connection, now)

    @contextmanager
    def crawling(self, now: datetime) -> Iterator[int]:
        """Be known as a crawler until the block ends.

        Where no other one is at work, what was claimed and never settled is given out again at
        once: its crawler died. Yields how many links that were.
        """
        with presence.crawling(self._database, now) as released:
            yield released

    def forget_pages(self, files: Collection[str]) -> list[str]:
        """See :func:`state.pages.forget_pages`."""
        with self._database.writing() as connection:
            return pages.forget_pages(connection, files)

    def due_revisits(
        self, now: datetime, limit: int, sources: Sequence[str] | None = None
    ) -> list[Revisit]:
        """See :func:`state.articles.due_revisits`."""
        with self._database.reading() as connection:
            return articles.due_revisits(connection, now, limit, sources)

    def postpone_revisit(
        self, url: str, now: datetime, next_visit_at: datetime | None, attempts: int = 0
    ) -> None:
        """See :func:`state.articles.postpone_revisit`; ``next_visit_at`` None: never again."""
        with self._database.writing() as connection:
            articles.postpone_revisit(connection, url, now, next_visit_at, attempts)

    def article(self, url: str) -> StoredArticle | None:
        """The article under this canonical URL."""
        with self._database.reading() as connection:
            return articles.find_article(connection, url)

    def revisions(self, article_id: int) -> list[StoredRevision]:
        """Every text of the article, oldest first."""
        with self._database.reading() as connection:
            return articles.article_revisions(connection, article_id)

    # Findings

    def findings(self, query: FindingQuery = FindingQuery()) -> list[StoredFinding]:  # noqa: B008 - frozen
        """The findings that fit, the last opened first."""
        with self._database.reading() as connection:
            return findings.query_findings(connection, query)

    def finding(self, finding_id: str) -> StoredFinding | None:
        """The finding with this id."""
        with self._database.reading() as connection:
            return findings.find_finding(connection, finding_id)

    # Outbox

    def lease_messages(self, now: datetime, limit: int, lease: timedelta) -> list[QueuedMessage]:
        """See :func:`state.outbox.lease_messages`."""
        with self._database.writing() as connection:
            return outbox.lease_messages(connection, now, limit, lease)

    def mark_delivered(self, message_id: str, now: datetime) -> None:
        """Keep that a message went out."""
        with self._database.writing() as connection:
            outbox.mark_delivered(connection, message_id, now)

    def mark_deferred(
        self,
        message_id: str,
        now: datetime,
        retry_at: datetime,
        error: str,
        *,
        unsent: bool = False,
    ) -> None:
        """Keep that sending failed for now, and when to try again.

        Args:
            message_id: Of a leased message.
            now: The current time.
            retry_at: Not tried again before it.
            error: Why, in one line.
            unsent: That it was not even begun, and is not to count as a try.
        """
        with self._database.writing() as connection:
            later = max(now, retry_at)
            outbox.mark_deferred(connection, message_id, later, error, unsent=unsent)

    def mark_dead(
        self, message_id: str, now: datetime, error: str, tell: Iterable[Message] = ()
    ) -> None:
        """Keep that sending failed for good, and with it queue what tells others of that."""
        with self._database.writing() as connection:
            if outbox.mark_dead(connection, message_id, now, error):
                outbox.enqueue(connection, tell, now)

    def retry_message(self, message_id: str, now: datetime) -> QueuedMessage:
        """See :func:`state.outbox.retry_message`."""
        with self._database.writing() as connection:
            return outbox.retry_message(connection, message_id, now)

    def discard_message(self, message_id: str, why: str, now: datetime) -> QueuedMessage:
        """See :func:`state.outbox.discard_message`."""
        with self._database.writing() as connection:
            return outbox.discard_message(connection, message_id, why, now)

    def messages(
        self, status: MessageStatus | None = None, limit: int = 1000
    ) -> list[QueuedMessage]:
        """The newest messages, in the order in which they were queued."""
        with self._database.reading() as connection:
            return outbox.list_messages(connection, status, limit)

    def disable_channel(
        self, name: str, reason: str, now: datetime, tell: Iterable[Message] = ()
    ) -> None:
        """Send nothing more over a channel until it is enabled; its messages wait.

        What tells others of that is queued with it.
        """
        with self._database.writing() as connection:
            outbox.disable_channel(connection, name, reason, now)
            outbox.enqueue(connection, tell, now)

    def enable_channel(self, name: str) -> None:
        """Send over the channel again."""
        with self._database.writing() as connection:
            outbox.enable_channel(connection, name)

    def disabled_channels(self) -> dict[str, str]:
        """The channels over which nothing is sent, and why."""
        with self._database.reading() as connection:
            return outbox.disabled_channels(connection)

    # The record

    def add_candidate(self, candidate: Candidate, now: datetime) -> bool:
        """Keep a candidate; False where the same document was already known."""
        with self.unit() as unit:
            return unit.add_candidate(candidate, now)

    def candidates(self, status: CandidateStatus | None = None) -> list[StoredCandidate]:
        """The candidates, the first found first."""
        with self._database.reading() as connection:
            return candidates.list_candidates(connection, status)

    def settle_candidate(
        self, id: str, status: Settled, who: str, why: str | None, now: datetime
    ) -> StoredCandidate:
        """Accept or reject an open candidate.

        Raises:
            UnknownEntryError: No candidate with this id is open.
        """
        with self.unit() as unit:
            return unit.settle_candidate(id, status, who, why, now)

    def add_record_entry(self, entry: Event, who: str, now: datetime) -> RecordEntry:
        """Add an event to the record; see :meth:`state.unit.Unit.add_record_entry`."""
        with self.unit() as unit:
            return unit.add_record_entry(entry, who, now)

    def record_entries(self) -> list[RecordEntry]:
        """What operators entered, withdrawn entries among it, in the order of entering."""
        with self._database.reading() as connection:
            return entries.list_entries(connection)

    # Runs

    def start_run(self, now: datetime) -> str:
        """Record that a pass begins; return its id."""
        with self._database.writing() as connection:
            return runs.start_run(connection, now)

    def finish_run(self, run_id: str, now: datetime, summary: Mapping[str, Any]) -> None:
        """Record how a pass ended."""
        with self._database.writing() as connection:
            runs.finish_run(connection, run_id, now, summary)

    def latest_runs(self, limit: int = 1) -> list[Run]:
        """The passes begun last, the last first."""
        with self._database.reading() as connection:
            return runs.latest_runs(connection, limit)

    def counts(self) -> dict[str, Any]:
        """See :func:`state.runs.counts`."""
        with self._database.reading() as connection:
            return runs.counts(connection)
