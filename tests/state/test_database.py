"""The border: schema, migrations, and a database that is away, locked, foreign or too new."""

from __future__ import annotations

import ast
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import StatementError

from state import migrations
from state.database import Database
from state.errors import DatabaseTooNew, DatabaseUnavailable, StoreError, UnknownEntryError
from state.store import Candidate, FindingQuery, FoundLink, Poll, Store, open_store
from state.tables import metadata
from tests.support.databases import make_store, plain_address, postgres_database, sqlite_url
from tests.support.stored import EVENT, MINUTE, NOW, URL, finding, message, write

ROOT = Path(__file__).parents[2]
BRIEFLY = timedelta(milliseconds=100)

CALLS: dict[str, Callable[[Store], object]] = {
    "unit": lambda store: _enter(store),
    "due_sources": lambda store: store.due_sources(NOW, {"a": MINUTE}),
    "source_health": lambda store: store.source_health(),
    "record_poll": lambda store: store.record_poll(Poll("a", NOW, ok=True)),
    "claim_links": lambda store: store.claim_links("a", [FoundLink(URL)], NOW),
    "settle_link": lambda store: store.settle_link(URL, "article", NOW),
    "crawling": lambda store: _crawl(store),
    "forget_pages": lambda store: store.forget_pages(["pages-1.warc.gz"]),
    "release_claims": lambda store: store.release_claims(NOW),
    "due_revisits": lambda store: store.due_revisits(NOW, 1, ["a"]),
    "postpone_revisit": lambda store: store.postpone_revisit(URL, NOW, None),
    "article": lambda store: store.article(URL),
    "revisions": lambda store: store.revisions(1),
    "findings": lambda store: store.findings(FindingQuery()),
    "finding": lambda store: store.finding("f_1"),
    "lease_messages": lambda store: store.lease_messages(NOW, 1, MINUTE),
    "mark_delivered": lambda store: store.mark_delivered("msg_1", NOW),
    "mark_deferred": lambda store: store.mark_deferred("msg_1", NOW, NOW, "x"),
    "mark_dead": lambda store: store.mark_dead("msg_1", NOW, "x"),
    "retry_message": lambda store: store.retry_message("msg_1", NOW),
    "discard_message": lambda store: store.discard_message("msg_1", "x", NOW),
    "messages": lambda store: store.messages(),
    "disable_channel": lambda store: store.disable_channel("mail", "x", NOW),
    "enable_channel": lambda store: store.enable_channel("mail"),
    "disabled_channels": lambda store: store.disabled_channels(),
    "add_candidate": lambda store: store.add_candidate(Candidate("x", "1", "t", "u"), NOW),
    "candidates": lambda store: store.candidates(),
    "settle_candidate": lambda store: store.settle_candidate("c_1", "rejected", "me", "x", NOW),
    "add_record_entry": lambda store: store.add_record_entry(EVENT, "me", NOW),
    "record_entries": lambda store: store.record_entries(),
    "postpone_source": lambda store: store.postpone_source("a", NOW),
    "sighted": lambda store: store.sighted(["a"]),
    "validators": lambda store: store.validators(["a"]),
    "open_leads": lambda store: store.open_leads(NOW),
    "start_run": lambda store: store.start_run(NOW),
    "finish_run": lambda store: store.finish_run("run_1", NOW, {}),
    "latest_runs": lambda store: store.latest_runs(),
    "counts": lambda store: store.counts(),
}


def _crawl(store: Store) -> None:
    with store.crawling(NOW):
        pass


def _enter(store: Store) -> None:
    with store.unit() as unit:
        unit.enqueue([message()], NOW)


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Every table is another's, for reading too."""
    with ExitStack() as stack:
        if url.startswith("sqlite"):
            other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            stack.enter_context(closing(other))
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
        else:
            server = stack.enter_context(psycopg.connect(plain_address(url)))
            names = ", ".join(metadata.tables)
            server.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        yield


def test_every_method_is_tried() -> None:
    """The list below is complete: a new method of the store joins it."""
    public = {name for name in vars(Store) if not name.startswith("_")}

    assert public - {"close"} == CALLS.keys()


