"""govinfo: bills by their bulk data, new public laws by their feed, and, with a key, a search.

The bulk data need no key, and so stand in where Congress.gov cannot be asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawler.errors import ListingError
from crawler.feeds import read_feed
from crawler.links import is_same_site
from crawler.official.bills import BillState, bill_changes, bill_page, congress_on
from crawler.official.data import BillData, GovinfoData
from crawler.official.shapes import day_of, read_json, read_xml, text_of
from crawler.official.values import Ask, Document, Found, Problem
from crawler.sources import Answer, Listed

KIND = "govinfo"
_PACKAGE = re.compile(r"\b(PLAW-\d+(?:publ|pvtl)\d+)\b")
_LAW = re.compile(r"PLAW-(\d+)(publ|pvtl)(\d+)")
_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class GovinfoWatcher:
    """Asks for the bills that the watch names, for new laws, and for texts that fit.

    Attributes:
        url: Of the site.
        pages: Where bills have their pages for people.
        since: Laws and texts from before are passed over.
    """

    url: str
    data: GovinfoData
    bills: tuple[BillData, ...]
    pages: str
    key: str | None = field(repr=False)
    since: date
    today: date

    def begin(self) -> Sequence[Ask]:
        """The bills that sit, the feed of laws, and the search where there is a key for it."""
        asks = [
            Ask(urljoin(self.url, bulk_path(one)), f"bill:{index}", is_lasting=True)
            for index, one in enumerate(self.bills)
            if one.congress >= congress_on(self.today)
        ]
        if self.data.laws:
            asks.append(Ask(urljoin(self.url, self.data.laws), "laws", is_lasting=True))
        if self.key and self.data.search and self.data.search_url:
            query = {
                "query": self.data.search,
                "pageSize": str(_PAGE_SIZE),
                "offsetMark": "*",
                "sorts": [{"field": "publishdate", "sortOrder": "DESC"}],
            }
            asks.append(Ask(self.data.search_url, "search", self.key, query))
        return asks

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """How a bill stands, or the laws or texts that are new."""
        what, _, number = ask.what.partition(":")
        if what == "bill":
            return self._bill(self.bills[int(number)], answer)
        return self._laws(answer) if what == "laws" else self._texts(answer)

    def _bill(self, bill: BillData, answer: Answer) -> Found | Problem:
        state = read_bill_status(answer.body)
        if isinstance(state, Problem):
            return state
        page = bill_page(self.pages, bill.congress, bill.type, bill.number)
        return Found(changes=tuple(bill_changes(KIND, bill, state, page)))

    def _laws(self, answer: Answer) -> Found | Problem:
        try:
            listed = read_feed(answer)
        except ListingError as error:
            return Problem(str(error))
        documents = [self._law(one) for one in listed if not self._is_old(one.published)]
        return Found(documents=tuple(one for one in documents if one is not None))

    def _is_old(self, day: date | None) -> bool:
        return day is not None and day < self.since

    def _law(self, item: Listed) -> Document | None:
        package = _PACKAGE.search(item.url)
        if package is None:
            return None
        text = f"content/pkg/{package[1]}/html/{package[1]}.htm"
        return Document(
            kind=KIND,
            name=package[1],
            title=item.title or package[1],
            url=item.url,
            date=item.published,
            citation=law_citation(package[1]),
            text=item.summary or "",
            body=Ask(urljoin(self.url, text), "body"),
        )

    def _texts(self, answer: Answer) -> Found | Problem:
        data = read_json(answer.body)
        if isinstance(data, Problem):
            return data
        results = data.get("results")
        if not isinstance(results, list):
            return Problem("the answer's results are no list")
        documents = [self._text(one) for one in results if isinstance(one, dict)]
        return Found(documents=tuple(one for one in documents if one is not None))

    def _text(self, data: Mapping[str, Any]) -> Document | None:
        package, day = text_of(data.get("packageId")), day_of(data.get("dateIssued"))
        if not package or self._is_old(day):
            return None
        name = text_of(data.get("granuleId")) or package
        download = data.get("download")
        body = text_of(download.get("txtLink")) if isinstance(download, dict) else ""
        # The key goes to the host that it is for, whatever an answer says.
        if not is_same_site(body, self.data.search_url or ""):
            body = ""
        return Document(
            kind=KIND,
            name=name,
            title=text_of(data.get("title")) or name,
            url=urljoin(self.url, f"app/details/{package}"),
            date=day,
            citation=law_citation(package),
            body=Ask(body, "body", self.key) if body else None,
        )


def bulk_path(bill: BillData) -> str:
    """Where the bulk data of a bill's status are."""
    folder = f"bulkdata/BILLSTATUS/{bill.congress}/{bill.type}"
    return f"{folder}/BILLSTATUS-{bill.congress}{bill.type}{bill.number}.xml"


def law_citation(package: str) -> str | None:
    """How a law is cited, of the name of its package."""
    found = _LAW.fullmatch(package)
    if found is None:
        return None
    return f"{'Public' if found[2] == 'publ' else 'Private'} Law {found[1]}-{found[3]}"


def read_bill_status(body: bytes) -> BillState | Problem:
    """How a bill stands, of its bulk data, old or new form."""
    root = read_xml(body)
    if isinstance(root, Problem):
        return root
    bill = root.find("bill") if root.tag == "billStatus" else None
    if bill is None:
        return Problem("the answer holds no bill's status")
    laws = [
        " ".join(filter(None, (_text(one, "type"), _text(one, "number"))))
        for one in bill.iterfind("laws/item")
    ]
    acted, action = _latest(bill)
    return BillState(_text(bill, "title"), acted, action, tuple(filter(None, laws)))


def _latest(bill: etree._Element) -> tuple[date | None, str]:
    """Day and words of the latest action; older files tell it only in the list of all."""
    latest = bill.find("latestAction")
    if latest is not None:
        return day_of(_text(latest, "actionDate")), _text(latest, "text")
    every = [(day_of(_text(one, "actionDate")), one) for one in bill.iterfind("actions/item")]
    dated = [(day, one) for day, one in every if day is not None]
    if not dated:
        return None, ""
    # Of one day's actions the first is the last: the list begins with the newest.
    day, item = max(dated, key=lambda pair: pair[0])
    return day, _text(item, "text")


def _text(element: etree._Element, name: str) -> str:
    return text_of(element.findtext(name))
