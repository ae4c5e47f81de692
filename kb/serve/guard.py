"""Which requests may be answered: those meant for this server, and from elsewhere those with a token.

A page on the web can have a browser ask any address, also after its own name has been made to lead to 127.0.0.1 (DNS
rebinding). Such a request names the page's host in `Host` and `Origin`.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

from kb.access.tokens import Tokens
from kb.serve.problems import Refused

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OPEN = frozenset({"/healthz", "/readyz"})
"""What a balancer asks without a token; both say nothing of the lessons."""
_SCHEMES = {"WWW-Authenticate": 'Bearer realm="kb", Basic realm="kb", charset="UTF-8"'}


class Guard(NamedTuple):
    """What is checked of each request before anything else."""

    hosts: frozenset[str]
    """By which names this server is asked, besides those of this machine."""
    tokens: Tokens | None
    """None if everybody who can reach the server may read, which is right on this machine alone."""

    def check(self, scope: Scope, headers: Headers) -> None:
        """Raise `Refused` for a request that must not be answered."""
        if scope["client"] is None:
            return  # a Unix socket, which only its owner can reach
        self._refuse_foreign(scope, headers)
        if self.tokens and scope["path"] not in _OPEN:
            token = self.tokens.valid(_token_in(headers), datetime.now(UTC))
            if token is None:
                raise Refused(HTTPStatus.UNAUTHORIZED, "a valid token is needed; see docs/serve.md", _SCHEMES)
            scope["state"]["token"] = token

    def _refuse_foreign(self, scope: Scope, headers: Headers) -> None:
        own = self.hosts | _LOOPBACK | {_bracketed(scope["server"][0])}
        named = headers.getlist("host")
        if len(named) != 1 or host_of(named[0]) not in own:
            detail = "this server does not answer for that host; name it with `kb serve --allow-host`"
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, detail)
        for origin in headers.getlist("origin"):
            if host_of(origin.partition("://")[2]) not in own:
                raise Refused(HTTPStatus.FORBIDDEN, "a page of another site must not ask this server")


def is_loopback(host: str) -> bool:
    """Return whether an address is that of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(text: str) -> str:
    """Return the host of `HOST` or `HOST:PORT`, in lower case; empty if it is neither."""
    found = _HOST.fullmatch(text)
    return found[1].lower() if found else ""


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _token_in(headers: Headers) -> str:
    """Return the token of a request, sent as bearer token or as the password of a log-in; empty if there is none."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
