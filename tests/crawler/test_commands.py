"""Commands as users meet them: what they print, and how they end."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.__main__ import COMMANDS, run
from crawler.settings import load_settings
from crawler.terminal import MOST_ROWS

ROOT = Path(__file__).parents[2]

REPEALED = "Section 907 of the Freedom Support Act has been repealed."
WAIVED = "The President has waived Section 907 of the Freedom Support Act for another year."


def json_lines(text):
    """The objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", COMMANDS)
def test_help(command, name):
    """Every command has help with an example."""
    result = command(name, "--help")
    group = name in ("findings", "record", "sources", "outbox")

    assert 0 == result.code
    assert group or "Example: waiverwatch" in " ".join(result.out.split())


@pytest.mark.parametrize(
    "words",
    [
        ("findings", "list"), ("findings", "show"), ("findings", "dismiss"),
        ("findings", "confirm"), ("findings", "export"),
        ("record", "show"), ("record", "status"), ("record", "add"), ("record", "reject"),
        ("record", "withdraw"), ("record", "verify"), ("sources", "list"), ("outbox", "list"),
        ("outbox", "retry"), ("outbox", "discard"), ("outbox", "enable"),
    ],
)  # fmt: skip
def test_help_of_subcommands(command, words):
    """Every command within a group has help with an example."""
    assert "Example: waiverwatch" in " ".join(command(*words, "--help").out.split())


def test_version(command):
    """The version can be asked for."""
    assert command("--version").out.startswith("waiverwatch 0.")


@pytest.mark.parametrize(
    "words",
    [
        ("chek", "x"),
        ("check",),
        ("check", "x", "--fial-on", "low"),
        ("check", "x", "--fail-on", "loud"),
        ("check", "x", "--published", "yesterday"),
        ("check", "x", "--published", ""),
        ("check", "x", "--config", "nothing.toml"),
        ("crawl", "--since", "soon"),
        ("crawl", "--since", ""),
        ("crawl", "--limit", "9" * 20),
        ("findings", "show", "f_nothing"),
        ("findings", "dismiss", "f_nothing", "--why", " "),
        ("findings", "confirm", "f_nothing", "--by", "Ann"),
        ("findings", "export", "--format", "xml"),
        ("findings", "list", "--since", "soon"),
        ("findings", "list", "--since", ""),
        ("findings", "list", "--limit", "9" * 20),
        ("findings", "export", "--limit", "9" * 20),
        ("findings", "list", "--db", "here"),
        ("record", "status", "--on", "today"),
        ("outbox", "retry", "nothing"),
        ("outbox", "enable", "nothing"),
        ("outbox", "discard", "nothing", "--why", " "),
        ("outbox", "list", "--status", "lost"),
        ("outbox", "list", "--limit", "9" * 20),
        ("digest", "--since", "soon"),
        ("eval", "nothing.jsonl"),
        ("serve", "--http", "everywhere"),
    ],
)
def test_wrong_use(command, words):
    """Wrong usage ends with 2 and one line on standard error, and nothing else."""
    result = command(*words)

    assert (2, "") == (result.code, result.out)
    assert 1 == len(result.errors)
    assert result.err.startswith("waiverwatch: ")


@pytest.mark.parametrize("words", [("findings", "list"), ("outbox", "list")])
def test_the_largest_limit(command, words):
    """The largest limit that is taken is one that the database takes."""
    assert (0, "") == (command(*words, "--limit", MOST_ROWS).code, command(*words).err)


