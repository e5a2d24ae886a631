"""What official servers answer is read for what it is: good answers, empty ones, errors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.answers import Fetched
from crawler.official import congress, govinfo
from crawler.official.bills import bill_name, bill_page, congress_on, ordinal
from crawler.official.shapes import plain_text, problem_of_status, read_json, read_xml
from crawler.official.values import Ask, Found, Problem
from crawler.sources import Answer
from tests.support.official import SHAPES, shape
from tests.support.watchers import (
    ACTIONS,
    BILL,
    CONGRESS,
    GOVINFO,
    NOTE,
    NOW,
    REGISTER,
    SINCE,
    read,
    refused,
)

# The Federal Register


def test_register_is_asked_for_each_search():
    """Each search is asked newest first, published documents only from the day on."""
    first, second = (urlsplit(one.url) for one in REGISTER.begin())
    query = parse_qsl(first.query)

    assert "/api/v1/documents.json" == first.path
    assert ("conditions[term]", '"section 907" x') in query
    assert ("conditions[type][]", "PRESDOCU") in query
    assert ("conditions[publication_date][gte]", "2025-08-01") in query
    assert ("order", "newest") in query
    assert ("fields[]", "raw_text_url") in query
    assert "/api/v1/public-inspection-documents.json" == second.path
    assert "publication_date" not in second.query


def test_register_documents():
    """A document has its number, the day of the act, its citation, and where its text is."""
    first, *_ = read(REGISTER, "search:1", "fr_documents.json").documents

    assert "2026-03101" == first.name
    assert date(2026, 2, 20) == first.date
    assert "91 FR 9001" == first.citation
    assert (
        "https://www.federalregister.gov/documents/2026/02/27/2026-03101/extension-of-waiver"
        == (first.url)
    )
    assert "the waiver of section 907 of" in " ".join(first.text.split())
    assert first.body is not None
    assert first.body.url.endswith("/documents/full_text/text/2026/02/27/2026-03101.txt")


def test_register_public_inspection():
    """A document on public inspection has the day of its print, and no citation yet."""
    (document,) = read(REGISTER, "search:1", "fr_public_inspection.json").documents

    assert ("2026-03300", date(2026, 3, 2), None) == (
        document.name, document.date, document.citation,
    )  # fmt: skip
    assert "Determination Under Section 907 of the FREEDOM Support Act" == document.title


def test_register_without_results():
    """Where nothing was found, `results` is absent, which is no error."""
    assert Found() == read(REGISTER, "search:1", "fr_nothing.json")


def test_register_next_page():
    """A search that found more goes on to its next page; entries of no use are passed over."""
    found = read(REGISTER, "search:1", "fr_next_page.json")

    assert ["2026-00001"] == [one.name for one in found.documents]
    assert ["search:2"] == [one.what for one in found.asks]
    assert () == read(REGISTER, "search:10", "fr_next_page.json").asks


def test_register_next_page_elsewhere():
    """A next page on another site is not asked for."""
    ask = Ask("https://fr.example/x", "search:1")
    body = shape("fr_next_page.json", "https://evil.example")

    found = REGISTER.read(ask, Answer("https://fr.example/x", body))

    assert isinstance(found, Found)
    assert () == found.asks


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "fr_bad_condition.json",
            "presidential_document_type: is not a valid field; agencies: is not a valid agency",
        ),
        ("fr_bad_field.json", "field 'raw_txt_url' is not a valid field"),
        ("congress_no_bills.json", "the answer is no search's"),
        ("whitehouse_error.html", "the answer is a web page, where JSON was asked for"),
    ],
)
def test_register_errors(name, reason):
    """An error is told in the server's own words, also where it comes as a good answer."""
    assert reason == refused(REGISTER, "search:1", name)


# Congress


