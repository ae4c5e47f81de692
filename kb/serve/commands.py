"""Runs a command line for another process of the same user: the same code, with index and model ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec

from kb.knowledge_base import KnowledgeBase
from kb.serve.printed import Pieces, kept_pieces
from kb.serve.problems import Refused
from kb.served.caller import Caller, on_behalf_of
from kb.served.client import COMMANDS, command_at
from kb.session import lending
from search.indexing import encoded_alone

Run = Callable[[Sequence[str]], int]
"""Runs a command line and returns its exit code."""


class CommandLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command line, and what is known of the process that was given it."""

    root: str
    """The real path of its knowledge base."""
    arguments: tuple[str, ...]
    environment: dict[str, str]
    session: str
    terminals: tuple[bool, bool, bool]
    columns: int
    lines: int


def run_command(base: KnowledgeBase, asked: CommandLine, run: Run) -> Any:
    """Return what a command prints, in pieces, and its exit code; raises `Refused` for another library or command."""
    if asked.root != os.path.realpath(base.config.root):
        raise Refused(HTTPStatus.CONFLICT, "this server answers for another knowledge base")
    place = command_at(list(asked.arguments))
    if place is None or asked.arguments[place] not in COMMANDS:
        raise Refused(HTTPStatus.FORBIDDEN, "this is no command that a server answers")
    with kept_pieces() as pieces:
        page = partial(_page, pieces)
        other = Caller(asked.session, asked.environment, asked.terminals, asked.columns, asked.lines, page)
        with on_behalf_of(other), lending(base), encoded_alone():
            code = run(list(asked.arguments))
    return {"pieces": pieces, "code": code}


def _page(pieces: Pieces, text: str) -> None:
    pieces.append(("pager", text))
