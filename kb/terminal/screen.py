"""The one module that knows rich: what a person sees."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from ingest.format import Event, Person
from ingest.lesson import Lesson, text_of
from kb.lessons.contact import whom_to_ask
from kb.lessons.stated import stated
from kb.lessons.worth import in_a_phrase, worth
from kb.visible import as_written, visible
from kb.wording import age_of, counted, lasted, size_in_words
from search.mode import Mode
from search.ranking.calibration import LEXICAL_WEIGHT

if TYPE_CHECKING:
    from rich.table import Table

    from kb.reindex.ledger import Run
    from kb.retrieval.answer import Answer, Result
    from kb.retrieval.similar import Analogies
    from kb.upkeep.status import Status
    from search.ranking.hits import Standing
    from search.ranking.snippet import Snippet

_INDENT = 3
_READABLE_WIDTH = 100
_WORDS_SHOWN = 8
_GAP = 2
"""Columns between two columns of a table."""
_NARROWEST_TITLE = 24
_PROBLEMS_NAMED = 20


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # `main` knows what to do

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def console(*, stderr: bool = False, wide: bool = False) -> Console:
    """Return a console that fits the terminal, or plain lines for a pipe; prose wants no `wide` one."""
    stream = as_written(sys.stderr if stderr else sys.stdout)
    found = _Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if found.is_terminal and not wide and found.width > _READABLE_WIDTH:
        found.width = _READABLE_WIDTH
    return found


def print_answer(answer: Answer, root: Path, *, explain: bool = False, in_full: bool = False) -> None:
    """Print an answer: each result a few lines that are read in five seconds, and why it is there if asked.

    Of what is only among the nearest, title and place are enough, unless all is wanted `in_full`.
    """
    out = console()
    for number, result in enumerate(answer.results):
        if number:
            out.print()
        said = "" if result.lexical is None and result.semantic is None else result.relevance.said
        if in_full or result.relevance.is_relevant:
            _print_result(out, result, root, said)
        else:
            _print_briefly(out, result, root, said)
        if explain:
            _print_reasons(out, result)


def print_preview(result: Result, root: Path) -> None:
    """Print to a person a lesson that is being written, as an answer would show it."""
    _print_result(console(stderr=True), result, root)


def print_analogies(found: Analogies, root: Path) -> None:
    """Print the lessons that are like another, and under each what it shares and in what it differs."""
    from kb.lessons.likeness import CONDITIONS  # a search needs none of it

    out = console()
    for number, (result, alike) in enumerate(zip(found.answer.results, found.likenesses, strict=True)):
        if number:
            out.print()
        _print_result(out, result, root)
        single = [word for word in result.words if " " not in word]  # their pairs tell a person nothing more
        words = {"words": tuple(single[:_WORDS_SHOWN])} if single else {}
        shared = [f"{name}: {', '.join(values)}" for name, values in {**alike.shared, **words}.items()]
        if shared:
            _print_lines(out, Text.assemble(("shares ", "green"), "; ".join(shared)))
        for name in ("unit", "area"):
            ours, theirs = alike.differs.get(name, ((), ()))
            if ours and theirs:
                here = f"{name}: {', '.join(theirs)} (here: {', '.join(ours)})"
                _print_lines(out, Text.assemble(("differs ", "yellow"), here))
        for name in CONDITIONS:  # those of the case that was found, whatever was said of the other
            if theirs := alike.differs.get(name, ((), ()))[1]:
                _print_lines(out, Text.assemble((f"{name} ", "yellow"), "; ".join(theirs)))


def _print_reasons(out: Console, result: Result) -> None:
    """Print what a score is the sum of: a line for each part, and for the words what each adds."""
    legs = {"words": _in_leg(result.lexical, "BM25"), "meaning": _in_leg(result.semantic, "cosine")}
    lines = [f"{value:+.4f} {name}{legs.get(name, '')}" for name, value in result.parts.items()]
    if result.words and "words" in result.parts:
        each = ", ".join(f"{word} {weight:.4f}" for word, weight in result.words.items())
        lines[list(result.parts).index("words")] += f": {each}"
    if lines:
        lines.append(f"{result.score:7.4f} score")
    for line in lines:
        _print_lines(out, Text(line, "dim"))


def _in_leg(standing: Standing | None, measure: str) -> str:
    return f" (rank {standing.rank:,}, {measure} {standing.score:.3f})" if standing else " (not found by them)"


def _print_briefly(out: Console, result: Result, root: Path, said: str) -> None:
    _print_title(out, result)
    _print_lines(
        out, Text(" · ".join(part for part in (said, stated(result.lesson.unit), result.lesson.date) if part), "cyan")
    )
    _print_place(out, result, root)


def _print_title(out: Console, result: Result) -> None:
    title = Text(f"{result.rank}. ", "bold")
    title.append(visible(result.lesson.title), Style(bold=True))
    title.append(_marked_status(result.lesson), Style(color="yellow", bold=False))
    # Its further lines stand below the first, as everything else of the hit does.
    first, *further = title.wrap(out, max(out.width - _INDENT, 20))
    _print_lines(out, first, indent=0)
    for line in further:
        _print_lines(out, line)


def _print_result(out: Console, result: Result, root: Path, said: str = "") -> None:
    """Print a result; `said` is how sure it is, in words."""
    lesson, best = result.lesson, result.best
    _print_title(out, result)
    summary, snippet = result.paragraphs
    if summary.text:
        _print_lines(out, _marked(summary))
    kind = "" if best.passage.kind.value == "other" else best.passage.kind.value
    title_said = lesson.title.casefold()
    section = " \u203a ".join(heading for heading in best.passage.headings if title_said not in heading.casefold())
    where = " · ".join(part for part in (said, kind, section, stated(lesson.unit), lesson.date or "") if part)
    if where:
        _print_lines(out, Text(where, "cyan"))
    if snippet.text:
        _print_lines(out, _marked(snippet))
    for key, value in result.front_matter.items():
        _print_lines(out, Text.assemble((f"{visible(key)}: ", "dim"), _marked(value)))
    if result.superseded_by:
        _print_lines(out, Text.assemble(("superseded by: ", "yellow"), ", ".join(result.superseded_by)))
    if lesson.status == "retired" and lesson.status_because:
        _print_lines(out, Text.assemble(("retired: ", "yellow"), lesson.status_because))
    for help_, shown in result.helped.items():
        _print_lines(out, Text.assemble((f"{help_.value}: ", "dim"), _marked(shown.snippet)))
    if gain := worth(lesson):
        _print_lines(out, Text.assemble(("worth: ", "dim"), gain))
    if person := whom_to_ask(lesson.people):
        _print_lines(out, Text.assemble(("ask: ", "dim"), person))
    _print_place(out, result, root)


def _print_place(out: Console, result: Result, root: Path) -> None:
    place = f"{result.lesson.path}:{result.best.line}"
    link = (root / result.lesson.path).absolute().as_uri()
    out.print(
        Text(" " * _INDENT).append(place, Style(dim=True, link=link if out.is_terminal else None)),
        no_wrap=True,
        overflow="ignore",
        crop=False,
    )


def _marked(snippet: Snippet) -> Text:
    text = Text(visible(snippet.text))
    if snippet.nearest:
        text.stylize("italic", *snippet.nearest)
    for start, end in snippet.marks:
        text.stylize("bold yellow", start, end)
    return text


def _marked_status(lesson: Lesson) -> str:
    """Return what a reader must know before trusting a lesson; nothing for one that is in force."""
    return f" [{lesson.status}]" if lesson.status in ("draft", "superseded", "retired") else ""


def _print_lines(out: Console, text: Text, indent: int = _INDENT) -> None:
    """Print a text wrapped and indented, without the blanks at its lines' ends that a pipe would show."""
    for line in text.wrap(out, max(out.width - indent, 20)):
        line.rstrip()
        out.print(Text(" " * indent).append_text(line), no_wrap=True, overflow="ignore", crop=False)