def test_congress_is_asked_for_json_with_the_key_in_a_header():
    """Every request asks for JSON, and no address holds the key."""
    asks = CONGRESS.begin()

    assert ["bill:0", "list:0"] == [one.what for one in asks]
    assert all("format=json" in one.url and "KEY" not in one.url for one in asks)
    assert {"KEY"} == {one.key for one in asks}
    assert "KEY" not in repr(asks) + repr(CONGRESS)
    assert "https://congress.example/v3/bill/119/hr/6534?format=json" == asks[0].url
    assert "fromDateTime=2026-02-20T00%3A00%3A00Z" in asks[1].url


def test_congress_bills_die_with_their_congress():
    """A bill of a Congress that has ended is not asked for."""
    later = congress.CongressWatcher(
        CONGRESS.url, CONGRESS.data, (BILL,), "KEY", NOW, datetime(2027, 1, 4, tzinfo=UTC)
    )

    (only,) = later.begin()

    assert only.url.startswith("https://congress.example/v3/bill/120?")


def test_congress_action_that_is_known():
    """The latest action that the record takes account of is remembered, and not told."""
    (change,) = read(CONGRESS, "bill:0", "congress_bill_introduced.json").changes

    assert ("bill 119/hr/6534", False) == (change.subject, change.is_telling)
    assert change.state.startswith("action 2025-12-09 ")


def test_congress_later_action():
    """An action later than the record's is told at the first sight, with its words."""
    (change,) = read(CONGRESS, "bill:0", "congress_bill_reported.json").changes

    assert change.is_telling
    assert (
        "H.R. 6534, 119th Congress (To repeal section 907 of the FREEDOM Support Act.): "
        "Ordered to be Reported by the Yeas and Nays: 26 - 20."
    ) == change.document.title
    assert "https://www.congress.gov/bill/119th-congress/house-bill/6534" == change.document.url
    assert ("bill", date(2026, 2, 24)) == (change.document.event, change.document.date)


def test_congress_law():
    """A bill that became law is told as that, whatever its latest action says."""
    (change,) = read(CONGRESS, "bill:0", "congress_bill_law.json").changes

    assert ("law Public Law 119-120", True) == (change.state, change.is_telling)
    assert change.document.title.endswith("became law: Public Law 119-120")
    assert change.document.event is None


def test_congress_new_bills():
    """A new bill is told where its title fits and its type can become law, if it is not named."""
    found = read(CONGRESS, "list:0", "congress_bills.json")

    assert ["bill 119/s/3999", "bill 119/hr/5632"] == [one.subject for one in found.changes]
    first = found.changes[0].document
    assert "S. 3999, 119th Congress" == first.citation
    assert "https://www.congress.gov/bill/119th-congress/senate-bill/3999" == first.url
    assert () == found.asks


def test_congress_goes_on_after_a_full_page():
    """A full page of the list is followed by the next, within bounds."""
    body = b'{"bills": [' + b",".join([b"{}"] * 250) + b"]}"

    def follows(offset: int) -> tuple[str, ...]:
        found = CONGRESS.read(Ask("https://x.example", f"list:{offset}"), Answer("x", body))
        assert isinstance(found, Found)
        return tuple(one.what for one in found.asks)

    assert ("list:250",) == follows(0)
    assert () == follows(250 * 39)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("congress_xml.xml", "the answer is XML, where JSON was asked for"),
        ("congress_error_200.json", "Unknown resource: /bill/119/hr/6534"),
        ("congress_no_bills.json", "the answer holds no bill 119/hr/6534"),
    ],
)
def test_congress_errors(name, reason):
    """An answer that is no bill is an error with its reason."""
    assert reason == refused(CONGRESS, "bill:0", name)


