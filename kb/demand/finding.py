"""Finds the gaps in the log: groups the questions that were not met, and asks each group again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.clusters import Cluster, clustered
from kb.demand.gap import Close, Cure, Gap, Remedy, day_of, label_of
from kb.demand.shared.sketch import sketch_of
from kb.demand.words import Word, telling, words_of
from kb.retrieval.request import Request
from search.errors import ModelError, QueryError

if TYPE_CHECKING:
    from kb.demand.noting.history import History
    from kb.retrieval.searcher import Searcher

MOST_ASKED_AGAIN = 30
"""Groups that are asked again, which takes some 20 ms each."""
_CLOSEST = 3
_WORDS = 4


class Need(NamedTuple):
    """A group of questions that are still not met."""

    gap: Gap
    words: Mapping[Word, float]
    """The words of its questions by weight, the highest first."""
    weight: float
    meaning: str = ""
    """A sketch of the vector of its questions; empty if they have none."""


class Needs(NamedTuple):
    """What the log says of the library."""

    open: tuple[Need, ...]
    met: int
    """Groups that the library meets now."""


def needs_in(history: History, searcher: Searcher, now: float | None = None) -> Needs:
    """Return the needs in the log that the library does not meet, the heaviest first.

    At most `MOST_ASKED_AGAIN` groups are asked again. `now`: seconds since 1970. Raises `NoLog` and `sqlite3.Error`.
    """
    unmet = history.unmet(now)
    rewordings = history.rewordings(question.id for question in unmet)
    clusters = clustered(unmet, searcher.fingerprint, rewordings)[:MOST_ASKED_AGAIN]
    asking = _Asking(history, searcher)
    found = [asking.need(*pair) for pair in zip(clusters, _words_of(clusters, searcher), strict=True)]
    return Needs(tuple(need for need in found if need), sum(need is None for need in found))


def lesson_for(searcher: Searcher, question: str) -> str:
    """Return the id of the best lesson for a question, if it answers or may help; else an empty text."""
    found = _asked(searcher, question, is_page=False)
    return found.lessons[0].id if found.is_met else ""


class _Found(NamedTuple):
    """What a question finds now."""

    lessons: tuple[Close, ...]
    is_met: bool
    """Whether the first answers or may help."""
    unknown: frozenset[str]
    """The words of the question that no lesson has, case-folded."""


class _Asking:
    """Asks the live index again."""

    def __init__(self, history: History, searcher: Searcher) -> None:
        self._history = history
        self._searcher = searcher
        self._units = history.units()

    def need(self, cluster: Cluster, words: Mapping[Word, float]) -> Need | None:
        """Return the need of a group of questions; None if the library meets it now."""
        central = cluster.central
        found = _asked(self._searcher, central.text, is_page=central.is_page)
        if self._is_met(cluster, found):
            return None
        vector = cluster.vector(self._searcher.fingerprint)
        meaning = "" if vector is None else sketch_of(vector)
        return Need(self._gap(cluster, words, found), words, cluster.weight, meaning)

    def _is_met(self, cluster: Cluster, found: _Found) -> bool:
        if not found.is_met:
            return False
        # What was found then and did not help does not help now: then only another lesson closes the gap.
        return cluster.central.nearest > 0 or found.lessons[0].id not in self._history.shown(_ids(cluster))

    def _gap(self, cluster: Cluster, words: Mapping[Word, float], found: _Found) -> Gap:
        questions, ids = cluster.questions, _ids(cluster)
        people = set().union(*self._history.askers(ids).values())
        central = cluster.central
        others = (question.text for question in questions if question is not central)
        return Gap(
            label=label_of(central.text),
            questions=(central.text, *others),
            words=tuple(word.written for word in islice(words, _WORDS)),
            asked=sum(question.asked for question in questions),
            nearest=sum(question.nearest for question in questions),
            reworded=sum(question.reworded for question in questions),
            last=day_of(max(question.last for question in questions)),
            people=len(people),
            units=len(frozenset().union(*(self._units.get(person, ()) for person in people))),
            closest=found.lessons,
            remedy=_remedy(self._searcher, found, self._history.used(ids), words),
        )


def _asked(searcher: Searcher, text: str, *, is_page: bool) -> _Found:
    """Return what a question finds now; nothing if it cannot be asked any more."""
    try:
        matches = searcher.matches(Request(text, is_page=is_page, limit=_CLOSEST, every=True))
    except (QueryError, ModelError):
        return _Found((), is_met=False, unknown=frozenset())
    lessons = (searcher.lesson(hit) for hit in matches.ranking.hits[:_CLOSEST])
    return _Found(
        tuple(Close(lesson.id, lesson.title) for lesson in lessons),
        is_met=bool(matches.ranking.hits) and matches.ranking.relevance.is_relevant,
        unknown=frozenset(word.casefold() for word in searcher.engine.unknown_words(matches.prepared)),
    )


def _ids(cluster: Cluster) -> list[int]:
    return [question.id for question in cluster.questions]


def _remedy(searcher: Searcher, found: _Found, used: Mapping[str, int], words: Iterable[Word]) -> Remedy:
    """Return what would close a gap; `used`: the lessons that were opened for it, those used most first."""
    if opened := next((id_ for id_ in used if searcher.has(id_)), ""):
        return Remedy(Cure.ANSWERS, opened)
    main = next((word.written for word in words if word.written.casefold() in found.unknown), "")
    return Remedy(Cure.GLOSSARY, found.lessons[0].id, main) if main and found.is_met else Remedy(Cure.LESSON)


def _words_of(clusters: Sequence[Cluster], searcher: Searcher) -> Iterator[dict[Word, float]]:
    """Yield the words of each group by weight, the highest first; a word as it is written most often.

    The weight is that of the class times the information of the word: most groups are too few to show what is common.
    """
    written = [_written(cluster) for cluster in clusters]
    counts = [Counter({term: forms.total() for term, forms in found.items()}) for found in written]
    for found, weights in zip(written, telling(counts), strict=True):
        told = {term: weight * searcher.engine.information_of(term) for term, weight in weights.items()}
        best = sorted(told, key=lambda term: (-told[term], term))
        yield {found[term].most_common(1)[0][0]: told[term] for term in best}


def _written(cluster: Cluster) -> dict[str, Counter[Word]]:
    found: dict[str, Counter[Word]] = {}
    for question in cluster.questions:
        for word in words_of(question.text):
            found.setdefault(word.term, Counter())[word] += question.asked
    return found