def test_every_method_tells_of_a_locked_database(url: str) -> None:
    """A lock that outlasts the patience is one clear error, in every method."""
    with closing(open_store(url, patience=BRIEFLY)) as store:
        store.close()
        with _locked(url):
            for name, call in CALLS.items():
                with pytest.raises(DatabaseUnavailable, match="lock") as caught:
                    call(store)
                assert "\n" not in str(caught.value), name
        assert store.messages() == []


def test_every_method_tells_of_a_server_that_went_away() -> None:
    """Once the server refuses connections, every method says so in one line."""
    with postgres_database() as url, closing(open_store(url)) as store:
        name = url.rpartition("/")[2]
        admin = plain_address(url).rpartition("/")[0] + "/postgres"
        with psycopg.connect(admin, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
        for method, call in CALLS.items():
            with pytest.raises(DatabaseUnavailable, match="not currently accepting") as caught:
                call(store)
            assert "\n" not in str(caught.value), method


def test_a_reader_waits_for_no_writer(tmp_path: Path) -> None:
    """On SQLite too: while one writes, others read what was committed before."""
    with closing(open_store(sqlite_url(tmp_path), patience=BRIEFLY)) as store:
        with store.unit() as unit:
            unit.enqueue([message()], NOW)
            assert store.messages() == []

        assert len(store.messages()) == 1


def test_an_unreachable_server_is_told_without_its_password() -> None:
    """One line that names the server and keeps the password."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        url = f"postgresql+psycopg://me:geheim@127.0.0.1:{port}/x?password=geheim"
        with pytest.raises(DatabaseUnavailable) as caught:
            open_store(url)

    text = str(caught.value)
    assert f"postgresql+psycopg://me:***@127.0.0.1:{port}/x" in text
    assert "geheim" not in text and "\n" not in text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("geheim", "sqlite:///FILE"),
        ("", "sqlite:///FILE"),
        ("postgresql+psycopg://me:geheim@host:port/x", "sqlite:///FILE"),
        ("mysql://me:geheim@host/x", "mysql"),
        ("postgresql://me:geheim@host/x", "postgresql+psycopg"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:////nowhere/at/all/x.db", "unable to open"),
    ],
)
def test_an_address_that_cannot_serve_is_told(url: str, why: str) -> None:
    """Whatever is wrong with the address, the error says what to write and keeps the password."""
    with pytest.raises(DatabaseUnavailable) as caught:
        open_store(url)

    assert why in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A foreign file is left as it was."""
    path = tmp_path / "waiverwatch.db"
    path.write_text("This is a text, and not a database of any kind at all. " * 40)
    before = path.read_bytes()
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        make_store(tmp_path)

    assert path.read_bytes() == before


def test_a_database_that_breaks_later_is_told(tmp_path: Path) -> None:
    """A file overwritten while the program runs is an unusable database, told in one line."""
    path = tmp_path / "waiverwatch.db"
    with closing(make_store(tmp_path)) as store:
        store.close()
        for file in tmp_path.iterdir():
            file.unlink()
        path.write_text("overwritten " * 400)
        with pytest.raises(DatabaseUnavailable, match="not a database"):
            store.messages()


def test_a_database_locked_at_the_start_is_told(tmp_path: Path) -> None:
    """A file that another program holds is waited for, and no longer than the patience."""
    with closing(sqlite3.connect(tmp_path / "waiverwatch.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE theirs (id)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            open_store(sqlite_url(tmp_path), patience=BRIEFLY)
        other.execute("COMMIT")

    make_store(tmp_path).close()


def test_a_naive_time_is_a_fault(store: Store) -> None:
    """A time without zone is a bug of the caller, and no trouble of the database."""
    with pytest.raises(StatementError, match="naive"):
        store.start_run(datetime(2026, 3, 1))  # noqa: DTZ001 - the fault itself


def test_an_unknown_run_cannot_end(store: Store) -> None:
    """The id is told."""
    with pytest.raises(UnknownEntryError, match="run_x"):
        store.finish_run("run_x", NOW, {})


def test_a_refused_statement_is_the_programs_fault(store: Store) -> None:
    """A broken reference is no unavailability, and is not swallowed."""
    with pytest.raises(StoreError, match=r"(?i)foreign key"), store.unit() as unit:
        unit.open_finding(4711, 1, finding(), "asserts", NOW)


def test_a_failed_unit_leaves_nothing(store: Store) -> None:
    """Article, finding and message go together: an exception takes all of them back."""
    with pytest.raises(RuntimeError, match="midway"), store.unit() as unit:
        saved = unit.save_article(write())
        unit.open_finding(saved.id, saved.revision, finding(), "asserts", NOW)
        unit.enqueue([message()], NOW)
        unit.settle_link(URL, "article", NOW)
        raise RuntimeError("midway")

    assert store.counts() == {
        "articles": 0,
        "links_open": 0,
        "findings": {},
        "outbox": {},
        "oldest_queued": None,
    }
    assert store.claim_links("a", [FoundLink(URL)], NOW) == [FoundLink(URL)]


def test_runs_are_kept(store: Store) -> None:
    """A run under way has no end; a finished one has its summary."""
    first = store.start_run(NOW)
    second = store.start_run(NOW + MINUTE)
    store.finish_run(first, NOW + MINUTE, {"articles": {"fetched": 3}})

    later, earlier = store.latest_runs(2)
    assert (later.id, later.finished_at, later.summary) == (second, None, None)
    assert (earlier.finished_at, earlier.summary) == (NOW + MINUTE, {"articles": {"fetched": 3}})


HALF_DONE = """
import sys, time
from state.store import open_store
from tests.support.stored import NOW, finding, message, write
store = open_store(sys.argv[1])
with store.unit() as unit:
    saved = unit.save_article(write())
    unit.open_finding(saved.id, saved.revision, finding(), "asserts", NOW)
    unit.enqueue([message()], NOW)
    print("midway", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_nothing_half_written(url: str) -> None:
    """After kill -9 within a unit nothing of it is there, and others can write at once."""
    with subprocess.Popen(
        [sys.executable, "-c", HALF_DONE, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "midway\n"
        process.send_signal(signal.SIGKILL)

    with closing(open_store(url)) as store:
        assert (store.counts()["articles"], store.messages(), store.findings()) == (0, [], [])
        with store.unit() as unit:
            assert unit.enqueue([message()], NOW) == 1


OPEN = """
import sys
from state.store import open_store
store = open_store(sys.argv[1])
store.counts()
store.close()
"""


def test_processes_that_start_at_once_all_succeed(url: str) -> None:
    """Four processes open a new database together: one creates the schema, all can use it."""
    command = [sys.executable, "-c", OPEN, url]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in processes]

    assert errors == [""] * 4
    assert [process.returncode for process in processes] == [0] * 4


def test_migrations_lead_to_the_declared_schema(store: Store, url: str) -> None:
    """What the steps build is what the tables declare, on every database."""
    with closing(Database(url)) as database, database.reading() as connection:
        options = {"version_table": migrations.VERSION_TABLE, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def test_the_known_steps_are_the_files() -> None:
    """The program knows every step by name, and the last one is HEAD."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "state" / "migrations"))
    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [migrations.HEAD]
    assert {step.revision for step in script.walk_revisions()} == migrations._KNOWN


def test_steps_import_nothing_of_ours() -> None:
    """A frozen step must not change with today's code."""
    steps = sorted((ROOT / "state" / "migrations" / "versions").glob("0*.py"))
    assert steps
    for step in steps:
        for node in ast.walk(ast.parse(step.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module in ("__future__", "alembic"), step
            if isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["sqlalchemy"], step


def test_a_later_schema_is_refused(url: str) -> None:
    """An older program leaves a newer database alone and says what to do."""
    open_store(url).close()
    with closing(Database(url)) as database, database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match=r"9999.*upgrade"):
        open_store(url)


def test_an_open_database_opens_again(url: str) -> None:
    """What was stored is there after the next start."""
    with closing(open_store(url)) as store:
        _enter(store)
    with closing(open_store(url)) as store:
        assert [queued.message for queued in store.messages()] == [message()]


def test_sqlite_runs_in_wal_mode(tmp_path: Path) -> None:
    """The file itself is switched, for every later connection."""
    make_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "waiverwatch.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_folder_with_odd_signs_serves(tmp_path: Path) -> None:
    """Percent signs, blanks and letters of any script are fine in a path."""
    folder = tmp_path / "100% закон"
    folder.mkdir()
    make_store(folder).close()

    assert (folder / "waiverwatch.db").exists()
