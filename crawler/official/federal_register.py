"""The Federal Register: documents that were published, and those on public inspection before.

Its search is loose, so that what it lists is only where to look. `results` is absent where nothing
was found, and an unknown condition or field is an error of status 400.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.links import canonical_url, is_same_site
from crawler.official.data import FederalRegisterData, RegisterSearch
from crawler.official.shapes import day_of, plain_text, read_json, text_of
from crawler.official.values import Ask, Document, Found, Problem
from crawler.sources import Answer

KIND = "federal_register"
_FIELDS = (
    "document_number", "title", "type", "subtype", "abstract", "excerpts", "citation",
    "publication_date", "signing_date", "html_url", "raw_text_url",
)  # fmt: skip
_PATHS = {"documents": "documents.json", "public_inspection": "public-inspection-documents.json"}
_PER_PAGE = 100
_PAGES = 10


@dataclass(frozen=True, slots=True)
class RegisterWatcher:
    """Runs the watch's searches, from a day on.

    Attributes:
        url: Of the API, with its version.
    """

    url: str
    data: FederalRegisterData
    since: date

    def begin(self) -> Sequence[Ask]:
        """One request for each search."""
        return [Ask(search_url(self.url, one, self.since), "search:1") for one in self.data.search]

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """The documents of one page of a search, and the next page."""
        data = read_json(answer.body)
        if isinstance(data, Problem):
            return data
        documents = read_documents(data)
        if isinstance(documents, Problem):
            return documents
        return Found(documents=documents, asks=_next_page(ask, answer.url, data))


def search_url(api: str, search: RegisterSearch, since: date) -> str:
    """The address of a search's first page, newest first."""
    terms: list[tuple[str, str]] = [("conditions[term]", search.term)]
    terms += [("conditions[type][]", one) for one in search.types]
    terms += [("conditions[agencies][]", one) for one in search.agencies]
    if search.what == "documents":
        # What is on public inspection is not yet published, and soon goes from there.
        terms.append(("conditions[publication_date][gte]", since.isoformat()))
        terms += [("fields[]", one) for one in _FIELDS]
    terms += [("order", "newest"), ("per_page", str(_PER_PAGE))]
    return f"{api.rstrip('/')}/{_PATHS[search.what]}?{urlencode(terms)}"


def read_documents(data: Mapping[str, Any]) -> tuple[Document, ...] | Problem:
    """The documents that a search found."""
    if "results" not in data:
        # Absent where nothing fits; an answer that does not count is none of a search.
        return () if isinstance(data.get("count"), int) else Problem("the answer is no search's")
    results = data["results"]
    if not isinstance(results, list):
        return Problem("the answer's results are no list")
    found = [_document(one) for one in results if isinstance(one, dict)]
    return tuple(one for one in found if one is not None)


def _document(data: Mapping[str, Any]) -> Document | None:
    number, url = text_of(data.get("document_number")), canonical_url(text_of(data.get("html_url")))
    if not number or url is None:
        return None
    told = [data.get(name) for name in ("title", "toc_doc", "toc_subject", "abstract", "excerpts")]
    text = "\n".join(plain_text(one.encode(), None) for one in told if isinstance(one, str))
    return Document(
        kind=KIND,
        name=number,
        title=text_of(data.get("title")) or f"Document {number}",
        url=url,
        date=day_of(data.get("signing_date")) or day_of(data.get("publication_date")),
        citation=text_of(data.get("citation")) or None,
        text=text,
        body=_body(data, url),
    )


def _body(data: Mapping[str, Any], url: str) -> Ask | None:
    address = canonical_url(text_of(data.get("raw_text_url")), url)
    return Ask(address, "body") if address else None


def _next_page(ask: Ask, asked: str, data: Mapping[str, Any]) -> tuple[Ask, ...]:
    """The rest of a search that found more than a page, within bounds."""
    page = int(ask.what.partition(":")[2])
    following = text_of(data.get("next_page_url"))
    url = urljoin(asked, following) if following else ""
    if not url or page >= _PAGES or not is_same_site(url, asked):
        return ()
    return (Ask(url, f"search:{page + 1}"),)