def render_lesson(lesson: Lesson, body: str, *, facts: bool) -> str:
    """Return a lesson rendered for the terminal, with what its front matter says above it if `facts`."""
    out = console()
    with out.capture() as capture:
        from rich.markdown import Markdown  # brings a parser and a highlighter along

        if facts:
            out.print(_table(_facts(lesson)))
            out.print()
        out.print(Markdown(visible(body), hyperlinks=True))
    return capture.get()


def _grid() -> Table:
    from rich.table import Table  # a search draws none

    return Table.grid(padding=(0, _GAP))


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    table = _grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table


def _facts(lesson: Lesson) -> list[tuple[str, str]]:
    facts = [
        ("lesson", lesson.id),
        ("file", lesson.path),
        ("unit", stated(lesson.unit)),
        ("date", lesson.date or ""),
        ("status", ": ".join(part for part in (lesson.status, lesson.status_because) if part)),
        ("review by", text_of(lesson.metadata.get("review_by"))),
        ("tags", ", ".join(lesson.tags)),
        ("summary", " ".join(stated(lesson.summary).split())),
        *(("applies when", condition) for condition in lesson.applies_when),
        *(("not when", condition) for condition in lesson.not_when),
        *(("worth", in_a_phrase(impact)) for impact in lesson.impact),
        *(("person", _introduce(person)) for person in lesson.people),
        *(("answers", problem) for problem in lesson.answers),
        *(("history", _told(event)) for event in lesson.history),
    ]
    return [(name, value) for name, value in facts if value]


def _introduce(person: Person) -> str:
    return ", ".join(part for part in (stated(person.name), person.role, stated(person.contact)) if part)


def _told(event: Event) -> str:
    by = f"by {event.by}" if event.by else ""
    done = " ".join(part for part in (event.date, event.what, by) if part)
    return ": ".join(part for part in (done, event.because) if part)


