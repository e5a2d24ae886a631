"""Keeps the bytes of pages: WARC files, a page a record, found again by file and offset."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import ArchiveError
from state.store import WarcRecord

_PATTERN = "pages-*.warc.gz"
_LARGEST = 100_000_000
# They speak of how the body travelled; it is kept as it was after unpacking.
_TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_CHUNK = 1 << 16
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as it came, unpacked.

    Attributes:
        at: When it was fetched, aware.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    at: datetime

    @property
    def content_type(self) -> str | None:
        """The header of that name."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), None)


class Archive:
    """The WARC files of one folder. One process writes to one file; none is written by two.

    For several threads: one writes, or ends the file, at a time. A process that dies in the middle
    of a record leaves a file whose whole records can be read; whoever opens it next for writing
    cuts the rest off.

    Args:
        folder: Made when the first page is kept.
        largest: A file that has grown so large, in bytes, is followed by another.
    """

    def __init__(self, folder: Path, largest: int = _LARGEST) -> None:
        self._folder = folder
        self._largest = largest
        self._file: _OpenFile | None = None
        self._writing = threading.RLock()

    def keep(self, page: ArchivedPage) -> WarcRecord:
        """Writes a page to the disk; returns where it is.

        Raises:
            ArchiveError: It cannot be written.
        """
        with self._writing:
            try:
                return self._append(page)
            except OSError as error:
                self._abandon()
                why = f"{self._folder}: cannot be written to: {_reason(error)}"
                raise ArchiveError(why) from error

    def read(self, record: WarcRecord) -> ArchivedPage:
        """The page of a record.

        Raises:
            ArchiveError: It is not there, or is not what was kept.
        """
        path = self._folder / Path(record.file).name
        place = f"{path}, byte {record.offset}"
        try:
            page = _read(path, record.offset)
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be read: {_reason(error)}") from error
        except (ArchiveLoadFailed, ValueError, zlib.error) as error:
            raise ArchiveError(f"{place}: holds no whole record") from error
        if hashlib.sha256(page.body).hexdigest() != record.sha256:
            raise ArchiveError(f"{place}: is not the page that was kept (its SHA-256 is another)")
        return page

    def older_than(self, moment: datetime) -> list[str]:
        """Names of the files to which nothing was written since."""
        return [
            path.name
            for path in self._files()
            if path.stat().st_mtime < moment.timestamp()
            and (self._file is None or path != self._file.path)
        ]

    def remove(self, names: Iterable[str]) -> None:
        """Deletes files. One that another process writes to stays.

        Raises:
            ArchiveError: One cannot be deleted.
        """
        for name in names:
            path = self._folder / Path(name).name
            try:
                with suppress(FileNotFoundError), path.open("rb") as file:
                    if _takes_lock(file):
                        path.unlink(missing_ok=True)
                        _marker(path).unlink(missing_ok=True)
            except OSError as error:
                raise ArchiveError(f"{path}: cannot be deleted: {_reason(error)}") from error

    def close(self) -> None:
        """Ends the file that is written to. Pages can be kept afterwards all the same."""
        # A thread whose pass was broken off may still be in the midst of a page.
        with self._writing:
            file, self._file = self._file, None
            if file is not None:
                file.close()

    def _append(self, page: ArchivedPage) -> WarcRecord:
        if self._file is None:
            self._file = self._open(page.at)
        offset = self._file.append(page)
        record = WarcRecord(self._file.path.name, offset, hashlib.sha256(page.body).hexdigest())
        if self._file.size >= self._largest:
            self.close()
        return record

    def _abandon(self) -> None:
        """Leaves a file that could not be written to as it is; its next writer puts it right."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.stream.close()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(_PATTERN)) if self._folder.is_dir() else []

    def _open(self, now: datetime) -> _OpenFile:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in reversed(self._files()[-1:]):
            if path.stat().st_size < self._largest:
                file = _OpenFile.reopened(path)
                if file is not None:
                    return file
        return _OpenFile.made(self._folder, now)


class _OpenFile:
    """A file that this process alone writes to."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self.path, self.stream = path, stream
        self.size = stream.seek(0, os.SEEK_END)
        # Tells the next writer from where on to look for a record that was not finished.
        _marker(path).write_text(str(self.size), encoding="ascii")
        self._writer = WARCWriter(stream, gzip=True)

    @classmethod
    def made(cls, folder: Path, now: datetime) -> _OpenFile:
        stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%S}"
        for number in range(10_000):
            path = folder / f"pages-{stamp}-{number:04}.warc.gz"
            with suppress(FileExistsError):
                stream = path.open("x+b")
                if not _takes_lock(stream):  # pragma: no cover - nobody else knows of it yet
                    continue
                file = cls(path, stream)
                file._describe()
                return file
        raise FileExistsError(f"{folder}: too many files of one second")

    @classmethod
    def reopened(cls, path: Path) -> _OpenFile | None:
        """The file, cut to its whole records; None where another process writes to it."""
        stream = path.open("r+b")
        if not _takes_lock(stream):
            stream.close()
            return None
        if _marker(path).exists():
            stream.truncate(_whole_until(stream, _noted(path)))
        return cls(path, stream)

    def append(self, page: ArchivedPage) -> int:
        offset = self.size
        headers = [(name, value) for name, value in page.headers if name.lower() not in _TRANSPORT]
        headers.append(("Content-Length", str(len(page.body))))
        record = self._writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(f"{page.status} OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{page.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
        )
        self._write(record)
        return offset

    def close(self) -> None:
        self.stream.close()
        _marker(self.path).unlink(missing_ok=True)

    def _describe(self) -> None:
        self._write(
            self._writer.create_warcinfo_record(self.path.name, {"software": "waiverwatch"})
        )

    def _write(self, record: object) -> None:
        self._writer.write_record(record)
        self.stream.flush()
        # A finding that names a page must not outlive it, also where the machine loses its power.
        os.fsync(self.stream.fileno())
        self.size = self.stream.tell()


