"""Prints what `kb site` did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.output.form import print_text
from kb.wording import counted, size_in_words

if TYPE_CHECKING:
    from kb.site.folder import Written


def print_site(written: Written, folder: Path, notify: Callable[[str], None]) -> None:
    """Print one line on the pages, and say where to begin to read."""
    if not (written.changed or written.removed):
        print_text(f"nothing has changed: {counted(written.pages, 'file')}")
    else:
        size = size_in_words(written.size)
        print_text(
            f"{counted(written.pages, 'file')}, {size}: {written.changed:,} written, {written.removed:,} removed"
        )
    notify(f"open {folder / 'index.html'} in a browser")
