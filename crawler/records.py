"""The record as it stands: the folder's, with what operators entered; and keeping findings to it.

The one place where the two are put together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from alerts.rejudging import Rejudged, Retrial, judge_again
from alerts.routing import Audience
from crawler.session import opened_store
from crawler.settings import Settings
from crawler.watch import Bench
from state.entries import RecordEntry
from state.errors import RecordError
from state.record import Record
from state.staleness import Stale, staleness
from state.store import Store

_SQLITE = "sqlite:///"
_RUNS = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """The record as it stands, with what has to be known of it.

    Attributes:
        at: As of when.
        bench: Judges by that record.
        stale: Why it may be out of date; None where it covers today.
    """

    at: datetime
    bench: Bench
    entries: tuple[RecordEntry, ...]
    stale: Stale | None

    @property
    def caveat(self) -> str | None:
        """What readers must know of the record, in one line."""
        return self.stale.caveat if self.stale else None

    def tells(self, audience: Audience) -> Audience:
        """The audience, told with the caveat and by the rules of this record's watch."""
        return replace(audience, caveat=self.caveat, digest_only=self.bench.rules.digest_only)


def composed(base: Record, entries: Iterable[RecordEntry]) -> Record:
    """The folder's record with the operators' entries that stand.

    Raises:
        RecordError: An entry contradicts the rest; names it, and how to take it back.
    """
    record = base
    for entry in entries:
        if not entry.stands:
            continue
        try:
            record = record.with_events([entry.event])
        except RecordError as error:
            remedy = f"waiverwatch record withdraw {entry.id} --why ... takes it back"
            why = f"{error.why} ({remedy})"
            raise RecordError(f"entry {entry.id} of the database", error.where, why) from error
    return record


def standing(bench: Bench, entries: Iterable[RecordEntry], now: datetime) -> Standing:
    """The bench with the operators' entries, as of a moment.

    Raises:
        RecordError: See :func:`composed`.
    """
    entries = tuple(entries)
    record = composed(bench.record, entries)
    stale = staleness(record, now.astimezone(UTC).date())
    return Standing(now, replace(bench, record=record), entries, stale)


def stored_entries(settings: Settings) -> list[RecordEntry]:
    """What operators entered into the settings' database; nothing where there is none yet.

    Raises:
        DatabaseUnavailable: It is there, or should be, and cannot be used.
    """
    if not has_database(settings):
        return []
    with opened_store(settings) as store:
        return store.record_entries()


def has_database(settings: Settings) -> bool:
    """Whether there is one to ask; only that a file does not exist is known without trying."""
    url = settings.database.url.get_secret_value()
    return not url.startswith(_SQLITE) or Path(url.removeprefix(_SQLITE)).exists()


def still_to_judge(store: Store, entries: Iterable[RecordEntry]) -> list[RecordEntry]:
    """The entries by which some stored articles may not have been judged yet.

    Those whose judging was broken off; and those that came while a pass was under way, which goes
    on judging by the record that it began with.
    """
    finished = [run.started_at for run in store.latest_runs(_RUNS) if run.finished_at is not None]
    last = max(finished, default=None)
    return [
        entry
        for entry in entries
        if entry.judged_at is None or last is None or last <= _changed_at(entry)
    ]


def judge_by(
    store: Store, now_standing: Standing, pending: Iterable[RecordEntry], audience: Audience
) -> Rejudged:
    """Judges the stored articles by what was entered or withdrawn; says what that changed.

    Doing it again changes nothing.

    Raises:
        StateError: The database could not be used; what was done until then is kept.
    """
    pending = list(pending)
    deciding = [entry for entry in pending if entry.event.decides]
    total = Rejudged()
    if deciding:
        retrial = Retrial(
            judge=now_standing.bench.judge,
            since=min(entry.event.earliest for entry in deciding),
            why=_why(deciding),
            audience=now_standing.tells(audience),
            now=now_standing.at,
        )
        total = judge_again(store, retrial)
    with store.unit() as unit:
        unit.mark_judged(pending, now_standing.at)
    return total


def _changed_at(entry: RecordEntry) -> datetime:
    return entry.withdrawn_at or entry.entered_at


def _why(entries: list[RecordEntry]) -> str:
    latest = max(entries, key=_changed_at)
    what = f"{latest.event.instrument}, {latest.event.kind.replace('_', ' ')} {latest.event.date}"
    if not latest.stands:
        what = f"taken back: {what}"
    return f"The record was brought up to date ({what}); by it this is no contradiction any more."
