"""`kb new`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from ingest.files.reason import reason_of
from kb.errors import Exit, NoSuchFile, NoTitle, UnknownLesson
from kb.retrieval.query_file import STANDARD_INPUT
from kb.session import Session
from kb.stopping import Terminated
from kb.system.here import seen_from, working_directory
from kb.wording import counted

if TYPE_CHECKING:
    from ingest.kinds import KindTable
    from kb.check.finding import Finding
    from kb.codify.draft import Draft
    from kb.codify.template import Template
    from kb.config import Config
    from kb.knowledge_base import KnowledgeBase
    from kb.life.life import Left

_PROPOSAL = "completeness.proposal"
_FINDINGS_NAMED = 8
"""Enough to go on with: whoever writes has just closed the editor, and wants no wall."""


@click.command(
    epilog="""\b
Examples:
  kb new "Orders left with the wrong label"     a draft, opened in your editor
  kb new --ask                                  the same as an interview in the terminal
  kb new --ask lessons/2026-11-22-labels.md     goes on with that interview
  kb new --from notes.md                        from raw notes, a mail, a chat, an export
  kb new --template post-mortem "Site down"     other headings
""",
)
@click.argument("title", nargs=-1, metavar="[TITLE|DRAFT]...")
@click.option("--from", "notes", metavar="FILE", help="Begin with these notes, any Markdown or text; - is stdin.")
@click.option("--ask", is_flag=True, help="Ask one question after the other; with a DRAFT, those still open.")
@click.option("--template", "name", metavar="NAME", default="lesson", help="Whose headings. Default: lesson.")
@click.option("--no-edit", is_flag=True, help="Do not open an editor.")
@click.pass_obj
def new(session: Session, title: tuple[str, ...], notes: str | None, ask: bool, name: str, no_edit: bool) -> int:
    """Write a lesson: a draft with headings, prompts, and all that is known already.

    It opens in $VISUAL or $EDITOR where there is a terminal; prompts that are answered vanish. Then
    you see how it will look when it is found, which lessons are close to it, and what `kb promote`
    would miss. Only its path goes to stdout.

    Exit code 0: here is the draft; 3: it could not be written, or the editor failed and the draft stays.
    """
    knowledge_base = session.knowledge_base()
    config = knowledge_base.config
    words = " ".join(title)
    path = _draft_named(config, words) if ask else None
    if not ask and words.endswith(".md") and Path(words).is_file():  # whoever names a file means no title
        raise click.UsageError(f"{words} is a file; to go on with it: kb new --ask FILE; as notes: kb new --from FILE")
    if path and notes:
        raise click.UsageError(f"--from begins a new lesson, and {_shown(path)} is there already; leave one out")
    try:
        path = path or _begun(session, knowledge_base, words, notes, name, asks=ask)
    except KeyboardInterrupt as interrupt:
        if not ask:
            raise
        return _interrupted(interrupt, "0 answers saved; to go on: kb new --ask")
    click.echo(_shown(path))
    sitting = _Sitting(session, knowledge_base, path)
    if ask:
        return sitting.interview()
    sitting.name_close(whole=False)
    if sitting.edit(wanted=not no_edit) or notes:
        sitting.finish()
    return Exit.DONE


def _interrupted(interrupt: KeyboardInterrupt, said: str) -> int:
    click.echo(f"\nkb: {said}", err=True)
    return Exit.TERMINATED if isinstance(interrupt, Terminated) else Exit.INTERRUPTED


def _begun(
    session: Session, knowledge_base: KnowledgeBase, words: str, notes: str | None, name: str, *, asks: bool
) -> Path:
    """Write a draft from all that is known, and ask for its title if that is not."""
    from dataclasses import replace

    from ingest.kinds import KindTable
    from kb.codify.beginning import as_title, begin
    from kb.codify.draft import Draft
    from kb.codify.known import known, model_lessons
    from kb.codify.template import template_named
    from kb.system.git import author_of

    config = knowledge_base.config
    kinds, today = KindTable(config.sections), date.today()
    template = template_named(name, config.root, kinds)
    said = _noted(session, notes, config.root, kinds, as_title(words), template) if notes else Draft()
    title = (
        as_title(words) or as_title(str(said.values.get("title") or "")) or as_title(_asked_for_title(anywhere=asks))
    )
    if not title:
        source = f"--from {shlex.quote(notes)} " if notes else ""
        example = f'the problem in one line, as in `kb new {source}"Orders left unlabelled"`'
        raise NoTitle(f"a lesson needs a title: {example}")
    author = author_of(config.root)
    if author is None:
        session.say(f"{_why_no_author()}, so nobody is named yet under `people`")
    about = "\n".join([title, *said.sections.values()])
    said = replace(said, values={**said.values, "title": title})
    lessons = model_lessons(knowledge_base.lessons, config)
    below = known(lessons, author, today, about, from_notes=notes is not None)
    return begin(config, template, said.over(below), today)


def _noted(session: Session, notes: str, root: Path, kinds: KindTable, title: str, template: Template) -> Draft:
    from kb.codify.notes.notes import notes as draft_of
    from kb.codify.secrecy import refuse_secrets
    from kb.codify.sources.notes_text import notes_text
    from kb.index.trust import refuse_link

    name = "" if notes == STANDARD_INPUT else notes
    if name:
        refuse_link(Path(notes), root)
    try:
        data = _bytes_of(notes)
    except OSError as error:
        raise NoSuchFile(f"{name or 'standard input'}: {reason_of(error)}") from error
    refuse_secrets(data, name)
    read = notes_text(data, name)
    if read.remark:
        session.say(read.remark)
    return draft_of(read.text, kinds, name=name, title=title, headings=template.headings(kinds))


def _bytes_of(notes: str) -> bytes:
    """Read the notes; raises `OSError`, for more than a lesson may have as well."""
    from ingest.files.corpus import MAX_BYTES
    from ingest.files.regular_file import read_regular, too_large

    if notes != STANDARD_INPUT:
        return read_regular(Path(notes), MAX_BYTES)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(MAX_BYTES, notes)
    return data


def _asked_for_title(*, anywhere: bool) -> str:
    """Ask whoever sits there; nothing where nobody does. An interview may be held with a program."""
    from kb.terminal.interview import Stopped, read_line, show

    if not anywhere and not sys.stdin.isatty():
        return ""
    show("What is the problem, in one line? (Its title; it can be changed)")
    try:
        return read_line("> ")
    except Stopped:
        return ""


def _why_no_author() -> str:
    return "git does not know who you are (`git config --global user.name`)" if which("git") else "git is not there"


def _draft_named(config: Config, words: str) -> Path | None:
    """Return the draft that a path or an id names; None for a title.

    Raises `NoSuchFile`, `AmbiguousId`, and `UnknownLesson` for a word that is nearly an id.
    """
    if words.endswith(".md"):
        return _lesson_at(config, Path(words))
    if len(words.split()) != 1:  # to look for an id, all lessons are read
        return None
    from kb.life.life import Life

    lookup = Life.of(config, date.today()).lookup
    with suppress(UnknownLesson):
        return lookup.named(words).location
    if near := lookup.near(words):
        raise UnknownLesson(
            f"no draft has the id {words}; did you mean {near}? for a new lesson give its title in words"
        )
    return None


def _lesson_at(config: Config, path: Path) -> Path:
    from kb.config import corpus_of

    if not path.is_file():
        raise NoSuchFile(f"{path}: no such file; give the path of a draft, or a title for a new one")
    places = (config.root / file.path for file in corpus_of(config).find().files if file.path.endswith(path.name))
    if not any(path.samefile(place) for place in places):
        begin = f"kb new --from {shlex.quote(str(path))} --ask"
        raise NoSuchFile(f"{path}: no lesson of this knowledge base; to begin one from it: {begin}")
    return path


def _shown(path: Path) -> str:
    return str(seen_from(working_directory(), path.absolute()))


class _Sitting:
    """One draft, from its beginning until whoever writes has had enough."""

    def __init__(self, session: Session, knowledge_base: KnowledgeBase, path: Path) -> None:
        from ingest.kinds import KindTable
        from kb.codify.close import CloseLessons

        self._session = session
        self._config = config = knowledge_base.config
        self._close = CloseLessons(config.root, knowledge_base.searcher)
        self._path = path
        self._kinds = KindTable(config.sections)

    def edit(self, *, wanted: bool) -> bool:
        """Let the draft be written in the editor; False where there is no terminal or no editor."""
        from kb.codify.editor import edit, editor
        from kb.codify.interview.written import clear_prompts

        if not wanted or not sys.stdin.isatty() or not sys.stdout.isatty():
            return False
        command = editor()
        if not command:
            path = shlex.quote(_shown(self._path))
            self._session.say(f"neither $VISUAL nor $EDITOR is set; open the draft yourself, or: kb new --ask {path}")
            return False
        before = self._path.read_bytes()
        edit(command, self._path)
        if self._path.exists() and self._path.read_bytes() == before:
            self._session.say(
                "nothing has been written; an editor that is open still must be told to wait, as `code --wait`"
            )
            return False
        clear_prompts(self._path, self._kinds)
        return True

    def interview(self) -> int:
        """Ask what is still open; what was answered is in the file however it ends."""
        from kb.terminal.interview import Interview, Stopped

        interview = Interview(self._path, self._kinds)
        try:
            self.name_close(whole=False)
            with suppress(Stopped):
                interview.hold()
            self._session.say(self._saved(interview.saved, is_open=interview.is_open))
            self.finish()
        except KeyboardInterrupt as interrupt:
            return _interrupted(interrupt, self._saved(interview.saved))
        return Exit.DONE

    def _saved(self, count: int, *, is_open: bool = True) -> str:
        to_go_on = f"; to go on: kb new --ask {shlex.quote(_shown(self._path))}" if is_open else ""
        return f"{counted(count, 'answer')} saved{to_go_on}"

    def finish(self) -> None:
        """Show the draft as it will be found, then what is close to it, and what is still wrong with it."""
        self._preview()
        self.name_close(whole=True)
        self._name_findings()

    def _preview(self) -> None:
        """Show the draft as a search would; nothing where it cannot be read, which the findings say."""
        if self._session.quiet:
            return
        from ingest.problem import Unreadable
        from ingest.reading import read_lesson
        from kb.codify.preview import preview
        from kb.terminal.answers import print_preview

        root = self._config.root
        try:
            name = self._path.absolute().relative_to(root.absolute()).as_posix()
            result = preview(read_lesson(self._path.read_bytes(), name, self._path.stem, self._kinds))
        except (OSError, Unreadable, ValueError):
            return
        self._session.say("this is how it will look when it is found:")
        print_preview(result, root)

    def name_close(self, *, whole: bool) -> None:
        """Name the lessons that are close to the draft, by its title alone or by all that it says by now."""
        if self._session.quiet:
            return
        for number, lesson in enumerate(self._close.to(self._path, self._kinds, whole=whole)):
            if not number:
                self._session.say("close to this one; would it be better to update one of these?")
            click.echo(f"    {lesson.title}\n    {_shown(self._config.root / lesson.path)}", err=True)

    def _name_findings(self) -> None:
        """Name what is wrong with the draft, the worst first, then in one line what it still lacks."""
        from kb.check.request import selection
        from kb.life.life import Life

        if self._session.quiet:
            return
        life = Life.of(self._config, date.today(), self._path)
        for file in life.lookup.gathered.chosen:
            left = life.left(file, selection(self._config, (), ()))
            self._name(left.wrong)
            if file.lesson.status == "draft":
                self._session.say(_next(file.lesson.id, left))

    def _name(self, findings: Sequence[Finding]) -> None:
        """Name findings, but count those that say of a value that nobody has confirmed it: the interview does that."""
        path = shlex.quote(_shown(self._path))
        others = [finding for finding in findings if finding.code != _PROPOSAL]
        if count := len(findings) - len(others):
            self._session.say(f"{counted(count, 'proposal')} to confirm, one by one: kb new --ask {path}")
        for finding in others[:_FINDINGS_NAMED]:
            click.echo(str(finding), err=True)
        if len(others) > _FINDINGS_NAMED:
            self._session.say(f"and {len(others) - _FINDINGS_NAMED} more: kb check {path}")


def _next(id_: str, left: Left) -> str:
    promote = f"kb promote {shlex.quote(id_)}"
    if not left.missing:
        return f"{'when that is mended' if left.has_errors else 'it says all that it must'}: {promote}"
    return f"before `{promote}` it must say: {', '.join(left.missing)}"
