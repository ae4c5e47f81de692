"""What is around each page of the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.pages.library import Frame, Said, Shell
from kb.pages.page import POLICY_OF_SERVER
from kb.serve.page.files import MAP_STYLE, SCRIPT, STYLE
from kb.wording import counted

# With `no-referrer` a browser sends `Origin: null` with a form, which no server can tell from a foreign page.
_REFERRER = "same-origin"
FRAME = Frame("served/shell.html", POLICY_OF_SERVER, _REFERRER, "served/lesson.html", "")
HEADERS = {
    "Content-Security-Policy": f"{POLICY_OF_SERVER}; frame-ancestors 'none'",
    "Referrer-Policy": _REFERRER,
    "Cross-Origin-Opener-Policy": "same-origin",
}
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
