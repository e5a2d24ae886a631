"""Which outlet an address belongs to, and which sources are ways into an outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.searches import SEARCH_KINDS
from crawler.sources import OFFICIAL_KINDS, SourceConfig
from state.lead import Lead
from state.leads import StoredLead


@dataclass(frozen=True)
class Outlets:
    """The outlets that the sources lead into.

    Attributes:
        sources: All that are enabled.
    """

    sources: tuple[SourceConfig, ...] = ()
    _names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names = {site_of(one): one.outlet_name for one in reversed(self._ways())}
        object.__setattr__(self, "_names", names)

    def name_for(self, source: SourceConfig, url: str) -> str:
        """The outlet of an article that a source led to; a search leads to outlets of all kinds."""
        if source.kind not in SEARCH_KINDS:
            return source.outlet_name
        host = bare_host(urlsplit(url).hostname)
        above = [host.split(".", steps)[-1] for steps in range(max(host.count("."), 1))]
        return next((self._names[site] for site in above if site in self._names), host)

    def source(self, name: str) -> SourceConfig | None:
        """The source of this name."""
        return next((one for one in self.sources if one.name == name), None)

    def ways_into(self, lead: Lead | StoredLead) -> list[SourceConfig]:
        """The sources that may list the article of a lead."""
        return [one for one in self._ways() if _leads_to(one, lead)]

    def _ways(self) -> list[SourceConfig]:
        passed_over = SEARCH_KINDS | OFFICIAL_KINDS
        return [one for one in self.sources if one.kind not in passed_over]


def site_of(source: SourceConfig) -> str:
    """The host of the outlet that a source leads into."""
    return bare_host(source.site or urlsplit(source.url).hostname)


def is_below(host: str, other: str) -> bool:
    """Whether two hosts are one, or one lies below the other."""
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")


def _leads_to(source: SourceConfig, lead: Lead | StoredLead) -> bool:
    if is_below(site_of(source), lead.site):
        return True
    return source.outlet is not None and source.outlet.casefold() == lead.outlet.casefold()


def bare_host(host: str | None) -> str:
    """A host as outlets are known by it."""
    return (host or "").lower().removeprefix("www.")
