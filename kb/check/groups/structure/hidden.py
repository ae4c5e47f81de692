"""Invisible characters: they control a terminal, reorder the text around them, or split a word invisibly."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile
from kb.visible import places_of_hidden

HIDDEN = Rule(
    "structure.hidden-character",
    Severity.WARNING,
    "A character is invisible, but has an effect.",
    "have invisible characters",
    "Control characters can change the reader's terminal, bidirectional ones change the order of the text around "
    "them, and characters without a width hide where a word ends. kb shows them as marks. Delete them.",
    "# Wrong labels\n\nThe labels \u200bcame off.\n",
    "# Wrong labels\n\nThe labels came off.\n",
)
RULES = (HIDDEN,)


def check(file: LessonFile) -> Iterator[Finding]:
    """Yield each invisible character once, at its first occurrence."""
    seen = set()
    for start in places_of_hidden(file.text):
        sign = file.text[start]
        if sign not in seen:
            seen.add(sign)
            name = f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control').lower()})"
            count = file.text.count(sign)
            times = f", {count:,} times" if count > 1 else ""
            yield HIDDEN.at(file, file.span_of(start, start + 1), f"{name} is invisible{times}; delete it", about=name)
