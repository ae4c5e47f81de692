"""The pages of a library that lead to each other: what is around each, and what a lesson's page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from kb.pages import policy as policies
from kb.pages.page import render_in
from kb.pages.rendering import Anchor

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Said(NamedTuple):
    """A text, which may lead somewhere."""

    text: str
    address: str = ""
    """From the first page of the library; with a scheme, an address elsewhere; empty if it leads nowhere."""
    note: str = ""


class Fact(NamedTuple):
    """What is said of a lesson beside its text."""

    name: str
    lines: Sequence[Said]
    mood: str = ""
    """A class of the style sheet; its text says the same."""


class Part(NamedTuple):
    """A list below the text of a lesson."""

    id: str
    name: str
    lines: Sequence[Said]


class LessonView(NamedTuple):
    """A lesson as its page shows it."""

    title: str
    summary: str
    about: Sequence[Said]
    """Where and when it happened, how far it is, and its id."""
    notice: Sequence[Said]
    """What a reader must know first, such as what replaces it; empty if there is nothing."""
    facts: Sequence[Fact]
    tags: Sequence[Said]
    text: Markup
    """Its body as safe HTML."""
    anchors: Sequence[Anchor]
    parts: Sequence[Part]


class Frame(NamedTuple):
    """How the pages of a library are delivered: all that differs between files and a server."""

    template: str = "library/shell.html"
    """What every page extends."""
    policy: str = policies.OF_FILES
    """Content Security Policy."""
    referrer: str = "no-referrer"
    """Referrer Policy."""
    lesson: str = "library/lesson.html"
    """The page of a lesson."""
    first: str = "index.html"
    """The address of the first page, from itself."""


OF_FILES = Frame()


class Shell(NamedTuple):
    """What is around each page of a library."""

    library: str
    root: str = ""
    """How the first page is reached from this one: empty, or `../` for each folder."""
    here: str = ""
    """The address of the entry that this page is."""
    entries: Sequence[Said] = ()
    notes: Sequence[str] = ()
    """What stands at the end of each page."""
    feed: str = ""
    scripts: Sequence[str] = ()
    description: str = ""
    robots: str = ""
    canonical: str = ""
    has_box: bool = False
    """Whether the page has a search box of its own."""
    styles: Sequence[str] = ("style.css",)
    frame: Frame = OF_FILES

    def to(self, address: str) -> str:
        """Return an address as a link from this page."""
        return address if _SCHEME.match(address) or address.startswith("#") else f"{self.root}{address}"


def lesson_html(view: LessonView, shell: Shell, **more: Any) -> str:
    """Return the page of a lesson; `more` is what only some templates of a lesson take."""
    return render_in(shell, shell.frame.lesson, view.title, lesson=view, **more)
