"""What the passes of one process know of each other, so that a slow server holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.outlets import site_of
from crawler.sources import SourceConfig


@dataclass(slots=True)
class Traffic:
    """Which sources and hosts are being asked just now, and who may write.

    A host is asked by one pass at a time, so that the pace that is kept towards it holds.

    Attributes:
        writing: Held by whoever writes to the database or the archive.
    """

    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _asked: dict[str, frozenset[str]] = field(default_factory=dict)

    def free(self, sources: Iterable[SourceConfig]) -> list[SourceConfig]:
        """The sources that no other pass is asking, nor any of their hosts."""
        busy = {host for hosts in self._asked.values() for host in hosts}
        return [one for one in sources if one.name not in self._asked and not busy & _hosts(one)]

    @contextmanager
    def asking(self, sources: Sequence[SourceConfig]) -> Iterator[None]:
        """Keeps other passes from these sources until each is done, or the block ends."""
        self._asked |= {one.name: _hosts(one) for one in sources}
        try:
            yield
        finally:
            for one in sources:
                self.done(one)

    def done(self, source: SourceConfig) -> None:
        """Lets other passes ask a source again. May be called again."""
        self._asked.pop(source.name, None)


def _hosts(source: SourceConfig) -> frozenset[str]:
    return frozenset((urlsplit(source.address).hostname or "", site_of(source)))
