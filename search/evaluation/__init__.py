"""Measuring rankings: judgements, runs, measures and their significance."""

from typing import TYPE_CHECKING

from search.lazy import names_of

if TYPE_CHECKING:
    from search.evaluation.evaluation import DEFAULT_MEASURES as DEFAULT_MEASURES
    from search.evaluation.evaluation import Evaluator as Evaluator
    from search.evaluation.evaluation import Measure as Measure
    from search.evaluation.evaluation import Values as Values
    from search.evaluation.evaluation import parse_measure as parse_measure
    from search.evaluation.grep import Grep as Grep
    from search.evaluation.judgements import Judgements as Judgements
    from search.evaluation.judgements import read_judgements as read_judgements
    from search.evaluation.judgements import read_queries as read_queries
    from search.evaluation.lines import Line as Line
    from search.evaluation.lines import lines_of as lines_of
    from search.evaluation.lines import without_surrogates as without_surrogates
    from search.evaluation.runs import Ranking as Ranking
    from search.evaluation.runs import Run as Run
    from search.evaluation.runs import format_run as format_run
    from search.evaluation.runs import read_run as read_run
    from search.evaluation.significance import Difference as Difference
    from search.evaluation.significance import paired_difference as paired_difference
    from search.evaluation.strata import overlap as overlap
    from search.evaluation.strata import split as split
else:
    __getattr__ = names_of(globals())
