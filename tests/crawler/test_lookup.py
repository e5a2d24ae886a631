"""Looking up the sources of a record: what is there, what is gone, and what cannot be known."""

import json
from datetime import date

import pytest

from crawler.lookup import look_up, references_of
from crawler.settings import load_settings
from state.event import Event
from tests.support.outlets import outlet
from tests.support.records import own_watch

JSON = "application/json"


def event(**fields):
    """An event with these sources."""
    return Event(date(2002, 1, 25), "waiver", "W", "high", **fields)


@pytest.fixture
def site():
    """One outlet that plays every source, the register's API among them."""
    with outlet() as running:
        yield running


@pytest.fixture
def crawl():
    """Settings that allow loopback, and wait briefly."""
    environ = {
        "WAIVERWATCH_CRAWL__ALLOW_NETWORKS": "127.0.0.0/8",
        "WAIVERWATCH_CRAWL__TIMEOUT": "1s",
        "XDG_CONFIG_HOME": "/nowhere",
    }
    return load_settings(None, environ).crawl


def test_each_source_is_looked_up_once():
    """Addresses of several events, and citations of the register, each one time and in order."""
    events = [
        event(citation="67 FR 5921", url="https://a.example", more_urls=("https://b.example",)),
        event(citation="115 Stat. 2129; 68 FR 3803", url="https://a.example"),
    ]
    found = references_of(events, "https://api.example")

    assert [("67 FR 5921", "https://api.example/67%20FR%205921.json"),
            ("https://a.example", "https://a.example"),
            ("https://b.example", "https://b.example"),
            ("68 FR 3803", "https://api.example/68%20FR%203803.json"),
            ] == [(one.what, one.url) for one in found]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "outcome", "detail"),
    [
        ({"count": 1, "results": [{"title": "Waiver"}]}, "found", "Waiver"),
        ({"count": 0, "errors": {"not_found": ["67 FR 5921"]}}, "missing", "no such document"),
        ({"count": 0, "results": []}, "missing", "no such document"),
        ({"errors": {}}, "unknown", "no list of documents"),
        ([1], "unknown", "no list of documents"),
        ("<html>busy</html>", "unknown", "no list of documents"),
    ],
)
def test_a_citation_is_asked_of_the_register(site, crawl, body, outcome, detail):
    """The answer tells how many documents it names; what is no such answer proves nothing."""
    site.put("/67%20FR%205921.json", body if isinstance(body, str) else json.dumps(body), JSON)
    references = references_of([event(citation="67 FR 5921")], site.base)
    (found,) = look_up(references, crawl)

    assert (outcome, "67 FR 5921") == (found.outcome, found.what)
    assert detail in found.detail


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [({"status": 404}, "missing"), ({"status": 410}, "missing"), ({"status": 403}, "unknown"),
     ({"status": 503}, "unknown"), ({"status": 429}, "unknown"), ({"faults": ["reset"]}, "unknown"),
     ({"faults": ["slow"]}, "unknown"), ({}, "found")],
)  # fmt: skip
def test_an_address_is_there_gone_or_unknown(site, crawl, answer, outcome):
    """Only a plain "not there" counts as missing."""
    site.put("/page", "<p>Text</p>", **answer)
    (found,) = look_up(references_of([event(url=site.url("/page"))]), crawl)

    assert outcome == found.outcome
    assert outcome != "unknown" or "could not be looked up" in found.detail


def test_no_private_address_is_asked(site):
    """The guard stands before look-ups too, and refusal is no proof."""
    closed = load_settings(None, {"XDG_CONFIG_HOME": "/nowhere"}).crawl
    site.put("/page", "<p>Text</p>")
    (found,) = look_up(references_of([event(url=site.url("/page"))]), closed)

    assert ("unknown", []) == (found.outcome, site.paths())
    assert "not public" in found.detail


def test_redirects_are_followed_behind_the_guard(site, crawl):
    """To another page; not without end."""
    site.put("/old", "", status=301, headers={"Location": site.url("/new")})
    site.put("/new", "<p>Text</p>")
    site.put("/loop", "", status=301, headers={"Location": site.url("/loop")})
    events = [event(url=site.url(path)) for path in ("/old", "/loop")]

    assert ["found", "unknown"] == [one.outcome for one in look_up(references_of(events), crawl)]


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 0), (404, 1)])
def test_verify(command, site, tmp_path, status, code):
    """Ends with 1 where a source is gone; what cannot be known is told, and no error."""
    site.put("/act", "<p>Act</p>")
    site.put("/memo", "<p>Memo</p>", status=status)
    watch = own_watch(tmp_path, act=site.url("/act"), memo=site.url("/memo"))
    file = watch / "record.toml"
    file.write_text(file.read_text().replace("90 FR 1", "Memorandum 1"))
    (tmp_path / "waiverwatch.toml").write_text(
        f'[data]\nwatch = "{watch}"\n[crawl]\nallow_networks = ["127.0.0.0/8"]\n'
    )
    result = command("record", "verify", "--json")
    data = json.loads(result.out)
    shown = command("record", "verify").out

    assert code == result.code
    assert (True, 2) == (data["consistent"], data["events"])
    assert {"what", "url", "outcome", "detail"} == set(data["lookups"][0])
    assert "2 events, consistent" in shown
    assert (status == 200) == ("2 found, 0 missing" in shown)


def test_verify_offline(command, site):
    """Nothing is looked up."""
    data = json.loads(command("record", "verify", "--offline", "--json").out)

    assert ([], True) == (data["lookups"], data["events"] > 40)


def test_an_inconsistent_record_is_told(command, tmp_path):
    """The line names file and entry; the code is that of wrong data."""
    watch = own_watch(tmp_path)
    file = watch / "record.toml"
    file.write_text(file.read_text().replace("90 FR 1", " "))
    (tmp_path / "waiverwatch.toml").write_text(f'[data]\nwatch = "{watch}"\n')
    result = command("record", "verify", "--offline")

    assert (2, "", 1) == (result.code, result.out, len(result.errors))
    assert "record.toml" in result.err and "citation" in result.err
