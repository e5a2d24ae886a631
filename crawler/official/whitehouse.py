"""The White House's feed of presidential actions: ahead of the Federal Register, not complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.errors import ListingError
from crawler.feeds import read_feed
from crawler.links import is_same_site
from crawler.official.values import Ask, Document, Found, Problem
from crawler.sources import Answer, Listed

KIND = "whitehouse"


@dataclass(frozen=True, slots=True)
class ActionsWatcher:
    """Asks for the feed.

    Attributes:
        url: Of the feed.
        since: Actions from before are passed over.
    """

    url: str
    since: date

    def begin(self) -> Sequence[Ask]:
        """The feed."""
        return [Ask(self.url, "feed", is_lasting=True)]

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """The actions that the feed lists."""
        documents = read_actions(answer)
        if isinstance(documents, Problem):
            return documents
        new = (one for one in documents if one.date is None or one.date >= self.since)
        return Found(documents=tuple(new))


def read_actions(answer: Answer) -> tuple[Document, ...] | Problem:
    """The actions that a feed lists, each with the page that holds its text."""
    try:
        listed = read_feed(answer)
    except ListingError as error:
        return Problem(str(error))
    return tuple(_document(one, answer.url) for one in listed)


def _document(item: Listed, feed: str) -> Document:
    return Document(
        kind=KIND,
        name=item.url,
        title=item.title or item.url,
        url=item.url,
        date=item.published,
        text=item.summary or "",
        body=Ask(item.url, "body") if is_same_site(item.url, feed) else None,
        form="page",
    )
