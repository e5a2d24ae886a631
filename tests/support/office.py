"""A desk that watches one official server, with the data of the built-in watch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crawler.crawl import PassParts, PassReport, PassRequest, run_async, run_pass
from crawler.official.parts import OfficialParts
from crawler.reading import do_job
from crawler.report import SourceReport
from crawler.sources import Answer, SourceConfig, SourceKind
from crawler.watch import BUILT_IN
from crawler.workers import PageJob, PageResult
from extract.article import Article, NotArticle
from extract.claim import Reading
from extract.reader import Reader
from state.event import Event
from state.record import Record
from state.store import Store, StoredCandidate
from tests.support.official import OfficialServer
from tests.support.passes import Desk, PlainReader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WATCH = BUILT_IN / "section-907"
RECORD = Record(
    (
        Event(
            date=date(2025, 9, 30),
            kind="bill",
            instrument="A bill",
            confidence="high",
            citation="H.R. 5632, 119th Congress",
            url="https://bills.example",
        ),
    )
)


class RealReader(PlainReader):
    """Reads pages as the workers do, in this process."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read_page(self, page: Answer) -> tuple[Article, Reading] | NotArticle:
        result = do_job(self._reader, PageJob(page.body, page.url, page.content_type))
        assert isinstance(result, PageResult)
        if result.not_article is not None:
            return result.not_article
        assert result.article is not None
        assert result.reading is not None
        return result.article, result.reading


@dataclass
class Office:
    """A desk that watches one official server."""

    desk: Desk
    server: OfficialServer
    official: OfficialParts

    def poll(self, kind: SourceKind, path: str = "/", **request: Any) -> SourceReport:
        """Polls the source of a kind, and returns what came of it."""
        return self.polled(kind, path, **request).sources[0]

    def polled(self, kind: SourceKind, path: str = "/", **request: Any) -> PassReport:
        """Runs one pass over the source of a kind."""
        source = SourceConfig(kind, self.server.url(path), kind, every=timedelta(hours=6))
        options: dict[str, Any] = {"everything": True, "limits": self.desk.limits} | request
        return run_async(run_pass(PassRequest((source,), **options), self.parts()))

    def parts(self) -> PassParts:
        """What a pass works with."""
        return replace(self.desk.parts(), official=self.official)

    def told(self) -> list[tuple[str, str]]:
        """Title and command of each candidate that was told, in order."""
        messages = [one.message for one in self.store.messages()]
        return [
            (one.payload["title"], one.payload["accept"])
            for one in messages
            if one.type == "record.candidate"
        ]

    @property
    def store(self) -> Store:
        """What is kept."""
        return self.desk.store

    @property
    def found(self) -> list[StoredCandidate]:
        """The candidates."""
        return self.store.candidates()


def serve_register(server: OfficialServer) -> None:
    """Replays the three searches of the Federal Register, and the texts that they lead to."""
    server.replay("/documents.json~PRESDOCU", "fr_documents.json")
    server.replay("/documents.json~NOTICE", "fr_nothing.json")
    server.replay("/public-inspection-documents.json", "fr_public_inspection.json")
    texts = "/documents/full_text/text/2026/02"
    server.replay(f"{texts}/25/2026-03050.txt", "fr_body_names.txt", Content_Type="text/plain")
    server.replay(f"{texts}/20/2026-02900.txt", "fr_body_other.txt", Content_Type="text/plain")
