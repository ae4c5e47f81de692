"""The forms in which a result is written; None is text for a person."""

from __future__ import annotations

from typing import Any, Protocol

import click

from kb.visible import json_text

Form = str | None
JSON = "json"


class Record(Protocol):
    """A result that a program can read."""

    def as_json(self) -> Any: ...


def print_json(record: Record) -> None:
    print_text(json_text(record.as_json()))


def print_text(text: str, *, end: str = "\n") -> None:
    """Print at once, so that it stands before what is said on stderr afterwards."""
    click.echo(f"{text}{end}", nl=False)
