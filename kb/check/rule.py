"""A rule: what is wrong, how much it matters, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.check.finding import Finding, on_one_line
from kb.check.severity import Severity

if TYPE_CHECKING:
    from ingest.front_matter.places import Span
    from kb.corpus.lesson_file import LessonFile
    from kb.edit.edit import Edit


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for."""

    code: str
    """Group and name, `rigour.target`; what `--select`, `--ignore` and the comments in lessons name."""
    severity: Severity
    says: str
    """One sentence: what is wrong."""
    many: str
    """What is said of many lessons at once, after their number: `have no contact`."""
    cure: str
    """One or two sentences: why it matters and what to do."""
    bad: str
    """An example that breaks the rule: a lesson's text, or the part of one that matters."""
    good: str
    """The same, mended."""
    together: str = "most often {}"
    """What is said besides of many findings that name what they are about; `{}` stands for that, the most frequent
    first."""
    mended: bool = False
    """Whether `kb check --fix` can mend it."""
    asks: bool = False
    """Whether the index and its model are asked: only for lessons that have changed, or on request."""

    @property
    def group(self) -> str:
        return self.code.partition(".")[0]

    def at(
        self,
        file: LessonFile,
        span: Span | None,
        message: str,
        edits: Iterable[Edit] = (),
        severity: Severity | None = None,
        about: str = "",
    ) -> Finding:
        """Return what was found at a place of a lesson, or of the lesson as a whole when there is no such place.

        The message is one line, lower case and without a full stop: what, then what to do.
        """
        line, column = (span.line + 1, span.column + 1) if span else (1, 1)
        severity, message = severity or self.severity, on_one_line(message)
        return Finding(file.path, line, column, self.code, severity, message, tuple(edits), about, span is None)
