"""Official sources are watched: what is new becomes a candidate once, and is told once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from crawler.crawl import PassParts, PassReport, PassRequest, run_async, run_pass
from crawler.errors import WatchError
from crawler.official.data import load_official
from crawler.official.parts import Keys, LawNames, OfficialParts
from crawler.official.values import Document
from crawler.reading import do_job
from crawler.report import SourceReport
from crawler.sources import Answer, SourceConfig, SourceKind
from crawler.watch import BUILT_IN, load_watch
from crawler.workers import PageJob, PageResult
from extract.article import Article, NotArticle
from extract.claim import Reading
from extract.reader import Reader
from state.event import Event
from state.record import Record
from state.store import Store, StoredCandidate
from tests.support.official import OfficialServer, official_server
from tests.support.outlets import article_page
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


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The claim engine of the built-in watch."""
    return load_watch("section-907").reader


@pytest.fixture
def server() -> Iterator[OfficialServer]:
    """An official server."""
    with official_server() as running:
        yield running


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


@pytest.fixture
def office(desk: Desk, server: OfficialServer, reader: Reader) -> Office:
    """A desk with the data of the built-in watch, both keys, and one official server."""
    data = load_official(WATCH / "official.toml")
    assert data is not None
    assert data.govinfo is not None
    search = data.govinfo.model_copy(update={"search_url": server.url("/search")})
    official = OfficialParts(
        data.model_copy(update={"govinfo": search}),
        LawNames(reader, data.words),
        RECORD,
        Keys("CONGRESS-KEY", "GOVINFO-KEY"),
    )
    return Office(replace(desk, reader=RealReader(reader)), server, official)


def serve_register(server: OfficialServer) -> None:
    """Replays the three searches of the Federal Register, and the texts that they lead to."""
    server.replay("/documents.json~PRESDOCU", "fr_documents.json")
    server.replay("/documents.json~NOTICE", "fr_nothing.json")
    server.replay("/public-inspection-documents.json", "fr_public_inspection.json")
    texts = "/documents/full_text/text/2026/02"
    server.replay(f"{texts}/25/2026-03050.txt", "fr_body_names.txt", Content_Type="text/plain")
    server.replay(f"{texts}/20/2026-02900.txt", "fr_body_other.txt", Content_Type="text/plain")


def serve_bill(server: OfficialServer, name: str) -> None:
    """Replays the named bills (the second as the first stands at its introduction) and a list."""
    server.replay("/bill/119/hr/6534", name)
    other = server.replies["/bill/119/hr/6534"]
    text = other.body.decode().replace("6534", "6840")
    server.replies["/bill/119/hr/6840"] = replace(
        other, body=text.replace("2026-02-24", "2025-12-19").encode()
    )
    server.replay("/bill/119", "congress_bills.json")


# The Federal Register


def test_register(office):
    """Documents that name the law become candidates; those that a loose search brings do not."""
    serve_register(office.server)

    report = office.poll("federal_register")

    assert ("ok", 4, 2, 2, None) == (
        report.outcome, report.links, report.new, report.fetched, report.error,
    )  # fmt: skip
    assert {"2026-03101", "2026-03050", "2026-03300"} == {one.document for one in office.found}
    waiver = next(one for one in office.found if one.document == "2026-03101")
    assert ("federal_register", "91 FR 9001", date(2026, 2, 20), "open", None) == (
        waiver.source_kind, waiver.citation, waiver.date, waiver.status, waiver.kind,
    )  # fmt: skip
    assert f"waiverwatch record add --candidate {waiver.id} --kind KIND" == waiver.accept
    assert 3 == len(office.told())
    assert (waiver.title, waiver.accept) in office.told()
    assert {"queued"} == {one.status for one in office.store.messages()}


