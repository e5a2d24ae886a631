"""``record`` as operators meet it: what they enter, what it changes, and how it is taken back."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from alerts.judge import judge
from alerts.record_changes import apply_judgement
from alerts.routing import Audience
from crawler.record_view import View, show_view
from crawler.records import standing, still_to_judge
from crawler.timeline import timeline
from crawler.watch import load_bench
from state.candidates import Candidate
from state.event import Event
from state.record import Record
from state.store import open_store
from tests.support.alerting import article, claim, reading, write
from tests.support.records import CURRENT, own_watch

CANDIDATE = Candidate(
    source_kind="federal_register",
    document="2026-7",
    title="An act to repeal it",
    url="https://law.example/119-1",
    date=date(2026, 3, 1),
    citation="140 Stat. 1",
    kind="repealed",
)
REPEAL = (
    "record", "add", "--kind", "repealed", "--date", "2026-03-01", "--instrument", "Public Law 1",
    "--citation", "140 Stat. 1", "--url", "https://law.example/119-1", "--by", "ada",
)  # fmt: skip


@pytest.fixture
def settled(tmp_path):
    """Settings with a watch of our own and one channel; the store that they name."""
    watch = own_watch(tmp_path)
    (tmp_path / "waiverwatch.toml").write_text(
        f'[data]\nwatch = "{watch}"\n[[channel]]\nname = "desk"\nkind = "email"\n'
        'to = ["a@desk.example"]\nsender = "w@desk.example"\nsmtp = "smtp://127.0.0.1:1"\n'
    )
    store = open_store(f"sqlite:///{tmp_path / 'waiverwatch.db'}")
    yield store
    store.close()


def visit(store, name, published, *claims):
    """An article as the crawl keeps and judges it."""
    bench = load_bench()
    url = f"https://wire.example/{name}"
    visited = replace(write(reading(*claims), url=url), article=article(published, url=url))
    judgement = judge(visited.article, visited.reading, bench.record, bench.rules)
    visited = replace(visited, verdict=judgement.verdict, severity=judgement.severity)
    audience = Audience(recipients={"desk": ("a@desk.example",)})
    with store.unit() as unit:
        apply_judgement(unit, visited, judgement, audience)


def lines(text):
    """The objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_an_entered_repeal_makes_later_claims_true(command, settled):
    """From its day on "repealed" is no contradiction: findings close, and new ones stay away."""
    visit(settled, "before", date(2026, 2, 1), claim())
    visit(settled, "after", date(2026, 3, 2), claim())
    before = command("record", "status", "--on", "2026-03-02", "--json")
    result = command(*REPEAL, "--json")
    data = json.loads(result.out)

    assert "waived" == json.loads(before.out)["status"]
    assert 0 == result.code, result.err
    assert {
        "judged": 1,
        "opened": 0,
        "updated": 0,
        "closed": 1,
        "queued": 1,
    }.items() <= data.items()
    assert (
        "repealed"
        == json.loads(command("record", "status", "--on", "2026-03-02", "--json").out)["status"]
    )
    found = {
        one["url"].rpartition("/")[2]: one
        for one in lines(command("findings", "list", "--json").out)
    }
    assert ("open", "corrected") == (found["before"]["status"], found["after"]["status"])
    assert "Public Law 1" in settled.messages()[-1].message.payload["why"]


def test_the_engine_needs_no_change(command, settled, tmp_path):
    """What the crawl judges after the entry is judged by it; the folder alone still is not."""
    page = tmp_path / "page.txt"
    page.write_text("Section 907 of the Freedom Support Act has been repealed.")
    command(*REPEAL)
    alone = command("check", page, "--published", "2026-04-01", "--json")

    assert 1 == alone.code
    (entry,) = settled.record_entries()
    record = load_bench(str(tmp_path / "watch")).record.with_events([entry.event])
    bench = load_bench(str(tmp_path / "watch"))
    judged = judge(article(date(2026, 4, 1)), reading(claim()), record, bench.rules)
    assert ("accurate", ()) == (judged.verdict, judged.findings)


def test_an_entry_taken_back_opens_the_finding_again(command, settled):
    """Withdrawing needs a reason, is kept to be seen, and judges without the entry."""
    visit(settled, "after", date(2026, 3, 2), claim())
    id = json.loads(command(*REPEAL, "--json").out)["entry"]["entry"]["id"]
    unreasoned = command("record", "withdraw", id, "--why", " ")
    result = command("record", "withdraw", id, "--why", "a hoax", "--by", "bob")

    assert 2 == unreasoned.code
    assert "1 judged anew, findings: 1 opened, 0 updated, 0 closed; 1 messages queued" in result.out
    assert "waived" in command("record", "status", "--on", "2026-03-02").out
    (entry,) = settled.record_entries()
    assert ("bob", "a hoax") == (entry.withdrawn_by, entry.why)
    assert 2 == command("record", "withdraw", id, "--why", "again").code


