"""A lesson's file, to be changed in place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ingest.files.corpus import MAX_BYTES
from ingest.files.decoding import BYTE_ORDER_MARKS, decode
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.problem import Unreadable
from kb.edit.edit import Edit, edited, non_overlapping
from kb.errors import CannotWrite, ChangedMeanwhile
from kb.system.durable import replace_bytes


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, and its text with `\\n` line ends, to which all positions in the program refer."""

    path: Path
    data: bytes
    text: str

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read a file; raises `CannotWrite` if it cannot be read or is not text throughout."""
        try:
            data = read_regular(path, MAX_BYTES)
            decoded = decode(data)
        except OSError as error:
            raise CannotWrite(f"{path}: {reason_of(error)}") from error
        except Unreadable as error:
            raise CannotWrite(f"{path}: {error}") from error
        if decoded.flaw:
            raise CannotWrite(f"{path}:{decoded.line}: {decoded.flaw}; nothing was changed")
        return cls(path, data, decoded.text)

    def replace(self, edits: Iterable[Edit]) -> str:
        """Write the file with the edits atomically and return its text; line ends and encoding are kept.

        Raises `ChangedMeanwhile` if another program has written it since it was read, and `CannotWrite`; then the file
        is unchanged.
        """
        edits = non_overlapping(edits)
        new = self.encoded(edits)
        try:
            with self.path.open("r+b") as file:  # fails for a read-only file, which a rename would replace
                found = file.read()
            if found != self.data:
                raise ChangedMeanwhile(
                    f"{self.path}: was changed by somebody else meanwhile; nothing was written; try again"
                )
            replace_bytes(self.path, new)
        except OSError as error:
            raise CannotWrite(f"{self.path}: {reason_of(error)}; nothing was written") from error
        return edited(self.text, edits)

    def encoded(self, edits: Iterable[Edit]) -> bytes:
        """Return the file's bytes with the edits applied."""
        mark, encoding = next(
            ((mark, name) for mark, name in BYTE_ORDER_MARKS if self.data.startswith(mark)), (b"", "utf-8")
        )
        whole = self.data[len(mark) :].decode(encoding)
        own = whole.lstrip("\ufeff")  # further byte order marks, which `text` lacks too
        # Each `\r\n` is one character shorter in `text`; these are its positions there.
        shorter = [match.start() - number for number, match in enumerate(re.finditer("\r\n", own))]
        line_end = "\r\n" if len(shorter) * 2 > self.text.count("\n") else "\n"
        moved = [
            Edit(
                edit.start + bisect_left(shorter, edit.start),
                edit.end + bisect_left(shorter, edit.end),
                edit.text.replace("\n", line_end),
            )
            for edit in edits
        ]
        return mark + (whole[: len(whole) - len(own)] + edited(own, moved)).encode(encoding)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file, and the edits to be made in it."""

    source: Source
    edits: Sequence[Edit]

    def make(self) -> None:
        """Write the file; raises the same errors as `Source.replace`."""
        self.source.replace(self.edits)

    def take_back(self) -> None:
        """Restore the file if nobody has changed it since `make`; raises `CannotWrite`."""
        path = self.source.path
        try:
            if path.read_bytes() == self.source.encoded(self.edits):
                replace_bytes(path, self.source.data)
        except OSError as error:
            reason = reason_of(error)
            raise CannotWrite(f"{path}: was changed, and this could not be undone: {reason}; check it") from error


def make_all(changes: Sequence[FileChange]) -> None:
    """Write all files or none: if one cannot be written, those before it are restored."""
    with ExitStack() as stack:  # an error or Ctrl-C restores all files written so far
        for change in changes:
            stack.callback(change.take_back)
            change.make()
        stack.pop_all()