def test_register_again(office):
    """A second pass finds nothing new, tells nothing, and reads no text again."""
    serve_register(office.server)
    office.poll("federal_register")
    office.desk.clock.forward(hours=6)
    office.server.calls.clear()

    report = office.polled("federal_register")

    assert ("ok", 0, 0) == (
        report.sources[0].outcome, report.sources[0].new, report.messages.queued,
    )  # fmt: skip
    assert ["/documents.json"] * 2 + ["/public-inspection-documents.json"] == office.server.paths()
    assert 3 == len(office.found) == len(office.told())


def test_register_document_in_the_record(office):
    """A document whose citation is on record is none to be told of."""
    serve_register(office.server)
    event = Event(
        date=date(2026, 2, 20), kind="extension", instrument="The memorandum", confidence="high",
        citation="91 FR 9001; 22 U.S.C. 5812 note", url="https://fr.example",
    )  # fmt: skip
    office.official = replace(office.official, record=Record((event,)))

    office.poll("federal_register")

    assert {"2026-03050", "2026-03300"} == {one.document for one in office.found}


def test_register_text_that_cannot_be_had(office):
    """A document whose text is missing fails the poll, and is read when it comes."""
    serve_register(office.server)
    text = "/documents/full_text/text/2026/02/25/2026-03050.txt"
    kept = office.server.replies.pop(text)

    first = office.poll("federal_register")

    assert ("failed", 1) == (first.outcome, first.failed)
    assert first.error == "Delegation of Certain Functions and Authorities: status 404"
    assert {"2026-03101", "2026-03300"} == {one.document for one in office.found}

    office.server.replies[text] = kept
    second = office.poll("federal_register")

    assert ("ok", 1) == (second.outcome, second.new)
    assert 3 == len(office.found)


def test_register_looks_back_from_its_last_good_poll(office):
    """A week before the last good poll is searched again, and not all since the record's day."""
    serve_register(office.server)

    office.poll("federal_register")
    office.desk.clock.forward(days=30)
    office.poll("federal_register")

    asked = [one.path for one in office.server.calls if "PRESDOCU" in one.path]
    assert ["2025-08-01", "2026-02-22"] == [
        one.partition("publication_date%5D%5Bgte%5D=")[2][:10] for one in asked
    ]


def test_register_errors_are_told_as_of_any_source(office):
    """Wrong conditions fail the poll with the server's words; three in a row are told."""
    office.server.replay("/documents.json", "fr_bad_condition.json", 400)
    office.server.replay("/public-inspection-documents.json", "fr_nothing.json")

    reports = [office.poll("federal_register") for _ in range(3)]
    serve_register(office.server)
    office.server.replies.pop("/documents.json")
    office.poll("federal_register")

    assert ["failed"] * 3 == [one.outcome for one in reports]
    assert "status 400: presidential_document_type: is not a valid field" in str(reports[0].error)
    kinds = [one.message.type for one in office.store.messages()]
    assert ["source.failing"] == kinds[:1]
    assert "source.recovered" in kinds


