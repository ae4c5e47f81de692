"""The global options of a call, and helpers that all commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.errors import Exit
from kb.served.caller import caller
from kb.stopping import Terminated

if TYPE_CHECKING:
    from kb.demand.noting.asked import Question
    from kb.evaluation.files import Files
    from kb.knowledge_base import KnowledgeBase
    from kb.life.outcome import Outcome
    from kb.progress import Progress
    from kb.reindex.reporting.report import Report
    from kb.system.last_hits import LastHit

_LINES_NAMED = 20
_lent: ContextVar[KnowledgeBase | None] = ContextVar("lent knowledge base", default=None)


@contextmanager
def lending(base: KnowledgeBase) -> Iterator[None]:
    """Let commands inside the `with` block use a knowledge base that is open, whichever they name."""
    before = _lent.set(base)
    try:
        yield
    finally:
        _lent.reset(before)


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the program, with its global options."""

    root: str | None
    quiet: bool = False
    verbose: bool = False
    answer: Callable[[Sequence[str]], int] = field(default=lambda _: Exit.DONE, repr=False)
    """Runs another command line in this process, and returns its exit code."""

    def knowledge_base(self, progress: Progress | None = None) -> KnowledgeBase:
        """Open the knowledge base that the options, the environment or the working directory name."""
        from kb.knowledge_base import KnowledgeBase
        from kb.system.last_root import remember_root

        opened = _lent.get() or KnowledgeBase(self.find_root(), progress or self.progress())
        click.get_current_context().call_on_close(lambda: remember_root(opened.config.root))
        return opened

    def find_root(self) -> Path:
        """Return the folder of the knowledge base; raises `ConfigError`."""
        from kb.config import root_from

        return root_from(self.root)

    def collection(self, folder: Path) -> tuple[KnowledgeBase, Files]:
        """Open a test collection as a knowledge base, updated, and return it with its query and judgement files.

        Raises `EvaluationError` for an invalid one, and `CannotWrite`.
        """
        from kb.evaluation.collection import Collection
        from kb.knowledge_base import KnowledgeBase

        found = Collection(folder)
        opened = KnowledgeBase(found.prepared(), self.progress())
        self.name_problems(opened.reindex())
        return opened, found.files

    def own_questions(self, paths: Sequence[Path]) -> tuple[KnowledgeBase, Files]:
        """Write queries and judgements from the user's log, to two paths or for this command only.

        Raises `NoDemand`, `NoResult`, `NoSuchFile` and `CannotWrite`.
        """
        from kb.evaluation.files import Files

        base = self.knowledge_base()
        for path in paths:
            self.refuse_output(base, path)
        own = () if paths else base.demand.own_files()
        for path in own:
            click.get_current_context().call_on_close(partial(path.unlink, missing_ok=True))
        queries, qrels = paths or own
        base.demand.write_collection(queries, qrels)
        return base, Files("your own questions", queries, qrels)

    def remember(self, knowledge_base: KnowledgeBase, question: Question) -> None:
        """Store the hits at the end of the command, so that they can be named by number, and note the question."""
        from kb.system.last_hits import remember_hits

        root, answer = knowledge_base.config.root, question.answer
        if answer:
            click.get_current_context().call_on_close(lambda: remember_hits(root, answer.places))
        self.note_question(knowledge_base, question)

    def note_question(self, knowledge_base: KnowledgeBase, question: Question) -> None:
        """At the end of the command, when its answer has been shown, store the question if questions are noted."""

        def note() -> None:
            is_of_today = question.answer and not question.answer.as_of
            if is_of_today and question.request.text.strip() and self._notes_demand(knowledge_base):
                from kb.demand.noting.asked import asked_of
                from kb.system.last_hits import terminal_of

                config = knowledge_base.config
                asked = asked_of(question, whole=config.whole_pages)
                if said := knowledge_base.demand.note(asked, terminal_of(config.root), tells=not self.quiet):
                    self.notify(said)

        click.get_current_context().call_on_close(note)

    def note_opened(self, knowledge_base: KnowledgeBase, lesson: str) -> None:
        """If questions are noted and a hit of the last search in this terminal is opened, store that."""
        if not self._notes_demand(knowledge_base):
            return
        from kb.system.last_hits import terminal_of

        if any(hit.id == lesson for hit in self.last_hits(knowledge_base) or ()):
            knowledge_base.demand.mark_opened(lesson, terminal_of(knowledge_base.config.root))

    def _notes_demand(self, knowledge_base: KnowledgeBase) -> bool:
        from kb.demand.noting.place import records  # imports little, as most users note nothing

        return records(knowledge_base.config)

    def refuse_links(self, knowledge_base: KnowledgeBase, names: Iterable[str]) -> None:
        """Raise `NoSuchFile` if a file is behind a link below the root, which may come from a cloned repository."""
        from kb.trust.distrust import refuse_link

        for name in names:
            refuse_link(Path(name), knowledge_base.config.root)

    def refuse_output(self, knowledge_base: KnowledgeBase, path: Path) -> None:
        """Raise `NoResult` or `NoSuchFile` if a file must not be written as a result."""
        from kb.trust.outputs import refuse_output

        refuse_output(path, knowledge_base.config)

    def last_hits(self, knowledge_base: KnowledgeBase) -> Sequence[LastHit] | None:
        """Return the hits that can be named by number in this terminal; None if there are none."""
        from kb.system.last_hits import last_hits

        return last_hits(knowledge_base.config.root)

    def progress(self) -> Progress:
        from kb.progress import Silent

        if self.quiet:
            return Silent()
        if sys.stderr.isatty():
            from kb.terminal.progress_bar import ProgressBar

            return ProgressBar()
        from kb.progress import ProgressLines

        return ProgressLines()

    def page(self, text: str) -> None:
        """Show a text in the pager; if the text fits the terminal, `less` prints it and ends."""
        if other := caller():
            other.page(text)
            return
        options = os.environ.get("LESS")
        # Without -R, less shows colour codes as text.
        os.environ["LESS"] = "-FRX" if options is None else f"-R {options}"
        click.echo_via_pager(text, color=True)

    def notify(self, line: str) -> None:
        """Print a line that is not a result to stderr, unless quiet."""
        if not self.quiet:
            click.echo(f"kb: {line}", err=True)

    def settle(self, outcome: Outcome, print_instead: Callable[[str], None] | None = None) -> Exit:
        """Print the changed paths and the errors of a command, and index the changed lessons.

        If they cannot be indexed, the reason is printed; the files stay changed. `print_instead` prints the result
        instead of the paths, given that reason, which is empty if all is well.
        """
        for finding in outcome.errors:
            click.echo(str(finding), err=True)
        if print_instead is None:
            for path in outcome.paths:
                click.echo(path)
        self.notify(outcome.message)
        for line in outcome.to_tell:
            self.notify(line)
        code, why = self._amended(outcome)
        if why:
            click.echo(f"kb: {why}", err=True)
        if print_instead:
            print_instead(why)
        return Exit.NOTHING if outcome.errors else code

    def _amended(self, outcome: Outcome) -> tuple[Exit, str]:
        """Index the changed lessons; return the exit code, and in words why that failed."""
        if not outcome.lessons:
            return Exit.DONE, ""
        from kb.progress import Silent

        try:
            why = self.knowledge_base(Silent()).index.amend(outcome.lessons)
        except KeyboardInterrupt as interrupt:
            code = Exit.TERMINATED if isinstance(interrupt, Terminated) else Exit.INTERRUPTED
            return code, "interrupted; the lesson is changed, the index is not; run `kb reindex`"
        return (Exit.PARTLY_FAILED, f"the lesson is changed, the index is not: {why}") if why else (Exit.DONE, "")

    def name_stages(self, report: Report) -> None:
        """With `--verbose`, print how long each stage of a run took."""
        if self.verbose and report.stages_line:
            self.notify(report.stages_line)

    def name_problems(self, report: Report) -> None:
        """Print each file that could not be read, and each lesson no longer found for its own `answers`."""
        self._name([str(problem) for problem in report.problems])
        if report.problems:
            self.warn("correct what is named and run `kb reindex`; until then a search finds what could be read")
        self._name([str(regression) for regression in report.regressions])

    def _name(self, lines: Sequence[str]) -> None:
        """Print each line; with neither verbose nor quiet, at most `_LINES_NAMED` of them."""
        named = lines if self.verbose or self.quiet else lines[:_LINES_NAMED]
        for line in named:
            self.warn(line)
        if len(lines) > len(named):
            self.warn(f"and {len(lines) - len(named):,} more; `kb -v reindex` names all")

    def warn(self, line: str) -> None:
        """Print an error line to stderr, even if quiet."""
        click.echo(f"kb: {line}", err=True)
