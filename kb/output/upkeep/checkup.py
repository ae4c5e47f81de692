"""Prints the result of a check-up, in the requested form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json

if TYPE_CHECKING:
    from kb.doctor.doctor import Checkup


def print_checkup(checkup: Checkup, form: Form, *, verbose: bool) -> None:
    if form == JSON:
        print_json(checkup)
    else:
        from kb.terminal.upkeep.checkup import draw_checkup

        draw_checkup(checkup.done, checkup.findings, verbose=verbose)
