"""The status of an index and its last job runs, drawn for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from kb.terminal.console import console, grid, two_columns
from kb.wording import age_of, counted, lasted, size_in_words
from search.engine import Calibration
from search.query import Mode

if TYPE_CHECKING:
    from kb.reindex.ledger import JobRun
    from kb.upkeep.status import Status

_PROBLEMS_NAMED = 20


def draw_status(status: Status) -> None:
    """Print the status of the index, the verdict first, then the last runs."""
    model = status.model or (
        f"none: words only; {status.encoded:,} of {counted(status.passages, 'passage')} encoded (run `kb reindex`)"
    )
    if status.model and status.model != status.configured_model:
        model += f" (kb.toml says {status.configured_model}: run `kb reindex`)"
    changed = "none" if not status.changed_since else f"{status.changed_since:,} (run `kb reindex`)"
    rows = [
        ("verdict", status.freshness.verdict),
        ("knowledge base", status.root),
        ("lessons", f"{status.lessons:,}"),
        ("passages", f"{status.passages:,}"),
        ("changed since", changed),
        *_unreadable(status),
        ("model", model),
        *_calibration(status),
        ("snapshot", f"{status.snapshot}, built {age_of(status.built)} ago"),
        *([("commit", status.commit[:12])] if status.commit else []),
        *(("server", server.in_words) for server in status.servers),
        ("on disk", f"{size_in_words(status.bytes)} live, {size_in_words(status.bytes_in_all)} in all"),
    ]
    out = console()
    if out.is_terminal:
        out.print(two_columns(rows))
    else:
        for name, value in rows:
            print(f"{name:14}  {value}")
    if status.runs:
        _print_runs(out, status.runs)


def _unreadable(status: Status) -> list[tuple[str, str]]:
    """Return rows for files that could not be read completely: their number, then each with its reason."""
    if not status.problems:
        return []
    named = [("", str(problem)) for problem in status.problems[:_PROBLEMS_NAMED]]
    more = len(status.problems) - len(named)
    return [
        ("not readable", f"{status.unreadable:,}, or only in part: correct what is named, then run `kb reindex`"),
        *named,
        *([("", f"and {more:,} more; `kb -v reindex` names all")] if more else []),
    ]


def _calibration(status: Status) -> list[tuple[str, str]]:
    """Return rows for the relevance thresholds, and their errors on the questions used for calibration."""
    calibration, tried = status.calibration, status.calibration.asked
    weight = calibration.lexical_weight
    thresholds = calibration.thresholds[Mode.HYBRID if status.model else Mode.LEXICAL]
    limits = f"answers from {thresholds.answers:.2f}, may help from {thresholds.may_help:.2f}"
    if not tried.far:
        return [("relevance", f"{limits} (the defaults)")]
    own = f"; of {tried.own:,} own `answers` {tried.own_hidden:,} would be hidden" if tried.own else ""
    message = f"{tried.far_answers:,} would be answered, {tried.far_may_help:,} perhaps{own}"
    return [
        ("relevance", limits),
        ("calibrated", f"of {tried.far:,} unrelated questions {message}"),
        *([("words weigh", f"{weight:.2f}")] if weight != Calibration().lexical_weight else []),
    ]


def _print_runs(out: Console, runs: Sequence[JobRun]) -> None:
    """Print when each run began, how long it took, how it ended and what it did; in a pipe without wrapping."""
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
    table = grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for began, length, outcome, details in rows:
        table.add_row(began, length, outcome, details)
    out.print(table)
