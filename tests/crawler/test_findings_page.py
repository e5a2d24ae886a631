"""``findings show``: the page as it was fetched, and what was changed in the article since."""

import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive
from tests.support.passes import feed

FIRST = "repealed, says the Act of the ministry of the country."
LATER = "repealed for good, says the Act of the ministry of the country. Energy comes first."


@pytest.fixture
def found(command, tmp_path, desk, site):
    """A finding whose article was edited since it was opened, and the bytes of its last page."""
    archive = Archive(tmp_path / "archive")
    desk = replace(desk, archive=archive).within(revisit=(timedelta(hours=1),))
    for text in (FIRST, LATER):
        site.tell("/claim", "The Act", text)
        desk.crawl(feed("news", site.serve_rss()))
        desk.clock.forward(hours=2)
    archive.close()
    (tmp_path / "waiverwatch.toml").write_text(
        f'[database]\nurl = "sqlite:///{tmp_path}/watch.db"\n[crawl]\nbuiltin_sources = false\n'
    )
    (line,) = command("findings", "list", "--json").out.splitlines()
    return json.loads(line), site.pages["/claim"].body


def show(command, finding, *words):
    """What the command writes, as bytes."""
    return command("findings", "show", finding["id"], *words)


def test_the_page_comes_back(command, found):
    """Byte by byte as it was fetched when the finding was last brought up to date."""
    finding, latest = found
    result = show(command, finding, "--page")

    assert (0, "") == (result.code, result.err)
    assert latest.decode() == result.out


def test_the_history_is_shown(command, found):
    """Each text with what was changed, for people and for programs."""
    finding, _ = found
    told = show(command, finding)
    data = json.loads(show(command, finding, "--json").out)

    assert "+ repealed for good, says" in told.out
    assert [1, 2] == [one["number"] for one in data["revisions"]]
    (change,) = data["revisions"][1]["changes"]
    assert ("for good" in change["was"], "for good" in change["now"]) == (False, True)
    assert finding["warc"] == data["warc"]
    assert finding["warc"]["sha256"] in told.out.replace("\n", "")


def test_a_terminal_is_spared_the_page(command, found, monkeypatch):
    """A page may hold what a terminal would act on: it goes to a file."""
    finding, _ = found
    monkeypatch.setattr("crawler.commands.findings.is_terminal", lambda: True)
    result = show(command, finding, "--page")

    assert 2 == result.code
    assert f"findings show {finding['id']} --page > page.html" in result.err


def test_a_page_that_is_gone_is_told(command, found, tmp_path):
    """One line that names the file, and no traceback."""
    finding, _ = found
    (tmp_path / "archive" / finding["warc"]["file"]).unlink()
    result = show(command, finding, "--page")

    assert (3, "") == (result.code, result.out)
    (line,) = result.errors
    assert "no such file" in line


def test_a_damaged_page_is_told(command, found, tmp_path):
    """A changed byte within the page is one line, whoever else would have told of it."""
    finding, _ = found
    path = tmp_path / "archive" / finding["warc"]["file"]
    data = bytearray(path.read_bytes())
    data[finding["warc"]["offset"] + 400] ^= 0xFF
    path.write_bytes(data)
    result = show(command, finding, "--page")

    assert (3, "") == (result.code, result.out)
    (line,) = result.errors
    assert f"{path.name}, byte {finding['warc']['offset']}: holds no whole record" in line


def test_old_pages_are_deleted_but_for_open_findings(command, found, tmp_path):
    """What is kept beyond its time is only what an open finding needs."""
    finding, _ = found
    path = tmp_path / "archive" / finding["warc"]["file"]
    os.utime(path, (0, 0))
    command("crawl")
    assert path.exists()

    command("findings", "dismiss", finding["id"], "--why", "satire")
    command("crawl")

    assert not path.exists()
    result = show(command, finding, "--page")
    assert 3 == result.code
    assert "is not kept" in result.err
