"""An HTTP session that connects only to addresses that the policy allows."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from alerts.addresses import Network, is_allowed
from alerts.channels.deadline import Deadline
from alerts.errors import AddressRefusedError


def guarded_session(
    allow_networks: tuple[Network, ...] = (), deadline: Deadline | None = None
) -> requests.Session:
    """A session whose every connection goes to an address that was checked.

    The name is resolved once, every address it resolves to must be allowed, and the connection is
    made to one of those very addresses, so that no second answer of the name server can slip in.
    Proxies and credentials of the environment are not used.

    Args:
        allow_networks: Networks that may be connected to though they are not public.
        deadline: Ends the session's connections when it is over.
    """
    session = requests.Session()
    session.trust_env = False
    adapter = _GuardedAdapter(allow_networks, deadline)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, allow_networks: tuple[Network, ...], deadline: Deadline | None) -> None:
        self._allow_networks = allow_networks
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )
        self.poolmanager.pool_classes_by_scheme = _pools(self._allow_networks, self._deadline)


def _pools(allow_networks: tuple[Network, ...], deadline: Deadline | None) -> dict[str, Any]:
    """Pools whose connections know the networks; urllib3 makes them from classes alone."""

    def connect(connection: HTTPConnection) -> socket.socket:
        made = _connect(connection, allow_networks)
        return deadline.watch(made) if deadline else made

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, allow_networks: tuple[Network, ...]) -> socket.socket:
    host = connection.host.strip("[]")
    addresses = _resolve(connection, host)
    for address in addresses:
        if not is_allowed(address, allow_networks):
            raise AddressRefusedError(f"{host} leads to {address}, which is not public")
    return _first_that_answers(connection, addresses)


def _resolve(connection: HTTPConnection, host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(host, connection, reason) from error
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _first_that_answers(connection: HTTPConnection, addresses: Iterable[str]) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, connection.port), _seconds(connection))
        except OSError as error:
            failure = error
    raise NewConnectionError(connection, str(failure or "the name has no address"))


def _seconds(connection: HTTPConnection) -> float | None:
    timeout = connection.timeout
    return float(timeout) if isinstance(timeout, (int, float)) else None
