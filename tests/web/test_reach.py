"""Which addresses may be asked: whatever is not one computer's on the internet may not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.system.web.address import NotAsked, address_of
from kb.system.web.reach import PUBLIC, Reach, is_public

INNER = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8")
INNER_OF_6 = ("::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "::/96", "::ffff:0:0/96", "2002::/16")


@pytest.mark.parametrize(
    "ip",
    [
        *("0.0.0.0", "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
        *("169.254.169.254", "169.254.170.2", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.80"),
        *("192.88.99.1", "224.0.0.1", "224.0.1.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "ff0e::1", "100::1", "2001:db8::1"),
        *("3fff::1", "4000::1", "5f00::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8"),
        *("2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::", "2001:2::1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "64:ff9b:1::1"),
    ],
)
def test_not_public(ip: str) -> None:
    assert not is_public(ip_address(ip))


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "1.1.1.1", "151.101.0.223", "2606:4700::1111", "2a00:1450:4001:80b::200e", "64:ff9b::808:808"]
)
def test_public(ip: str) -> None:
    assert is_public(ip_address(ip))


@given(st.integers(0, 2**32 - 1))
def test_no_inner_address_is_public_however_it_is_wrapped(number: int) -> None:
    ip = IPv4Address(number)
    if any(ip in ip_network(network) for network in INNER):
        assert not is_public(ip)
    if not is_public(ip):
        for prefix in ("64:ff9b::", "::ffff:0:0", "::"):
            assert not is_public(IPv6Address(int(IPv6Address(prefix)) + number))
        assert not is_public(IPv6Address((0x2002 << 112) + (number << 80)))


@given(st.sampled_from(INNER), st.data())
def test_inner_networks_as_a_whole(network: str, data: st.DataObject) -> None:
    first, last = int(ip_network(network)[0]), int(ip_network(network)[-1])
    assert not is_public(IPv4Address(data.draw(st.integers(first, last))))


@given(st.sampled_from(INNER_OF_6), st.data())
def test_inner_networks_of_ipv6_as_a_whole(network: str, data: st.DataObject) -> None:
    first, last = int(ip_network(network)[0]), int(ip_network(network)[-1])
    assert not is_public(IPv6Address(data.draw(st.integers(first, last))))


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 0])
def test_other_ports_are_not_asked(port: int) -> None:
    with pytest.raises(NotAsked, match="port"):
        PUBLIC.check(address_of(f"http://8.8.8.8:{port}/"))


@pytest.mark.parametrize("url", ["http://8.8.8.8/", "https://8.8.8.8:80/", "http://kb-one.org:443/"])
def test_the_ports_of_the_web_are(url: str) -> None:
    PUBLIC.check(address_of(url))


def test_a_network_can_be_named_in_addition() -> None:
    reach = Reach((ip_network("10.0.0.0/8"),))
    assert reach.allows(ip_address("10.0.0.1"))
    assert not reach.allows(ip_address("192.168.0.1"))
    assert not reach.allows(ip_address("::1"))
