"""Who may write, and the tokens by which a form proves that this server made it.

A page of another site can have a browser send a form here, even with the log-in that the browser remembers. It cannot
read our pages, so it does not know what is in their forms.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from http import HTTPStatus
from typing import NamedTuple

from starlette.types import Scope

from kb.access.token import Role, Token
from kb.serve.problems import Refused

_BYTES = 18
_ONLY_READS = "this server only reads; `kb serve --allow-write` starts one that records uses"
_READER = "this token only reads; ask who runs the server for one that writes (`kb token new --role write`)"


class Permission(NamedTuple):
    """Whether a request may write, and what a form on its page needs."""

    refusal: str
    """Why not; empty if it may."""
    form_token: str
    """For the hidden field `token` of a form, which can be sent once; empty if the request may not write."""

    @property
    def is_given(self) -> bool:
        return not self.refusal


class Permissions:
    """Decides which requests may write to the library that one server process serves."""

    def __init__(self, *, writes: bool) -> None:
        """`writes`: whether the server writes at all."""
        self.writes = writes
        self._secret = secrets.token_bytes(32)
        """Of this process alone."""

    def of(self, scope: Scope) -> Permission:
        """Return what a request may do that the guard has let in."""
        token = token_of(scope)
        if not self.writes:
            return Permission(_ONLY_READS, "")
        if token and token.role is not Role.WRITE:
            return Permission(_READER, "")
        made = secrets.token_urlsafe(_BYTES)
        return Permission("", f"{made}.{self._signed(made, token)}")

    def require(self, scope: Scope) -> None:
        """Raise `Refused` for a request that may not write."""
        if refusal := self.of(scope).refusal:
            raise Refused(HTTPStatus.FORBIDDEN, refusal)

    def has_made(self, form_token: str, scope: Scope) -> bool:
        """Return whether a form's token is of this process, made for who sends it; in constant time."""
        made, _, signature = form_token.partition(".")
        expected = self._signed(made, token_of(scope))
        return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))

    def _signed(self, made: str, token: Token | None) -> str:
        text = f"{made}\0{token.id if token else ''}"
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def token_of(scope: Scope) -> Token | None:
    """Return the token with which a request came in; None if the server needs none."""
    found: Token | None = scope.get("state", {}).get("token")
    return found


def name_of(scope: Scope) -> str:
    """Return the name of the token of a request; empty if the server needs none."""
    token = token_of(scope)
    return (token.name or f"token {token.id}") if token else ""


def key_of(scope: Scope, given: str) -> str:
    """Return the key of what is written from what a client calls its request: of each token its own."""
    token = token_of(scope)
    return hashlib.sha256(f"{token.id if token else ''}\0{given}".encode("utf-8", "replace")).hexdigest()[:32]
