"""Where the links of a lesson lead on a site: to pages of other lessons, and to pictures of the library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from ingest.lesson import Lesson
from kb.pages.rendering import Places, anchor_of
from kb.site.content import Content
from kb.site.folder import Page
from kb.site.pictures import picture_at

_LINE = re.compile(r"L\d{1,7}")


class Links:
    """Resolves the links of all lessons, and collects the pictures that they show."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._pictures: dict[str, Page | None] = {}

    def of(self, lesson: Lesson, root: str) -> Places:
        """Return where the links of a lesson lead, from a page with this way to the first page."""
        return Places(
            lambda target: self._lesson(target, lesson, root), lambda target: self._picture(target, lesson, root)
        )

    @property
    def pictures(self) -> list[Page]:
        """The pictures of the lessons whose links were resolved; equal ones are one file."""
        return [*{page.path: page for page in self.pictures_by_path.values()}.values()]

    @property
    def pictures_by_path(self) -> Mapping[str, Page]:
        """The same by the paths of their files."""
        return {path: page for path, page in self._pictures.items() if page}

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
            or self._content.by_name.get(named.casefold())
        )

    def _picture(self, target: str, lesson: Lesson, root: str) -> str | None:
        path = _beside(lesson, unquote(target).partition("#")[0].partition("?")[0])
        if path not in self._pictures:
            self._pictures[path] = picture_at(self._content.corpus, path)
        page = self._pictures[path]
        return f"{root}{page.path}" if page else None


def _beside(lesson: Lesson, target: str) -> str:
    """Return the path of what a lesson names, relative to the root."""
    return normpath(join(dirname(lesson.path), target))
