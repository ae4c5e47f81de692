"""Lessons similar to another, drawn for a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from kb.lessons.likeness import CONDITIONS
from kb.terminal.answers import print_result
from kb.terminal.console import console, print_lines

if TYPE_CHECKING:
    from kb.retrieval.similar import Analogies

_WORDS_SHOWN = 8


def draw_analogies(found: Analogies, root: Path) -> None:
    """Print the similar lessons, and below each what it shares with the subject and where it differs."""
    out = console()
    for number, (result, alike) in enumerate(zip(found.answer.results, found.likenesses, strict=True)):
        if number:
            out.print()
        print_result(out, result, root)
        single = [word for word in result.words if " " not in word]  # word pairs would only repeat the single words
        words = {"words": tuple(single[:_WORDS_SHOWN])} if single else {}
        shared = [f"{name}: {', '.join(values)}" for name, values in {**alike.shared, **words}.items()]
        if shared:
            print_lines(out, Text.assemble(("shares ", "green"), "; ".join(shared)))
        for name in ("unit", "area"):
            subject, other = alike.differs.get(name, ((), ()))
            if subject and other:
                here = f"{name}: {', '.join(other)} (here: {', '.join(subject)})"
                print_lines(out, Text.assemble(("differs ", "yellow"), here))
        for name in CONDITIONS:  # conditions of the found lesson; the subject may have none
            if other := alike.differs.get(name, ((), ()))[1]:
                print_lines(out, Text.assemble((f"{name} ", "yellow"), "; ".join(other)))
