"""What the options before the command say, and what each command starts from."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kb.answer import Answer
    from kb.job.report import Report
    from kb.knowledge_base import KnowledgeBase
    from kb.progress import Progress

_LINES_NAMED = 20


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the program."""

    root: str | None
    quiet: bool = False
    verbose: bool = False

    def knowledge_base(self) -> KnowledgeBase:
        """Open the knowledge base that the options, the environment or the working directory name."""
        from kb.config import root_from
        from kb.knowledge_base import KnowledgeBase
        from kb.last_root import remember_root

        opened = KnowledgeBase(root_from(self.root), self.progress())
        click.get_current_context().call_on_close(lambda: remember_root(opened.config.root))
        return opened

    def remember(self, knowledge_base: KnowledgeBase, answer: Answer) -> None:
        """Let the hits of an answer be named by their numbers in this terminal, once it is printed or cut short."""
        from kb.last_hits import remember_hits

        root = knowledge_base.config.root
        click.get_current_context().call_on_close(lambda: remember_hits(root, answer.places))

    def progress(self) -> Progress:
        from kb.progress import Silent

        if self.quiet:
            return Silent()
        if sys.stderr.isatty():
            from kb.progress_bar import ProgressBar

            return ProgressBar()
        from kb.progress import ProgressLines

        return ProgressLines()

    def page(self, text: str) -> None:
        """Show a text in the pager, which a terminal that is long enough for it does without."""
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text, color=True)

    def say(self, line: str) -> None:
        """Tell a person something that is no result."""
        if not self.quiet:
            click.echo(f"kb: {line}", err=True)

    def report(self, paths: Sequence[str], said: str) -> None:
        """Print the files that were changed, for a program to go on with, and tell a person what was done."""
        for path in paths:
            click.echo(path)
        self.say(said)

    def name_problems(self, report: Report) -> None:
        """Name each file that could not be read, and each lesson that is no longer found for what it answers."""
        self._name([str(problem) for problem in report.problems])
        self._name([str(regression) for regression in report.regressions])

    def _name(self, lines: Sequence[str]) -> None:
        """Say each line; a wall of them only where it was asked for."""
        named = lines if self.verbose else lines[:_LINES_NAMED]
        for line in named:
            self.say(line)
        if len(lines) > len(named):
            self.say(f"and {len(lines) - len(named):,} more; `kb -v reindex` names all")
