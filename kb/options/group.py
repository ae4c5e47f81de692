"""Several options as one decorator, so that a command names them in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Command = TypeVar("_Command", bound=Callable[..., Any])


def group(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Return what adds options to a command, in the order in which its help lists them."""

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add
