"""Completes passages for display: a passage is a slice of a file and may begin or end inside a sentence or table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.markdown.sentences import ends_a_sentence, sentences
from ingest.passages.passage import Origin, Passage
from ingest.passages.pointers import start_of_references

# Characters. A longer rest of a sentence is not added.
_LONGEST_REST = 400
_BEGINS_A_BLOCK = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#{1,6}\s|>|`{3}|~{3}|\||<|={3}|-{3}|\[[^\]]+\]:)|    ")
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_DELIMITER_ROW = re.compile(r"[\s>]*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")
_MARK_OF_BLOCK = re.compile(r"\A\s*(?:[-*+]|\d+[.)]|>)\s+")


def completed_texts(passages: Sequence[Passage]) -> Iterator[str]:
    """Yield the text of each passage of a lesson, completed from the passages around it.

    Added are the opening fence of the code that it is inside of, the header of its table, and the missing parts of
    the sentences at its edges.
    """
    above = _Above()
    for before, passage, behind in zip([None, *passages], passages, [*passages[1:], None], strict=False):
        if passage.origin is Origin.BODY:
            yield _completed(passage, above, before, behind)
            above.read(passage.text)
        else:
            yield passage.text


def _completed(passage: Passage, above: _Above, before: Passage | None, behind: Passage | None) -> str:
    if above.fence:
        return f"{above.fence}\n{passage.text}"
    # A `<!--` left in a passage is not a comment, but would become one at the beginning of a text.
    text = f"\\{passage.text}" if passage.text.startswith("<!--") else passage.text
    if before and _touch(before, passage):
        text = _opening_of(text, before.text, above.table) + text
    if behind and _touch(passage, behind):
        text += _rest_of_sentence(text, behind.text)
    return text


class _Above:
    """The code fence and table that are still open after the passages read so far."""

    def __init__(self) -> None:
        self.fence = ""
        self.table = ""
        """Header and delimiter row of the table."""
        self._row: str | None = None

    def read(self, text: str) -> None:
        for found in _FENCE.finditer(text):
            if not self.fence:
                self.fence = found[0].strip()
            elif found["fence"].startswith(self.fence[:3]) and not found["info"].strip():
                self.fence = ""
        for line in text.split("\n"):
            self._read_row(line)

    def _read_row(self, line: str) -> None:
        if "|" not in line:
            self._row, self.table = None, ""
            return
        if "-" in line and _DELIMITER_ROW.fullmatch(line):
            self.table = f"{self._row or ''}\n{line}\n"
        self._row = line


def _touch(one: Passage, other: Passage) -> bool:
    """Return whether two passages are parts of the body with no line between them."""
    return other.origin is Origin.BODY and one.origin is Origin.BODY and one.lines[1] >= other.lines[0]


def _opening_of(text: str, before: str, table: str) -> str:
    """Return what to put before a text: the header of its table, or the beginning of its first sentence."""
    first, *below = text.split("\n", 2)
    if "|" in first:
        return "" if below and _DELIMITER_ROW.fullmatch(below[0]) else table
    if _BEGINS_A_BLOCK.match(first):
        return ""
    paragraph = _last_paragraph(before)
    if not paragraph or ends_a_sentence(paragraph):
        return "References: " if start_of_references(paragraph) < len(paragraph) else ""
    beginning = list(sentences(paragraph))[-1]
    return f"{beginning} " if len(beginning) <= _LONGEST_REST else ""


def _last_paragraph(text: str) -> str:
    """Return the last paragraph of a text, which the next line would continue, without its list marker."""
    lines: list[str] = []
    for line in reversed(text.split("\n")):
        if not line.strip() or _FENCE.match(line) or line.lstrip().startswith(("#", "|", "<")):
            break
        lines.insert(0, line)
        if _BEGINS_A_BLOCK.match(line):
            break
    return _MARK_OF_BLOCK.sub("", "\n".join(lines), count=1).strip()


def _rest_of_sentence(text: str, behind: str) -> str:
    last = text.rsplit("\n", 1)[-1]
    first = behind.split("\n", 1)[0]
    if ends_a_sentence(text) or "|" in last or last.lstrip().startswith(("#", "<")) or _BEGINS_A_BLOCK.match(first):
        return ""
    paragraph: list[str] = []
    for line in behind.split("\n"):
        if not line.strip() or _BEGINS_A_BLOCK.match(line):
            break
        paragraph.append(line)
    rest = next(sentences("\n".join(paragraph)), "")
    return f" {rest}" if len(rest) <= _LONGEST_REST else ""
