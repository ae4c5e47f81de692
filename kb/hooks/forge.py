"""What is asked of a program in which people discuss issues and changes, such as GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Comment(NamedTuple):
    """A comment on an issue or a change."""

    number: int
    author: str
    """The name of the account."""
    body: str


class NotSure(Exception):
    """A comment was sent, and no answer came: it may have been added or not."""


class Forge(Protocol):
    """One issue or change, and its comments. Every method raises `CannotComment`."""

    @property
    def account(self) -> str:
        """The account in whose name comments are added."""

    def comments(self) -> Iterator[Comment]:
        """Yield the comments, the oldest first."""

    def add(self, body: str) -> None:
        """Add a comment; raises `NotSure` too."""

    def replace(self, number: int, body: str) -> None:
        """Replace the text of a comment."""
