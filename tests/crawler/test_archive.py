"""The archive: what is kept of pages can be shown later, whatever happened in between."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, ArchivedPage
from crawler.errors import ArchiveError
from state.store import WarcRecord

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = ArchivedPage(
    "https://news.example/статья?a=1",
    200,
    (("Content-Type", "text/html; charset=koi8-r"), ("ETag", '"e"'), ("Content-Encoding", "gzip")),
    "Закон отменён".encode("koi8-r"),
    AT,
)


def test_a_page_comes_back_as_it_was(tmp_path):
    """Bytes, headers, status, address and time; only how the body travelled is left out."""
    archive = Archive(tmp_path / "archive")
    record = archive.keep(PAGE)
    archive.close()
    found = Archive(tmp_path / "archive").read(record)

    assert (PAGE.body, PAGE.url, 200, AT) == (found.body, found.url, found.status, found.at)
    assert "text/html; charset=koi8-r" == found.content_type
    assert ("ETag", '"e"') in found.headers
    assert "content-encoding" not in {name.lower() for name, _ in found.headers}
    assert hashlib.sha256(PAGE.body).hexdigest() == record.sha256


def test_a_file_ends_after_the_page_that_is_being_written(tmp_path, monkeypatch):
    """A thread that is left in the midst of a page at the program's end writes it whole."""
    archive, writing, go_on = Archive(tmp_path), threading.Event(), threading.Event()
    archive.keep(PAGE)

    def slow_disk(_):
        writing.set()
        go_on.wait(5)

    monkeypatch.setattr("crawler.archive.os.fsync", slow_disk)
    with ThreadPoolExecutor(2) as threads:
        kept = threads.submit(archive.keep, PAGE)
        assert writing.wait(5)
        closed = threads.submit(archive.close)
        wait({closed}, timeout=0.1)
        go_on.set()

        assert PAGE.body == Archive(tmp_path).read(kept.result(5)).body
        assert closed.result(5) is None


def test_other_programs_can_read_it(tmp_path):
    """A file begins with who wrote it, and each record carries digests that hold."""
    archive = Archive(tmp_path)
    records = [archive.keep(replace(PAGE, body=str(n).encode() * 999)) for n in range(3)]
    archive.close()

    with (tmp_path / records[0].file).open("rb") as file:
        found = [
            (one.rec_type, one.content_stream().read(), one.digest_checker.passed)
            for one in ArchiveIterator(file, check_digests=True)
        ]
    assert ["warcinfo", "response", "response", "response"] == [kind for kind, _, _ in found]
    assert [str(n).encode() * 999 for n in range(3)] == [body for _, body, _ in found[1:]]
    assert {True} == {passed for _, _, passed in found}


def test_files_are_followed_by_others(tmp_path):
    """One file at a time, until it is large; then the next."""
    archive = Archive(tmp_path, largest=20_000)
    bodies = [random.Random(n).randbytes(9_000) for n in range(7)]
    records = [archive.keep(replace(PAGE, body=body)) for body in bodies]
    archive.close()

    files = sorted({one.file for one in records})
    assert 3 == len(files)
    assert all((tmp_path / name).stat().st_size < 30_000 for name in files)
    assert bodies == [Archive(tmp_path).read(one).body for one in records]


def test_a_small_file_is_gone_on_with(tmp_path):
    """The next pass adds to the last file."""
    records = []
    for _ in range(3):
        archive = Archive(tmp_path)
        records.append(archive.keep(PAGE))
        archive.close()

    assert 1 == len({one.file for one in records})
    assert 3 == len({one.offset for one in records})
    assert [] == list(tmp_path.glob("*.open"))


def test_two_writers_have_a_file_each(tmp_path):
    """No file is written to by two at once, in two processes or in one."""
    one, other = Archive(tmp_path), Archive(tmp_path)
    records = [writer.keep(PAGE) for writer in (one, other, one, other)]
    one.close()
    other.close()

    assert records[0].file == records[2].file != records[1].file == records[3].file
    assert [PAGE.body] * 4 == [Archive(tmp_path).read(record).body for record in records]


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_record_that_was_not_finished_is_cut_off(tmp_path, cut):
    """What was whole stays readable, and the next page is written where the whole ends."""
    archive = Archive(tmp_path)
    first = archive.keep(PAGE)
    torn = archive.keep(replace(PAGE, body=random.Random(1).randbytes(5_000)))
    archive._abandon()
    path = tmp_path / first.file
    os.truncate(path, torn.offset + cut)

    assert PAGE.body == Archive(tmp_path).read(first).body
    with pytest.raises(ArchiveError, match=r"holds no whole record"):
        Archive(tmp_path).read(torn)
    again = Archive(tmp_path)
    second = again.keep(replace(PAGE, body=b"after"))
    again.close()
    assert (torn.file, torn.offset) == (second.file, second.offset)
    assert b"after" == again.read(second).body
    assert PAGE.body == again.read(first).body


