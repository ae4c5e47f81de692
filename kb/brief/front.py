"""The statements of a lesson's front matter, with their lines in the current file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ingest.files.corpus import Corpus
from ingest.files.decoding import decode
from ingest.front_matter.top import read_front
from ingest.kinds import Kind
from ingest.lesson import Lesson, texts_of
from ingest.problem import Unreadable
from kb.brief.quotable import LONGEST
from kb.brief.statement import Statement
from kb.impact.worth import in_a_phrase, worth
from kb.lessons.stated import stated


class FrontLines(NamedTuple):
    """Reads the lines of front matter values; a lesson without such values is not read."""

    corpus: Corpus

    def worth(self, lesson: Lesson) -> Statement | None:
        """Return the most convincing impact of a lesson as a phrase; None if it has none."""
        if not (phrase := worth(lesson)) or len(phrase) > LONGEST:
            return None
        number = next((at for at, impact in enumerate(lesson.impact) if in_a_phrase(impact) == phrase), 0)
        return Statement(phrase, Kind.IMPACT, lesson, self._line(lesson, "impact", number))

    def conditions(self, lesson: Lesson, key: str) -> Iterator[Statement]:
        """Yield the conditions under one key, `applies_when` or `not_when`."""
        for number, value in enumerate(texts_of(lesson.metadata.get(key))):
            if (text := stated(value)) and len(text) <= LONGEST:
                yield Statement(text, Kind.APPLICABILITY, lesson, self._line(lesson, key, number), number=number)

    def _line(self, lesson: Lesson, key: str, number: int) -> int:
        try:
            rows = decode(self.corpus.read(lesson.path)).text.split("\n")
        except Unreadable:
            return 0
        places = read_front(rows, lesson.path).matter.lines.get(key, [])
        return places[number][0] + 1 if number < len(places) else 0
