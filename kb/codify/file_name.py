"""The name of a new lesson's file, from its title in whatever script, and the file itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import count
from pathlib import Path

from kb.errors import CannotWrite
from kb.index.durable import replace_bytes

_LONGEST = 60
# What a file system counts; the date, a number and what is written beside the file need the rest of its 255.
_MOST_BYTES = 180
_WITHOUT_TITLE = "lesson"


def slug(title: str) -> str:
    """Return a title as a part of a file's name: letters and digits of any script, small, with dashes between words."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", title).casefold())
    kept = "".join(_kept(character) for character in folded)
    words = re.sub(r"[-\s]+", "-", kept).strip("-")
    return _cut(words) or _WITHOUT_TITLE


def _kept(character: str) -> str:
    if character in "'\u2019":  # don't is one word
        return ""
    return character if unicodedata.category(character)[0] in "LMN" else "-"


def _cut(words: str) -> str:
    """Cut after the last whole word that fits, by characters and by bytes."""
    short = words[:_LONGEST].encode()[:_MOST_BYTES].decode(errors="ignore")
    if len(short) < len(words) and words[len(short)] != "-" and "-" in short:
        short = short.rpartition("-")[0]
    return short.strip("-")


def create(folder: Path, stem: str, text_for: Callable[[str], str]) -> Path:
    """Make a new Markdown file in a folder, which is made if need be, and return it; `stem-2` where there is a `stem`.

    `text_for` returns the text for the stem that was free. Two who do this at once have two files. Raises
    `CannotWrite`; no half file is left.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _reserve(folder, stem)
    except OSError as error:
        raise CannotWrite(f"{error.filename or folder}: {_reason(error)}; nothing was written") from error
    try:
        replace_bytes(path, text_for(path.stem).encode())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CannotWrite(f"{path}: {_reason(error)}; nothing was written") from error
        raise
    return path


def _reserve(folder: Path, stem: str) -> Path:
    """Make an empty file whose name nobody else has."""
    for number in count(1):
        path = folder / (f"{stem}.md" if number == 1 else f"{stem}-{number}.md")
        try:
            path.open("xb").close()
        except FileExistsError:
            continue
        return path
    raise AssertionError("there is always one more number")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