def test_a_crash_leaves_no_candidate_untold(office, monkeypatch):
    """Candidate and message are kept together, or neither."""
    serve_register(office.server)

    def broken(*_: object) -> int:
        raise RuntimeError("power cut")

    monkeypatch.setattr("state.unit.Unit.enqueue", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        office.poll("federal_register")
    monkeypatch.undo()

    assert [] == office.found
    office.poll("federal_register")
    assert 3 == len(office.found) == len(office.told())


# Congress


def test_congress(office):
    """A later action and a new bill are told, what the record knows is not; the key is a header."""
    serve_bill(office.server, "congress_bill_reported.json")

    report = office.poll("congress")

    assert ("ok", None) == (report.outcome, report.error)
    assert [
        "H.R. 6534, 119th Congress (To repeal section 907 of the FREEDOM Support Act.): "
        "Ordered to be Reported by the Yeas and Nays: 26 - 20.",
        "S. 3999, 119th Congress (Caucasus Assistance and FREEDOM Support Amendments Act)",
    ] == sorted(one.title for one in office.found)
    assert 2 == len(office.told())
    asked = [one for one in office.server.calls if one.path != "/robots.txt"]
    assert {"CONGRESS-KEY"} == {one.headers["x-api-key"] for one in asked}
    assert all("format=json" in one.path and "KEY" not in one.path for one in asked)


def test_congress_step_by_step(office):
    """An introduction that is known is remembered; each later state is told once."""
    serve_bill(office.server, "congress_bill_introduced.json")
    office.server.replay("/bill/119", "congress_no_bills.json")

    office.poll("congress")
    assert [] == office.found
    for name, count in (
        ("congress_bill_reported.json", 1),
        ("congress_bill_introduced.json", 1),
        ("congress_bill_reported.json", 1),
        ("congress_bill_law.json", 2),
        ("congress_bill_law.json", 2),
    ):
        office.server.replay("/bill/119/hr/6534", name)
        office.poll("congress")

        assert count == len(office.found) == len(office.told())
    assert any(one.title.endswith("became law: Public Law 119-120") for one in office.found)


def test_govinfo_stands_in_for_congress(office):
    """What one of the two sources has told of a bill, the other does not tell again."""
    serve_bill(office.server, "congress_bill_reported.json")
    office.server.replay("/bill/119", "congress_no_bills.json")
    serve_govinfo(office.server)

    office.poll("congress")
    office.poll("govinfo")

    bills = [one for one in office.found if one.kind == "bill"]
    assert ["congress"] == [one.source_kind for one in bills]


def test_congress_without_a_key(office):
    """Without a key the source is skipped: the report and the log say so, and it never fails."""
    office.official = replace(office.official, keys=Keys())

    with capture_logs() as logs:
        report = office.polled("congress", everything=False)
        again = office.polled("congress", everything=False)

    why = "no key: official.congress_api_key is not set"
    assert [("skipped", why)] == [(one.outcome, one.error) for one in report.sources]
    assert not report.all_failed
    assert [] == again.sources
    assert {
        "event": "source skipped",
        "log_level": "warning",
        "source": "congress",
        "why": why,
    } in (logs)
    assert [] == office.server.calls
    (health,) = office.store.source_health()
    assert (0, None, None) == (health.failures_in_row, health.last_polled_at, health.last_error)
    office.desk.clock.forward(hours=1)
    assert 1 == len(office.polled("congress", everything=False).sources)


def test_congress_refuses_the_key(office):
    """A refused key is told without the key, and nothing more is asked."""
    office.server.replay("/bill/119/hr/6534", "congress_bad_key.json", 403)

    report = office.poll("congress")

    assert "failed" == report.outcome
    assert str(report.error).startswith("the API key was refused: API_KEY_INVALID")
    assert ["/bill/119/hr/6534"] == office.server.paths()


def test_congress_sends_the_key_back(office):
    """A key that a server sends back in its error stands in no report."""
    serve_bill(office.server, "congress_bad_key.json")
    reply = office.server.replies["/bill/119/hr/6534"]
    body = reply.body.replace(b"An invalid api_key", b"CONGRESS-KEY, an invalid api_key")
    office.server.replies["/bill/119/hr/6534"] = replace(reply, body=body, status=403)

    report = office.poll("congress")

    assert "***, an invalid api_key" in str(report.error)
    assert "CONGRESS-KEY" not in str(office.store.latest_runs()[0].summary)


def test_congress_sends_elsewhere(office):
    """A redirect is not followed, as the key would go along."""
    serve_bill(office.server, "congress_bill_introduced.json")
    reply = office.server.replies["/bill/119/hr/6534"]
    office.server.replies["/bill/119/hr/6534"] = replace(
        reply, status=302, headers={"Location": office.server.url("/elsewhere")}
    )

    report = office.poll("congress")

    assert "status 302" == report.error
    assert "/elsewhere" not in office.server.paths()


def test_congress_asks_for_patience(office):
    """Over the rate limit the source is left alone for as long as it asks, and no longer asked."""
    office.server.replay("/bill/119/hr/6534", "congress_over_limit.json", 429, Retry_After="36000")

    report = office.poll("congress")

    assert ["/bill/119/hr/6534"] == office.server.paths()
    assert str(report.error).startswith("status 429: OVER_RATE_LIMIT")
    (health,) = office.store.source_health()
    assert office.desk.clock.now + timedelta(hours=10) == health.next_poll_at


def test_congress_answers_with_xml(office):
    """XML where JSON was asked for is an error of that bill alone."""
    serve_bill(office.server, "congress_bill_reported.json")
    office.server.replay("/bill/119/hr/6840", "congress_xml.xml")

    report = office.poll("congress")

    assert ("failed", "the answer is XML, where JSON was asked for") == (
        report.outcome, report.error,
    )  # fmt: skip
    assert 2 == len(office.found)


# govinfo


def serve_govinfo(server: OfficialServer) -> None:
    """Replays bulk data, the feed of laws with two texts, and the search with one."""
    bulk = "/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr"
    server.replay(f"{bulk}6534.xml", "govinfo_bill_status.xml")
    server.replay(f"{bulk}6840.xml", "govinfo_bill_status_old.xml")
    known = server.replies[f"{bulk}6840.xml"]
    body = known.body.replace(b"<laws>", b"<no>").replace(b"</laws>", b"</no>")
    for later in (b"2026-02-27", b"2026-02-20"):
        body = body.replace(later, b"2025-12-01")
    server.replies[f"{bulk}6840.xml"] = replace(known, body=body)
    server.replay("/rss/plaw.xml", "govinfo_laws.xml", Content_Type="application/rss+xml")
    for number, name in ((121, "rider"), (119, "other")):
        package = f"PLAW-119publ{number}"
        server.replay(f"/content/pkg/{package}/html/{package}.htm", f"govinfo_law_{name}.htm")
    server.replay("/search", "govinfo_search.json")
    server.replay("/packages/BILLS-119hr7777ih/htm", "fr_body_names.txt")


def test_govinfo(office):
    """A bill's later action, a rider in a long law and a text that fits are told."""
    serve_govinfo(office.server)

    report = office.poll("govinfo")

    assert ("ok", None) == (report.outcome, report.error)
    assert [
        "BILLS-119hr7777ih",
        "PLAW-119publ121",
        "bill 119/hr/6534 2026-02-24",
    ] == sorted(one.document.rpartition(" ")[0] or one.document for one in office.found)
    law = next(one for one in office.found if one.document == "PLAW-119publ121")
    assert ("Public Law 119-121", date(2026, 2, 27)) == (law.citation, law.date)
    (search,) = [one for one in office.server.calls if one.method == "POST"]
    assert b'"offsetMark": "*"' in search.body
    assert "GOVINFO-KEY" == search.headers["x-api-key"]
    plain = [one for one in office.server.calls if one.path.startswith(("/bulk", "/rss", "/cont"))]
    assert len(plain) == 5
    assert not any("x-api-key" in one.headers for one in plain)


def test_govinfo_is_asked_conditionally(office):
    """What has not changed is not sent again, and nothing is told twice."""
    serve_govinfo(office.server)
    office.official = replace(office.official, keys=Keys())
    office.poll("govinfo")

    report = office.poll("govinfo")

    assert ("not_modified", 3, 0) == (report.outcome, report.not_modified, report.new)
    assert 2 == len(office.found) == len(office.told())


def test_govinfo_without_a_bills_file(office):
    """A file that is not there fails the poll, and the rest is read nevertheless."""
    serve_govinfo(office.server)
    office.server.replies.pop("/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr6534.xml")

    report = office.poll("govinfo")

    assert ("failed", "status 404") == (report.outcome, report.error)
    assert {"PLAW-119publ121", "BILLS-119hr7777ih"} == {one.document for one in office.found}


# White House


def serve_actions(server: OfficialServer) -> None:
    """Replays the feed, and the pages of its actions; a sidebar names the law on each."""
    server.replay("/feed/", "whitehouse_feed.xml", Content_Type="application/rss+xml")
    aside = "<aside><a href='/x'>Extension of Waiver of Section 907</a></aside>"
    texts = {
        "determination": "I hereby determine that it is important to waive section 907 of the "
        "FREEDOM Support Act, and certify this to the committees of the Congress. " * 3,
        "nominations": "The following nominations were sent to the Senate today, for terms that "
        "expire at the end of the next session. " * 3,
    }
    for name, text in texts.items():
        page = article_page(f"Action: {name}", text).replace("</body>", f"{aside}</body>")
        server.replay(f"/presidential-actions/2026/02/{name}/", "fr_nothing.json")
        reply = server.replies[f"/presidential-actions/2026/02/{name}/"]
        server.replies[f"/presidential-actions/2026/02/{name}/"] = replace(
            reply, body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}
        )