@pytest.mark.parametrize(
    ("left_out", "option"),
    [("--kind", "--kind"), ("--date", "--date"), ("--instrument", "--instrument"),
     ("--citation", "--citation"), ("--url", "--url")],
)  # fmt: skip
def test_an_entry_demands_its_sources(command, settled, left_out, option):
    """What is missing is named, and nothing is entered."""
    at = REPEAL.index(left_out)
    result = command(*REPEAL[:at], *REPEAL[at + 2 :])

    assert (2, 1) == (result.code, len(result.errors))
    assert option in result.errors[0]
    assert [] == settled.record_entries()


def test_a_waiver_demands_its_end(command, settled):
    """An entry without it would leave the status in doubt, as if nothing had been entered."""
    words = [word.replace("repealed", "extension") for word in REPEAL]

    assert "--until" in command(*words).errors[0]
    assert 0 == command(*words, "--until", "2027-03-01", "--until-basis", "inferred").code


def test_a_lapse_says_why_it_has_no_citation(command, settled):
    """--no-citation stands for a citation."""
    at = REPEAL.index("--citation")
    words = [word.replace("repealed", "statement") for word in (*REPEAL[:at], *REPEAL[at + 2 :])]

    assert 0 == command(*words, "--no-citation", "a speech").code
    assert "a speech" == settled.record_entries()[0].event.citation_missing


def test_a_contradiction_is_refused(command, settled):
    """The line names event and field; nothing is entered."""
    command(*REPEAL)
    later = [word.replace("2026-03-01", "2026-05-01") for word in REPEAL]
    result = command(*later)

    assert (2, 1) == (result.code, len(result.errors))
    assert "repealed of 2026-05-01" in result.err and "contradicts the repeal" in result.err
    assert 1 == len(settled.record_entries())


def test_a_candidate_fills_the_entry_in(command, settled):
    """Accepting needs its id alone; it is accepted once, by whom and when is kept."""
    settled.add_candidate(CANDIDATE, datetime(2026, 3, 2, tzinfo=UTC))
    shown = command("record", "show").out
    result = command("record", "add", "--candidate", CANDIDATE.id, "--by", "ada", "--json")
    again = command("record", "add", "--candidate", CANDIDATE.id)

    assert f"record add --candidate {CANDIDATE.id} --kind repealed" in shown
    entry = json.loads(result.out)["entry"]
    assert ("2026-03-01", "An act to repeal it", "140 Stat. 1") == tuple(
        entry[key] for key in ("date", "instrument", "citation")
    )
    assert (CANDIDATE.id, "ada") == (entry["entry"]["candidate"], entry["entry"]["by"])
    (settled_one,) = settled.candidates()
    assert ("accepted", "ada") == (settled_one.status, settled_one.settled_by)
    assert 2 == again.code and CANDIDATE.id in again.err


def test_a_candidate_is_never_law_by_itself(command, settled):
    """It changes no status; rejected, it is gone from the list and stays known."""
    settled.add_candidate(CANDIDATE, datetime(2026, 3, 2, tzinfo=UTC))

    assert "waived" in command("record", "status", "--on", "2026-03-02").out
    assert 2 == command("record", "reject", CANDIDATE.id, "--why", "").code
    result = command("record", "reject", CANDIDATE.id, "--why", "a bill", "--by", "ada", "--json")
    assert "rejected" == json.loads(result.out)["status"]
    assert CANDIDATE.id not in command("record", "show").out
    assert not settled.add_candidate(CANDIDATE, datetime(2026, 4, 2, tzinfo=UTC))
    assert 2 == command("record", "reject", CANDIDATE.id, "--why", "again").code


def test_show_marks_where_events_come_from(command, settled):
    """Operator's entries carry who and when; candidates follow the record."""
    settled.add_candidate(CANDIDATE, datetime(2026, 3, 2, tzinfo=UTC))
    command(*REPEAL)
    shown = lines(command("record", "show", "--json").out)

    assert ["watch", "watch", "operator", "candidate"] == [one["source"] for one in shown]
    assert [None, None, "ada"] == [one["entry"] and one["entry"]["by"] for one in shown[:3]]
    assert shown[2]["entry"]["id"] in command("record", "show").out


