"""Prints the list of stored snapshots, in the requested form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_text
from kb.visible import json_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.forms.keep import garbage as forms
    from kb.upkeep.rollback import Kept


def print_snapshots(kept: Sequence[Kept], form: Form) -> None:
    if form == JSON:
        answer: forms.KeptSnapshots = {"snapshots": [one.as_json() for one in kept]}
        print_text(json_text(answer))
    else:
        for one in kept:
            print_text(_line(one))


def _line(one: Kept) -> str:
    mark = "live" if one.live else "    "
    if one.problem:
        return f"{one.id}  {mark}  cannot be opened: {one.problem}"
    commit = f"  commit {one.commit[:12]}" if one.commit else ""
    return f"{one.id}  {mark}  built {one.built}  {counted(one.lessons, 'lesson')}{commit}"
