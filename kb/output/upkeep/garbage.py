"""Prints what was removed, or would be, because nothing refers to it, in the requested form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json, print_text
from kb.wording import size_in_words

if TYPE_CHECKING:
    from kb.upkeep.garbage import Garbage


def print_garbage(found: Garbage, form: Form) -> None:
    if form == JSON:
        print_json(found)
    else:
        for line in _lines(found):
            print_text(line)


def _lines(found: Garbage) -> Iterator[str]:
    for id_ in found.snapshots:
        yield f"snapshot {id_}"
    for id_ in found.in_use:
        yield f"snapshot {id_}: stays, it is being read"
    if found.leftovers:
        yield f"leftovers of stopped runs: {found.leftovers:,}"
    if found.note:
        yield f"no vectors removed: {found.note}"
    elif found.vectors:
        yield f"vectors of texts that are gone: {found.vectors:,} ({found.vectors_kept:,} stay)"
    yield f"{'freed' if found.removed else 'would free'} {size_in_words(found.bytes)}"
    if found.collections:
        fate = "too" if found.with_collections else "not removed; --collections does"
        yield f"{size_in_words(found.collections)} of test collections in this user's cache: {fate}"
