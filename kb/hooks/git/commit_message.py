"""The file of a commit message, before its author sees it: comment lines are added to those of git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ingest.files.regular_file import read_regular
from kb.pages.markdown_line import one_line
from kb.retrieval.answer import Answer
from kb.system.durable import replace_bytes
from kb.visible import visible
from kb.wording import shortened

_MOST_BYTES = 1_000_000
_LONGEST = 100
_SCISSORS = re.compile(r"-{5,} >8 -{5,}")
_MARK = re.compile(r"[^\w\s]*")


class CommitMessage(NamedTuple):
    """A message as git has prepared it, with its comment lines at the end."""

    lines: Sequence[str]
    begin: int
    """The index of the first of git's comment lines."""
    mark: str
    """What begins a comment line, `#` as a rule."""

    @classmethod
    def read(cls, path: Path) -> CommitMessage | None:
        """Return the message in a file; None if git added no comments, so that ours would become part of it.

        Raises `OSError`, and `UnicodeDecodeError` for a message in another encoding than UTF-8.
        """
        lines = read_regular(path, _MOST_BYTES, links=False).decode().split("\n")
        end = next((number for number, line in enumerate(lines) if _SCISSORS.search(line)), len(lines))
        while end and not lines[end - 1].strip():
            end -= 1
        begin = end
        while begin and lines[begin - 1][:1] == lines[end - 1][:1]:
            begin -= 1
        mark = min((_sign(line) for line in lines[begin:end]), key=len, default="")
        return cls(lines, begin, mark) if mark else None

    @property
    def text(self) -> str:
        """What is there already, of a template or by hand."""
        return "\n".join(line for line in self.lines[: self.begin] if not line.startswith(self.mark))

    def write(self, path: Path, said: Sequence[str]) -> None:
        """Write the message with further comment lines; raises `OSError`."""
        ours = [f"{self.mark} {line}".rstrip() for line in (*said, "")]
        replace_bytes(path, "\n".join([*self.lines[: self.begin], *ours, *self.lines[self.begin :]]).encode())


def _sign(line: str) -> str:
    """Return the signs with which a line begins, such as `#` or `//`."""
    found = _MARK.match(line)
    return found[0] if found else ""


def said_of(answer: Answer) -> list[str]:
    """Return the lines on the closest lesson; none if it is not sure to help."""
    return list(_said(answer)) if answer.results and answer.relevance.is_relevant else []


def _said(answer: Answer) -> Iterator[str]:
    result = answer.results[0]
    summary, snippet = result.paragraphs
    yield f"kb: a lesson that {result.relevance.label}: {_line(result.lesson.title)}"
    if text := summary.text or snippet.text:
        yield f"    {_line(text)}"
    for kind, shown in result.helped.items():
        yield f"    {kind.value}: {_line(shown.snippet.text)}"
    if result.ask:
        yield f"    ask: {_line(str(result.ask))}"
    yield f"    {_line(f'kb show {result.lesson.id}')}"


def _line(text: str) -> str:
    return shortened(visible(one_line(text)), _LONGEST)
