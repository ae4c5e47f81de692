"""Which requests a server on the loopback address may be sent: those whose `Host` and `Origin` are this machine's.

A page on the web can have a browser ask any address, also after its own name has been made to lead to 127.0.0.1 (DNS
rebinding). Such a request names the page's host.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from starlette.datastructures import Headers

from kb.serve.problems import Refused

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def refuse_foreign(headers: Headers, hosts: frozenset[str]) -> None:
    """Raise `Refused` unless a request was meant for one of the hosts, and is not sent by a page of another."""
    named = headers.getlist("host")
    if len(named) != 1 or _host_of(named[0]) not in hosts | _LOOPBACK:
        raise Refused(
            HTTPStatus.MISDIRECTED_REQUEST, "this server does not answer for that host; see `kb serve --help`"
        )
    for origin in headers.getlist("origin"):
        if _host_of(origin.partition("://")[2]) not in hosts | _LOOPBACK:
            raise Refused(HTTPStatus.FORBIDDEN, "a page of another site must not ask this server")


def _host_of(text: str) -> str:
    found = _HOST.fullmatch(text)
    return found[1].lower() if found else ""
