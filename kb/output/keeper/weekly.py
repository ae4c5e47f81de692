"""Prints the keeper's page, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_or_write
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.weekly.weekly import Weekly


def print_weekly(weekly: Weekly, form: Form, out: Path | None, notify: Callable[[str], None]) -> None:
    """Print the page, or write it to `out`; raises `CannotWrite`."""
    print_or_write(_text(weekly, form), out, notify)


def _text(weekly: Weekly, form: Form) -> str:
    from kb.pages.lists import html_of, markdown_of
    from kb.weekly.page import page_of

    if form == JSON:
        return json_text(weekly.as_json())
    return (html_of if form == "html" else markdown_of)(page_of(weekly))
