"""What watchers of official sources ask, and what they read out of the answers. Plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from crawler.answers import FailureKind
from crawler.sources import Answer
from state.event import EventKind

Form = Literal["text", "page"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to make.

    Attributes:
        what: Which answer it is to its watcher.
        key: Sent as ``X-Api-Key``, so that it stands in no address and no log.
        query: Sent as JSON in a POST request.
        is_lasting: Whether its server is asked again under this address, so that validators help.
    """

    url: str
    what: str
    key: str | None = field(default=None, repr=False)
    query: Mapping[str, object] | None = None
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an official source lists it.

    Attributes:
        kind: The kind of source that lists it.
        name: What tells it from every other one of that kind.
        date: The day of the act where it is told; else that of its publication.
        citation: Where it is officially published.
        event: What kind of event it seems to be; None where that is for a person to say.
        text: What the source tells of it, besides the title.
        body: Where its whole text is, for when title and text do not name the law.
        form: Whether the body is text, or a web page with more on it than the document.
    """

    kind: str
    name: str
    title: str
    url: str
    date: date | None = None
    citation: str | None = None
    event: EventKind | None = None
    text: str = ""
    body: Ask | None = None
    form: Form = "text"

    @property
    def subject(self) -> str:
        """Under what name it is remembered."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Change:
    """A state in which something was seen that is watched by name; a document when it is new.

    Attributes:
        subject: What is watched, under one name over all sources that tell of it.
        is_telling: Whether it is told also where the subject was never seen before.
        is_old: Whether the record takes account of it, so that it is only remembered.
        is_entry: Whether it is not told where the record holds its citation already.
    """

    subject: str
    state: str
    document: Document
    is_telling: bool = False
    is_old: bool = False
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer holds.

    Attributes:
        documents: To be told where they name the law.
        changes: To be told where they are new.
        asks: What is to be asked next.
    """

    documents: tuple[Document, ...] = ()
    changes: tuple[Change, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be used.

    Attributes:
        reason: In words for people.
        asked: How long the server asks to be left alone.
    """

    reason: str
    kind: FailureKind = "lasting"
    asked: timedelta = timedelta()


class Watcher(Protocol):
    """Knows what to ask of one source, and how to read the answers. Pure."""

    def begin(self) -> Sequence[Ask]:
        """What is asked first, in this order."""

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """What an answer with status 200 holds; never raises for any bytes."""
