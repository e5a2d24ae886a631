"""A unit of work: what is done through it is committed together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from state import (
    articles,
    bursts,
    candidates,
    entries,
    findings,
    judging,
    leads,
    links,
    outbox,
    sightings,
    sources,
)
from state.articles import ArticleWrite, SavedArticle, StoredArticle, StoredRevision
from state.bursts import Crowd
from state.candidates import Candidate, CandidateSettlement, Settled, StoredCandidate
from state.entries import EntryWrite, RecordEntry
from state.event import Event
from state.finding import Confirmation, Finding, StoredFinding, Verdict
from state.findings import Closing, FindingWrite
from state.judging import ReadArticle, Verdicts
from state.lead import Lead
from state.leads import StoredLead
from state.links import LinkOutcome, Settlement
from state.message import Message, QueuedMessage
from state.sightings import Novelty, Sighting, Validators
from state.sources import Poll, SourceChange, SourceHealth


class Unit:
    """One transaction; see :meth:`state.store.Store.unit`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def article(self, url: str) -> StoredArticle | None:
        """The article under this canonical URL."""
        return articles.find_article(self._connection, url)

    def revisions(self, article_id: int) -> list[StoredRevision]:
        """Every text of the article, oldest first."""
        return articles.article_revisions(self._connection, article_id)

    def save_article(self, write: ArticleWrite) -> SavedArticle:
        """Keep a visit; a text that differs from the last one becomes a revision of its own."""
        return articles.save_article(self._connection, write)

    def read_articles(self, since: date, after: int, limit: int) -> list[ReadArticle]:
        """See :func:`state.judging.read_articles`."""
        return judging.read_articles(self._connection, since, after, limit)

    def save_verdicts(self, read: ReadArticle, verdicts: Verdicts) -> None:
        """Keep what an article's latest text was judged to be."""
        judging.save_verdicts(self._connection, read, verdicts)

    def open_findings(self, article_id: int) -> list[StoredFinding]:
        """The article's findings that are open, in the order in which they were opened."""
        return findings.article_findings(self._connection, article_id, only_open=True)

    def findings_of(self, article_id: int) -> list[StoredFinding]:
        """The article's findings whatever their status: a dismissed one is not to open again."""
        return findings.article_findings(self._connection, article_id, only_open=False)

    def open_finding(
        self, article_id: int, revision: int, finding: Finding, verdict: Verdict, now: datetime
    ) -> StoredFinding:
        """Open a finding under a new id; where the same rule's is open already, update that one."""
        write = FindingWrite(article_id, revision, finding, verdict, now)
        return findings.open_finding(self._connection, write)

    def update_finding(
        self, finding_id: str, revision: int, finding: Finding, verdict: Verdict, now: datetime
    ) -> StoredFinding:
        """Bring an open finding to what a later revision of its article says.

        Raises:
            UnknownEntryError: No finding with this id is open.
        """
        current = findings.find_finding(self._connection, finding_id)
        article_id = current.article_id if current else 0
        write = FindingWrite(article_id, revision, finding, verdict, now)
        return findings.update_finding(self._connection, finding_id, write)

    def close_finding(
        self, finding_id: str, status: Closing, now: datetime, why: str | None = None
    ) -> StoredFinding:
        """Close an open finding.

        Raises:
            UnknownEntryError: No finding with this id is open.
        """
        return findings.close_finding(self._connection, finding_id, status, now, why)

    def confirm_finding(self, finding_id: str, confirmation: Confirmation) -> StoredFinding:
        """See :func:`state.findings.confirm_finding`."""
        return findings.confirm_finding(self._connection, finding_id, confirmation)

    def kin(self, article_id: int) -> list[StoredFinding]:
        """Findings, open or dismissed, of other articles that carry the same text."""
        return findings.kin(self._connection, article_id)

    def add_copy(self, holder_id: str, write: FindingWrite) -> StoredFinding:
        """Keep a finding as a copy of another one; return that one with it."""
        return findings.add_copy(self._connection, holder_id, write)

    def release_copy(self, copy_id: str, write: FindingWrite) -> StoredFinding:
        """Make a copy a finding of its own, opened now.

        Raises:
            UnknownEntryError: No finding with this id is open.
        """
        return findings.release_copy(self._connection, copy_id, write)

    def touch_finding(self, finding_id: str, now: datetime) -> StoredFinding:
        """Keep that something of a finding changed, such as its copies, whatever its status."""
        return findings.touch_finding(self._connection, finding_id, now)

    def hand_over(self, finding_id: str, now: datetime, why: str | None) -> StoredFinding | None:
        """See :func:`state.findings.hand_over`."""
        return findings.hand_over(self._connection, finding_id, now, why)

    def enqueue(self, messages: Iterable[Message], now: datetime) -> int:
        """Put messages into the outbox; return how many keys it did not hold yet."""
        return outbox.enqueue(self._connection, messages, now)

    def fold(self, channel: str, recipient: str, now: datetime) -> list[QueuedMessage]:
        """Take the messages held for a recipient, for the digest queued in this unit."""
        return outbox.fold(self._connection, channel, recipient, now)

    def mark_folded_into(self, folded: Iterable[QueuedMessage], key: str) -> None:
        """See :func:`state.outbox.mark_folded_into`."""
        outbox.mark_folded_into(self._connection, folded, key)

    def told(self, thread: str) -> set[tuple[str, str]]:
        """See :func:`state.outbox.told`."""
        return outbox.told(self._connection, thread)

    def threads_told(self, channel: str, recipient: str) -> set[str]:
        """See :func:`state.outbox.threads_told`."""
        return outbox.threads_told(self._connection, channel, recipient)

    def crowds(self, now: datetime, most: int, window: timedelta) -> list[Crowd]:
        """See :func:`state.bursts.crowds`."""
        return bursts.crowds(self._connection, now, most, window)

    def take_due(self, channel: str, recipient: str, now: datetime) -> list[QueuedMessage]:
        """See :func:`state.bursts.take_due`."""
        return bursts.take_due(self._connection, channel, recipient, now)

    def hold_back(self, channel: str, recipient: str, now: datetime, until: datetime) -> None:
        """See :func:`state.bursts.hold_back`."""
        bursts.hold_back(self._connection, channel, recipient, now, until)

    def recipients_with_held(self) -> list[tuple[str, str]]:
        """Channel and recipient of every digest that has something to tell."""
        return outbox.recipients_with_held(self._connection)

    def record_poll(self, poll: Poll) -> SourceChange | None:
        """Keep the poll; say when the source begins to count as failing, or no longer does."""
        return sources.record_poll(self._connection, poll)

    def source(self, name: str) -> SourceHealth | None:
        """What is known of one source."""
        return sources.find_source(self._connection, name)

    def hasten_source(self, name: str, now: datetime) -> bool:
        """See :func:`state.sources.hasten_source`."""
        return sources.hasten_source(self._connection, name, now)

    def add_leads(self, source: str, found: Sequence[Lead], now: datetime) -> list[Lead]:
        """See :func:`state.leads.add_leads`."""
        return leads.add_leads(self._connection, source, found, now)

    def settle_leads(
        self, keys: Collection[str], titles: Mapping[str, str], now: datetime
    ) -> list[StoredLead]:
        """See :func:`state.leads.settle_leads`."""
        return leads.settle_leads(self._connection, keys, titles, now)

    def add_candidate(self, candidate: Candidate, now: datetime) -> bool:
        """Keep a candidate; False where the same document was already known."""
        return candidates.add_candidate(self._connection, candidate, now)

    def candidate(self, id: str) -> StoredCandidate | None:
        """The candidate with this id."""
        return candidates.find_candidate(self._connection, id)

    def settle_candidate(
        self, id: str, status: Settled, who: str, why: str | None, now: datetime
    ) -> StoredCandidate:
        """Accept or reject an open candidate.

        Raises:
            UnknownEntryError: No candidate with this id is open.
        """
        settlement = CandidateSettlement(id, status, who, why, now)
        return candidates.settle_candidate(self._connection, settlement)

    def record_entries(self) -> list[RecordEntry]:
        """What operators entered; nobody else changes it before this unit's end."""
        return entries.held_entries(self._connection)

    def add_record_entry(
        self, entry: Event, who: str, now: datetime, candidate: str | None = None
    ) -> RecordEntry:
        """Add an event to the record, accepting the candidate that it comes from.

        That it fits the rest of the record is for the caller to check, in this unit.

        Raises:
            UnknownEntryError: No candidate with this id is open.
        """
        if candidate is not None:
            self.settle_candidate(candidate, "accepted", who, None, now)
        return entries.add_entry(self._connection, EntryWrite(entry, who, now, candidate))

    def withdraw_record_entry(self, id: str, who: str, why: str, now: datetime) -> RecordEntry:
        """Take an entry back; it stays to be seen, and is no longer part of the record.

        Raises:
            UnknownEntryError: No entry with this id stands.
        """
        return entries.withdraw_entry(self._connection, id, who, why, now)

    def mark_judged(self, judged: Iterable[RecordEntry], now: datetime) -> None:
        """Keep that the stored articles were judged by these entries as they are given here."""
        entries.mark_judged(self._connection, judged, now)

    def note_sighting(self, sighting: Sighting) -> Novelty:
        """See :func:`state.sightings.note_sighting`."""
        return sightings.note_sighting(self._connection, sighting)

    def keep_validators(self, sent: Iterable[Validators]) -> None:
        """Keep what addresses of official sources are to be asked with the next time."""
        sightings.keep_validators(self._connection, sent)

    def settle_link(
        self,
        url: str,
        outcome: LinkOutcome,
        now: datetime,
        retry_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Keep what became of a link; with ``retry_at`` it is given out again then."""
        links.settle_link(self._connection, Settlement(url, outcome, now, retry_at, error))