KEEPER = """
import random, sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.archive import Archive, ArchivedPage
archive, chance = Archive(Path(sys.argv[1])), random.Random(int(sys.argv[2]))
at = datetime(2026, 3, 1, tzinfo=UTC)
while True:
    body = chance.randbytes(chance.randrange(100, 60_000))
    record = archive.keep(ArchivedPage("https://a.example/", 200, (), body, at))
    print(record.file, record.offset, record.sha256, flush=True)
"""


def test_a_killed_writer_leaves_a_readable_file(tmp_path):
    """After kill -9 at any moment, every page that was told of is there, and writing goes on."""
    told = []
    for turn in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", KEEPER, str(tmp_path), str(turn)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            for _ in range(5 + turn):
                told.append(process.stdout.readline().split())
            process.send_signal(signal.SIGKILL)
            told += [line.split() for line in process.stdout if line.endswith("\n")]
    archive = Archive(tmp_path)
    records = [WarcRecord(name, int(offset), sha) for name, offset, sha in told]

    assert len(records) >= 45
    for record in records:
        archive.read(record)
    last = archive.keep(PAGE)
    archive.close()
    assert PAGE.body == archive.read(last).body
    assert 1 == len(list(tmp_path.glob("*.warc.gz")))


def test_what_was_changed_is_not_shown(tmp_path):
    """A page whose bytes are not those that were kept is refused."""
    archive = Archive(tmp_path)
    record = archive.keep(PAGE)
    other = archive.keep(replace(PAGE, body=b"another"))
    archive.close()

    with pytest.raises(ArchiveError, match="SHA-256"):
        archive.read(replace(record, offset=other.offset))
    with pytest.raises(ArchiveError, match="no such file"):
        archive.read(replace(record, file="pages-gone.warc.gz"))
    with pytest.raises(ArchiveError, match="holds no whole record"):
        archive.read(replace(record, offset=record.offset + 3))


def test_a_damaged_file_is_told_in_one_line(tmp_path, capfd):
    """Wherever in a record a byte was changed, there is our line, and nobody else's."""
    archive = Archive(tmp_path)
    record = archive.keep(replace(PAGE, body=random.Random(1).randbytes(200_000)))
    end = archive.keep(PAGE).offset
    archive.close()
    path = tmp_path / record.file
    whole = path.read_bytes()
    for at in (*range(record.offset, record.offset + 40), *range(record.offset + 99, end, 9_973)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        # Some bytes of a gzip header say nothing of what follows.
        try:
            assert record.sha256 == hashlib.sha256(archive.read(record).body).hexdigest()
        except ArchiveError as error:
            assert f"byte {record.offset}" in str(error)
    path.write_bytes(whole[: end - 9])
    with pytest.raises(ArchiveError, match="holds no whole record"):
        archive.read(record)

    assert ("", "") == capfd.readouterr()


def test_no_record_leads_out_of_the_folder(tmp_path):
    """The name of a file is a name, and no path."""
    outside = Archive(tmp_path / "outside")
    record = outside.keep(PAGE)
    outside.close()

    with pytest.raises(ArchiveError, match="no such file"):
        Archive(tmp_path / "in").read(replace(record, file=f"../outside/{record.file}"))


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    """One line that names the folder."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(ArchiveError, match=r"file.*cannot be written to"):
        Archive(tmp_path / "file").keep(PAGE)


def test_old_files_can_be_deleted(tmp_path):
    """Only those to which nothing was written since, and none that is being written to."""
    archive = Archive(tmp_path, largest=1)
    old, new = archive.keep(PAGE), archive.keep(PAGE)
    open_one = Archive(tmp_path)
    current = open_one.keep(PAGE)
    stamp = (AT - timedelta(days=400)).timestamp()
    for record in (old, current):
        os.utime(tmp_path / record.file, (stamp, stamp))
    listed = open_one.older_than(AT - timedelta(days=300))
    Archive(tmp_path).remove([old.file, current.file])

    assert [old.file] == listed
    assert {new.file, current.file} == {path.name for path in tmp_path.glob("*.warc.gz")}
    open_one.close()
