"""Queries and judgements of an evaluation, matched with each other and with the lessons of an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.errors import EvaluationError
from search.evaluation import Judgements, Ranking

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """The queries that are evaluated: each has a text and at least one relevant document."""

    queries: Mapping[str, str]
    judgements: Judgements
    """Grades by query and lesson id, for these queries."""
    own: Mapping[str, str]
    """By query, the id of the lesson that is the query itself and is dropped; empty unless that is wanted."""
    notes: tuple[str, ...]
    """Remarks on left-out queries and unknown documents."""

    def relevant(self, query: str) -> list[str]:
        return [document for document, grade in self.judgements[query].items() if grade > 0]

    def kept(self, query: str, ranking: Ranking, depth: int) -> Ranking:
        """Return the first `depth` results of a ranking, without the query's own lesson."""
        own = self.own.get(query)
        return [(document, score) for document, score in ranking if document != own][:depth]


def match(
    queries: Mapping[str, str], judgements: Judgements, names: Mapping[str, str], *, drop_self: bool = False
) -> Judged:
    """Keep the queries that can be evaluated. `names` maps both ids and paths of lessons to ids.

    `drop_self` removes the judgement of a query on the document with its own id. Raises `EvaluationError` if no lesson
    of this index is judged relevant: then the files belong to other lessons, which differs from bad results.
    """
    own = {query: names[query] for query in judgements if query in names} if drop_self else {}
    resolved = {query: _resolved(documents, names, own.get(query)) for query, documents in judgements.items()}
    positive = [query for query, documents in resolved.items() if max(documents.values(), default=0) > 0]
    counted = [query for query in positive if query in queries]
    known = set(names.values())
    if not any(grade > 0 and id_ in known for query in counted for id_, grade in resolved[query].items()):
        raise EvaluationError(_why_nothing_counts(positive, counted))
    unknown = sorted({id_ for query in counted for id_ in resolved[query] if id_ not in known})
    notes = [
        *_note(len(judgements) - len(positive), "without a relevant document", "not counted"),
        *_note_named([query for query in positive if query not in queries]),
        *_note_unknown(unknown),
    ]
    texts = {query: queries[query] for query in counted}
    return Judged(texts, {query: resolved[query] for query in counted}, own, tuple(notes))


def _resolved(documents: Mapping[str, int], names: Mapping[str, str], own: str | None) -> dict[str, int]:
    """Return grades by lesson id; if a lesson is judged by both id and path, the better grade counts."""
    grades: dict[str, int] = {}
    for document, grade in documents.items():
        id_ = names.get(document, document)
        if id_ != own:
            grades[id_] = max(grade, grades.get(id_, grade))
    return grades


def _why_nothing_counts(positive: Sequence[str], counted: Sequence[str]) -> str:
    if not positive:
        return "the judgements find no document relevant to any query; a grade above 0 does"
    if not counted:
        return f"the queries file has none of the judged queries ({_some(positive)}); the two do not belong together"
    return "no lesson of this index is judged relevant; the documents are named by lesson id or path, see `kb list`"


def _note(count: int, what: str, verdict: str) -> list[str]:
    if not count:
        return []
    return [f"{count:,} judged quer{'y is' if count == 1 else 'ies are'} {what}: {verdict}"]


def _note_named(missing: Sequence[str]) -> list[str]:
    return _note(len(missing), f"not in the queries file ({_some(missing)})", "not counted")


def _note_unknown(unknown: Sequence[str]) -> list[str]:
    if not unknown:
        return []
    documents = "1 judged document is" if len(unknown) == 1 else f"{len(unknown):,} judged documents are"
    return [f"{documents} not in the index ({_some(unknown)}); what is relevant of them counts as not found"]


def _some(names: Iterable[str]) -> str:
    named = list(names)
    return ", ".join(named[:_NAMED]) + (f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else "")
