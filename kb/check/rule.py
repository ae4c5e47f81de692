"""A rule: what is wrong, how severe it is, and what to do."""

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
    """A kind of defect that is checked."""

    code: str
    """Group and name: `rigour.target`. Used by `--select`, `--ignore` and the comments in lessons."""
    severity: Severity
    summary: str
    """What is wrong, in one sentence."""
    many: str
    """The predicate for many lessons, used after their number: `have no contact`."""
    cure: str
    """Why it matters and what to do, in one or two sentences."""
    bad: str
    """An example that breaks the rule: a lesson's text, or the relevant part."""
    good: str
    """The same example without the defect."""
    together: str = "most often {}"
    """Added to a summary of many findings with an `about`; `{}` is replaced by these, the most frequent first."""
    fixable: bool = False
    """Whether `kb check --fix` can fix it."""
    asks: bool = False
    """Whether it needs the index and its model: then it is checked only in changed lessons, or on request."""

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
        """Return a finding at a place of a lesson, or on the lesson as a whole if `span` is None.

        The message is one line, in lower case without a full stop: what is wrong, then what to do.
        """
        line, column = (span.line + 1, span.column + 1) if span else (1, 1)
        severity, message = severity or self.severity, on_one_line(message)
        return Finding(file.path, line, column, self.code, severity, message, tuple(edits), about, span is None)


def with_impact(*lines: str) -> str:
    """Return a lesson with these lines as its only impact entry, for the examples of rules."""
    return "---\nimpact:\n  - " + "\n    ".join(lines) + "\n---\n# Wrong labels\n"