def test_actions(office):
    """An action is told where title or article name the law; a sidebar is no article."""
    serve_actions(office.server)

    report = office.poll("whitehouse", "/feed/")

    assert ("ok", 2) == (report.outcome, report.fetched)
    assert {
        office.server.url("/presidential-actions/2026/02/waiver/"),
        office.server.url("/presidential-actions/2026/02/determination/"),
    } == {one.url for one in office.found}
    again = office.poll("whitehouse", "/feed/")
    assert ("not_modified", 2) == (again.outcome, len(office.told()))


def test_actions_of_an_error_page(office):
    """A page in place of the feed fails the poll."""
    office.server.replay("/feed/", "whitehouse_error.html", Content_Type="text/html")

    report = office.poll("whitehouse", "/feed/")

    assert ("failed", "the answer is a web page, not a feed or sitemap") == (
        report.outcome, report.error,
    )  # fmt: skip


# The Code


def test_note(office):
    """The first sight of the note only remembers; a change is told once, its return never."""
    office.server.replay("/view", "uscode_section.html", Content_Type="text/html")
    first = office.server.replies["/view"]
    changed = replace(first, body=first.body.replace(b"may waive", b"may not waive"))

    counts = []
    for reply in (first, first, changed, changed, first):
        office.server.replies["/view"] = reply
        office.poll("uscode", "/view")
        counts.append(len(office.told()))

    assert [0, 0, 1, 1, 1] == counts
    (candidate,) = office.found
    assert (
        "22 U.S.C. 5812 note, “Restriction on Assistance to Azerbaijan”: the note has changed"
        == candidate.title
    )
    assert office.server.url("/view") == candidate.url


