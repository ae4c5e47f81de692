"""Finds the gaps in the log: groups the questions that were not met, and asks each group again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.clusters import Cluster, clustered
from kb.demand.gap import Close, Cure, Gap, Remedy, day_of, label_of
from kb.demand.words import Word, telling, words_of
from kb.retrieval.request import Request
from search.errors import ModelError, QueryError

if TYPE_CHECKING:
    from kb.demand.history import History
    from kb.retrieval.matches import Found
    from kb.retrieval.searcher import Searcher

MOST_ASKED_AGAIN = 60
"""Groups that are asked again, which takes some 20 ms each."""
_CLOSEST = 3
_WORDS = 4


class Need(NamedTuple):
    """A group of questions that are still not met."""

    gap: Gap
    words: Mapping[Word, float]
    """The words of its questions by weight, the highest first."""
    weight: float


class Needs(NamedTuple):
    """What the log says of the library."""

    open: tuple[Need, ...]
    met: int
    """Groups that the library meets now."""


def needs_in(history: History, searcher: Searcher, most: int = MOST_ASKED_AGAIN) -> Needs:
    """Return the needs in the log that the library does not meet, the heaviest first.

    At most `most` groups are asked again. Raises `NoLog` and `sqlite3.Error`.
    """
    clusters = clustered(history.unmet(), searcher.fingerprint)
    weighed = _words_of(clusters)
    asking = _Asking(history, searcher)
    found = [asking.need(*pair) for pair in islice(zip(clusters, weighed, strict=True), most)]
    return Needs(tuple(need for need in found if need), sum(need is None for need in found))


def lesson_for(searcher: Searcher, question: str) -> str:
    """Return the id of the best lesson for a question, if it answers or may help; else an empty text."""
    found = _asked(searcher, question, is_page=False)
    if not found or not found.answer.results or not found.answer.relevance.is_relevant:
        return ""
    return found.answer.results[0].lesson.id


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
        if found and self._is_met(cluster, found):
            return None
        return Need(self._gap(cluster, words, found), words, cluster.weight)

    def _is_met(self, cluster: Cluster, found: Found) -> bool:
        answer = found.answer
        if not answer.results or not answer.relevance.is_relevant:
            return False
        # What was found then and did not help does not help now: then only another lesson closes the gap.
        return cluster.central.nearest > 0 or answer.results[0].lesson.id not in self._history.shown(_ids(cluster))

    def _gap(self, cluster: Cluster, words: Mapping[Word, float], found: Found | None) -> Gap:
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
            closest=_closest(found),
            remedy=_remedy(self._searcher, found, self._history.used(ids), words),
        )


def _asked(searcher: Searcher, text: str, *, is_page: bool) -> Found | None:
    """Return what a question finds now; None if it cannot be asked any more."""
    try:
        return searcher.find(Request(text, is_page=is_page, limit=_CLOSEST, passages=1, every=True))
    except (QueryError, ModelError):
        return None


def _ids(cluster: Cluster) -> list[int]:
    return [question.id for question in cluster.questions]


def _closest(found: Found | None) -> tuple[Close, ...]:
    results = found.answer.results if found else ()
    return tuple(Close(result.lesson.id, result.lesson.title) for result in results)


def _remedy(searcher: Searcher, found: Found | None, used: Mapping[str, int], words: Mapping[Word, float]) -> Remedy:
    """Return what would close a gap; `used`: the lessons that were opened for it, those used most first."""
    if opened := next((id_ for id_ in used if searcher.has(id_)), ""):
        return Remedy(Cure.ANSWERS, opened)
    unknown = {word.casefold() for word in found.answer.unknown_words} if found else set()
    main = next((word for word in words if word.written.casefold() in unknown), None)
    if found and found.answer.results and main and found.answer.relevance.is_relevant:
        return Remedy(Cure.GLOSSARY, found.answer.results[0].lesson.id, main.written)
    return Remedy(Cure.LESSON)


def _words_of(clusters: Sequence[Cluster]) -> Iterator[dict[Word, float]]:
    """Yield the words of each group by weight, the highest first; a word as it is written most often."""
    written = [_written(cluster) for cluster in clusters]
    counts = [Counter({term: forms.total() for term, forms in found.items()}) for found in written]
    for found, weights in zip(written, telling(counts), strict=True):
        yield {found[term].most_common(1)[0][0]: weight for term, weight in weights.items()}


def _written(cluster: Cluster) -> dict[str, Counter[Word]]:
    found: dict[str, Counter[Word]] = {}
    for question in cluster.questions:
        for word in words_of(question.text):
            found.setdefault(word.term, Counter())[word] += question.asked
    return found
