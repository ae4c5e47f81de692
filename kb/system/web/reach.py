"""Which computers may be asked: by default only those that everybody on the internet can reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

from kb.system.web.address import Address, NotAsked

IP = IPv4Address | IPv6Address

_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that was ever given out to reach a single computer on the internet (RFC 4291, 2.4)."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""An IPv4 address, as networks without IPv4 write it (RFC 6052)."""
_NOT_PUBLIC = (
    IPv4Network("192.88.99.0/24"),  # relays to 6to4 (RFC 7526)
    IPv6Network("2001::/23"),  # for protocols, such as Teredo (RFC 2928)
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address, whichever (RFC 3056)
    IPv6Network("3fff::/20"),  # for documentation (RFC 9637)
)
"""What `is_global` does not exclude in every version of Python."""


class Reach(NamedTuple):
    """What may be asked: public addresses and, if they are named, others."""

    also: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})

    def allows(self, ip: IP) -> bool:
        """Return whether a connection to this IP address may be made."""
        return is_public(ip) or any(ip in network for network in self.also)

    def check(self, address: Address) -> None:
        """Raise `NotAsked` if an address must not be asked, whatever its name resolves to."""
        if address.port not in self.ports:
            raise NotAsked("on another port than 80 or 443")
        if address.ip and not self.allows(address.ip):
            raise NotAsked("not public")


PUBLIC = Reach()


def is_public(ip: IP) -> bool:
    """Return whether an IP address is one computer's on the internet, not of this machine or an inner network."""
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:
            return is_public(IPv4Address(int(ip) & 0xFFFF_FFFF))
        if ip not in _UNICAST:
            return False
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified
    return ip.is_global and not special and not any(ip in network for network in _NOT_PUBLIC)
