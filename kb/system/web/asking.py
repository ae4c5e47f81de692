"""Asks one address whether something is there."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from functools import cache
from typing import NamedTuple
from urllib.parse import urljoin

from kb import __version__
from kb.system.web.address import Address, NotAsked, address_of
from kb.system.web.answer import NO_ANSWER, NO_SUCH_NAME, Answer, answer_of, failed, not_asked
from kb.system.web.head import BadAnswer, Head, read_head
from kb.system.web.names import NoSuchName, Resolve, resolve
from kb.system.web.reach import IP, PUBLIC, Reach

_MOST_REDIRECTS = 5
_BUSY = (429, 503)
"""A server that says this is not asked a second time."""
_MOST_TRIED = 2
"""IP addresses of one name: one of each kind, if it has both."""


class Manner(NamedTuple):
    """How addresses are asked. Times are in seconds."""

    reach: Reach = PUBLIC
    resolve: Resolve = resolve
    trusted: str = ""
    """A file with certificates that are trusted besides the system's."""
    seconds_each: float = 15
    seconds: float = 120
    """For all together; what is left then is asked the next time."""
    most: int = 5_000
    """Of all together; the others are asked the next time."""
    at_once: int = 16
    at_once_of_a_host: int = 2
    most_of_a_host: int = 500
    failures_of_a_host: int = 3
    """After so many in a row without any answer, the others of a host are not tried."""


async def ask(address: Address, manner: Manner) -> Answer:
    """Return whether something is there. Only the heads of answers are read; redirects are followed."""
    try:
        async with asyncio.timeout(manner.seconds_each):
            return await _followed(address, manner)
    except NotAsked as error:
        return not_asked(str(error))
    except NoSuchName:
        return NO_SUCH_NAME
    except BadAnswer:
        return failed("no HTTP")
    except TimeoutError:
        return NO_ANSWER
    except ssl.SSLError:
        return failed("no valid certificate or encryption")
    except OSError:
        return failed("no connection")


async def _followed(address: Address, manner: Manner) -> Answer:
    for _ in range(_MOST_REDIRECTS + 1):
        head = await _asked(address, manner)
        if not head.is_redirect:
            return answer_of(head.status)
        address = _next(address, head.location)
    return failed("too many redirects")


def _next(address: Address, location: str) -> Address:
    try:
        return address_of(urljoin(str(address), location))
    except ValueError as error:
        raise NotAsked("leads to an address that is not valid") from error
    except NotAsked as error:
        raise NotAsked(f"leads to an address that is {error}") from error


async def _asked(address: Address, manner: Manner) -> Head:
    """Ask with HEAD; many servers do not know it, or answer it wrongly, so an error is asked for again with GET."""
    manner.reach.check(address)
    ips = await _ips_of(address, manner)
    with suppress(BadAnswer, ConnectionResetError):
        head = await _head("HEAD", address, ips, manner.trusted)
        if head.status < 400 or head.status in _BUSY:
            return head
    return await _head("GET", address, ips, manner.trusted)


async def _ips_of(address: Address, manner: Manner) -> list[IP]:
    """Return the IP addresses to connect to, each of which has been checked."""
    found = (address.ip,) if address.ip else await manner.resolve(address.host)
    allowed = [ip for ip in found if manner.reach.allows(ip)]
    if not allowed:
        raise NotAsked("not public")
    return list({ip.version: ip for ip in reversed(allowed)}.values())[:_MOST_TRIED]


async def _head(method: str, address: Address, ips: list[IP], trusted: str) -> Head:
    reader, writer = await _connected(address, ips, trusted)
    try:
        writer.write(_request(method, address))
        return await read_head(reader)
    finally:
        writer.transport.abort()  # without waiting for whatever else the server sends


async def _connected(
    address: Address, ips: list[IP], trusted: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first IP address that accepts it: exactly to one that was checked, no name is resolved again."""
    for number, ip in enumerate(ips, 1):
        try:
            return await _connection(address, ip, trusted)
        except ssl.SSLError:
            raise
        except OSError:
            if number == len(ips):
                raise
    raise AssertionError("no IP address")


async def _connection(address: Address, ip: IP, trusted: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.scheme == "http":
        return await asyncio.open_connection(str(ip), address.port)
    encryption = _encryption(trusted)
    return await asyncio.open_connection(str(ip), address.port, ssl=encryption, server_hostname=address.host)


@cache
def _encryption(trusted: str) -> ssl.SSLContext:
    encryption = ssl.create_default_context()  # certificates and names are checked
    if trusted:
        encryption.load_verify_locations(trusted)
    return encryption


def _request(method: str, address: Address) -> bytes:
    rows = (
        f"{method} {address.target} HTTP/1.1",
        f"Host: {address.place}",
        f"User-Agent: kb-lessons/{__version__} (looks for dead links)",
        "Accept: */*",
        "Connection: close",
    )
    return "".join(f"{row}\r\n" for row in (*rows, "")).encode("ascii")
