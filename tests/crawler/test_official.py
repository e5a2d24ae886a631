"""Official sources are watched: what is new becomes a candidate once, and is told once."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import date

import pytest

from crawler.crawl import PassRequest, run_async, run_pass
from crawler.sources import SourceConfig
from state.event import Event
from state.record import Record
from tests.support.office import serve_register
from tests.support.official import OfficialServer
from tests.support.outlets import article_page

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
