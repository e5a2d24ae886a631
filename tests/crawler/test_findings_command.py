"""``findings``: what readers say of findings, and what is handed on."""

import csv
import io
import json

import pytest

from state.store import open_store
from tests.support.stored import NOW, finding, opened, write

SETTINGS = """
[review]
author = "The Desk"
url = "https://desk.example/{id}"
"""


@pytest.fixture
def stored(tmp_path):
    """Ids of two findings in the database that commands use by default."""
    store = open_store(f"sqlite:///{tmp_path}/waiverwatch.db")
    first = opened(store)
    with store.unit() as unit:
        saved = unit.save_article(write("</script> repealed", url="https://outlet.example/2"))
        second = unit.open_finding(
            saved.id, saved.revision, finding("waiver-first"), "asserts", NOW
        )
    store.close()
    return first.id, second.id


def lines(outcome):
    return [json.loads(line) for line in outcome.out.splitlines()]


def test_confirm(command, stored):
    """Who confirmed a finding, when and why shows in the lists and in JSON."""
    told = command("findings", "confirm", stored[0], "--why", "seen live", "--by", "Ann")
    (listed,) = lines(command("findings", "list", "--confirmed", "--json"))

    assert (0, "", 1) == (told.code, told.out, len(told.errors))
    assert stored[0] == listed["id"]
    assert {"at", "by", "why"} == set(listed["confirmed"])
    assert ("Ann", "seen live") == (listed["confirmed"]["by"], listed["confirmed"]["why"])
    assert "open, confirmed" in command("findings", "list").out
    assert "by Ann: seen live" in command("findings", "show", stored[0]).out
    assert {None} == {
        one["confirmed"]
        for one in lines(command("findings", "list", "--json"))
        if one["id"] != stored[0]
    }


def test_confirm_takes_the_logins_name(command, stored, monkeypatch):
    """Without a name, the login's is kept; without a reason, none."""
    monkeypatch.setenv("LOGNAME", "carol")

    (told,) = lines(command("findings", "confirm", stored[0], "--json"))

    assert ("carol", None) == (told["confirmed"]["by"], told["confirmed"]["why"])


def test_dismissed_is_not_confirmed(command, stored):
    """A finding that was dismissed cannot be confirmed: wrong use, in one line."""
    command("findings", "dismiss", stored[0], "--why", "satire")

    result = command("findings", "confirm", stored[0], "--by", "Ann")

    assert (2, "", 1) == (result.code, result.out, len(result.errors))


def test_export_as_claim_review(command, stored, tmp_path):
    """An object a line, rated by the rules, signed by the settings; nothing dismissed."""
    (tmp_path / "waiverwatch.toml").write_text(SETTINGS)
    first, second = lines(command("findings", "export", "--format", "claimreview"))
    command("findings", "dismiss", stored[0], "--why", "satire")
    (left,) = lines(command("findings", "export", "--format", "claimreview"))

    assert {f"https://desk.example/{id}" for id in stored} == {first["url"], second["url"]}
    assert {"ClaimReview"} == {first["@type"], second["@type"]}
    assert "The Desk" == left["author"]["name"]
    assert stored[1] == left["identifier"]
    assert "January 2002" in left["reviewRating"]["alternateName"]


def test_claim_review_fits_into_a_page(command, tmp_path):
    """What an article says cannot end the <script> in which its review is published."""
    store = open_store(f"sqlite:///{tmp_path}/waiverwatch.db")
    with store.unit() as unit:
        saved = unit.save_article(write())
        loud = finding(message="</script><script>alert(1)</script>")
        unit.open_finding(saved.id, saved.revision, loud, "asserts", NOW)
    store.close()

    out = command("findings", "export", "--format", "claimreview").out

    assert "<" not in out
    assert loud.message == json.loads(out)["reviewBody"]


def test_export_leaves_out_what_is_not_confirmed(command, stored):
    """With --confirmed, and in every format; the limit counts what is written."""
    command("findings", "confirm", stored[1], "--by", "Ann")

    (row,) = csv.DictReader(
        io.StringIO(command("findings", "export", "--confirmed", "--format", "csv").out)
    )
    (review,) = lines(
        command("findings", "export", "--confirmed", "--limit", 1, "--format", "claimreview")
    )

    assert (stored[1], "Ann") == (row["id"], row["confirmed_by"])
    assert stored[1] == review["identifier"]


def test_a_page_without_the_id_is_refused(command, tmp_path):
    """The address of reviews must tell one finding from another."""
    (tmp_path / "waiverwatch.toml").write_text('[review]\nurl = "https://desk.example/"\n')

    result = command("findings", "list")

    assert 2 == result.code
    assert "review.url" in result.err and "{id}" in result.err
