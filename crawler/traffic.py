"""What the passes of one process know of each other, so that a slow server holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.outlets import site_of
from crawler.revisits import HostVisit
from crawler.sources import SourceConfig

_Asked = TypeVar("_Asked", SourceConfig, HostVisit)


@dataclass(slots=True)
class Traffic:
    """Which hosts are being asked just now, and who may write.

    A host is asked by one pass at a time, so that the pace that is kept towards it holds.

    Attributes:
        writing: Held by whoever writes to the database or the archive.
    """

    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _asked: dict[str | HostVisit, frozenset[str]] = field(default_factory=dict)

    def free(self, asked: Iterable[_Asked]) -> list[_Asked]:
        """The sources, or visits of hosts, of which no other pass is asking a host."""
        busy = {host for hosts in self._asked.values() for host in hosts}
        return [one for one in asked if not busy & _hosts(one)]

    @contextmanager
    def asking(self, asked: Sequence[SourceConfig | HostVisit]) -> Iterator[None]:
        """Keeps other passes from the hosts of these until each is done, or the block ends."""
        self._asked |= {_key(one): _hosts(one) for one in asked}
        try:
            yield
        finally:
            for one in asked:
                self.done(one)

    def done(self, asked: SourceConfig | HostVisit) -> None:
        """Lets other passes ask the hosts again. May be called again."""
        self._asked.pop(_key(asked), None)


def _key(asked: SourceConfig | HostVisit) -> str | HostVisit:
    return asked.name if isinstance(asked, SourceConfig) else asked


def _hosts(asked: SourceConfig | HostVisit) -> frozenset[str]:
    if isinstance(asked, SourceConfig):
        return frozenset((urlsplit(asked.address).hostname or "", site_of(asked)))
    return asked.hosts
