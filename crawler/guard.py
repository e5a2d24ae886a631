"""Keeps the crawl out of private networks.

Two walls, as neither is enough: a middleware checks scheme and literal address of each request and
each redirect before anything is done for it; a resolver filters every address at the moment of
connecting, so that no name, spelling or second lookup leads past the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Protocol, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

from alerts.addresses import is_allowed
from crawler.limits import CrawlLimits

Networks = Sequence[IPv4Network | IPv6Network]
Resolved = IPv4Address | IPv6Address
_FAMILIES = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}


class AddressRefusedError(IgnoreRequest):
    """A request that would leave the public web; its text says why."""


def refusal(url: str, networks: Networks) -> str | None:
    """Why ``url`` may not be fetched; None where nothing in its spelling speaks against it."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "its address cannot be read"
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}: addresses are not fetched"
    if not host:
        return "its address names no host"
    if parts.username is not None:
        return "its address holds a user name"
    literal = _literal(host)
    if literal is not None and not is_allowed(literal, networks):
        return f"{literal} is no public address"
    return None


def _literal(host: str) -> str | None:
    """The address that ``host`` spells, in any of the spellings that connecting would take."""
    bare = host.partition("%")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    # 127.1, 0x7f000001 and 2130706433 are addresses too.
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))
    except (OSError, UnicodeError):
        return None


class GuardHost(Protocol):
    """What the middleware needs of the spider it serves."""

    limits: CrawlLimits


class GuardMiddleware:
    """Refuses requests whose scheme or literal address leaves the public web."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        """The middleware of one crawl."""
        return cls(cast("GuardHost", crawler.spider).limits.allow_networks)

    def process_request(self, request: Request) -> None:
        """Lets a request pass, or raises.

        Raises:
            AddressRefusedError: The request is not to be made.
        """
        reason = refusal(request.url, self._networks)
        if reason:
            raise AddressRefusedError(reason)


class _Receiver(Protocol):
    # Twisted's own interface lacks "self", and no type checker takes it.
    def resolutionBegan(self, resolution: object) -> None: ...  # noqa: N802 - Twisted's name

    def addressResolved(self, address: object) -> None: ...  # noqa: N802 - Twisted's name

    def resolutionComplete(self) -> None: ...  # noqa: N802 - Twisted's name


class _Reactor(Protocol):
    def installNameResolver(self, resolver: object) -> object: ...  # noqa: N802 - Twisted's name


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing to do: an answer that comes late is dropped by its receiver."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names on the event loop, and lets only allowed addresses through.

    Every connection passes here, also those to literal addresses, whatever their spelling.
    """

    def __init__(self) -> None:
        self.networks: Networks = ()
        self._lookups: set[asyncio.Task[None]] = set()

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: _Receiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Resolved]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Resolution:
        """See :class:`twisted.internet.interfaces.IHostnameResolver`."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        lookup = asyncio.ensure_future(
            self._resolve(resolutionReceiver, hostName, portNumber, addressTypes)
        )
        self._lookups.add(lookup)
        lookup.add_done_callback(self._lookups.discard)
        return resolution

    async def _resolve(
        self,
        receiver: _Receiver,
        host: str,
        port: int,
        kinds: Sequence[type[Resolved]] | None,
    ) -> None:
        for address in await self._allowed(host, port):
            if kinds is None or isinstance(address, tuple(kinds)):
                receiver.addressResolved(address)
        receiver.resolutionComplete()

    async def _allowed(self, host: str, port: int) -> list[Resolved]:
        found = []
        # A name that cannot be encoded, or is unknown, has no addresses; the endpoint says so.
        with contextlib.suppress(OSError, UnicodeError):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        return [
            _FAMILIES[family]("TCP", *where)
            for family, _, _, _, where in found
            if family in _FAMILIES and is_allowed(str(where[0]).partition("%")[0], self.networks)
        ]


_resolver = GuardedResolver()


def install_resolver(reactor: object, networks: Networks) -> None:
    """Makes every connection of ``reactor`` pass the guard, which allows ``networks`` from now."""
    _resolver.networks = tuple(networks)
    cast("_Reactor", reactor).installNameResolver(_resolver)
