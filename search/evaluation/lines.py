"""Lines of a text file that people or other programs wrote, each with its place for error messages."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.files.reason import reason_of
from search.errors import EvaluationError

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    path: Path
    number: int
    """1-based."""
    text: str

    def error(self, expected: str) -> EvaluationError:
        """Return the error that this line is not what was expected."""
        shown = self.text if len(self.text) <= _SHOWN else self.text[: _SHOWN - 3] + "..."
        return EvaluationError(f"{self.path}:{self.number}: expected {expected}, got {shown!r}")

    def columns(self) -> list[str]:
        """Split at tabs if there are any, since ids may contain spaces; else at white space."""
        if "\t" in self.text:
            return [column.strip() for column in self.text.split("\t")]
        return self.text.split()

    def record(self, expected: str) -> dict[str, Any]:
        """Read the line as a JSON object; raises `EvaluationError`."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise self.error(expected) from error
        if not isinstance(found, dict):
            raise self.error(expected)
        return found


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the lines of a UTF-8 file; raises `EvaluationError` when it cannot be read."""
    try:
        if path.is_fifo():  # reading would wait for a writer
            raise OSError(errno.EINVAL, "a pipe, no file")
        with path.open("rb") as file:
            for number, data in enumerate(file, 1):
                text = _decode(path, number, data)
                if text.strip():
                    yield Line(path, number, text)
    except OSError as error:
        raise EvaluationError(f"{path}: {reason_of(error)}") from error


def _decode(path: Path, number: int, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}:{number}: not UTF-8; save the file as UTF-8") from error


def without_surrogates(text: str) -> str:
    """Return a text with lone surrogates replaced, which JSON can contain and no encoder accepts."""
    return text.encode("utf-8", "replace").decode()