def test_note_of_another_page(office):
    """A page that is not the section's is a failure, and no change of the note."""
    office.server.replay("/view", "uscode_section.html", Content_Type="text/html")
    office.poll("uscode", "/view")
    office.server.replay("/view", "uscode_unavailable.html", Content_Type="text/html")

    report = office.poll("uscode", "/view")

    assert ("failed", "the answer is not the section's page") == (report.outcome, report.error)
    assert [] == office.found


# All


def test_robots_are_obeyed(office):
    """What robots.txt forbids is not asked for, and the source fails by that."""
    serve_register(office.server)
    office.server.replay("/robots.txt", "fr_nothing.json")
    reply = office.server.replies["/robots.txt"]
    office.server.replies["/robots.txt"] = replace(
        reply, body=b"User-agent: *\nDisallow: /documents.json"
    )

    report = office.poll("federal_register")

    assert ("failed", "robots.txt forbids it") == (report.outcome, report.error)
    assert [] == office.server.paths()


def test_the_guard_stands(office):
    """An official source on a private address is not asked."""
    office.desk = office.desk.within(allow_networks=())
    serve_register(office.server)

    report = office.poll("federal_register")

    assert ("failed", "127.0.0.1 is no public address") == (report.outcome, report.error)
    assert [] == office.server.calls


