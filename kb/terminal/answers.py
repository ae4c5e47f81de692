"""The results of a search, drawn for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.text import Text

from kb.impact.worth import worth
from kb.lessons.stated import stated
from kb.terminal.console import INDENT, console, marked_status, print_lines
from kb.visible import visible

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer, Result
    from search.engine import Snippet, Standing


def draw_answer(answer: Answer, root: Path, *, explain: bool = False, in_full: bool = False) -> None:
    """Print an answer: a few lines per result, short enough to read in five seconds; with `explain` also its score.

    Of results below the relevance threshold only title and place are printed, unless `in_full`.
    """
    out = console()
    for number, result in enumerate(answer.results):
        if number:
            out.print()
        label = "" if result.lexical is None and result.semantic is None else result.relevance.label
        if in_full or result.relevance.is_relevant:
            print_result(out, result, root, label)
        else:
            _print_briefly(out, result, root, label)
        if explain:
            _print_reasons(out, result)


def print_preview(result: Result, root: Path) -> None:
    """Print the preview of a lesson that is being written, as it would look in an answer."""
    print_result(console(stderr=True), result, root)


def _print_reasons(out: Console, result: Result) -> None:
    """Print the parts of a score, one per line, and for the index by words the share of each word."""
    standings = {"words": _in_index(result.lexical, "BM25"), "meaning": _in_index(result.semantic, "cosine")}
    lines = [f"{value:+.4f} {name}{standings.get(name, '')}" for name, value in result.parts.items()]
    if result.words and "words" in result.parts:
        each = ", ".join(f"{word} {weight:.4f}" for word, weight in result.words.items())
        lines[list(result.parts).index("words")] += f": {each}"
    if lines:
        lines.append(f"{result.score:7.4f} score")
    for line in lines:
        print_lines(out, Text(line, "dim"))


def _in_index(standing: Standing | None, measure: str) -> str:
    return f" (rank {standing.rank:,}, {measure} {standing.score:.3f})" if standing else " (not found by them)"


def _print_briefly(out: Console, result: Result, root: Path, label: str) -> None:
    _print_title(out, result)
    print_lines(
        out, Text(" · ".join(part for part in (label, stated(result.lesson.unit), result.lesson.date) if part), "cyan")
    )
    _print_place(out, result, root)


def _print_title(out: Console, result: Result) -> None:
    title = Text(f"{result.rank}. ", "bold")
    title.append(visible(result.lesson.title), Style(bold=True))
    title.append(marked_status(result.lesson), Style(color="yellow", bold=False))
    # The second and later lines of a title are indented, as all other lines of the hit.
    first, *further = title.wrap(out, max(out.width - INDENT, 20))
    print_lines(out, first, indent=0)
    for line in further:
        print_lines(out, line)


def print_result(out: Console, result: Result, root: Path, label: str = "") -> None:
    """Print a result; `label` is the relevance verdict in words."""
    lesson, best = result.lesson, result.best
    _print_title(out, result)
    summary, snippet = result.paragraphs
    if summary.text:
        print_lines(out, _marked(summary))
    kind = "" if best.passage.kind.value == "other" else best.passage.kind.value
    shown_title = lesson.title.casefold()
    section = " \u203a ".join(heading for heading in best.passage.headings if shown_title not in heading.casefold())
    where = " · ".join(part for part in (label, kind, section, stated(lesson.unit), lesson.date or "") if part)
    if where:
        print_lines(out, Text(where, "cyan"))
    if snippet.text:
        print_lines(out, _marked(snippet))
    for line in _facts(result):
        print_lines(out, line)
    _print_place(out, result, root)


def _facts(result: Result) -> Iterator[Text]:
    """Yield the lines below the snippet, each with its name."""
    lesson = result.lesson
    for key, value in result.front_matter.items():
        yield Text.assemble((f"{visible(key)}: ", "dim"), _marked(value))
    if result.superseded_by:
        yield Text.assemble(("superseded by: ", "yellow"), ", ".join(result.superseded_by))
    if lesson.status == "retired" and lesson.status_because:
        yield Text.assemble(("retired: ", "yellow"), lesson.status_because)
    for help_, shown in result.helped.items():
        yield Text.assemble((f"{help_.value}: ", "dim"), _marked(shown.snippet))
    used = result.reuse.in_words if result.reuse else ""
    for name, text in (("worth", worth(lesson)), ("used", used), ("ask", str(result.ask or ""))):
        if text:
            yield Text.assemble((f"{name}: ", "dim"), text)


def _print_place(out: Console, result: Result, root: Path) -> None:
    place = f"{result.lesson.path}:{result.best.line}"
    link = (root / result.lesson.path).absolute().as_uri()
    out.print(
        Text(" " * INDENT).append(place, Style(dim=True, link=link if out.is_terminal else None)),
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
