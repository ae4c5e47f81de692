"""The lessons that are being written in a knowledge base: begins a new one, or finds one by id or path."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from kb.codify.asked_for import asked_for
from kb.codify.beginning import as_title, begin
from kb.codify.close import CloseLessons
from kb.codify.draft import Draft
from kb.codify.known import known, model_lessons
from kb.codify.open_draft import OpenDraft
from kb.codify.template import Template, template_named
from kb.config import Config, corpus_of
from kb.errors import NoSuchFile, NoTitle, UnknownLesson
from kb.system.git import Author, author_of

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What a user gives to begin a lesson."""

    title: str = ""
    """Empty if the notes contain one, or if the user is to be asked."""
    notes: str | None = None
    """A file name, or `-` for standard input."""
    text: str = ""
    """The notes themselves, if they are in no file."""
    template: str = "lesson"
    """Name of the template that gives the headings."""
    gap: str = ""
    """The number or label of a gap of the last `kb gaps` that the lesson is to close."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of a knowledge base on one day."""

    config: Config
    lessons: Callable[[], Sequence[Lesson]]
    """Reads the lessons of the index; raises `KbError` or `SearchError` if there is none."""
    open_index: Callable[[], Searcher | None]
    mark_reused: Callable[[str], None]
    """Is told the id of each lesson that a draft is said to have used; never raises."""
    today: date

    @property
    def kinds(self) -> KindTable:
        return KindTable(self.config.sections)

    def open(self, path: Path) -> OpenDraft:
        """Return an object for working on a draft."""
        close = CloseLessons(self.config.root, self.open_index)
        return OpenDraft(path, self.config, self.kinds, close, self.mark_reused, self.today)

    def begin(self, request: DraftRequest, ask_title: Callable[[], str], notify: Notify) -> Path:
        """Write a draft from all that is known, asking for the title if it is unknown; return its file.

        Raises `NoTitle`, `UnknownTemplate`, `UnknownGap`, `CannotWrite`, and the errors of reading the notes.
        """
        root, title = self.config.root, as_title(request.title)
        template = template_named(request.template, root, self.kinds)
        has_notes = bool(request.notes or request.text)
        noted = self._noted(request, title, template, notify) if has_notes else Draft()
        noted = noted.over(asked_for(root, request.gap)) if request.gap else noted
        title = title or as_title(str(noted.values.get("title") or "")) or as_title(ask_title())
        if not title:
            raise _no_title(request.notes)
        author = author_of(root)
        if author is None:
            notify(f"{_why_no_author()}, so nobody is named yet under `people`")
        noted = replace(noted, values={**noted.values, "title": title})
        below = self._known("\n".join([title, *noted.sections.values()]), author, from_notes=has_notes)
        return begin(self.config, template, noted.over(below), self.today)

    def _noted(self, request: DraftRequest, title: str, template: Template, notify: Notify) -> Draft:
        from kb.codify.notes.notes import notes
        from kb.codify.secrecy import refuse_secrets
        from kb.codify.sources.notes_text import notes_text
        from kb.codify.sources.source_file import file_name, source_bytes

        if request.notes:
            data, name = source_bytes(request.notes, self.config.root), file_name(request.notes)
        else:
            data, name = request.text.encode(errors="replace"), ""
            refuse_secrets(data, "the notes")
        read = notes_text(data, name)
        if read.remark:
            notify(read.remark)
        return notes(read.text, self.kinds, name=name, title=title, headings=template.headings(self.kinds))

    def _known(self, about: str, author: Author | None, *, from_notes: bool) -> Draft:
        lessons = model_lessons(self.lessons, self.config)
        return known(lessons, author, self.today, about, from_notes=from_notes)

    def named(self, words: str) -> Path | None:
        """Return the file of the draft with a path or an id; None if `words` is a title.

        Raises `NoSuchFile`, `AmbiguousId`, and `UnknownLesson` for a word that is similar to an id.
        """
        if words.endswith(".md"):
            return self._lesson_at(Path(words))
        if len(words.split()) != 1:  # an id is one word; searching for it reads all lessons
            return None
        from kb.life.life import Life

        lookup = Life.of(self.config, self.today).lookup
        with suppress(UnknownLesson):
            return lookup.named(words).location
        if near := lookup.near(words):
            raise UnknownLesson(
                f"no draft has the id {words}; did you mean {near}? for a new lesson give its title in words"
            )
        return None

    def _lesson_at(self, path: Path) -> Path:
        if not path.is_file():
            raise NoSuchFile(f"{path}: no such file; give the path of a draft, or a title for a new one")
        files = corpus_of(self.config).find().files
        places = (self.config.root / file.path for file in files if file.path.endswith(path.name))
        if not any(path.samefile(place) for place in places):
            begin = f"kb new --from {shlex.quote(str(path))} --ask"
            raise NoSuchFile(f"{path}: no lesson of this knowledge base; to begin one from it: {begin}")
        return path


def _no_title(notes: str | None) -> NoTitle:
    source = f"--from {shlex.quote(notes)} " if notes else ""
    example = f'the problem in one line, as in `kb new {source}"Orders left unlabelled"`'
    return NoTitle(f"a lesson needs a title: {example}")


def _why_no_author() -> str:
    return "git does not know who you are (`git config --global user.name`)" if which("git") else "git is not installed"