def test_a_server_that_is_away(office):
    """A server that does not answer fails its source, and is asked once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        office.server.base = f"http://127.0.0.1:{taken.getsockname()[1]}"
    office.desk = office.desk.within(retries=0)

    report = office.poll("congress")

    assert "failed" == report.outcome
    assert report.error
    assert 1 == office.store.source_health()[0].failures_in_row


def test_a_watch_without_data(office):
    """A watch that has no official.toml skips official sources, and says so."""
    parts = office.parts()
    source = SourceConfig("code", office.server.url("/view"), "uscode")
    request = PassRequest((source,), office.desk.limits, everything=True)

    report = run_async(run_pass(request, replace(parts, official=None)))

    assert [("skipped", "the watch has no official.toml")] == [
        (one.outcome, one.error) for one in report.sources
    ]


def test_official_sources_go_with_the_others(office, site):
    """One pass polls outlets and official sources alike, and reports on both."""
    site.tell("/a.html", "Weather", "It rains.")
    serve_register(office.server)
    sources = (
        SourceConfig("register", office.server.url("/"), "federal_register"),
        SourceConfig("news", site.serve_rss(), "feed"),
    )

    report = run_async(
        run_pass(PassRequest(sources, office.desk.limits, everything=True), office.parts())
    )

    assert {"register": "ok", "news": "ok"} == {one.name: one.outcome for one in report.sources}
    assert 3 == report.messages.queued


def test_long_documents_are_read_in_pieces(reader):
    """Words that stand a thousand pages apart do not name the law together; a rider is found."""
    names = LawNames(reader)
    filler = "Funds are authorized to be appropriated. " * 2000

    assert names("An act", f"{filler} Section 907 of the FREEDOM Support Act is repealed. {filler}")
    assert not names("An act", f"Section 907 of title 10. {filler} Aid for Azerbaijan. {filler}")
    assert not names("An act", "")


def test_a_number_that_laws_share(reader):
    """A short name that a headline may use does not make an official document one of this law."""
    names = LawNames(reader, ("Azerbaijan", "FREEDOM Support"))

    assert not names("An act on dairies", "Section 907 of title 10 is repealed.")
    assert not names("Section 907", "")
    assert names("Section 907", "No aid to Azerbaijan.")
    assert names("Waiver of Section 907 of the FREEDOM Support Act", "")


def test_what_the_record_holds():
    """A document is on record by its whole citation or its address, not by a part of either."""
    parts = OfficialParts(load_official(WATCH / "official.toml"), lambda *_: True, RECORD)  # type: ignore[arg-type]

    def holds(citation: str | None, url: str = "https://x.example") -> bool:
        return parts.holds(Document("k", "n", "t", url, citation=citation))

    assert holds("H.R. 5632, 119th Congress")
    assert holds(None, "https://bills.example")
    assert not holds("R. 5632, 119th Congres")
    assert not holds("H.R. 563")
    assert not holds(None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "since: is missing"),
        ("since = 2025-08-01\nsinse = 1", "sinse: unknown key"),
        (
            'since = 2025-08-01\n[congress]\npages = "https://a.example"\ntitle_patterns = ["("]',
            'congress.title_patterns[0]: "(" is no regular expression',
        ),
        (
            'since = 2025-08-01\n[[bill]]\ncongress = 119\ntype = "hb"\nnumber = 1\ntitle = "x"',
            "bill[0].type: ",
        ),
        ("since = ", "is no TOML"),
    ],
)
def test_mistakes_in_the_data(tmp_path: Path, text: str, why: str):
    """Each mistake is one line that names the file and the key."""
    path = tmp_path / "official.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WatchError) as caught:
        load_official(path)

    assert str(caught.value).startswith(f"{path}: {why}")
    assert "\n" not in str(caught.value)


def test_no_data_is_no_mistake(tmp_path: Path):
    """A watch need not watch official sources."""
    assert None is load_official(tmp_path / "official.toml")