def test_a_record_without_a_database_makes_none(command, tmp_path):
    """Asking for the record leaves nothing behind."""
    assert 0 == command("record", "show").code
    assert 0 == command("record", "status").code
    assert 0 == command("record", "verify", "--offline").code
    assert [] == list(tmp_path.glob("*.db*"))


def test_a_database_that_is_away_is_told(command):
    """Without the operators' entries the answer might be wrong, so there is none."""
    result = command("record", "status", "--db", "postgresql+psycopg://me@127.0.0.1:1/x")

    assert (3, "", 1) == (result.code, result.out, len(result.errors))


def test_an_entry_that_a_release_contradicts_can_be_taken_back(command, settled, tmp_path):
    """The error names the entry and the command; after it the record is whole again."""
    id = json.loads(command(*REPEAL, "--json").out)["entry"]["entry"]["id"]
    file = tmp_path / "watch" / "record.toml"
    file.write_text(
        file.read_text() + '\n[[event]]\ndate = 2026-02-01\nkind = "repealed"\n'
        'instrument = "Public Law 1, as signed"\ncitation = "140 Stat. 1"\nconfidence = "high"\n'
    )
    refused = command("record", "status", "--on", "2026-02-15")
    command("record", "withdraw", id, "--why", "now in the release")

    assert (2, 1) == (refused.code, len(refused.errors))
    assert f"waiverwatch record withdraw {id}" in refused.errors[0]
    assert "repealed" in command("record", "status", "--on", "2026-02-15").out


def test_a_current_record_tells_no_caveat(command):
    """Once a renewal is entered, lists and digests no longer warn."""
    command("findings", "list")
    stale = [command("findings", "list").out, command("digest").out, command("record", "show").out]
    result = command(*CURRENT)
    current = [command("findings", "list").out, command("digest").out]

    assert ["out of date" in text for text in stale] == [True] * 3
    assert 0 == result.code, result.err
    assert ["out of date" in text for text in current] == [False] * 2
    assert None is json.loads(command("digest", "--json").out)["record_caveat"]


def test_the_timeline_tells_each_status_by_its_sign():
    """A row for each decade, six signs for each year, nothing beyond today."""
    record = Record((
        Event(date(1998, 1, 1), "enacted", "Act", "high"),
        Event(date(2000, 1, 1), "waiver", "W", "high", until=date(2000, 12, 31)),
        Event(date(2001, 7, 1), "lapse", "L", "high"),
        Event(date(2002, 1, 1), "repealed", "R", "high"),
    ))  # fmt: skip
    console = Console(file=StringIO(), width=100, color_system=None)
    console.print(timeline(record, date(2003, 5, 10)))
    drawn = console.file.getvalue().splitlines()

    assert drawn[1] == "1990s  " + " " * 48 + "█" * 12
    assert drawn[2] == "2000s  ░░░░░░???▓▓▓" + "-" * 9
    assert "repealed" in drawn[3]


def test_a_terminal_is_shown_the_timeline(tmp_path):
    """On a terminal alone; the legend names the signs."""
    now = datetime(2026, 4, 1, tzinfo=UTC)
    view = View(standing(load_bench(str(own_watch(tmp_path))), [], now))
    drawn = []
    for terminal in (True, False):
        console = Console(file=StringIO(), width=120, force_terminal=terminal)
        show_view(console, view, now.date())
        drawn.append(re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue()))

    assert ["2020s  " in text for text in drawn] == [True, False]


def test_a_pass_that_was_under_way_is_made_up_for(settled):
    """An entry made while a pass ran is judged by once more; and one whose judging broke off."""
    began = datetime(2026, 3, 1, tzinfo=UTC)
    event = Event(date(2026, 3, 1), "bill", "B", "high", citation="1", url="https://x.example")
    run = settled.start_run(began)
    settled.finish_run(run, began + timedelta(hours=2), {})
    entries = [
        settled.add_record_entry(event, "ada", began + timedelta(hours=hours)) for hours in (-1, 1)
    ]
    with settled.unit() as unit:
        unit.mark_judged(entries, began + timedelta(hours=1))

    pending = still_to_judge(settled, settled.record_entries())
    assert [began + timedelta(hours=1)] == [entry.entered_at for entry in pending]
    later = settled.start_run(began + timedelta(hours=3))
    settled.finish_run(later, began + timedelta(hours=4), {})
    assert [] == still_to_judge(settled, settled.record_entries())
    broken_off = settled.add_record_entry(event, "ada", began)
    assert [broken_off] == still_to_judge(settled, settled.record_entries())
