"""What is known to be wrong with the files of the corpus, without reading them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.problem import Problem
from kb.index.catalogue import Catalogue
from kb.job.ledger import Run


def known_problems(catalogue: Catalogue, unlisted: Iterable[Problem], runs: Sequence[Run]) -> tuple[Problem, ...]:
    """Return what could not be read, or not wholly: when it was indexed, on the walk now, and in the last run.

    Only the last run knows of a file of which nothing could ever be read.
    """
    reports = [run.report for run in runs if run.outcome.is_of_the_job and run.report]
    last = reports[-1].problems if reports else ()
    return distinct((*catalogue.problems(), *unlisted, *last))


def distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return each problem once, sorted as it is said."""
    said = {str(problem): problem for problem in problems}
    return tuple(said[text] for text in sorted(said))
