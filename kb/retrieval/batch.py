"""Many queries at once: JSON lines in, one JSON line out for each, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.retrieval.answer import Answer
from search.errors import QueryError

if TYPE_CHECKING:
    from kb.forms.find import search as forms

Id = str | int | None


class BrokenLine(Exception):
    """A line without a valid query."""

    def __init__(self, reason: str, id_: Id = None) -> None:
        super().__init__(reason)
        self.id = id_


@dataclass(frozen=True, slots=True)
class Answered:
    """The result of one line: an answer, or an error."""

    line: int
    """Line number of the input, 1-based."""
    id: Id
    answer: Answer | None
    error: str = ""

    def as_json(self, changed_since: int) -> forms.BatchAnswer | forms.BatchError:
        if self.answer is None:
            return {"id": self.id, "line": self.line, "error": self.error}
        return {"id": self.id, **self.answer.as_json(changed_since)}


def answer_lines(lines: Iterable[bytes], answer: Callable[[str], Answer]) -> Iterator[Answered]:
    """Yield the result of each `{"id", "query"}` line. Blank lines are skipped; invalid lines give an error."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answered(number, line, answer)


def _answered(number: int, line: bytes, answer: Callable[[str], Answer]) -> Answered:
    try:
        id_, query = _request_of(line)
    except BrokenLine as error:
        return Answered(number, error.id, None, str(error))
    try:
        return Answered(number, id_, answer(query))
    except QueryError as error:
        return Answered(number, id_, None, str(error))


def _request_of(line: bytes) -> tuple[Id, str]:
    try:
        request = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BrokenLine(f"not valid UTF-8 (byte 0x{line[error.start]:02x})") from error
    except (ValueError, RecursionError) as error:
        raise BrokenLine(f"not JSON: {error}") from error
    if not isinstance(request, dict):
        raise BrokenLine('not an object; write {"id": "1", "query": "brochure errors"}')
    id_, query = request.get("id"), request.get("query")
    if isinstance(id_, bool) or not isinstance(id_, (str, int, type(None))):
        raise BrokenLine('"id" is neither text nor a whole number')
    if not isinstance(query, str):
        raise BrokenLine('"query" is not text' if "query" in request else 'no "query"', id_)
    return id_, query
