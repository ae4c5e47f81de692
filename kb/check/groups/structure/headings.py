"""Lines that kb reads as headings and other programs do not."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.front_matter.places import Span
from ingest.markdown.dialects import has_odd_blank
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile

ODD_BLANK = Rule(
    "structure.heading-blank",
    Severity.WARNING,
    "A no-break space, or another unusual space, follows the `#` of a heading.",
    "have an unusual space after the `#` of a heading",
    "It looks like a plain space; some keyboards write it while Alt or AltGr is still held. kb reads the heading; "
    "other programs show the `#` as text. Put a plain space there.",
    "#\u00a0Problem\n\nParcels came back.\n",
    "# Problem\n\nParcels came back.\n",
    fixable=True,
)
RULES = (ODD_BLANK,)


def check(file: LessonFile) -> Iterator[Finding]:
    """Yield the headings with such a blank."""
    for section in file.reading.sections:
        line = section.lines[0]
        row = file.rows[line]
        if section.headings and has_odd_blank(row):
            start = len(row) - len(row.lstrip(" #"))
            place = Span(line, start, line, start + 1)
            message = f"other programs see no heading, because U+{ord(row[start]):04X} follows `#`"
            yield ODD_BLANK.at(file, place, f"{message}; put a plain space there", (file.edit(place, " "),))
