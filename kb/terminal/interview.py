"""The interview in the terminal: each answer is saved to the file before the next question is asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

import click

from ingest.kinds import KindTable
from kb.codify.interview.interview import Question, in_order, is_open, open_questions, questions_for
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress, rewrite
from kb.edit.source import Source
from kb.visible import as_written, visible

_KEYS = """\
Enter alone skips a question, < goes back, . stops, ? shows this again. An empty
line ends a long answer. Of what was proposed, y keeps it, n deletes it, c
changes it. Every answer is saved before the next question is asked."""
_BACK, _STOP, _HELP = "<", ".", "?"
_PREVIEW = 48
_WIDTH = 80


class Stopped(Exception):
    """The user wants no further question, or the input has ended."""


@dataclass
class Interview:
    """One session of questions about one lesson file."""

    path: Path
    kinds: KindTable
    saved: int = 0
    """Number of answers saved to the file in this session."""

    def hold(self) -> None:
        """Ask until no question is open; raises `Stopped`, or `CannotEdit` before the first question."""
        lesson = self._lesson()
        lesson.set({})
        questions = questions_for(lesson)
        order = in_order(lesson, questions)
        if open_questions(lesson, questions):
            show(f"\n{_KEYS}")
        seen: set[int] = set()
        position = 0
        while position < len(order):
            question, number = questions[order[position]], order[position]
            lesson = self._lesson()
            if not is_open(lesson, question) and not (position in seen and question.applies(lesson)):
                position += 1
                continue
            seen.add(position)
            answer = self._ask(question, _number(questions, number), lesson)
            if answer == _BACK:
                before = (at for at in seen if at < position and questions[order[at]].applies(self._lesson()))
                position = max(before, default=position)
            elif not answer or self._save(question, answer):
                position += 1

    def ask(self, question: Question) -> None:
        """Ask one question, if it is open, until the answer is understood; raises as `hold` does."""
        while is_open(lesson := self._lesson(), question):
            answer = self._ask(question, "", lesson)
            if answer in ("", _BACK) or self._save(question, answer):
                return

    @property
    def is_open(self) -> bool:
        """Whether any question is still unanswered."""
        lesson = self._lesson()
        return bool(open_questions(lesson, questions_for(lesson)))

    def _ask(self, question: Question, number: str, lesson: LessonInProgress) -> str:
        show("")
        for line in wrap(f"{number}  {question.wording(lesson)}".strip(), _WIDTH - 1):
            _show_bold(line)
        for line in question.hint.splitlines():
            _show_below(f"({line})" if line == question.hint else line)
        if current := question.place.answer_in(lesson):
            _show_below(f"so far: {_short(current)}; {question.enter}")
        offer = question.offer(lesson)
        if offer:
            _show_below(f"y takes: {offer}")
        answer = answer_to(question)
        if more := question.asks_more(answer):
            _show_below(more)
            answer = _continued(answer, optional=question.more_is_optional)
        return offer if offer and answer.casefold() in ("y", "yes") else answer

    def _save(self, question: Question, answer: str) -> bool:
        """Save an answer to the file; if it cannot be understood, show why and return False."""
        try:
            rewrite(self.path, self.kinds, lambda lesson: question.place.edits(lesson, answer))
        except Unclear as unclear:
            _show_below(str(unclear))
            return False
        self.saved += 1
        if result := question.result(self._lesson(), answer):
            _show_below(result)
        return True

    def _lesson(self) -> LessonInProgress:
        return LessonInProgress(Source.read(self.path).text, self.kinds, str(self.path))


def _continued(answer: str, *, optional: bool) -> str:
    """Return an answer with a second one; without that, the first is kept only if it is optional."""
    if not optional:
        rest = read_line("> ").strip()
        return f"{answer} {rest}" if rest and rest != _BACK else rest
    try:
        rest = read_line("> ").strip()
    except Stopped:  # keep the first answer; the next question meets the same end of input
        return answer
    return rest if rest == _BACK else f"{answer}\n{rest}".strip()


def show(line: str) -> None:
    """Show a line on stderr; stdout is for results only."""
    click.echo(line, err=True)


def _show_below(line: str) -> None:
    """Show further lines of a question, indented and wrapped to 80 columns."""
    for row in wrap(line, _WIDTH - 1, initial_indent="  ", subsequent_indent="  "):
        show(row)


def answer_to(question: Question) -> str:
    """Read an answer; raises `Stopped`."""
    lines = [read_line("> ")]
    if question.is_long and lines[0] not in ("", _BACK):
        with suppress(Stopped):  # keep the lines typed so far; the next question meets the same end of input
            while line := read_line("  ").rstrip():
                lines.append(line)
    return "\n".join(lines).strip()


def read_line(prompt: str) -> str:
    """Read one line, or several that were pasted; the help key is handled here.

    Raises `Stopped` for the stop key and at the end of the input.
    """
    line = _HELP
    while line.strip() == _HELP:
        try:
            line = _edited_line(prompt) if sys.stdin.isatty() and sys.stdout.isatty() else _plain_line(prompt)
        except EOFError:
            show("")
            raise Stopped from None
        if line.strip() == _HELP:
            show(_KEYS)
    if line.strip() == _STOP:
        raise Stopped
    return line.strip() if line.strip() == _BACK else line


def _edited_line(prompt: str) -> str:
    """Read a line with arrow keys and history, if the system has readline."""
    with suppress(ImportError):
        import readline

        readline.parse_and_bind("set enable-bracketed-paste on")  # a pasted page is one answer, not one answer per line
    return input(prompt)


def _plain_line(prompt: str) -> str:
    if sys.stdin.isatty():
        click.echo(prompt, nl=False, err=True)
    if line := sys.stdin.readline():
        return line.rstrip("\r\n")
    raise EOFError


def _show_bold(line: str) -> None:
    """Show a line in bold; control characters in the line are made visible before the escape codes are added."""
    styled = visible(line) if "NO_COLOR" in os.environ else click.style(visible(line), bold=True)
    click.echo(styled, file=as_written(sys.stderr))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _PREVIEW else line[: _PREVIEW - 3] + "..."


def _number(questions: Sequence[Question], number: int) -> str:
    """Return which question it is, among those that every lesson gets: `3 of 18`."""
    if questions[number].is_extra:
        return "one more"
    counted = [at for at, question in enumerate(questions) if not question.is_extra]
    return f"{counted.index(number) + 1} of {len(counted)}"
