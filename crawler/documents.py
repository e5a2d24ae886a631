"""Reads what a user hands in for judging: files, standard input, and JSON lines of articles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from crawler.errors import CrawlerError
from extract.article import Article, NotArticle
from extract.decoding import decode, not_html

Format = Literal["auto", "html", "text", "jsonl"]
_SUFFIXES: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".txt": "text", ".md": "text",
}  # fmt: skip
_MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|article|p|div|meta|title)[\s>]", re.I)


@dataclass(frozen=True, slots=True)
class Document:
    """Something to judge: an article, or why there is none.

    Attributes:
        reason: Why there is no article to judge; None where there is one.
    """

    id: str
    article: Article
    reason: str | None = None


class DocumentError(CrawlerError):
    """A document, or a line of a file, that cannot be read; names it and says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered."""

    url: str
    body: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Intake:
    """How documents are read.

    Attributes:
        published: Taken for every document's day of publication.
        title: Taken for every document's headline.
        stdin: What "-" reads.
        fetch: Gets a page; raises :class:`DocumentError`.
    """

    stdin: BinaryIO
    fetch: Callable[[str], Page]
    format: Format = "auto"
    published: date | None = None
    title: str | None = None

    def documents(self, sources: Iterable[str]) -> Iterator[Document | DocumentError]:
        """Every document of the sources in order; one that cannot be read comes as its error."""
        for source in sources:
            try:
                for document in self._of(source):
                    yield self._adjusted(document)
            except DocumentError as error:
                yield error

    def _of(self, source: str) -> Iterator[Document | DocumentError]:
        if re.match(r"(?i)https?://", source):
            page = self.fetch(source)
            yield _from_html(source, page.body, page.url, page.content_type)
        elif source == "-":
            yield from self._read("-", self.stdin, self.format)
        else:
            path = Path(source)
            kind = _SUFFIXES.get(path.suffix.lower(), "auto")
            try:
                with path.open("rb") as file:
                    yield from self._read(
                        source, file, kind if self.format == "auto" else self.format
                    )
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else str(error)
                raise DocumentError(f"{source}: {(why or 'cannot be read').lower()}") from error

    def _read(self, name: str, file: BinaryIO, kind: Format) -> Iterator[Document | DocumentError]:
        if kind == "jsonl":
            yield from read_json_lines(name, file)
        else:
            yield _from_bytes(name, file.read(), kind)

    def _adjusted(self, document: Document | DocumentError) -> Document | DocumentError:
        if isinstance(document, DocumentError) or not (self.published or self.title):
            return document
        article = document.article
        article = replace(
            article,
            published=self.published or article.published,
            title=self.title or article.title,
        )
        return replace(document, article=article)


def read_json_lines(name: str, file: BinaryIO) -> Iterator[Document | DocumentError]:
    """The articles of a file of JSON lines, one by one as they are read.

    A line that is no such article comes as an error that names the file, the line and the field.
    """
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                yield parse_article(json_object(line), f"{name}:{number}")
            except ValueError as error:
                yield DocumentError(f"{name}: line {number}: {error}")


def json_object(line: bytes) -> dict[str, Any]:
    """The JSON object on a line.

    Raises:
        ValueError: With a message for people.
    """
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("is no UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("is no JSON") from None
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")
    return found


def parse_article(found: dict[str, Any], default_id: str) -> Document:
    """The document of one object, as ``check --format jsonl`` takes them.

    Raises:
        ValueError: Names the field.
    """
    for key in ("title", "text", "html", "published", "url", "lang"):
        if not isinstance(found.get(key), str | None):
            raise ValueError(f"{key}: is no text")
    id = found.get("id")
    name = default_id if id is None or isinstance(id, dict | list) else str(id)
    published = parse_published(found["published"]) if found.get("published") else None
    if found.get("html") and not found.get("text"):
        document = _from_html(
            name, found["html"].encode("utf-8", "replace"), found.get("url"), None
        )
        article = document.article
    else:
        document = Document(name, Article(text=found.get("text") or ""))
        article = replace(document.article, lang=found.get("lang") or None)
    article = replace(
        article,
        title=found.get("title") or article.title,
        url=found.get("url") or article.url,
        published=published or article.published,
    )
    return replace(document, article=article)


def parse_published(text: str) -> date:
    """The day that ``text`` names: an ISO date, or an ISO date and time.

    Raises:
        ValueError: With a message for people.
    """
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(f'published: "{text}" is no date (try "2025-08-09")') from None


def _from_bytes(name: str, body: bytes, kind: Format) -> Document:
    markup = kind == "html" or (kind == "auto" and _MARKUP.search(body[:4096]) is not None)
    return _from_html(name, body, None, None) if markup else _from_text(name, body)


def _from_html(id: str, body: bytes, url: str | None, content_type: str | None) -> Document:
    # Loads the extractor under it, which plain text does without.
    from extract.page import extract_page  # noqa: PLC0415

    page = extract_page(body, url=url, content_type=content_type)
    if isinstance(page, NotArticle):
        return Document(id, Article(text="", title=page.title, url=page.url or url), page.reason)
    return Document(id, page)


def _from_text(id: str, body: bytes) -> Document:
    kind = not_html(body, None)
    if kind is not None and kind != "JSON":
        return Document(id, Article(text=""), f"neither HTML nor text: {kind}")
    return Document(id, Article(text=decode(body)))
