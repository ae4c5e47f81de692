"""Prints a JSON Schema: of front matter, or of what a command prints."""

from __future__ import annotations

from typing import Any

from kb.output.form import print_text
from kb.visible import json_text


def print_schema(answer: str | None) -> None:
    """Print the schema of a published answer; of front matter without one."""
    print_text(json_text(_schema(answer), indent=2))


def _schema(answer: str | None) -> dict[str, Any]:
    if answer is None:
        from kb.check.schema import schema

        return schema()
    from kb.forms.schema import schema_of

    return schema_of(answer)
