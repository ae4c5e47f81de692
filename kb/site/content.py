"""What a site is made from: the lessons of one snapshot, and what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import splitext
from typing import Protocol

from ingest.files.corpus import Corpus, digest_of
from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.catalogue.catalogue import Catalogue
from kb.lessons.stated import stated
from kb.people.contact import whom_to_ask
from kb.people.directory import Directory
from kb.retrieval.opening import Opening
from kb.reuse.use import Use, uses_by_lesson
from kb.showing.page import Addresses, Beside


class PageAddresses(Addresses, Protocol):
    """The addresses of pages that lead to each other, from the first page."""

    @property
    def pages(self) -> Mapping[str, str]:
        """The page of each lesson that has one, by its id."""
        ...

    @property
    def ids(self) -> Mapping[str, str]:
        """The id of each lesson, by its path."""
        ...


@dataclass(frozen=True)
class Content:
    """The lessons of a library as pages. Who has opted out is in none of it: the catalogue leaves them out."""

    name: str
    """Of the library."""
    lessons: Sequence[Lesson]
    """The newest first."""
    catalogue: Catalogue
    corpus: Corpus
    kinds: KindTable
    directory: Directory
    uses: Mapping[str, Sequence[Use]]
    """By the id of the used lesson."""
    addresses: PageAddresses

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """The ids of lessons by the names of their files and by their titles, where only one lesson has them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for lesson in self.lessons:
            for name in (splitext(lesson.path.rsplit("/", 1)[-1])[0], lesson.title):
                found[name.casefold()].add(lesson.id)
        return {name: min(ids) for name, ids in found.items() if len(ids) == 1}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {lesson.id: lesson.title for lesson in self.lessons}

    @cached_property
    def successors(self) -> Mapping[str, Sequence[str]]:
        """The ids of the lessons that replace a lesson, by its id."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for lesson in self.lessons:
            for old in lesson.supersedes:
                if old != lesson.id:
                    found[old].append(lesson.id)
        return found

    @cached_property
    def units(self) -> Mapping[str, Sequence[Lesson]]:
        """The lessons of each unit, the largest first."""
        return _grouped((unit, lesson) for lesson in self.lessons if (unit := stated(lesson.unit)))

    @cached_property
    def tags(self) -> Mapping[str, Sequence[Lesson]]:
        """The lessons with each tag, the most frequent first."""
        return _grouped((tag, lesson) for lesson in self.lessons for tag in dict.fromkeys(lesson.tags))

    def beside(self, lesson: Lesson) -> Beside:
        ask = whom_to_ask(lesson, self.directory)
        return Beside(ask, self.uses.get(lesson.id, ()), self.successors.get(lesson.id, ()))

    def text(self, lesson: Lesson) -> str:
        """Return the body without what readers do not see, its lines where they are in the file.

        If the file has changed since it was indexed, or is gone, it is the text of the index.
        """
        try:
            data = self.corpus.read(lesson.path)
            if self._digests.get(lesson.path) == digest_of(data):
                reading = read_lesson(data, lesson.path, lesson.id, self.kinds)
                return "\n" * reading.body_line + "\n".join(reading.seen_text.split("\n")[reading.body_line :])
        except Unreadable:
            pass
        return self._indexed_text(lesson)

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        return {path: file.digest for path, file in self.catalogue.files().items()}

    def _indexed_text(self, lesson: Lesson) -> str:
        rows: list[str] = []
        for passage in self.catalogue.passages(lesson.path):
            if passage.origin is Origin.BODY:
                rows += [""] * (passage.lines[0] - len(rows))
                rows += passage.text.split("\n")
        return "\n".join(rows)


def content_of(
    name: str,
    catalogue: Catalogue,
    opening: Opening,
    corpus: Corpus,
    kinds: KindTable,
    addresses_of: Callable[[Sequence[Lesson]], PageAddresses],
) -> Content:
    """Return the lessons of a catalogue, which must stay open as long, as pages with some addresses."""
    directory, lessons = opening.directory(), catalogue.lessons()
    uses = uses_by_lesson(lessons, opening.recorded().uses, directory)
    return Content(name, lessons, catalogue, corpus, kinds, directory, uses, addresses_of(lessons))


def _grouped(pairs: Iterable[tuple[str, Lesson]]) -> Mapping[str, Sequence[Lesson]]:
    found: defaultdict[str, list[Lesson]] = defaultdict(list)
    for name, lesson in pairs:
        found[name].append(lesson)
    return dict(sorted(found.items(), key=lambda group: (-len(group[1]), group[0])))
