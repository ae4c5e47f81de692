"""Explains why a lesson is not where the user expects it in an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.files.changes import compare
from kb.retrieval.answer import standing_as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.files.changes import KnownFile
    from ingest.files.corpus import Corpus
    from kb.forms.find import search as forms
    from search.engine import Hit, Standing, Thresholds


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The rank of a lesson for a query, or why it has none."""

    lesson: str
    """Id of the lesson."""
    path: str
    hit: Hit | None
    """None if it is not in the ranking."""
    rank: int | None
    """From 1."""
    lessons: int
    """Number of lessons in the ranking."""
    limit: int
    """Number of lessons that a search shows."""
    excluded: tuple[str, ...]
    """Reasons why filters, phrases or excluded words keep it out."""
    missing: tuple[str, ...]
    """Words of the query, as written, that it does not have."""
    thresholds: Thresholds
    stale: str
    """How its file differs from the index; empty if it does not."""

    def lines(self) -> Iterator[str]:
        """Yield the explanation as lines of text."""
        if self.hit is None:
            yield f"{self.lesson} is not in the answer: {'; '.join(self.excluded) or 'it has none of the words'}"
        else:
            yield f"{self.lesson} is number {self.rank:,} of {self.lessons:,}: {self.hit.relevance.label}"
            if self.hit.lexical or self.hit.semantic:  # else the query had only filters
                yield from self._judged(self.hit)
            if self.rank and self.rank > self.limit:
                yield f"  a search shows {self.limit:,}: `--limit {self.rank}` would show it"
        if self.stale:
            yield f"  {self.stale}"

    def _judged(self, hit: Hit) -> Iterator[str]:
        yield f"  by words: {_standing(hit.lexical, 'BM25')}{self._lacking()}"
        yield f"  by meaning: {_standing(hit.semantic, 'cosine')}"
        yield (
            f"  evidence {hit.evidence:.3f}; may help from {self.thresholds.may_help:.3f}, "
            f"answers from {self.thresholds.answers:.3f}"
        )

    def _lacking(self) -> str:
        return f"; it lacks {', '.join(self.missing)}" if self.missing else ""

    def as_json(self) -> forms.WhyNot:
        hit = self.hit
        return {
            "id": self.lesson,
            "path": self.path,
            "rank": self.rank,
            "lessons": self.lessons,
            "limit": self.limit,
            "relevance": hit.relevance.value if hit else None,
            "evidence": round(hit.evidence, 6) if hit else None,
            "may_help_from": self.thresholds.may_help,
            "answers_from": self.thresholds.answers,
            "lexical": standing_as_json(hit.lexical if hit else None),
            "semantic": standing_as_json(hit.semantic if hit else None),
            "missing_words": list(self.missing),
            "excluded": list(self.excluded),
            "stale": self.stale or None,
        }


def _standing(standing: Standing | None, measure: str) -> str:
    return f"number {standing.rank:,} ({measure} {standing.score:.3f})" if standing else "not found"


def staleness(known: Mapping[str, KnownFile], corpus: Corpus, path: str) -> str:
    """Return how the file of an indexed lesson differs from the index; empty if it does not."""
    changes = compare(corpus.find(), known, corpus.digest)
    if path in changes.removed:
        return f"{path} is gone since the index was built; run `kb reindex`"
    if any(file.path == path for file in changes.changed):
        return f"{path} has changed since the index was built; run `kb reindex`"
    problem = known[path].unread if path in known else None
    return f"{path} could not be read as it is now: {problem}; an older version is indexed" if problem else ""


def why_not_indexed(known: Mapping[str, KnownFile], corpus: Corpus, name: str) -> str:
    """Return why the index has no lesson with an id or path; empty if there is no such file either."""
    found = [file.path for file in corpus.find().files if name in (file.path, corpus.default_id(file.path))]
    if not found:
        return ""
    before = known.get(found[0])
    if before and before.unread:
        return f"{name} is not indexed: {before.unread}"
    if before:
        return f"{found[0]} is indexed under the id in its front matter; name the path"
    return f"{name} is not indexed yet: it was added since; run `kb reindex`"
