"""The file name of a new lesson, from its title in any script, and the creation of that file."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from itertools import count
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite
from kb.system.durable import write_new

_LONGEST = 60
# File systems limit bytes to 255; the date, a number and suffixes of temporary files need the rest.
_MOST_BYTES = 180
_WITHOUT_TITLE = "lesson"


def slug(title: str) -> str:
    """Return a title as part of a file name: lower-case letters and digits of any script, words joined by hyphens."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", title).casefold())
    kept = "".join(_kept(character) for character in folded)
    words = re.sub(r"[-\s]+", "-", kept).strip("-")
    return _cut(words) or _WITHOUT_TITLE


def _kept(character: str) -> str:
    if character in "'\u2019":  # don't is one word
        return ""
    return character if unicodedata.category(character)[0] in "LMN" else "-"


def _cut(words: str) -> str:
    """Cut after the last whole word that fits the limits on characters and bytes."""
    short = words[:_LONGEST].encode()[:_MOST_BYTES].decode(errors="ignore")
    if len(short) < len(words) and words[len(short)] != "-" and "-" in short:
        short = short.rpartition("-")[0]
    return short.strip("-")


def create(folder: Path, stem: str, text_for: Callable[[str], str]) -> Path:
    """Create a new Markdown file in a folder, made if missing, and return it; the name is `stem-2` if `stem` exists.

    `text_for` returns the text for the stem that was free. Two processes never get the same file. Raises `CannotWrite`;
    no partial file is left.
    """
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = folder / (f"{stem}.md" if number == 1 else f"{stem}-{number}.md")
            if not os.path.lexists(path) and write_new(path, text_for(path.stem)):
                return path
    except OSError as error:
        # Name the final file rather than the temporary one; for a folder, name what is in the way.
        where = error.filename if path == folder else path
        raise CannotWrite(f"{where}: {reason_of(error)}; nothing was written") from error
    raise AssertionError("there is always one more number")
