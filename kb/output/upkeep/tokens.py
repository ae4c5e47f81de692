"""Prints tokens, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kb.access.token import Role
from kb.output.form import JSON, Form, print_text
from kb.visible import json_text

if TYPE_CHECKING:
    from datetime import datetime

    from kb.access.token import Token, Written


def print_token(written: Written, role: Role, notify: Callable[[str], None]) -> None:
    """Print a new token, alone on its line, so that a script can take it."""
    print_text(str(written))
    notify(f"this is the only time that it is shown; who has it can {_ALLOWED[role]}")


_ALLOWED = {
    Role.READ: "read all lessons",
    Role.WRITE: "read all lessons and, at a server with --allow-write, record uses and begin drafts",
}


def print_tokens(tokens: Sequence[Token], form: Form, now: datetime, notify: Callable[[str], None]) -> None:
    """Print all tokens, a line for each."""
    if form == JSON:
        print_text(json_text({"tokens": [token.as_json() for token in tokens]}))
        return
    for token in tokens:
        print_text(f"{token.id}  {token.role:5}  {_state(token, now):22}  {token.name}")
    if not tokens:
        notify("there are no tokens; make one with `kb token new`")


def _state(token: Token, now: datetime) -> str:
    if token.revoked:
        return "revoked"
    return f"{'expired' if token.expires <= now else 'valid until'} {token.expires:%Y-%m-%d}"
