"""What is around each page of the server: the frame, and the files under names that change with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from kb.pages.library import Frame, Said, Shell
from kb.pages.page import file_of_ours, library_style
from kb.pages.policy import OF_SERVER
from kb.serve.headers import REFERRER_OF_PAGES
from kb.wording import counted

FRAME = Frame("served/shell.html", OF_SERVER, REFERRER_OF_PAGES, "served/lesson.html", "")
_DIGITS = 12


class File(NamedTuple):
    """A file of ours."""

    name: str
    data: bytes
    media_type: str


def _file(stem: str, suffix: str, text: str) -> File:
    data = text.encode()
    media_type = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}[suffix]
    return File(f"{stem}-{sha256(data).hexdigest()[:_DIGITS]}.{suffix}", data, media_type)


STYLE = _file("files/style", "css", library_style("served/served.css"))
MAP_STYLE = _file("files/map", "css", file_of_ours("map.css"))
SCRIPT = _file("files/page", "js", file_of_ours("served/page.js"))
FILES: Mapping[str, File] = {file.name: file for file in (STYLE, MAP_STYLE, SCRIPT)}

ENTRIES = (
    Said("Search", ""),
    Said("All lessons", "lessons"),
    Said("Topics", "map"),
    Said("Impact", "impact"),
    Said("Gaps", "gaps"),
    Said("To review", "stale"),
    Said("Status", "status"),
)


class Place(NamedTuple):
    """Where a page stands."""

    library: str
    root: str
    """How the first page is reached from it."""
    lessons: int | None = None

    def shell(self, here: str = "none", *, has_box: bool = False, styles: Sequence[str] = ()) -> Shell:
        """Return what is around a page; `here` is the address of its entry."""
        notes = [] if self.lessons is None else [counted(self.lessons, "lesson")]
        return Shell(
            self.library,
            self.root,
            here,
            ENTRIES,
            notes,
            scripts=(SCRIPT.name,),
            has_box=has_box,
            styles=(STYLE.name, *styles),
            frame=FRAME,
        )


MAP_STYLES = (MAP_STYLE.name,)
