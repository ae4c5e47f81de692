"""Where the links of a lesson lead on a site: to pages of other lessons, and to pictures of the library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from posixpath import dirname, join, normpath, splitext
from urllib.parse import unquote

from ingest.files.regular_file import read_regular
from ingest.lesson import Lesson
from kb.pages.rendering import Places, anchor_of
from kb.site.content import Content
from kb.site.folder import Page

MOST_PICTURE_BYTES = 2_000_000
_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
)
"""How the files of each kind begin. SVG is none of them: it can hold scripts."""
_LINE = re.compile(r"L\d{1,7}")


class Links:
    """Resolves the links of all lessons, and collects the pictures that they show."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._by_name = _by_name(content.lessons)
        self._pictures: dict[str, Page | None] = {}

    def of(self, lesson: Lesson, root: str) -> Places:
        """Return where the links of a lesson lead, from a page with this way to the first page."""
        return Places(lambda target: self._lesson(target, lesson, root), lambda target: self._picture(target, lesson, root))

    @property
    def pictures(self) -> list[Page]:
        """The pictures of the lessons whose links were resolved; equal ones are one file."""
        return [*{page.path: page for page in self._pictures.values() if page}.values()]

    def _lesson(self, target: str, lesson: Lesson, root: str) -> str | None:
        named, _, part = unquote(target).partition("#")
        id_ = self._id_of(named.partition("?")[0], lesson)
        address = self._content.addresses.lesson(id_) if id_ else None
        if address is None:
            return None
        anchor = part if _LINE.fullmatch(part) else anchor_of(part)
        return f"{root}{address}" + (f"#{anchor}" if part else "")

    def _id_of(self, named: str, lesson: Lesson) -> str | None:
        if not named:
            return lesson.id
        addresses = self._content.addresses
        return (
            addresses.ids.get(_beside(lesson, named))
            or (named if named in addresses.pages else None)
            or self._by_name.get(named.casefold())
        )

    def _picture(self, target: str, lesson: Lesson, root: str) -> str | None:
        path = _beside(lesson, unquote(target).partition("#")[0].partition("?")[0])
        if path not in self._pictures:
            self._pictures[path] = self._read(path)
        page = self._pictures[path]
        return f"{root}{page.path}" if page else None

    def _read(self, path: str) -> Page | None:
        """Return a picture in a folder of the lessons; None if there is no such file, or it is none."""
        corpus = self._content.corpus
        if "\0" in path or not any(path.startswith(f"{folder.rstrip('/')}/") for folder in corpus.folders):
            return None
        place = corpus.root / path
        try:
            if place.parent.resolve() != corpus.root.resolve() / dirname(path):  # through a link
                return None
            data = read_regular(place, MOST_PICTURE_BYTES, links=False)
        except (OSError, RuntimeError, ValueError):
            return None
        suffix = next((suffix for begins, suffix in _KINDS if begins.match(data)), None)
        return Page(f"picture/{sha256(data).hexdigest()[:20]}.{suffix}", data) if suffix else None


def _beside(lesson: Lesson, target: str) -> str:
    """Return the path of what a lesson names, relative to the root."""
    return normpath(join(dirname(lesson.path), target))


def _by_name(lessons: Sequence[Lesson]) -> dict[str, str]:
    """Return the ids of lessons by the names of their files and by their titles, where only one lesson has them."""
    found: dict[str, set[str]] = {}
    for lesson in lessons:
        for name in (splitext(lesson.path.rsplit("/", 1)[-1])[0], lesson.title):
            found.setdefault(name.casefold(), set()).add(lesson.id)
    return {name: min(ids) for name, ids in found.items() if len(ids) == 1}
