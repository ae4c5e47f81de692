"""Asking the indexes: a query's ranking, its reasons, what is shown of the lessons, and the calibration."""

from typing import TYPE_CHECKING

from search.lazy import names_of

if TYPE_CHECKING:
    from search.browser.browser_index import BrowserIndex as BrowserIndex
    from search.browser.browser_index import browser_index as browser_index
    from search.engine.calibrator import Calibrator as Calibrator
    from search.engine.calibrator import OwnStatement as OwnStatement
    from search.engine.engine import Engine as Engine
    from search.engine.engine import Explanation as Explanation
    from search.engine.engine import Prepared as Prepared
    from search.engine.engine import Reasons as Reasons
    from search.ranking import elsewhere as elsewhere
    from search.ranking.calibration import Calibration as Calibration
    from search.ranking.calibration import Thresholds as Thresholds
    from search.ranking.hits import PASSAGES_SHOWN as PASSAGES_SHOWN
    from search.ranking.hits import Hit as Hit
    from search.ranking.hits import Ranking as Ranking
    from search.ranking.hits import Standing as Standing
    from search.ranking.priors import Priors as Priors
    from search.ranking.question import Scope as Scope
    from search.ranking.ranker import Ranker as Ranker
    from search.ranking.relevance import LEVELS as LEVELS
    from search.ranking.relevance import Relevance as Relevance
    from search.ranking.relevance import may_help_threshold as may_help_threshold
    from search.ranking.snippet import Nearness as Nearness
    from search.ranking.snippet import Snippet as Snippet
    from search.ranking.snippet import best_sentences as best_sentences
    from search.ranking.snippet import best_snippet as best_snippet
    from search.ranking.snippet import first_sentences as first_sentences
    from search.ranking.snippet import matched_words as matched_words
    from search.ranking.snippet import prefers_asides as prefers_asides
    from search.ranking.snippet import without_repetition as without_repetition
else:
    __getattr__ = names_of(globals())