def test_congress_without_bills():
    """A list without bills is empty, and an answer without a list an error."""
    assert Found() == read(CONGRESS, "list:0", "congress_no_bills.json")
    assert "the answer holds no list of bills" == refused(
        CONGRESS, "list:0", "congress_bill_introduced.json"
    )


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(1789, 3, 4), 1),
        (date(2025, 1, 2), 118),
        (date(2025, 1, 3), 119),
        (date(2026, 12, 31), 119),
        (date(2027, 1, 2), 119),
        (date(2027, 1, 3), 120),
    ],
)
def test_which_congress_sits(day, number):
    """A Congress begins on the 3rd of January of an odd year."""
    assert number == congress_on(day)


def test_how_bills_are_called():
    """Bills are cited as people cite them, and linked where people read them."""
    assert ["101st", "102nd", "111th", "113th", "119th"] == [
        ordinal(number) for number in (101, 102, 111, 113, 119)
    ]
    assert "S.J.Res. 7, 120th Congress" == bill_name(120, "sjres", 7)
    assert "https://c.example/120th-congress/senate-joint-resolution/7" == bill_page(
        "https://c.example/", 120, "sjres", 7
    )


# govinfo


def test_govinfo_is_asked_without_a_key_and_with_one():
    """Bulk data and the feed need no key; the search is asked only with one, as JSON."""
    bulk, laws, search = GOVINFO.begin()

    assert "https://govinfo.example/bulkdata/BILLSTATUS/119/hr/BILLSTATUS-119hr6534.xml" == bulk.url
    assert (None, True) == (bulk.key, bulk.is_lasting)
    assert "https://govinfo.example/rss/plaw.xml" == laws.url
    assert ("KEY", "x") == (search.key, (search.query or {})["query"])
    without = govinfo.GovinfoWatcher(
        GOVINFO.url, GOVINFO.data, (BILL,), GOVINFO.pages, None, SINCE, NOW.date()
    )
    assert ["bill:0", "laws"] == [one.what for one in without.begin()]


def test_govinfo_tells_the_same_state_as_congress():
    """A bill's action is one state, whichever of the two sources tells it."""
    (bulk,) = read(GOVINFO, "bill:0", "govinfo_bill_status.xml").changes
    (api,) = read(CONGRESS, "bill:0", "congress_bill_reported.json").changes

    assert (api.subject, api.state) == (bulk.subject, bulk.state)


def test_govinfo_old_form():
    """Older files tell the latest action only in their list, and laws as the new ones do."""
    state = govinfo.read_bill_status(shape("govinfo_bill_status_old.xml"))

    assert not isinstance(state, Problem)
    assert (date(2026, 2, 27), "Became Public Law No: 119-120.") == (state.acted, state.action)
    assert ("Public Law 119-120",) == state.laws


def test_govinfo_laws():
    """New laws of the feed are to be read whole; old ones are passed over."""
    found = read(GOVINFO, "laws", "govinfo_laws.xml")

    assert ["PLAW-119publ121", "PLAW-119publ119"] == [one.name for one in found.documents]
    first = found.documents[0]
    assert ("Public Law 119-121", date(2026, 2, 27)) == (first.citation, first.date)
    assert first.body is not None
    assert (
        "https://govinfo.example/content/pkg/PLAW-119publ121/html/PLAW-119publ121.htm"
        == first.body.url
    )


def test_govinfo_search():
    """Texts are read with the key, from the API's own host alone; old ones are passed over."""
    found = read(GOVINFO, "search", "govinfo_search.json", "https://api.govinfo.example")

    assert ["BILLS-119hr7777ih", "BILLS-119hr8888ih"] == [one.name for one in found.documents]
    first, second = found.documents
    assert first.body is not None
    assert "KEY" == first.body.key
    assert second.body is None


