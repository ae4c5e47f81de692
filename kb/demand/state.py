"""Whether and where questions are noted, for the user who asks."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.config import Config
from kb.demand.gap import day_of
from kb.demand.noting.database import NewerLog, NoLog, damaged_file, is_refused, log_file
from kb.demand.noting.history import History, Summary
from kb.demand.noting.place import choice, records

if TYPE_CHECKING:
    from kb.forms.keep import demand as forms


class DemandState(NamedTuple):
    """The noting of questions in one knowledge base, by one user."""

    records: bool
    because: str
    """What decides that: `you chose it`, `kb.toml`, or `the default`."""
    days: int
    keeps_pages: bool
    """Whether pages are kept whole."""
    file: Path | None
    held: Summary
    problem: str
    """Why the log is not used; empty if it is, or if there is none yet."""
    damaged: Path | None
    """A damaged log that was put aside."""

    def as_json(self) -> forms.DemandState:
        return {
            "records": self.records,
            "because": self.because,
            "days": self.days,
            "text": self.keeps_pages,
            "file": str(self.file) if self.file else None,
            "questions": self.held.questions,
            "distinct": self.held.distinct,
            "used": self.held.used,
            "first": day_of(self.held.first) if self.held.questions else None,
            "last": day_of(self.held.last) if self.held.questions else None,
            "problem": self.problem or None,
            "damaged": str(self.damaged) if self.damaged else None,
        }


def state_of(config: Config) -> DemandState:
    """Return the state of the log; never raises."""
    held, problem = Summary(), ""
    try:
        held = History(config.root).summary()
    except NewerLog:
        problem = "a newer version of kb wrote the log; nothing is noted, and nothing in it is changed"
    except NoLog:
        problem = "the folder or the file of the log is a link, or not yours; it is not used" if is_refused() else ""
    except sqlite3.Error as error:
        problem = f"the log cannot be read: {error}"
    because = "you chose it" if choice() is not None else "kb.toml" if config.record_demand else "the default"
    settings = (config.demand_days, config.whole_pages)
    return DemandState(records(config), because, *settings, log_file(), held, problem, damaged_file())
