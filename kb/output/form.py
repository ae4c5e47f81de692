"""The output forms of a result; None means text for a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import click

from kb.system.output_file import write_output
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


def print_or_write(text: str, out: Path | None, notify: Callable[[str], None]) -> None:
    """Print a text, or write it to `out` and say so; raises `CannotWrite`."""
    if out is None:
        print_text(text)
        return
    write_output(out, f"{text}\n")
    notify(f"written to {out}")
