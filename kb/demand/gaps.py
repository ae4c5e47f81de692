"""The gaps of a library: those of this user's log together with those of the shared lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.demand.finding import Need, Needs, needs_in
from kb.demand.gap import Close, Cure, Found, Gap, Remedy, Shared
from kb.demand.noting.database import NewerLog, NoLog, log_file
from kb.demand.noting.history import FADES_AFTER, History
from kb.demand.shared.attributes import set_up_merging
from kb.demand.shared.entry import MOST_LESSONS, NO_UNIT, Entry, sharer_id, unit_code
from kb.demand.shared.gaps_file import read_gaps, write_gaps
from kb.demand.shared.merging import Group, grouped
from kb.demand.shared.sharing import Person, own_entries, shared_list
from kb.errors import KbError, NoDemand
from kb.people.people_file import read_directory

if TYPE_CHECKING:
    from kb.demand.words import Word
    from kb.retrieval.searcher import Searcher

_WORDS = 5
_NONE = Needs((), 0)


class Gaps:
    """Reads the log and the shared lists of one knowledge base."""

    def __init__(self, root: Path, searcher: Searcher, asker: str) -> None:
        self._root = root
        self._searcher = searcher
        self._sharer = sharer_id(asker) if asker else ""
        self._directory = read_directory(root)

    def found(self, units: Iterable[str], now: datetime) -> Found:
        """Return all gaps; if the log or the shared lists cannot be read, a note says so."""
        needs, note = self._needs()
        try:
            shared = read_gaps(self._root, now)
            others, note = shared.compared(self._sharer), note or shared.problem(self._sharer)
        except KbError as error:
            others, note = [], str(error)
        person = Person(self._sharer, _code(units), "")
        own = own_entries(needs.open, person, self._may_share)
        groups = grouped([*others, *own])
        gaps = [*_own_gaps(needs.open, own, groups, now), *_gaps_of_others(groups, self._sharer, now)]
        hidden = sum(not group.is_shown and self._sharer not in group.people for group in groups)
        best_first = sorted(gaps, key=lambda pair: -pair[0])
        return Found(tuple(gap for _, gap in best_first), hidden, needs.met, note)

    def share(self, units: Iterable[str], now: datetime) -> Shared:
        """Write the list of this user.

        Raises `NoDemand` if there is no log that can be read, `CannotWrite`, and `NoSuchFile` as `read_gaps` does.
        """
        needs, problem = self._needs()
        if problem or log_file() is None:  # an empty list would take back what the user has shared before
            raise NoDemand(problem or "your questions are not noted, so there is nothing to share; see `kb demand`")
        before = read_gaps(self._root, now)
        others = before.compared(self._sharer)
        person = Person(self._sharer, _code(units), f"{now:%Y-%m-%dT%H:%M:%SZ}")
        own = shared_list(needs.open, person, others, self._may_share)
        shown = [group for group in grouped([*others, *own]) if group.is_shown]
        path = write_gaps(self._root, before.head, [*before.kept(self._sharer), *own], shown)
        remarks = (before.problem(self._sharer), set_up_merging(self._root))
        return Shared(path, sum(entry.asked > 0 for entry in own), tuple(filter(None, remarks)))

    def _needs(self) -> tuple[Needs, str]:
        try:
            return needs_in(History(self._root), self._searcher), ""
        except NewerLog:
            return _NONE, "a newer version of kb wrote the log of questions; update kb to see your own gaps"
        except NoLog:
            return _NONE, ""
        except (sqlite3.Error, ValueError, TypeError) as error:
            return _NONE, f"the log of questions cannot be read: {error}; see `kb demand`"

    def _may_share(self, word: Word) -> bool:
        """Return whether a word may be in a shared list: no name that the library does not have itself."""
        if self._directory.may_be_part_of_hidden(word.written):
            return False
        return not word.is_name or self._searcher.engine.knows(word.term)


def _own_gaps(
    needs: Sequence[Need], entries: Sequence[Entry], groups: Iterable[Group], now: datetime
) -> Iterator[tuple[float, Gap]]:
    """Yield the user's own gaps with what others add to them, each with its weight."""
    group_of = {entry: group for group in groups for entry in group.entries}
    for need, entry in zip(needs, entries, strict=True):
        others = [other for other in group_of[entry].entries if other.sharer != entry.sharer]
        gap = need.gap._replace(
            asked=need.gap.asked + sum(other.asked for other in others),
            people=need.gap.people + len({other.sharer for other in others}),
            units=max(need.gap.units, len({other.unit for other in (*others, entry)} - {NO_UNIT})),
        )
        yield need.weight + _weight(others, now), gap


def _gaps_of_others(groups: Iterable[Group], sharer: str, now: datetime) -> Iterator[tuple[float, Gap]]:
    """Yield the gaps that enough others have and this user has not, each with its weight."""
    for group in groups:
        if not group.is_shown or sharer in group.people:
            continue
        words = tuple(group.words()[:_WORDS])
        near = tuple(Close(id_, "") for id_ in group.closest()[:MOST_LESSONS])
        label = " ".join(words) or "words that too few people share yet"
        last = max(entry.shared for entry in group.entries)[:10]
        counts = (group.asked, group.asked, 0, last, len(group.people), len(group.units))
        yield _weight(group.entries, now), Gap(label, (), words, *counts, near, Remedy(Cure.LESSON))


def _weight(entries: Iterable[Entry], now: datetime) -> float:
    return sum(entry.asked * max(1 - max(_age(entry.shared, now), 0) / FADES_AFTER, 0) for entry in entries)


def _age(shared: str, now: datetime) -> float:
    """Return the seconds since an entry was shared."""
    return (now - datetime.fromisoformat(shared)).total_seconds()


def _code(units: Iterable[str]) -> str:
    """Return the code of the first unit, as a list has room for one."""
    return unit_code(min(units, default=""))
