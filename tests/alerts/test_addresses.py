"""Which addresses may be connected to."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from alerts.addresses import is_allowed


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"],
)
def test_public_addresses_are_allowed(address: str):
    """Public unicast addresses may be connected to, also where they are wrapped."""
    assert is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "100.64.0.1", "169.254.169.254", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1",
        "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "192.0.0.192", "168.63.129.16", "::ffff:168.63.129.16", "192.88.99.1", "3fff::1",
        "2606:4700::5efe:127.0.0.1", "2606:4700:0:0:200:5efe:10.0.0.1", "::ffff:0:127.0.0.1",
        "localhost", "", "1.2.3", "0x7f000001",
    ],
)  # fmt: skip
def test_all_others_are_refused(address: str):
    """Private, local, reserved and multicast addresses are refused, also inside of others."""
    assert not is_allowed(address)


def test_a_named_network_is_allowed():
    """What the settings name may be connected to, also where it is wrapped; nothing beside it."""
    networks = [ip_network("127.0.0.0/8"), ip_network("fd00::/8")]

    assert is_allowed("127.0.0.1", networks)
    assert is_allowed("::ffff:127.0.0.1", networks)
    assert is_allowed("fd00::1", networks)
    assert not is_allowed("10.0.0.1", networks)
    assert not is_allowed("::1", networks)
