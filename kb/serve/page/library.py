"""What the pages of one state of a library are made from, computed when it is first needed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TypeVar, cast

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from kb.config import corpus_of
from kb.filters.facets import Facets
from kb.knowledge_base import KnowledgeBase
from kb.pages.library import Said
from kb.serve.page.addresses import LiveAddresses
from kb.showing.page import Beside
from kb.site.content import Content, content_of
from kb.site.folder import Page
from kb.site.moved import moved_ids
from kb.site.pictures import picture_at
from kb.wording import shortened

_MOST_REMEMBERED = 200
_MOST_FILES = 2_000
_MOST_AUTHORS = 20
LONGEST_TITLE = 200
_Value = TypeVar("_Value")


class Library:
    """One open knowledge base, for pages."""

    def __init__(self, base: KnowledgeBase) -> None:
        """Read all lessons; raises `IndexUnusable`, `DamagedIndex`."""
        self.base = base
        opening, config = base.overview.opening, base.config
        kinds = KindTable(config.sections)
        self.content: Content = content_of(
            config.root.resolve().name, opening.catalogue(), opening, corpus_of(config), kinds, LiveAddresses.of
        )
        self._lock = Lock()
        self._remembered: OrderedDict[object, object] = OrderedDict()
        self._pictures: OrderedDict[str, str] = OrderedDict()
        """The path of each picture that a page has shown, by its address."""

    @property
    def facets(self) -> Facets:
        return self.remembered(Facets, lambda: Facets(self.content.catalogue))

    @property
    def moved(self) -> Mapping[str, str]:
        """The id of a lesson now, by the id that it had before it moved."""
        return self.remembered(moved_ids, lambda: moved_ids(self.base.config, self.content.addresses.ids))

    def remembered(self, key: object, make: Callable[[], _Value]) -> _Value:
        """Return what was made for a key, made now if it was not, or too long ago."""
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return cast(_Value, self._remembered[key])
        made = make()
        with self._lock:
            self._remembered[key] = made
            while len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return made

    def named(self, id_: str, note: str = "") -> Said:
        """Return a lesson as a link; its id if there is none, or no page of it."""
        address = self.content.addresses.lesson(id_)
        return Said(shortened(self.content.titles.get(id_, id_), LONGEST_TITLE), address or "", note)

    def beside(self, lesson: Lesson) -> Beside:
        """Return what others know of a lesson, and who wrote it by git."""
        return self.content.beside(lesson)._replace(written=[*self._written(lesson)])

    def _written(self, lesson: Lesson) -> Sequence[str]:
        directory = self.content.directory
        if directory.hides_all:
            return []
        found = self.base.overview.opening.authors().of(lesson.path)
        latest = sorted(found, key=lambda one: one.last, reverse=True)[:_MOST_AUTHORS]
        return [
            f"{one.last} written or changed by {one.author.name}"
            for one in latest
            if not directory.has_opted_out(one.author.name, one.author.contact)
        ]

    def show_pictures(self, found: Mapping[str, Page]) -> None:
        """Make pictures of the library available, by the paths of their files."""
        with self._lock:
            for path, page in found.items():
                self._pictures[page.path] = path
                self._pictures.move_to_end(page.path)
            while len(self._pictures) > _MOST_FILES:
                self._pictures.popitem(last=False)

    def picture(self, address: str) -> bytes | None:
        """Return a picture that a page has shown; None for any other file, and for one that has changed since."""
        path = self._pictures.get(address)
        found = picture_at(self.content.corpus, path) if path else None
        return found.data if found and found.path == address else None


class Libraries:
    """Keeps the library of the knowledge base that was asked for last: of one that was replaced nothing is kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: Library | None = None

    def of(self, base: KnowledgeBase) -> Library:
        with self._lock:
            if self._last is None or self._last.base is not base:
                self._last = Library(base)
            return self._last
