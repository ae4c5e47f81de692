"""Prints the use of a lesson that was recorded, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_text
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.life.reusing import Reused


def printing_of(reused: Reused, form: Form) -> Callable[[str], None] | None:
    """Return what prints the use, given why it is not in the index; None if the changed paths are enough."""
    return partial(_print, reused) if form == JSON else None


def _print(reused: Reused, not_indexed: str) -> None:
    print_text(json_text(reused.as_json(not_indexed)))
