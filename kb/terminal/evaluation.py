"""An evaluation as tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kb.evaluation.evaluation import HYBRID, Evaluation, QueryChange, SavedRunCompared, Stratum
from kb.evaluation.reliability import HIDDEN
from kb.terminal.console import console
from kb.terminal.numbers import show, show_p, show_signed
from search.evaluation import Difference

_CHANGES_SHOWN = 10
_TEXT_SHOWN = 48
_LEAST_TEXT = 10
_GAP = 2
# A pipe has no width, so nothing is truncated there.
_PIPE_WIDTH = 1000


def draw_evaluation(evaluation: Evaluation, *, per_query: bool) -> None:
    """Print the whole evaluation: systems, their differences, the saved run, and each query if `per_query`."""
    out = console()
    if not out.is_terminal:
        out.width = _PIPE_WIDTH
    with out.capture() as capture:
        _print(out, evaluation, per_query=per_query)
    print("\n".join(line.rstrip() for line in capture.get().split("\n")), end="")


def _print(out: Console, evaluation: Evaluation, *, per_query: bool) -> None:
    out.print(Text(_title(evaluation), "bold"))
    out.print()
    out.print(_systems(evaluation))
    out.print()
    out.print(_comparison(evaluation))
    _print_remarks(out, evaluation)
    out.print()
    out.print(_reliability(evaluation))
    out.print(_hidden(evaluation))
    if evaluation.saved:
        _print_saved(out, evaluation, evaluation.saved, every=per_query)
    if per_query:
        out.print()
        out.print(_per_query(out, evaluation))


def _title(evaluation: Evaluation) -> str:
    return f"{evaluation.name}: {evaluation.lessons:,} lessons, {_queries(len(evaluation.queries))}"


def _queries(count: int) -> str:
    return f"{count:,} quer{'y' if count == 1 else 'ies'}"


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        table.add_column(heading, justify="right", vertical="bottom", no_wrap=True)
    return table


def _systems(evaluation: Evaluation) -> Table:
    table = _table("", *evaluation.measures)
    for name, values in evaluation.systems.items():
        cells = [show(values.mean[measure]) for measure in evaluation.measures]
        table.add_row(name, *cells, style="bold" if name == HYBRID else "")
    return table


def _comparison(evaluation: Evaluation) -> Table:
    """Return a table of the first measure on queries that share few and many words, and the hybrid's advantage."""
    strata = evaluation.strata
    headings = [
        f"few words shared\n({_queries(strata.few.queries)})",
        f"many\n({_queries(strata.many.queries)})",
        *(["hybrid\nbetter by", "95 % interval", "p"] if evaluation.differences else []),
    ]
    table = _table(evaluation.measures[0], *headings)
    for name in evaluation.systems:
        cells = [_mean_on(strata.few, name), _mean_on(strata.many, name)]
        table.add_row(name, *cells, *_difference(evaluation.differences.get(name)))
    return table


def _mean_on(stratum: Stratum, name: str) -> str:
    return show(stratum.means[name]) if stratum.queries else "\u2013"


def _difference(difference: Difference | None) -> list[str]:
    if difference is None:
        return []
    interval = f"{show_signed(difference.low)} … {show_signed(difference.high)}"
    return [show_signed(difference.mean), interval, show_p(difference.p)]


def _print_remarks(out: Console, evaluation: Evaluation) -> None:
    out.print()
    if evaluation.differences and len(evaluation.queries) < 2:
        out.print("With one query no significance test is possible.")
    out.print(
        f"Few: less than {evaluation.strata.boundary:.0%} of a query's different words are in the relevant lesson "
        "that has most of them.",
        style="dim",
    )


def _reliability(evaluation: Evaluation) -> Table:
    """Return a table of the hybrid's relevance verdicts: how often each is given, and how often it is right."""
    table = _table("shown as", "queries", "right first", "right among\nfirst three")
    for band in evaluation.reliability.bands:
        shares = [_share(count, band.answers) for count in (band.right_first, band.right_among_first)]
        table.add_row(band.relevance.label, f"{band.answers:,}", *shares)
    return table


def _share(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else "\u2013"


def _hidden(evaluation: Evaluation) -> str:
    found = evaluation.reliability
    return f"{HIDDEN}: {found.hidden:.1%} of {found.right:,} queries with a right lesson among the first three"


def _print_saved(out: Console, evaluation: Evaluation, saved: SavedRunCompared, *, every: bool) -> None:
    measure = evaluation.measures[0]
    out.print()
    out.print(Text(f"Against {saved.path}", "bold"))
    out.print(
        f"{measure} was {show(saved.mean)}, is {show(evaluation.systems[HYBRID].mean[measure])}: {_verdict(saved)}"
    )
    out.print(f"{saved.better:,} better, {saved.worse:,} worse, {saved.equal:,} equal")
    shown = saved.changes if every else saved.changed[:_CHANGES_SHOWN]
    if shown:
        out.print()
        out.print(_changes(out, shown))
    if not every and len(saved.changed) > len(shown):
        out.print(f"and {len(saved.changed) - len(shown):,} more; --per-query shows all", style="dim")


def _verdict(saved: SavedRunCompared) -> str:
    if saved.difference is None:
        return "fewer than 2 queries, no test can be made"
    by, interval, p = _difference(saved.difference)
    return f"{by} (95 % interval {interval}, p {p})"


def _changes(out: Console, changes: Sequence[QueryChange]) -> Table:
    rows = [
        ([change.query, show(change.before), show(change.now), show_signed(change.by)], change.text)
        for change in changes
    ]
    return _listed(out, ["query", "was", "is", "by"], rows)


def _per_query(out: Console, evaluation: Evaluation) -> Table:
    """Return the first measure for each query, the hybrid's worst first."""
    measure = evaluation.measures[0]
    hybrid = evaluation.systems[HYBRID].per_query
    rows = [
        ([query, *(show(system.per_query[query][measure]) for system in evaluation.systems.values())], text)
        for query, text in sorted(evaluation.queries.items(), key=lambda item: hybrid[item[0]][measure])
    ]
    return _listed(out, [f"{measure} of", *evaluation.systems], rows)


def _listed(out: Console, headings: Sequence[str], rows: Sequence[tuple[list[str], str]]) -> Table:
    """Return a table whose rows hold an id, numbers, and as much of a text as fits."""
    table = _table(*headings)
    for cells, _ in rows:
        table.add_row(*cells)
    room = min(out.width - out.measure(table).maximum - _GAP, _TEXT_SHOWN)
    if room < _LEAST_TEXT:
        return table
    table = _table(*headings)
    table.add_column("", no_wrap=True)
    for cells, text in rows:
        table.add_row(*cells, _short(text, room))
    return table


def _short(text: str, room: int) -> str:
    line = Text(" ".join(text.split()))
    line.truncate(room, overflow="ellipsis")
    return line.plain
