"""The answer of `kb token list`."""

from typing import Literal, TypedDict


class ListedToken(TypedDict):
    """A token, without its secret."""

    id: str
    name: str
    """For whom or what it is."""
    role: Literal["read", "write"]
    created: str
    expires: str
    revoked: bool


class ListedTokens(TypedDict):
    """All tokens of a knowledge base, oldest first; `kb token list --json`."""

    tokens: list[ListedToken]