def render_list(lessons: Sequence[Lesson]) -> str:
    """Return lessons for the terminal: date, id, title. No id is broken, so that it can be copied.

    Where the longest id leaves too little room for titles, each stands below its id.
    """
    out = console(wide=True)
    dates = max((len(lesson.date or "") for lesson in lessons), default=0)
    ids = max((cell_len(lesson.id) for lesson in lessons), default=0)
    indent = dates + _GAP if dates else 0
    with out.capture() as capture:
        if out.width - indent - ids - _GAP >= _NARROWEST_TITLE:
            out.print(_table_of_lessons(lessons, dated=bool(dates)))
        else:
            for lesson in lessons:
                line = Text.assemble((f"{lesson.date or '':{indent}}", "dim"), (lesson.id, "cyan"))
                out.print(line, no_wrap=True, overflow="ignore", crop=False)
                _print_lines(out, Text(_title_with_status(lesson)), indent or _INDENT)
    return capture.get()


def _table_of_lessons(lessons: Sequence[Lesson], *, dated: bool) -> Table:
    table = _grid()
    if dated:
        table.add_column(style="dim", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for lesson in lessons:
        table.add_row(*([lesson.date or ""] if dated else []), lesson.id, _title_with_status(lesson))
    return table


def _title_with_status(lesson: Lesson) -> str:
    return lesson.title + _marked_status(lesson)


def print_status(status: Status) -> None:
    """Print how the index stands, the verdict first, and the last runs."""
    model = status.model or (
        f"none: words only; {status.encoded:,} of {counted(status.passages, 'passage')} encoded (run `kb reindex`)"
    )
    if status.model and status.model != status.configured_model:
        model += f" (kb.toml says {status.configured_model}: run `kb reindex`)"
    changed = "none" if not status.changed_since else f"{status.changed_since:,} (run `kb reindex`)"
    rows = [
        ("verdict", status.freshness.said),
        ("knowledge base", status.root),
        ("lessons", f"{status.lessons:,}"),
        ("passages", f"{status.passages:,}"),
        ("changed since", changed),
        *_unreadable(status),
        ("model", model),
        *_calibration(status),
        ("snapshot", f"{status.snapshot}, built {age_of(status.built)} ago"),
        *([("commit", status.commit[:12])] if status.commit else []),
        ("on disk", f"{size_in_words(status.bytes)} live, {size_in_words(status.bytes_in_all)} in all"),
    ]
    out = console()
    if out.is_terminal:
        out.print(_table(rows))
    else:
        for name, value in rows:
            print(f"{name:14}  {value}")
    if status.runs:
        _print_runs(out, status.runs)


def _unreadable(status: Status) -> list[tuple[str, str]]:
    """Return what could not be read, or not wholly: how many files, and each with its reason."""
    if not status.problems:
        return []
    named = [("", str(problem)) for problem in status.problems[:_PROBLEMS_NAMED]]
    more = len(status.problems) - len(named)
    return [
        ("not readable", f"{status.unreadable:,}, or not wholly: mend what is named, then run `kb reindex`"),
        *named,
        *([("", f"and {more:,} more; `kb -v reindex` names all")] if more else []),
    ]


def _calibration(status: Status) -> list[tuple[str, str]]:
    """Return from which evidence on lessons help, and what that gets wrong of the questions that it was made from."""
    calibration, asked = status.calibration, status.calibration.asked
    weight = calibration.lexical_weight
    thresholds = calibration.thresholds[Mode.HYBRID if status.model else Mode.LEXICAL]
    limits = f"answers from {thresholds.answers:.2f}, may help from {thresholds.may_help:.2f}"
    if not asked.far:
        return [("relevance", f"{limits} (the defaults)")]
    own = f"; of {asked.own:,} own `answers` {asked.own_hidden:,} hidden" if asked.own else ""
    said = f"{asked.far_answers:,} would be answered, {asked.far_may_help:,} perhaps{own}"
    return [
        ("relevance", limits),
        ("calibrated", f"of {asked.far:,} questions from elsewhere {said}"),
        *([("words weigh", f"{weight:.2f}")] if weight != LEXICAL_WEIGHT else []),
    ]


def _print_runs(out: Console, runs: Sequence[Run]) -> None:
    """Print when each run began, how long it took, how it ended and what it did; whole lines in a pipe."""
    print()
    rows = [
        (
            f"{datetime.fromisoformat(run.began).astimezone():%Y-%m-%d %H:%M}",
            "" if run.seconds is None else lasted(run.seconds),
            run.outcome,
            run.details,
        )
        for run in runs
    ]
    if not out.is_terminal:
        for began, length, outcome, details in rows:
            print(f"{began}  {length:>10}  {outcome:11}  {details}".rstrip())
        return
    table = _grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for began, length, outcome, details in rows:
        table.add_row(began, length, outcome, details)
    out.print(table)
