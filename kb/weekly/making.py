"""Gathers the keeper's page from what the other commands find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kb.ageing.reason import CAUSES, Cause
from kb.ageing.stale import Stale
from kb.alike.closeness import TO_MERGE
from kb.demand.demand import Demand
from kb.digest.digest import Digest
from kb.digest.digests import Digests
from kb.errors import IndexUnusable, NoRepository
from kb.overview.overview import Overview
from kb.retrieval.listing import ListRequest
from kb.topics.facts import MapRequest
from kb.topics.report import Topic, TopicMap
from kb.topics.thin import Weakness
from kb.weekly.weekly import Need, Weekly
from kb.wording import counted

_WEEK = "7 days ago"
_FEWEST_WEAKNESSES = 2
_WORDS = 5
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class WeeklyMaker:
    """Looks through a library for its keeper."""

    library: str
    overview: Overview
    digests: Digests
    demand: Demand

    def made(self, today: date, since: str | None = None, *, for_others: bool = False) -> Weekly:
        """Return the page; `for_others`: without questions that only this user asked.

        Raises `IndexUnusable` if there is no index, and `NoRepository` if git does not know `since`.
        """
        notes: list[str] = []
        return Weekly(
            self.library,
            today,
            since or "",
            self._news(since) if since else _or_note(lambda: self._news(_WEEK), NoRepository, notes),
            self._stale(today, for_others=for_others),
            [*(self._shared_needs() if for_others else self._own_needs())],
            _or_note(lambda: self.overview.near_duplicates(TO_MERGE), IndexUnusable, notes),
            _thin(self.overview.map(MapRequest(), today)),
            notes,
        )

    def _news(self, since: str) -> Digest | None:
        return self.digests.for_everybody(since).digest

    def _stale(self, today: date, *, for_others: bool) -> Stale:
        found = self.overview.stale(ListRequest(), today)
        # That a lesson was missed is said in the words of this user's own questions.
        return found.only([cause for cause in CAUSES if cause is not Cause.NOT_FOUND]) if for_others else found

    def _own_needs(self) -> Iterator[Need]:
        """Yield what `kb gaps` says, with its numbers."""
        for number, gap in enumerate(self.demand.gaps().gaps, 1):
            yield Need(gap.label, (gap.reasons(), gap.advice()), gap.command(number))

    def _shared_needs(self) -> Iterator[Need]:
        """Yield what at least three people share, in the words that each of three has."""
        for group in self.demand.shared_gaps():
            if words := group.words()[:_WORDS]:
                asked = f"asked {counted(group.asked, 'time')}, {counted(len(group.people), 'person', 'people')}"
                yield Need(", ".join(words), (asked,), "kb gaps")


def _or_note(find: Callable[[], _Found], error: type[Exception], notes: list[str]) -> _Found | None:
    """Return what is found; None after a note if that is not possible here."""
    try:
        return find()
    except error as reason:
        notes.append(str(reason))
        return None


def _thin(found: TopicMap) -> Sequence[Topic]:
    """Return the topics that are much asked, or weak in several ways that not all topics are."""

    def weaknesses(topic: Topic) -> list[Weakness]:
        return [spot.weakness for spot in topic.thin if spot.words not in found.everywhere]

    def is_thin(topic: Topic) -> bool:
        return Weakness.MUCH_ASKED in weaknesses(topic) or len(weaknesses(topic)) >= _FEWEST_WEAKNESSES

    def weakest_first(topic: Topic) -> tuple[bool, int, int, int]:
        own = weaknesses(topic)
        return Weakness.MUCH_ASKED not in own, -len(own), -len(topic.lessons), topic.number

    several = found.topics if len(found.topics) > 1 else ()
    return sorted(filter(is_thin, several), key=weakest_first)
