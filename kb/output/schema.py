"""Prints the JSON Schema of front matter."""

from __future__ import annotations

from kb.output.form import print_text
from kb.visible import json_text


def print_schema() -> None:
    from kb.check.schema import schema

    print_text(json_text(schema(), indent=2))
