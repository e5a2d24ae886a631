"""Bills and laws are watched: at Congress with a key, and at govinfo without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from structlog.testing import capture_logs

from crawler.official.parts import Keys
from tests.support.official import OfficialServer


def serve_bill(server: OfficialServer, name: str) -> None:
    """Replays the named bills (the second as the first stands at its introduction) and a list."""
    server.replay("/bill/119/hr/6534", name)
    other = server.replies["/bill/119/hr/6534"]
    text = other.body.decode().replace("6534", "6840")
    server.replies["/bill/119/hr/6840"] = replace(
        other, body=text.replace("2026-02-24", "2025-12-19").encode()
    )
    server.replay("/bill/119", "congress_bills.json")


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
