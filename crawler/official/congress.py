"""Congress.gov, API version 3: the bills that the watch names, and new ones whose titles fit.

JSON has to be asked for each time, as the default is XML. A key is needed. Its search knows no
texts, so that new bills are listed by the day of their update and held against patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from crawler.links import canonical_url
from crawler.official.bills import (
    BillState,
    bill_changes,
    bill_name,
    bill_page,
    bill_subject,
    congress_on,
)
from crawler.official.data import BillData, CongressData
from crawler.official.shapes import day_of, read_json, text_of
from crawler.official.values import Ask, Change, Document, Found, Problem
from crawler.sources import Answer

KIND = "congress"
_PER_PAGE = 250
_PAGES = 40


@dataclass(frozen=True, slots=True)
class CongressWatcher:
    """Asks for each bill that the watch names, and lists the bills that were updated.

    Attributes:
        url: Of the API, with its version.
        since: Bills updated before are not listed.
    """

    url: str
    data: CongressData
    bills: tuple[BillData, ...]
    key: str = field(repr=False)
    since: datetime
    now: datetime

    def begin(self) -> Sequence[Ask]:
        """The bills that sit, and the list of those updated since."""
        asks = [
            Ask(f"{self._api}/{one.path}?format=json", f"bill:{index}", self.key)
            for index, one in enumerate(self.bills)
            if one.congress >= self._congress
        ]
        return [*asks, self._list(0)] if self.data.title_patterns else asks

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """How a bill stands, or which bills of a list fit."""
        data = read_json(answer.body)
        if isinstance(data, Problem):
            return data
        what, _, number = ask.what.partition(":")
        if what == "bill":
            return self._bill(self.bills[int(number)], data)
        return self._listed(int(number), data)

    @property
    def _api(self) -> str:
        return f"{self.url.rstrip('/')}/bill"

    @property
    def _congress(self) -> int:
        return congress_on(self.now.date())

    def _list(self, offset: int) -> Ask:
        query = {
            "format": "json",
            "limit": _PER_PAGE,
            "offset": offset,
            "fromDateTime": f"{self.since:%Y-%m-%dT%H:%M:%SZ}",
            "toDateTime": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "sort": "updateDate+desc",
        }
        words = urlencode(query, safe="+")
        return Ask(f"{self._api}/{self._congress}?{words}", f"list:{offset}", self.key)

    def _bill(self, bill: BillData, data: Mapping[str, Any]) -> Found | Problem:
        item = data.get("bill")
        if not isinstance(item, dict) or text_of(item.get("number")) != str(bill.number):
            return Problem(f"the answer holds no bill {bill.path}")
        page = canonical_url(text_of(item.get("legislationUrl"))) or bill_page(
            self.data.pages, bill.congress, bill.type, bill.number
        )
        return Found(changes=tuple(bill_changes(KIND, bill, read_state(item), page)))

    def _listed(self, offset: int, data: Mapping[str, Any]) -> Found | Problem:
        listed = data.get("bills")
        if not isinstance(listed, list):
            return Problem("the answer holds no list of bills")
        changes = [self._new_bill(one) for one in listed if isinstance(one, dict)]
        is_full = len(listed) >= _PER_PAGE and offset < _PER_PAGE * (_PAGES - 1)
        return Found(
            changes=tuple(one for one in changes if one is not None),
            asks=(self._list(offset + _PER_PAGE),) if is_full else (),
        )

    def _new_bill(self, item: Mapping[str, Any]) -> Change | None:
        title, kind = text_of(item.get("title")), text_of(item.get("type")).lower()
        number, congress = text_of(str(item.get("number", ""))), item.get("congress")
        if not number.isdecimal() or not isinstance(congress, int):
            return None
        if kind not in self.data.types or not self._fits(title):
            return None
        named = {(one.congress, one.type, one.number) for one in self.bills}
        key = (congress, kind, int(number))
        if key in named:
            return None
        subject, action = bill_subject(*key), item.get("latestAction")
        acted = day_of(action.get("actionDate")) if isinstance(action, dict) else None
        cited = bill_name(*key)
        page = bill_page(self.data.pages, *key)
        told = Document(KIND, subject, f"{cited} ({title})", page, acted, cited, "bill")
        return Change(subject, "listed", told, is_telling=True, is_entry=True)

    def _fits(self, title: str) -> bool:
        return any(re.search(one, title) for one in self.data.title_patterns)


def read_state(item: Mapping[str, Any]) -> BillState:
    """How a bill stands, of the answer's ``bill``."""
    action, laws = item.get("latestAction"), item.get("laws")
    action = action if isinstance(action, dict) else {}
    numbers = [
        " ".join(filter(None, (text_of(one.get("type")), text_of(one.get("number")))))
        for one in (laws if isinstance(laws, list) else [])
        if isinstance(one, dict)
    ]
    return BillState(
        title=text_of(item.get("title")),
        acted=day_of(action.get("actionDate")),
        action=text_of(action.get("text")),
        laws=tuple(filter(None, numbers)),
    )
