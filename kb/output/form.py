"""The output forms of a result; None means text for a person."""

from __future__ import annotations

from typing import Any, Protocol

import click

from kb.visible import json_text

Form = str | None
JSON = "json"


class Record(Protocol):
    """A result that can be serialized as JSON."""

    def as_json(self) -> Any: ...


def print_json(record: Record) -> None:
    print_text(json_text(record.as_json()))


def print_text(text: str, *, end: str = "\n") -> None:
    """Print and flush, so that the text comes before later messages on stderr."""
    click.echo(f"{text}{end}", nl=False)
