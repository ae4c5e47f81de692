"""The demand for the knowledge of one library: what one user asked of it, and what it lacks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kb.config import GAPS_FILE, Config
from kb.demand.noting.log import DemandLog
from kb.demand.noting.place import asker, choice, records
from kb.errors import CannotWrite, KbError

if TYPE_CHECKING:
    from kb.demand.gap import Found, Shared
    from kb.demand.noting.asked import Asked
    from kb.demand.noting.history import History, Judgement, Missed
    from kb.demand.saved import ClosedGap, SavedGap
    from kb.demand.shared.merging import Group
    from kb.demand.state import DemandState
    from kb.retrieval.searcher import Searcher

_Result = TypeVar("_Result")
TOLD = (
    "from now on, what you ask here is noted, on this machine only, to find what the library lacks; "
    "to stop it: kb demand --off"
)


class Demand:
    """What one user asked of one knowledge base."""

    def __init__(self, config: Config, open_index: Callable[[], Searcher]) -> None:
        """`open_index` raises `IndexUnusable`."""
        self._config = config
        self._root = config.root
        self._open = open_index
        self._log = DemandLog(config.root, config.demand_days)

    def note(self, asked: Asked, terminal: str, *, tells: bool) -> str:
        """Store a question; return what the user must be told now, or an empty text. Never raises.

        Unless `tells`, nothing is stored before the user was told once.
        """
        knows = choice() is True
        noted = self._log.note(asked, terminal, tells=tells or knows)
        return TOLD if noted.is_first and not knows else ""

    def mark_opened(self, lesson: str, terminal: str) -> None:
        """Store that a lesson was opened after the last question in a terminal. Never raises."""
        self._log.mark_opened(lesson, terminal)

    def mark_reused(self, lesson: str) -> None:
        """Store that a lesson was reused, for the last question that found it. Never raises."""
        if records(self._config):
            self._log.mark_reused(lesson)

    def state(self) -> DemandState:
        """Return whether and where questions are noted."""
        from kb.demand.state import state_of

        self._log.remove_expired()
        return state_of(self._config)

    def choose(self, *, record: bool | None) -> None:
        """Store whether this user's questions are noted; None leaves it to each `kb.toml`. Raises `CannotWrite`."""
        from kb.demand.noting.place import choose, demand_folder

        if not choose(record=record):
            raise CannotWrite(f"{demand_folder()}: cannot be written, or is not yours; your choice is not stored")

    def forget(self) -> int:
        """Remove all that is stored of this knowledge base; return the number of questions. Raises `CannotWrite`."""
        import sqlite3

        from kb.demand.noting.database import NewerLog, remove_remains
        from kb.demand.saved import forget_gaps

        try:
            forget_gaps(self._root)
            gone = self._log.forget()
            remove_remains()
            return gone
        except NewerLog as error:
            raise CannotWrite("a newer version of kb wrote the log of questions; update kb to remove them") from error
        except (sqlite3.Error, OSError) as error:
            raise CannotWrite(f"the log of questions cannot be changed: {error}; try again") from error

    def gaps(self) -> Found:
        """Return the gaps of the library, by this user's log and by the shared lists, and number them.

        Raises `IndexUnusable`.
        """
        from kb.demand.gaps import Gaps
        from kb.demand.saved import save_gaps

        with closing(self._open()) as searcher:
            found = Gaps(self._root, searcher, asker()).found(self._units(), datetime.now(UTC))
        save_gaps(self._root, found.gaps)
        return found

    def share(self) -> Shared:
        """Write this user's gaps into `gaps.md`.

        Raises `IndexUnusable`, `NoDemand`, `CannotWrite`, `NoSuchFile`.
        """
        from kb.demand.gaps import Gaps

        if not asker():
            raise CannotWrite("your id cannot be stored; check the folder that `kb demand` names")
        with closing(self._open()) as searcher:
            return Gaps(self._root, searcher, asker()).share(self._units(), datetime.now(UTC))

    def asked_for(self) -> Mapping[str, int]:
        """Return how often this user's questions of a year found each lesson first; empty if that is not known."""
        return self._read({}, lambda history: history.asked_for())

    def missed(self) -> Sequence[Missed]:
        """Return the lessons that questions of a year came near to and did not find; none if that is not known."""
        return self._read([], lambda history: history.missed())

    def shared_gaps(self) -> Sequence[Group]:
        """Return the gaps of the shared lists that at least three people have; none if they cannot be read."""
        if not os.path.lexists(self._root / GAPS_FILE):
            return []  # before anything that analyses words is imported
        from kb.demand.shared.gaps_file import read_gaps
        from kb.demand.shared.merging import grouped

        try:
            entries = read_gaps(self._root).entries
        except KbError:
            return []
        return [group for group in grouped(entries) if group.is_shown]

    def close_gaps(self) -> tuple[ClosedGap, ...]:
        """Ask the open gaps of the last `kb gaps` again, and return those that the library meets now.

        Raises `IndexUnusable`.
        """
        from kb.demand.finding import lesson_for
        from kb.demand.saved import close_gaps, open_gaps

        asked = open_gaps(self._root)
        if not asked:
            return ()
        with closing(self._open()) as searcher:
            found = {number: lesson_for(searcher, question) for number, question in asked.items()}
        return close_gaps(self._root, {number: lesson for number, lesson in found.items() if lesson})

    def gap(self, name: str) -> SavedGap:
        """Return the gap with a number or a label of the last `kb gaps`; raises `UnknownGap`."""
        from kb.demand.saved import gap_named

        return gap_named(self._root, name)

    def own_files(self) -> tuple[Path, Path]:
        """Return two files, for queries and judgements, in a folder that only this user can read."""
        from kb.demand.noting.database import OWN_FILES
        from kb.demand.noting.place import demand_folder

        queries, qrels = OWN_FILES
        return demand_folder() / queries, demand_folder() / qrels

    def write_collection(self, queries: Path, qrels: Path) -> None:
        """Write the questions after which a lesson was opened or reused, and those lessons, for an evaluation.

        Raises `NoDemand`, `CannotWrite`.
        """
        from kb.demand.collection import write_collection

        found: Sequence[Judgement] = self._read([], lambda history: history.judgements())
        write_collection(found, queries, qrels)

    def _read(self, otherwise: _Result, read: Callable[[History], _Result]) -> _Result:
        """Return what the log says; `otherwise` if there is none, or it cannot be read."""
        import sqlite3

        from kb.demand.noting.database import NoLog
        from kb.demand.noting.history import History

        with suppress(NoLog, sqlite3.Error):
            return read(History(self._root))
        return otherwise

    def _units(self) -> frozenset[str]:
        """Return the user's units of today, and store them; what is too old goes first."""
        from kb.demand.person import own_units

        self._log.remove_expired()
        units = own_units(self._root)
        self._log.set_units(units)
        return units
