"""An address on the web, taken apart; what could be read in two ways is none."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, urlsplit

_LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}
_NOT_IN_ADDRESSES = re.compile(r"[\s\\<>\"`{}|^\u2026]")
"""What browsers read in different ways or repair, and the signs of a template or of an address that was cut off."""
_PLACE = re.compile(r"(?:\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]|[^\[\]:]*)(?::[0-9]*)?")
"""A host, with brackets if and only if it is an IPv6 address, and a port."""
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NO_PUBLIC_NAMES = re.compile(
    r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|corp|home|lan|home\.arpa|private|test|example|invalid"
    r"|onion|alt|example\.(?:com|net|org))"
)
"""Names of an inner network, and names for examples: RFC 2606, 6761, 6762, 7686, 8375, 9476; the rest by custom."""
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"
_SAFE_IN_QUERY = f"{_SAFE_IN_PATH}?[]"


class NotAsked(Exception):
    """An address is not asked; the text says why: `not public`. It never has the address."""


class Address(NamedTuple):
    """An address that may be written into a request as it is: every field is printable ASCII without blanks."""

    scheme: str
    host: str
    """A name in lower case (IDNA), or the usual form of an IP address, without brackets."""
    port: int
    target: str
    """Path and query, percent-encoded."""

    @property
    def place(self) -> str:
        """Host and port as the header `Host` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def ip(self) -> IPv4Address | IPv6Address | None:
        """The IP address if the host is one, not a name."""
        return _ip_of(self.host)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{self.target}"


def address_of(text: str) -> Address:
    """Return the address that a text is, without its fragment; raises `NotAsked`."""
    if len(text) > _LONGEST or _NOT_IN_ADDRESSES.search(text) or any(map(_is_hidden, text)):
        raise NotAsked("not valid")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAsked("not valid") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise NotAsked("neither http nor https")
    if "@" in parts.netloc:
        raise NotAsked("with a user name or password")
    if not _PLACE.fullmatch(parts.netloc):
        raise NotAsked("not valid")
    query = f"?{quote(parts.query, _SAFE_IN_QUERY)}" if parts.query else ""
    target = quote(parts.path or "/", _SAFE_IN_PATH) + query
    return Address(scheme, _host_of(host), _PORTS[scheme] if port is None else port, target)


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C")


def _host_of(host: str) -> str:
    if ip := _ip_of(host):
        return str(ip)
    host = host.removesuffix(".")
    try:
        name = host.encode("idna").decode("ascii").lower()
        # Signs that IDNA replaces by others, such as wide digits, are read differently by other programs.
        is_as_written = host in (name, name.encode("ascii").decode("idna"))
    except UnicodeError:
        is_as_written = False
    if not is_as_written or not _is_name(name):
        raise NotAsked("not valid")
    if "." not in name or _NO_PUBLIC_NAMES.fullmatch(name):
        raise NotAsked("not public")
    return name


def _is_name(name: str) -> bool:
    """Return whether a host is a name; `127.1`, `2130706433` and `0x7f.0.0.1` are ways to write an IP address."""
    labels = name.split(".")
    return len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) and not _NUMBER.fullmatch(labels[-1])


def _ip_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv6Address(host) if ":" in host and "%" not in host else IPv4Address(host)
    except ValueError:
        return None
