"""One session on a draft: it is written in an editor or by answering questions, then its state is shown."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb.codify.interview.interview import USED_LESSONS
from kb.codify.open_draft import OpenDraft
from kb.errors import CannotEdit, Exit
from kb.stopping import Terminated
from kb.system.here import seen_from, working_directory
from kb.terminal.interview import Interview, Stopped, read_line, show
from kb.wording import counted

if TYPE_CHECKING:
    from kb.check.finding import Finding
    from kb.life.life import Remaining

_PROPOSAL = "completeness.proposal"
_FINDINGS_NAMED = 8
"""A short list, because the user has just closed the editor."""


class Listener(Protocol):
    """Receives messages that are not results."""

    @property
    def quiet(self) -> bool: ...

    def notify(self, line: str) -> None: ...


def asked_for_title(*, anywhere: bool) -> str:
    """Ask the user for a title; without a terminal return an empty string, unless `anywhere`: a program may answer."""
    if not anywhere and not sys.stdin.isatty():
        return ""
    show("What is the problem, in one line? (Its title; it can be changed)")
    try:
        return read_line("> ")
    except Stopped:
        return ""


def ask_for_uses(draft: OpenDraft) -> None:
    """Ask in a terminal which lessons were used, unless the lesson says it; the answer is saved in the file."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        with suppress(Stopped, CannotEdit), draft.marking_uses():
            Interview(draft.path, draft.kinds).ask(USED_LESSONS)


def interrupted(interrupt: KeyboardInterrupt, message: str) -> Exit:
    """Say what was saved before the interruption; return the exit code."""
    show(f"\nkb: {message}")
    return Exit.TERMINATED if isinstance(interrupt, Terminated) else Exit.INTERRUPTED


def shown(path: Path) -> str:
    """Return a path as a user in the working directory would type it."""
    return str(seen_from(working_directory(), path.absolute()))


@dataclass(frozen=True, slots=True)
class Sitting:
    """The session on one draft, from its creation until the user stops."""

    listener: Listener
    draft: OpenDraft

    def write(self, *, in_editor: bool, from_notes: bool) -> Exit:
        """Open the draft in the editor, if there is one; show its state if it was edited or made from notes."""
        self._name_close(whole=False)
        if (in_editor and self._edit()) or from_notes:
            self._finish()
        return Exit.DONE

    def interview(self) -> Exit:
        """Ask the open questions; every answer is saved in the file however the session ends."""
        interview = Interview(self.draft.path, self.draft.kinds)
        try:
            self._name_close(whole=False)
            with suppress(Stopped), self.draft.marking_uses():
                interview.hold()
            self.listener.notify(self._saved(interview.saved, is_open=interview.is_open))
            self._finish()
        except KeyboardInterrupt as interrupt:
            return interrupted(interrupt, self._saved(interview.saved))
        return Exit.DONE

    def _edit(self) -> bool:
        """Open the draft in the editor; return False if nothing was written: no terminal, no editor, no change."""
        from kb.codify.editor import edit, editor

        if not sys.stdin.isatty() or not sys.stdout.isatty():
            return False
        path, command = self.draft.path, editor()
        if not command:
            self.listener.notify(
                f"neither $VISUAL nor $EDITOR is set; open the draft yourself, or: kb new --ask {self._quoted}"
            )
            return False
        before = path.read_bytes()
        with self.draft.marking_uses():
            edit(command, path)
        if path.exists() and path.read_bytes() == before:
            self.listener.notify("nothing was written; if the editor is still open, make it wait, as `code --wait`")
            return False
        self.draft.clear_prompts()
        return True

    @property
    def _quoted(self) -> str:
        return shlex.quote(shown(self.draft.path))

    def _saved(self, count: int, *, is_open: bool = True) -> str:
        return f"{counted(count, 'answer')} saved" + (f"; to go on: kb new --ask {self._quoted}" if is_open else "")

    def _finish(self) -> None:
        """Show the draft as a search result, then similar lessons, then what is still wrong with it."""
        self._preview()
        self._name_close(whole=True)
        self._name_findings()

    def _preview(self) -> None:
        if self.listener.quiet:
            return
        if result := self.draft.preview():
            from kb.terminal.answers import print_preview

            self.listener.notify("this is how it will look when it is found:")
            print_preview(result, self.draft.config.root)

    def _name_close(self, *, whole: bool) -> None:
        """Name the lessons that are similar to the draft: to its title, or if `whole` to all of its text."""
        if self.listener.quiet:
            return
        for number, lesson in enumerate(self.draft.close(whole=whole)):
            if not number:
                self.listener.notify("close to this one; would it be better to update one of these?")
            show(f"    {lesson.title}\n    {shown(self.draft.config.root / lesson.path)}")

    def _name_findings(self) -> None:
        """Show what is wrong with the draft, the worst first, then one line with what is missing."""
        if self.listener.quiet:
            return
        for lesson, left in self.draft.left():
            self._name(left.wrong)
            if lesson.status == "draft":
                self.listener.notify(_next(lesson.id, left))

    def _name(self, findings: Sequence[Finding]) -> None:
        """Show findings; unconfirmed proposals are only counted, because the interview confirms them one by one."""
        others = [finding for finding in findings if finding.code != _PROPOSAL]
        if count := len(findings) - len(others):
            self.listener.notify(f"{counted(count, 'proposal')} to confirm, one by one: kb new --ask {self._quoted}")
        for finding in others[:_FINDINGS_NAMED]:
            show(str(finding))
        if len(others) > _FINDINGS_NAMED:
            self.listener.notify(f"and {len(others) - _FINDINGS_NAMED} more: kb check {self._quoted}")


def _next(id_: str, left: Remaining) -> str:
    promote = f"kb promote {shlex.quote(id_)}"
    if not left.missing:
        return f"{'when that is corrected' if left.has_errors else 'nothing required is missing'}: {promote}"
    return f"before `{promote}` it must say: {', '.join(left.missing)}"
