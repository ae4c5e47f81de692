"""A sentence of a lesson with its place: the only text that a brief has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind
from ingest.lesson import Lesson

if TYPE_CHECKING:
    from kb.forms.find import brief as forms


class Statement(NamedTuple):
    """A whole sentence of a lesson, as a reader of the rendered page sees it."""

    text: str
    kind: Kind
    """The kind of its section."""
    lesson: Lesson
    line: int
    """1-based line of the file on which it begins; 0 if that is not known."""
    heading: str = ""
    """The nearest heading above it."""
    item: str = ""
    """The mark of the list item that it begins, `1.` or `-`; empty if it begins none."""
    opens: bool = False
    """Whether it begins a list item that is in no other, or a paragraph that begins with bold words."""
    is_row: bool = False
    """Whether it is a row of a table."""
    number: int = 0
    """Its position among the sentences of its section, from 0."""
    closeness: float = 0.0
    """How near its passage is to the problem in meaning, a cosine."""
    standing: float = 1.0
    """The score of its lesson, as a share of the best one's."""

    @property
    def place(self) -> str:
        """The id of its lesson, if its path does not show that, and `path:line`."""
        place = f"{self.lesson.path}:{self.line}" if self.line else self.lesson.path
        return place if self.lesson.id in self.lesson.path else f"{self.lesson.id}, {place}"

    def as_json(self) -> forms.QuotedSentence:
        return {"text": self.text, "id": self.lesson.id, "path": self.lesson.path, "line": self.line or None}
