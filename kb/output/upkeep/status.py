"""Prints the status of an index, in the requested form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json

if TYPE_CHECKING:
    from kb.upkeep.status import Status


def print_status(status: Status, form: Form) -> None:
    if form == JSON:
        print_json(status)
    else:
        from kb.terminal.upkeep.status import draw_status

        draw_status(status)
