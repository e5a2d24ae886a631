"""Which network addresses may be connected to. Pure; webhooks and the crawler share it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_NAT64 = IPv6Network("64:ff9b::/96")
# Public by the registry, and yet no news outlet's: metadata of clouds (Oracle's and Azure's), the
# old relay of 6to4, documentation. Python counts them in some versions only, or never.
_NEVER = tuple(
    map(
        ip_network,
        ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "3fff::/20", "64:ff9b:1::/48"),
    )
)
# Of an address made by ISATAP the last half begins so, and ends with an IPv4 address.
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_allowed(address: str | Address, allow_networks: Iterable[Network] = ()) -> bool:
    """Whether an address may be connected to.

    Public unicast addresses may; all others (private, loopback, link-local, carrier NAT, metadata
    services, multicast, reserved) only where a network of ``allow_networks`` holds them. An IPv6
    address that carries an IPv4 address is judged by that as well.

    Args:
        address: The address, without port; anything that is no address is refused.
        allow_networks: Networks that may be connected to though they are not public.
    """
    try:
        # A zone ("fe80::1%eth0") says nothing of where the address leads.
        parsed = ip_address(str(address).partition("%")[0])
    except ValueError:
        return False
    networks = tuple(allow_networks)
    return all(_is_fine(one, networks) for one in _carried(parsed))


def _is_fine(address: Address, networks: tuple[Network, ...]) -> bool:
    return _is_public(address) or any(
        address.version == network.version and address in network for network in networks
    )


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or (isinstance(address, IPv6Address) and address.is_site_local)
        or any(address.version == one.version and address in one for one in _NEVER)
    )


def _carried(address: Address) -> tuple[Address, ...]:
    """The addresses that a connection would really reach: those inside, or the address itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address,)
