"""What the service counts, for Prometheus."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from alerts.dispatcher import DeliveryCounts
from crawler.report import PassReport
from state.staleness import Stale
from state.store import Store


class Metrics:
    """The service's numbers. Counters grow with what it does; gauges are asked of the store."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter, gauge = self._counter, self._gauge
        self._passes = counter("passes", "Passes by outcome.", "outcome")
        self._pages = counter("pages", "Pages by outcome.", "outcome")
        self._findings = counter("findings", "Changes of findings.", "change")
        self._messages = counter("messages", "Messages by what happened to them.", "outcome")
        self._outbox = gauge("outbox_messages", "Messages in the outbox by status.", "status")
        self._stored = gauge("findings_stored", "Findings by status.", "status")
        self._oldest = gauge("outbox_oldest_seconds", "Age of the longest waiting message.")
        self._failing = gauge("sources_failing", "Sources whose last poll failed.")
        self._articles = gauge("articles", "Articles in the database.")
        self._database = gauge("database_up", "Whether the database answers.")
        self._stale = gauge("record_stale", "Whether the record ran out with nothing known after.")
        self._candidates = gauge("record_candidates_open", "Documents that wait for an operator.")
        self._jobs = Histogram(
            "waiverwatch_job_seconds", "How long jobs take.", ["job"], registry=self.registry
        )

    def _counter(self, name: str, about: str, label: str) -> Counter:
        return Counter(f"waiverwatch_{name}", about, [label], registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"waiverwatch_{name}", about, labels, registry=self.registry)

    def count_pass(self, report: PassReport, *, failed: bool = False) -> None:
        """Counts a pass that ended, as failed where no source answers any more."""
        self._passes.labels("failed" if failed else "ok").inc()
        articles, findings = report.articles, report.findings
        ways_in = sum(source.not_modified for source in report.sources)
        for outcome, number in (
            ("fetched", articles.fetched),
            ("irrelevant", articles.skipped_irrelevant),
            ("relevant", articles.relevant),
            ("not_modified", ways_in + articles.not_modified),
            ("failed", articles.failed),
        ):
            self._pages.labels(outcome).inc(number)
        for change in ("opened", "updated", "corrected"):
            self._findings.labels(change).inc(getattr(findings, change))
        self._messages.labels("queued").inc(report.messages.queued)

    def count_failed_pass(self) -> None:
        """Counts a pass that could not be run."""
        self._passes.labels("failed").inc()

    def count_delivery(self, counts: DeliveryCounts) -> None:
        """Counts what a delivery came to."""
        for outcome in ("delivered", "deferred", "dead"):
            self._messages.labels(outcome).inc(getattr(counts, outcome))

    def observe_job(self, job: str, seconds: float) -> None:
        """Notes how long a job took."""
        self._jobs.labels(job).observe(seconds)

    def read_store(self, store: Store, now: datetime) -> None:
        """Brings the gauges up to date.

        Raises:
            StateError: The database could not be used.
        """
        self._database.set(0)
        counts = store.counts()
        health = store.source_health()
        self._database.set(1)
        for gauge, by_status in (
            (self._outbox, counts["outbox"]),
            (self._stored, counts["findings"]),
        ):
            gauge.clear()
            for status, number in by_status.items():
                gauge.labels(status).set(number)
        oldest = counts["oldest_queued"]
        self._oldest.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0)
        self._failing.set(sum(one.failures_in_row > 0 for one in health))
        self._articles.set(counts["articles"])

    def read_record(self, store: Store, stale: Stale | None) -> None:
        """Brings the record's gauges up to date.

        Raises:
            StateError: The database could not be used.
        """
        self._stale.set(stale is not None)
        self._candidates.set(len(store.candidates("open")))

    def text(self) -> bytes:
        """Everything, in Prometheus's text form."""
        return generate_latest(self.registry)
