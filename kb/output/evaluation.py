"""Prints evaluations, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import JSON, Form, print_text
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.evaluation.evaluation import Evaluation
    from kb.forms.judge import evaluation as forms

MARKDOWN = "markdown"


def print_evaluations(
    evaluations: Iterable[Evaluation], form: Form, *, per_query: bool, notify: Callable[[str], None]
) -> Exit:
    """Print evaluations, as text each as soon as it is finished; `notify` their notes, then each gate that failed.

    Returns `DONE` if all gates were passed, else `NOTHING`.
    """
    made = []
    for evaluation in evaluations:
        made.append(evaluation)
        for note in evaluation.notes:
            notify(note)
        if form is None:
            from kb.terminal.evaluation import draw_evaluation

            draw_evaluation(evaluation, per_query=per_query)
    if form == JSON:
        answer: forms.Evaluations = {"evaluations": [each.as_json(per_query=per_query) for each in made]}
        print_text(json_text(answer))
    elif form == MARKDOWN:
        print_text(markdown(made), end="")
    failures = [line for evaluation in made for line in evaluation.failures()]
    for line in failures:
        notify(line)
    return Exit.NOTHING if failures else Exit.DONE


def markdown(evaluations: Sequence[Evaluation]) -> str:
    """Return a Markdown table for a README: the first measure of each system on each collection, the best in bold."""
    systems = list(evaluations[0].systems)
    rows = [
        ["collection", "documents", "queries", *systems],
        ["---"] * (3 + len(systems)),
        *(_markdown_row(evaluation) for evaluation in evaluations),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _markdown_row(evaluation: Evaluation) -> list[str]:
    from kb.terminal.numbers import show

    means = [show(values.mean[evaluation.measures[0]]) for values in evaluation.systems.values()]
    best = max(means)
    marked = [f"**{mean}**" if mean == best and len(means) > 1 else mean for mean in means]
    return [evaluation.name, f"{evaluation.lessons:,}", f"{len(evaluation.queries):,}", *marked]