def _takes_lock(stream: BinaryIO) -> bool:
    """Takes the lock of a file, until it is closed; False where another has it."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.open")


def _noted(path: Path) -> int:
    text = _marker(path).read_text(encoding="ascii", errors="replace").strip()
    return int(text) if text.isdecimal() else 0


def _whole_until(stream: BinaryIO, start: int) -> int:
    """Where the last whole record ends, looking from ``start``: each is a gzip member."""
    end = stream.seek(0, os.SEEK_END)
    good = min(start, end)
    while good < end:
        stream.seek(good)
        length = _member_length(stream)
        if length is None:
            break
        good += length
    return good


def _member_length(stream: BinaryIO) -> int | None:
    unpacker, taken = zlib.decompressobj(16 + zlib.MAX_WBITS), 0
    try:
        while chunk := stream.read(_CHUNK):
            unpacker.decompress(chunk)
            taken += len(chunk)
            if unpacker.eof:
                return taken - len(unpacker.unused_data)
    except zlib.error:
        return None
    return None


def _member(stream: BinaryIO) -> bytes:
    """The gzip member that begins where the file stands: one record, its checksum verified."""
    unpacker, parts = zlib.decompressobj(16 + zlib.MAX_WBITS), []
    while not unpacker.eof:
        chunk = stream.read(_CHUNK)
        if not chunk:
            raise ValueError("the record has no end")
        parts.append(unpacker.decompress(chunk))
    return b"".join(parts)


def _read(path: Path, offset: int) -> ArchivedPage:
    with path.open("rb") as file:
        file.seek(offset)
        # Unpacked here: of what is damaged, warcio writes line after line to standard error.
        record = next(iter(ArchiveIterator(BytesIO(_member(file)))), None)
        if record is None or record.rec_type != "response" or record.http_headers is None:
            raise ValueError("no record of a page")
        body = record.content_stream().read()
        headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
        return ArchivedPage(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            status=int(record.http_headers.get_statuscode()),
            headers=headers,
            body=body,
            at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
