"""Known articles that are due to be looked at again, whatever became of their source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.outlets import bare_host
from state.store import Revisit

# A pass takes so many, and so many of one host; the others are due in the next.
MOST_REVISITS = 2000
_MOST_OF_A_HOST = 200


@dataclass(slots=True, eq=False)
class HostVisit:
    """What one pass looks at again on one host.

    Attributes:
        hosts: The host, as sources may name it.
        errands: How many of its articles are still to be fetched.
    """

    hosts: frozenset[str]
    due: list[Revisit] = field(default_factory=list)
    errands: int = 0


def host_visits(due: Iterable[Revisit]) -> list[HostVisit]:
    """The articles by host, in their order, and no more of one host than a pass may ask for."""
    by_host: defaultdict[str, list[Revisit]] = defaultdict(list)
    for one in due:
        by_host[bare_host(urlsplit(one.url).hostname)].append(one)
    return [_visit(articles[:_MOST_OF_A_HOST]) for articles in by_host.values()]


def _visit(due: list[Revisit]) -> HostVisit:
    hosts = {urlsplit(one.url).hostname or "" for one in due}
    return HostVisit(frozenset(hosts | {bare_host(host) for host in hosts}), due, len(due))
