"""Follows leads: asks the outlets' own ways in, and knows an article again by its title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from crawler.outlets import Outlets, is_below
from crawler.report import LeadCounts, LeadOutlet
from crawler.sources import Listed, SourceConfig
from state.lead import Lead, fold_title
from state.leads import StoredLead
from state.store import Store


class LeadFollower:
    """The leads of one pass. Its methods block; call them in a thread, one at a time."""

    def __init__(self, store: Store, outlets: Outlets, counts: LeadCounts) -> None:
        self._store = store
        self._outlets = outlets
        self._counts = counts
        self._open: dict[str, StoredLead] = {}

    def prepare(self, now: datetime) -> None:
        """Looks up which leads are open.

        Raises:
            StateError: The database could not be used.
        """
        self._take_open(now)

    def note(self, source: SourceConfig, leads: Sequence[Lead], now: datetime) -> None:
        """Keeps what a search names, and has the outlets that are new in it polled soon."""
        with self._store.unit() as unit:
            new = unit.add_leads(source.name, leads, now)
            ways = [way.name for lead in new for way in self._outlets.ways_into(lead)]
            # In one order for all: two processes must not wait crosswise.
            for name in sorted(set(ways)):
                unit.hasten_source(name, now)
        self._counts.noted += len(new)
        self._take_open(now)

    def settle(self, source: SourceConfig, links: Iterable[Listed], now: datetime) -> set[str]:
        """The addresses among these links that are articles of leads, which are found now."""
        if not self._open:
            return set()
        listed = {fold_title(one.title): one.url for one in links if one.title}
        wanted = {
            one.key
            for one in self._open.values()
            if self._may_list(source, one, listed.get(fold_title(one.title)))
        }
        if not wanted:
            return set()
        with self._store.unit() as unit:
            found = unit.settle_leads(wanted, listed, now)
        self._counts.found += len(found)
        self._take_open(now)
        return {one.url for one in found if one.url}

    def _may_list(self, source: SourceConfig, lead: StoredLead, url: str | None) -> bool:
        """Whether an address with the lead's title is of the lead's outlet."""
        if url is None:
            return False
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return is_below(host, lead.site) or source in self._outlets.ways_into(lead)

    def _take_open(self, now: datetime) -> None:
        found = self._store.open_leads(now)
        self._open = {one.key: one for one in found}
        self._counts.no_way_in = without_way_in(found, self._outlets)


def without_way_in(leads: Iterable[StoredLead], outlets: Outlets) -> list[LeadOutlet]:
    """The outlets of open leads that no source leads into, the most named first."""
    lost = [lead for lead in leads if not outlets.ways_into(lead)]
    counts = Counter((lead.site, lead.outlet) for lead in lost)
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [LeadOutlet(outlet, site, number) for (site, outlet), number in ranked]
