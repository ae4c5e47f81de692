"""A passage is a slice of a file, cut wherever it had to be: here it is made whole at its edges, to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.passage import Origin, Passage
from ingest.pointers import start_of_references
from ingest.sentences import ends_a_sentence, sentences

# More than a sentence's rest is no rest.
_LONGEST_REST = 400
_BEGINS_A_BLOCK = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|#{1,6}\s|>|`{3}|~{3}|\||<|={3}|-{3}|\[[^\]]+\]:)|    ")
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_COMMENT = re.compile(r"^ {0,3}<!--", re.MULTILINE)  # elsewhere it is a piece of text
_DELIMITER_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_MARK_OF_BLOCK = re.compile(r"\s*(?:[-*+]|\d+[.)]|>)\s+")


def whole_text(passages: Sequence[Passage], position: int) -> str:
    """Return the text of one of a lesson's passages with what it needs of those around it.

    That is the fence of code or the comment that it is inside of, the header of its table, and the rest of the
    sentences at its edges.
    """
    passage = passages[position]
    if passage.origin is not Origin.BODY:
        return passage.text
    before = [above.text for above in passages[:position] if above.origin is Origin.BODY]
    if opening := _open_fence(before) or _open_comment(before):
        return f"{opening}\n{passage.text}"
    text = passage.text
    if position and _touch(passages[position - 1], passage):
        text = _opening_of(text, before) + text
    if position + 1 < len(passages) and _touch(passage, passages[position + 1]):
        text += _rest_of_sentence(text, passages[position + 1].text)
    return text


def _touch(one: Passage, other: Passage) -> bool:
    """Return whether no blank line is between two passages."""
    return other.origin is Origin.BODY and one.origin is Origin.BODY and one.lines[1] >= other.lines[0]


def _open_fence(before: Sequence[str]) -> str:
    """Return the line that opened the fence in which a text ends, if any."""
    if all(sum(text.count(fence) for text in before) % 2 == 0 for fence in _FENCES):  # quick, and nearly always so
        return ""
    opened = ""
    for found in (found for text in before for found in _FENCE.finditer(text)):
        if not opened:
            opened = found[0].strip()
        elif found["fence"].startswith(opened[:3]) and not found["info"].strip():
            opened = ""
    return opened


def _open_comment(before: Sequence[str]) -> str:
    for text in reversed(before):
        opened = max((found.start() for found in _COMMENT.finditer(text)), default=-1)
        closed = text.rfind("-->")
        if max(opened, closed) >= 0:
            return "<!--" if opened > closed else ""
    return ""


def _opening_of(text: str, before: Sequence[str]) -> str:
    """Return what belongs in front of a text: a table's header, or the beginning of its first sentence."""
    first = text.split("\n", 1)[0]
    if "|" in first:
        return _table_header(text, before)
    if _BEGINS_A_BLOCK.match(first):
        return ""
    paragraph = _last_paragraph(before[-1])
    if not paragraph or ends_a_sentence(paragraph):
        return "References: " if start_of_references(paragraph) < len(paragraph) else ""
    beginning = list(sentences(paragraph))[-1]
    return f"{beginning} " if len(beginning) <= _LONGEST_REST else ""


def _last_paragraph(text: str) -> str:
    """Return the lines at a text's end that a further line would go on with, without the mark of a list."""
    lines: list[str] = []
    for line in reversed(text.split("\n")):
        if not line.strip() or _FENCE.match(line) or line.lstrip().startswith(("#", "|", "<")):
            break
        lines.insert(0, line)
        if _BEGINS_A_BLOCK.match(line):
            break
    return _MARK_OF_BLOCK.sub("", "\n".join(lines), count=1).strip()


def _table_header(text: str, before: Sequence[str]) -> str:
    """Return the two lines that begin the table of which a text's first line is a row; empty when it begins one."""
    below = text.split("\n", 2)[1:2]
    if below and _DELIMITER_ROW.fullmatch(below[0]):
        return ""
    rows = _rows_above(before)
    for row in rows:
        if _DELIMITER_ROW.fullmatch(row) and "-" in row:
            return f"{next(rows, '')}\n{row}\n"
    return ""


def _rows_above(before: Sequence[str]) -> Iterator[str]:
    """Yield the rows of a table, from the last one up."""
    for text in reversed(before):
        for line in reversed(text.split("\n")):
            if "|" not in line:
                return
            yield line


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
