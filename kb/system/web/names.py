"""Resolves names to IP addresses."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address

from kb.system.web.reach import IP

MOST_IPS = 16
"""Of one name; who controls a name may give it thousands."""


class NoSuchName(Exception):
    """The name does not exist, as far as this machine can see; without a network, some systems say that of all."""


Resolve = Callable[[str], Awaitable[tuple[IP, ...]]]
"""Returns the IP addresses of a name; raises `NoSuchName`, and `OSError` if that cannot be found out."""


async def resolve(name: str) -> tuple[IP, ...]:
    """Return the IP addresses of a name, as the system knows them."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[IP, ...]] = loop.create_future()

    def settle(ips: tuple[IP, ...], error: Exception | None) -> None:
        if not found.done():  # else nobody waits any more
            found.set_exception(error) if error else found.set_result(ips)

    def work() -> None:
        ips, error = _looked_up(name)
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, ips, error)

    # The system's resolver cannot be stopped. The program must not wait for it at its end, as it would for a pool.
    threading.Thread(target=work, daemon=True).start()
    return await found


def _looked_up(name: str) -> tuple[tuple[IP, ...], Exception | None]:
    try:
        rows = socket.getaddrinfo(f"{name}.", None, type=socket.SOCK_STREAM)  # the dot: no domain is added to it
        texts = dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows)
        return tuple(map(ip_address, texts))[:MOST_IPS], None
    except socket.gaierror as error:
        is_missing = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return (), NoSuchName() if is_missing else error
    except (OSError, ValueError) as error:
        return (), OSError(str(error))