@pytest.mark.parametrize("title", ["", " "])
def test_an_empty_title_is_none(command, title):
    """A headline without a letter is a headline that was not given."""
    page = b"<html><head><title>Its own</title></head><body><p>It rains.</p></body></html>"
    words = ("check", "-", "--format", "html", "--json", "--title", title)

    assert "Its own" == json.loads(command(*words, stdin=page).out)["title"]


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        (">&-", "check - --json", 1),
        (">&-", "check -", 1),
        (">&-", "--version", 0),
        (">&-", "findings list", 0),
        ("<&-", "check -", 0),
        ("2>&-", "check nothing.html", 2),
    ],
)
def test_a_closed_stream(tmp_path, closed, words, code):
    """A standard stream that the caller closed changes neither the work nor how it ends."""
    result = subprocess.run(
        f"exec {shlex.quote(sys.executable)} -m crawler {words} {closed}",
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=REPEALED if closed != "<&-" else None,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (code, "") == (result.returncode, result.stderr)
    assert bool(result.stdout) == (closed == "<&-")


def test_no_command(command):
    """Without a command there is help, and the exit code of wrong usage."""
    result = command()

    assert 2 == result.code
    assert "check" in result.out


def test_unreachable_database(command):
    """A database that does not answer ends with 3 and one line without its password."""
    result = command("findings", "list", "--db", "postgresql+psycopg://u:hunter2@127.0.0.1:1/x")

    assert (3, "") == (result.code, result.out)
    assert 1 == len(result.errors)
    assert "hunter2" not in result.err


def test_bug_is_no_alert(command, monkeypatch):
    """An error that nobody foresaw ends with 3, as 1 would say that there is something to alert."""
    monkeypatch.setattr("crawler.documents.decode", lambda body: 1 / 0)

    result = command("check", "-", stdin=b"text")

    assert 3 == result.code
    assert "ZeroDivisionError" in result.err
    assert 1 == len(result.errors)


def test_check_json(command):
    """A line per document, with claims, cues and the record entry that is contradicted."""
    lines = [
        {"id": "a", "text": REPEALED, "published": "2025-08-12", "url": "https://a.example/1"},
        {"id": "b", "text": WAIVED, "published": "2025-08-12"},
        {"id": "c", "text": ""},
    ]
    stdin = "\n".join(map(json.dumps, lines)).encode()

    result = command("check", "-", "--format", "jsonl", "--json", stdin=stdin)
    first, second, third = json_lines(result.out)

    assert 1 == result.code
    assert ("a", "https://a.example/1", "2025-08-12", "en", "asserts", "high") == tuple(
        first[key] for key in ("id", "url", "published", "lang", "verdict", "severity")
    )
    (claim,) = first["claims"]
    assert REPEALED[claim["start"] : claim["end"]] == claim["sentence"]
    assert ("repealed", "own", "asserted") == tuple(
        claim[key] for key in ("end_state", "voice", "modality")
    )
    assert all(REPEALED[cue["start"] : cue["end"]] == cue["text"] for cue in claim["cues"])
    (finding,) = first["findings"]
    assert {"rule", "severity", "message", "record"} == set(finding)
    assert {"status", "as_of", "event", "citation", "url"} == set(finding["record"])
    assert ("waived", "2025-08-12") == (finding["record"]["status"], finding["record"]["as_of"])
    assert ("accurate", []) == (second["verdict"], second["findings"])
    assert "unjudged" == third["verdict"]
    assert third["reason"]


def test_check_is_as_severe_as_its_worst_finding(command):
    """A headline that its own text corrects is a low finding, and so is the document's severity."""
    title = ("--title", "Section 907 of the Freedom Support Act was repealed")
    text = b"Section 907 of the Freedom Support Act was not repealed."
    words = ("check", "-", "--published", "2025-08-09", "--json", *title)
    result = command(*words, "--fail-on", "low", stdin=text)
    data = json.loads(result.out)

    assert ("corrects", "low", 1) == (data["verdict"], data["severity"], result.code)
    assert ["low"] == [one["severity"] for one in data["findings"]]


def test_check_for_people(command):
    """On paper the sentence, why, and the record entry are shown."""
    result = command("check", "-", "--published", "2025-08-12", stdin=REPEALED.encode())

    assert 1 == result.code
    assert "ASSERTS" in result.out
    assert REPEALED in result.out
    assert "record: waived on 2025-08-12" in result.out


@pytest.mark.parametrize(("level", "code"), [("high", 1), ("low", 1), ("none", 0)])
def test_fail_on(command, level, code):
    """--fail-on says from which severity on the exit code is 1."""
    assert code == command("check", "-", "--fail-on", level, stdin=REPEALED.encode()).code


def test_check_goes_on(command, tmp_path):
    """A file that is missing ends with 2, and the others are judged."""
    (tmp_path / "a.txt").write_text(WAIVED)

    result = command("check", "nothing.html", "a.txt", "--json")

    assert 2 == result.code
    assert ["waiverwatch: nothing.html: no such file or directory"] == result.errors
    assert ["accurate"] == [line["verdict"] for line in json_lines(result.out)]


def test_check_shows_no_control_characters(command):
    """A page cannot drive the reader's terminal."""
    text = f"\x1b]0;title\x07\x1b[2J\u202e{REPEALED}"

    result = command("check", "-", "--title", "\x1b[31mRed", stdin=text.encode())

    assert not set("\x1b\x07\u202e") & set(result.out)


def test_check_survives_half_characters(command):
    """A surrogate that stands alone in JSON is printed as a replacement."""
    stdin = b'{"id": "\\ud800", "text": "' + REPEALED.encode() + b'"}'

    result = command("check", "-", "--format", "jsonl", "--json", stdin=stdin)

    assert "\ufffd" == json.loads(result.out)["id"]


def test_check_loads_no_crawler():
    """Checking a text loads neither crawler nor database nor what takes articles out of pages."""
    heavy = {"scrapy", "twisted", "apscheduler", "uvicorn", "sqlalchemy", "alembic", "trafilatura"}
    code = (
        "import sys\nfrom crawler.__main__ import run\nrun(['check', '-', '--json'])\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code],
        input="text",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "[]" == result.stdout.splitlines()[-1]


def test_check_streams():
    """Each line is answered before the next one is read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "check", "-", "--format", "jsonl", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for name in ("one", "two"):
            process.stdin.write(json.dumps({"id": name, "text": WAIVED}) + "\n")
            process.stdin.flush()

            assert name == json.loads(process.stdout.readline())["id"]
        process.stdin.close()

    assert 0 == process.returncode


def test_init(command, tmp_path):
    """The file that is written can be used, with every line of it uncommented too."""
    assert 0 == command("init").code
    path = tmp_path / "waiverwatch.toml"
    text = path.read_text()

    assert load_settings(path, {}).crawl.concurrency == 16
    example = r"^# (\[.*|(?!watch|templates|lexicons|url = .postgres)[a-z_]+ = .*)"
    examples = re.findall(example, text, re.MULTILINE)
    path.write_text("\n".join(["[crawl]", *examples]))
    settings = load_settings(path, {"HOOK_SECRET": "whsec_" + "QUFBQUFBQUFBQUFBQUFBQQ=="})
    assert (1, 3, 1) == (len(settings.source), len(settings.channel), len(settings.route))


def test_init_overwrites_nothing(command, tmp_path):
    """A file that exists is left as it is."""
    path = tmp_path / "waiverwatch.toml"
    path.write_text("mine")

    result = command("init")

    assert (2, "mine") == (result.code, path.read_text())


def test_init_without_folder(command):
    """A folder that does not exist is told."""
    assert 3 == command("init", "no/such/folder/x.toml").code


def test_record_status(command):
    """The status of a day is printed with what decides it."""
    result = command("record", "status", "--on", "2025-08-09", "--json")
    data = json.loads(result.out)

    assert {"on", "status", "event", "until", "citation", "url", "caveat"} == set(data)
    assert ("2025-08-09", "waived") == (data["on"], data["status"])
    assert "2025-08-09: waived" in command("record", "status", "--on", "2025-08-09").out
    assert "not_enacted" in command("record", "status", "--on", "1990-01-01").out
    assert 0 == command("record", "status").code


def test_record_show(command):
    """All events are listed, for people and for programs."""
    events = json_lines(command("record", "show", "--json").out)

    assert events[0]["kind"] == "enacted"
    assert events[0]["date"] in command("record", "show").out


def test_sources(command, tmp_path):
    """Built-in sources and the file's own are listed; one of the same name replaces the other."""
    builtin = json_lines(command("sources", "list", "--json").out)
    name = builtin[0]["name"]
    (tmp_path / "waiverwatch.toml").write_text(
        f'[[source]]\nname = "{name}"\nurl = "https://mine.example/"\n'
        'kind = "front"\nenabled = false'
    )
    found = {row["name"]: row for row in json_lines(command("sources", "list", "--json").out)}

    assert len(builtin) == len(found) >= 12
    assert ("https://mine.example/", "disabled") == (found[name]["url"], found[name]["health"])
    assert "never polled" in command("sources", "list").out


def test_eval(command, tmp_path):
    """Labelled articles are scored; a malformed line is told, and the rest scored."""
    lines = [
        {"id": "a", "text": REPEALED, "lang": "en", "label": "asserts", "published": "2025-08-12",
         "claims": [{"sentence": REPEALED, "end_state": "repealed", "voice": "own",
                     "modality": "asserted"}]},
        {"id": "b", "text": WAIVED, "lang": "en", "label": "asserts"},
    ]  # fmt: skip
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{\n")

    result = command("eval", path, "--json")
    data = json.loads(result.out)

    assert 2 == result.code
    assert [f"waiverwatch: {path}: line 3: is no JSON"] == result.errors
    assert (2, 1.0, 0.5) == tuple(data["all"][key] for key in ("n", "precision", "recall"))
    assert {"n": 1, "end_state": 1.0, "voice": 1.0, "modality": 1.0} == data["sentences"]
    assert [{"id": "b", "expected": "asserts", "got": "accurate"}] == data["errors"]
    assert "b: expected asserts, got accurate" in command("eval", path, "--show-errors").out


def test_empty_database(command):
    """On an empty database lists are empty, and nothing is to be sent."""
    assert "no findings" in command("findings", "list").out
    assert "no messages" in command("outbox", "list").out
    assert "" == command("findings", "list", "--json").out
    assert {"delivered": 0, "deferred": 0, "dead": 0} == json.loads(
        command("deliver", "--json").out
    )
    assert 0 == json.loads(command("digest", "--json").out)["total"]
    assert {"queued": 0} == json.loads(command("digest", "--send", "--json").out)
    (header,) = csv.reader(io.StringIO(command("findings", "export", "--format", "csv").out))
    assert "sentence" in header


def test_digest_forms(command):
    """A digest is text or HTML."""
    assert "<html" in command("digest", "--format", "html").out
    assert "<html" not in command("digest").out


def test_interrupted(command, monkeypatch):
    """Ctrl-C ends without a traceback."""

    def interrupt(body):
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.documents.decode", interrupt)

    assert 130 == command("check", "-", stdin=b"text").code


def test_run_is_the_console_script():
    """The module is a program."""
    result = subprocess.run(
        [sys.executable, "-m", "crawler", "--version"], capture_output=True, text=True, timeout=60
    )

    assert (0, True) == (result.returncode, result.stdout.startswith("waiverwatch"))
    assert callable(run)