@pytest.mark.parametrize(
    ("what", "name", "reason"),
    [
        ("bill:0", "govinfo_laws.xml", "the answer holds no bill's status"),
        ("bill:0", "whitehouse_error.html", "the answer is a web page, not a feed or sitemap"),
        (
            "bill:0",
            "govinfo_entities.xml",
            "the answer declares a document type or entities, which is refused",
        ),
        ("bill:0", "congress_bad_key.json", "the answer is no XML: "),
        ("laws", "govinfo_bill_status.xml", "the answer is no feed"),
        ("search", "congress_bad_key.json", "API_KEY_INVALID An invalid api_key was supplied."),
        ("search", "fr_nothing.json", "the answer's results are no list"),
    ],
)
def test_govinfo_errors(what, name, reason):
    """An answer of another kind is an error with its reason."""
    assert refused(GOVINFO, what, name).startswith(reason)


# All


def fetched(status: int, name: str) -> Fetched:
    """An answer with a status."""
    return Fetched("https://a.example", status, shape(name))


def test_statuses():
    """A refused key, a rate limit and wrong conditions are told apart, each with its reason."""
    key = problem_of_status(fetched(403, "congress_bad_key.json"))
    limit = problem_of_status(fetched(429, "congress_over_limit.json"))
    wrong = problem_of_status(fetched(400, "fr_bad_condition.json"))
    page = problem_of_status(fetched(503, "whitehouse_error.html"))

    assert key is not None and limit is not None and wrong is not None and page is not None
    assert "forbidden" == key.kind
    assert key.reason.startswith("the API key was refused: API_KEY_INVALID")
    assert "temporary" == limit.kind
    assert limit.reason.startswith("status 429: OVER_RATE_LIMIT")
    assert wrong.reason.startswith("status 400: presidential_document_type: is not")
    assert ("temporary", "status 503") == (page.kind, page.reason)
    assert None is problem_of_status(fetched(200, "fr_nothing.json"))
    assert None is problem_of_status(fetched(304, "fr_nothing.json"))


def test_json_of_all_sorts():
    """Control characters and byte order marks are read; text and lists are told."""
    assert {"a": "b\x01"} == read_json(b'\xef\xbb\xbf{"a": "b\x01"}')
    assert Problem("the answer is no JSON: limit requests to one every 5 seconds") == read_json(
        b"limit requests to one every\n 5 seconds"
    )
    assert Problem("the answer is JSON, but no object") == read_json(b"[1]")
    assert Problem("the answer is no JSON: nothing") == read_json(b"")


def test_plain_text():
    """Tags and entities give way to words, in whatever charset is stated."""
    assert ["Türkiye", "&", "907"] == plain_text(
        "<pre>Türkiye</pre>&amp;<b>907</b>".encode("iso-8859-9"), "text/plain; charset=iso-8859-9"
    ).split()
    assert "x" == plain_text(b"x", "text/plain; charset=klingon").strip()


@pytest.mark.parametrize("name", sorted(one.name for one in SHAPES.iterdir()))
@pytest.mark.parametrize(
    ("watcher", "whats"),
    [
        (REGISTER, ["search:1"]),
        (CONGRESS, ["bill:0", "list:0"]),
        (GOVINFO, ["bill:0", "laws", "search"]),
        (ACTIONS, ["feed"]),
        (NOTE, ["page"]),
    ],
    ids=["register", "congress", "govinfo", "actions", "note"],
)
def test_every_watcher_stands_every_shape(watcher, whats, name):
    """A watcher answers any shape, whole or cut, with what it found or with a reason."""
    body = shape(name)
    for what in whats:
        for part in (body, body[: len(body) // 2], body[: len(body) // 3]):
            found = watcher.read(
                Ask("https://a.example/x", what), Answer("https://a.example/x", part)
            )

            assert isinstance(found, Found) or found.reason


# How fast bytes are made says nothing of how they are read.
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_bytes_of_all_sorts(body):
    """Nothing that a server may send raises."""
    read_json(body)
    read_xml(body)
    for watcher, what in ((REGISTER, "search:1"), (GOVINFO, "laws"), (NOTE, "page")):
        watcher.read(Ask("https://a.example/x", what), Answer("https://a.example/x", body))
