"""Prints whether and where questions are noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from kb.demand.gap import day_of
from kb.output.form import JSON, Form, print_json, print_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.demand.state import DemandState


def print_state(state: DemandState, form: Form) -> None:
    if form == JSON:
        print_json(state)
    else:
        print_text("\n".join(_lines(state)))


def print_forgotten(count: int, notify: Callable[[str], None]) -> None:
    notify(f"{counted(count, 'question')} of this knowledge base forgotten")


def _lines(state: DemandState) -> Iterator[str]:
    yield f"noting: {'on' if state.records else 'off'} ({state.because})"
    pages = "whole pages" if state.keeps_pages else "of pages the informative words only"
    yield f"kept:   {counted(state.days, 'day')}, {pages}"
    if state.file:
        yield f"file:   {state.file}"
    if state.held.questions:
        since = f"{day_of(state.held.first)} to {day_of(state.held.last)}"
        opened = f"; after {state.held.used:,} a lesson was opened or reused" if state.held.used else ""
        yield f"noted:  {counted(state.held.questions, 'question')}, {state.held.distinct:,} different, {since}{opened}"
    elif not state.problem:
        yield "noted:  nothing of this knowledge base"
    if state.problem:
        yield f"problem: {state.problem}"
    if state.damaged:
        yield f"a damaged log was put aside: {state.damaged}; it is not read any more, and you may remove it"
