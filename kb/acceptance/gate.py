"""The acceptance test of a new snapshot: is it sound, and does it still find what the live one finds?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kb.acceptance.known_items import KnownItem, ask, questions_of, read_known_items, regressions
from kb.acceptance.regression import Regression
from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, KNOWN_ITEMS, Snapshot
from kb.index.soundness import defects
from kb.limit import Limit
from kb.people.known import NOBODY_KNOWN
from kb.progress import Progress
from kb.retrieval.searcher import Searcher
from kb.wording import counted
from search.errors import DamagedIndex, ModelError
from search.indexing import KnownQueries, MissingSource, ThreadedSource, VectorCache, open_vectors
from search.query import Mode

if TYPE_CHECKING:
    from search.indexing import Encoder, EncoderCard, VectorIndex


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of the acceptance test."""

    refusal: str
    """Why the snapshot must not be published; empty if it may be."""
    items: tuple[KnownItem, ...] = ()
    regressions: tuple[Regression, ...] = ()


class Acceptance:
    """Checks that the new snapshot is sound, and searches it for every question of the lessons' `answers`."""

    def __init__(
        self,
        cache: VectorCache,
        open_encoder: Callable[[EncoderCard], Encoder],
        limit: Limit,
        progress: Progress,
    ) -> None:
        self._cache = cache
        self._open_encoder = open_encoder
        self._limit = limit
        self._progress = progress

    def examine(self, new: Snapshot) -> Verdict:
        """Return whether a sealed snapshot is sound; runs no search."""
        self._progress.stage("checking", 1)
        found = defects(new)
        why = f"the new index is not sound ({found[0]}); the index is as it was; run `kb doctor`" if found else ""
        return Verdict(why)

    def judge(self, new: Snapshot, live: Snapshot | None) -> Verdict:
        """Return whether a sealed snapshot is sound, and finds the lessons that the live snapshot finds."""
        unsound = self.examine(new)
        if unsound.refusal:
            return unsound
        questions = _questions(new)
        items = self._known_items(new, questions)
        lost = regressions(self._before(live, questions), items)
        losers = {regression.lesson for regression in lost}
        if self._limit.allows(len(losers), len({lesson for lesson, _ in questions})):
            return Verdict("", tuple(items), tuple(lost))
        refusal = (
            f"{counted(len(losers), 'lesson')} no longer found for their own answers, more than reindex.max_regressions"
            f" allows ({self._limit}); the index is as it was; to publish it anyway: `kb reindex --no-gate`"
        )
        return Verdict(refusal, tuple(items), tuple(lost))

    def _before(self, live: Snapshot | None, questions: Sequence[tuple[str, str]]) -> list[KnownItem]:
        """Return the known items of the live index, searching it now if it was published without this test.

        A live index without vectors, which was published early, is not searched: it is not comparable.
        """
        if live is None:
            return []
        known = read_known_items(live.folder / KNOWN_ITEMS)
        if known is not None or live.manifest.encoder is None:
            return known or []
        try:
            wanted = set(questions)
            return self._known_items(live, [question for question in _questions(live) if question in wanted])
        except (ModelError, DamagedIndex) as error:
            self._progress.tell(f"the live index cannot be searched ({error}): nothing to compare with")
            return []

    def _known_items(self, snapshot: Snapshot, questions: Sequence[tuple[str, str]]) -> list[KnownItem]:
        if not questions:
            return []
        card = snapshot.manifest.encoder
        encoder = self._encoder(card, questions) if card else None
        source = ThreadedSource(partial(_opened, snapshot, encoder)) if encoder else MissingSource(lambda: "words only")
        searcher = Searcher(snapshot, source, NOBODY_KNOWN)  # it only ranks
        try:
            self._progress.stage("asking what lessons answer", len(questions))
            return list(self._counted(ask(searcher, questions, Mode.HYBRID if encoder else Mode.LEXICAL)))
        finally:
            searcher.close()

    def _counted(self, items: Iterable[KnownItem]) -> Iterator[KnownItem]:
        for item in items:
            self._progress.advance()
            yield item

    def _encoder(self, card: EncoderCard, questions: Sequence[tuple[str, str]]) -> Encoder:
        texts = list(dict.fromkeys(text for _, text in questions))
        return KnownQueries(self._open_encoder(card), texts, self._cache)


def _questions(snapshot: Snapshot) -> list[tuple[str, str]]:
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        return questions_of(catalogue.lessons())


def _opened(snapshot: Snapshot, encoder: Encoder) -> tuple[Encoder, VectorIndex]:
    return encoder, open_vectors(snapshot.folder, encoder.card.dimension)
