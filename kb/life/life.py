"""The life cycle of a lesson: it is validated, reviewed, superseded, retired. Nothing is committed here."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.groups import completeness
from kb.check.request import selection
from kb.check.rules import Selection, find
from kb.check.severity import Severity
from kb.config import Config
from kb.corpus.census import Census
from kb.corpus.gathering import gather
from kb.corpus.lesson_file import LessonFile
from kb.corpus.lookup import Lookup
from kb.edit.front_matter import set_keys
from kb.edit.source import FileChange, Source, make_all
from kb.errors import ChangedMeanwhile, WrongState
from kb.life.history import continued, signature
from kb.life.outcome import Outcome
from kb.life.review_date import review_date
from kb.life.users import users_of
from kb.people.people_file import read_directory
from kb.reuse.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is still to be done on a lesson."""

    wrong: tuple[Finding, ...]
    """Its findings other than `missing`, the worst first."""
    missing: tuple[str, ...]
    """Keys and sections required for validation that it lacks: `problem`, `review_by`."""

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.wrong)


_MISSING = frozenset(rule.code for rule in completeness.RULES) - {completeness.PROPOSAL.code}


@dataclass(frozen=True, slots=True)
class Life:
    """Changes the state of a library's lessons, on a date and in a person's name."""

    config: Config
    lookup: Lookup
    today: date
    by: str

    @classmethod
    def of(cls, config: Config, today: date, path: Path | None = None) -> Life:
        """Read the library, and optionally one file that may lie outside of it."""
        gathered = gather(config, None if path is None else [path])
        files = tuple(dict.fromkeys((*gathered.library, *gathered.chosen)))
        census = Census(files, today, frozenset(config.own_keys))
        return cls(config, Lookup(config.root, gathered, census), today, signature(config.root))

    def promote(self, name: str, until: str | None = None) -> Outcome:
        """Change a draft's status to `validated` if the validated lesson would have no errors.

        With `until`, its review date is set in the same step. Raises `WrongState` for a lesson that is not a draft.
        """
        wanted, file = selection(self.config), self.lookup.named(name)
        id_, status = file.lesson.id, file.lesson.status
        if status == "validated" and until is None:
            return Outcome(f"{id_} is validated already; nothing was changed")
        if status not in ("", "draft"):
            instead = f"; to move its review date: kb review {id_} --until DATE" if status == "validated" else ""
            raise WrongState(f"{id_} is {status}: only a draft is promoted{instead}")
        values: dict[str, Any] = {"status": "validated"}
        if until is not None:
            values["review_by"] = review_date(until, self.today)
        history = continued(file, self.today, "validated", self.by)
        # Made before the lesson is checked: nobody should complete a file that cannot be changed in the end.
        changes = _changes({file: values | {"history": history}})
        if errors := self._errors(file, values, wanted):
            is_thin = any(error.code.startswith("completeness.") for error in errors)
            ask = f"; to be asked for what is missing: kb new --ask {shlex.quote(file.path)}" if is_thin else ""
            return Outcome(f"{id_} was not promoted; nothing was changed{ask}", errors=errors)
        make_all(changes)
        return Outcome.changed(f"{id_} is validated now; commit it", [file])

    def supersede(self, old_name: str, new_name: str, because: str = "") -> Outcome:
        """Record in two lessons that one replaces the other; both files are written or neither."""
        old, new = self.lookup.named_alone(old_name), self.lookup.named_alone(new_name)
        self._refuse_succession(old, new)
        replaced = new.lesson.supersedes
        changes: dict[LessonFile, dict[str, Any]] = {}
        if old.lesson.id not in replaced:
            changes[new] = {"supersedes": [*replaced, old.lesson.id]}
        if old.lesson.status != "superseded" or new in changes:
            because = f"replaced by {new.lesson.id}" + (f": {because}" if because else "")
            history = continued(old, self.today, "superseded", self.by, because)
            changes[old] = {"status": "superseded", "history": history}
        also = [id_ for id_ in self.lookup.census.superseded_by.get(old.lesson.id, ()) if id_ != new.lesson.id]
        beside = f", as by {' and '.join(also)}" if also else ""
        if not changes:
            return Outcome(f"{old.lesson.id} is superseded by {new.lesson.id} already; nothing was changed")
        make_all(_changes(changes))
        message = f"{old.lesson.id} is superseded by {new.lesson.id} now{beside}; commit both"
        return Outcome.changed(message, changes, self._users_of(old))

    def _refuse_succession(self, old: LessonFile, new: LessonFile) -> None:
        if old is new:
            raise WrongState(f"{old.lesson.id} cannot supersede itself")
        if new.lesson.id in self.lookup.replaced_by(old.lesson.id):
            raise WrongState(f"{old.lesson.id} supersedes {new.lesson.id}, so it cannot be superseded by it")
        if not new.lesson.is_current:
            newer = self.lookup.census.superseded_by.get(new.lesson.id, ())
            instead = f"; name its successor {newer[0]}" if newer else ""
            raise WrongState(f"{new.lesson.id} is {new.lesson.status} itself, so it replaces nothing{instead}")

    def retire(self, name: str, because: str) -> Outcome:
        """Mark a lesson as no longer true or useful, with the reason."""
        file = self.lookup.named(name)
        because = " ".join(because.split())
        if not because:
            raise WrongState(f"why is {file.lesson.id} retired? Say it with --because")
        if file.lesson.status == "retired":
            return Outcome(f"{file.lesson.id} is retired already; nothing was changed")
        history = continued(file, self.today, "retired", self.by, because)
        make_all(_changes({file: {"status": "retired", "history": history}}))
        return Outcome.changed(f"{file.lesson.id} is retired now; commit it", [file], self._users_of(file))

    def review(self, name: str, until: str) -> Outcome:
        """Record that somebody has checked whether a lesson is still true, and set the date of the next review."""
        file = self.lookup.named(name)
        day = review_date(until, self.today)
        if not file.lesson.is_current:
            raise WrongState(f"{file.lesson.id} is {file.lesson.status}: nobody has to check whether it is still true")
        history = continued(file, self.today, "reviewed", self.by)
        make_all(_changes({file: {"review_by": day, "history": history}}))
        return Outcome.changed(f"{file.lesson.id} is to be reviewed by {day} now; commit it", [file])

    def _users_of(self, file: LessonFile) -> list[str]:
        lessons = (other.lesson for other in self.lookup.census.files)
        recorded = Ledger(self.config.root).now().uses
        return users_of(file.lesson.id, lessons, recorded, read_directory(self.config.root))

    def left(self, file: LessonFile) -> Remaining:
        """Return what is wrong with a lesson, and for a draft what prevents its validation."""
        wanted = selection(self.config)
        now = self._findings(file, {}, wanted)
        errors = self._errors(file, {"status": "validated"}, wanted) if file.lesson.status == "draft" else ()
        missing = [error for error in errors if error.code in _MISSING]
        named = {(error.line, error.code) for error in errors}
        wrong = [*errors, *(finding for finding in now if (finding.line, finding.code) not in named)]
        wrong = sorted(
            (finding for finding in wrong if finding not in missing),
            key=lambda finding: list(Severity).index(finding.severity),
        )
        return Remaining(tuple(wrong), tuple(dict.fromkeys(error.code.partition(".")[2] for error in missing)))

    def _errors(self, file: LessonFile, values: Mapping[str, Any], wanted: Selection) -> tuple[Finding, ...]:
        """Return the errors that a lesson would have with other front matter values, at its present places."""
        counted = (Severity.ERROR, Severity.WARNING) if self.config.strict else (Severity.ERROR,)
        return tuple(finding for finding in self._findings(file, values, wanted) if finding.severity in counted)

    def _findings(self, file: LessonFile, values: Mapping[str, Any], wanted: Selection) -> Sequence[Finding]:
        """Return all findings for a lesson with other front matter values, by place."""
        lesson = file.lesson._replace(metadata={**file.metadata, **values})
        other = LessonFile(file.path, file.location, replace(file.reading, lesson=lesson))
        census = self.lookup.census
        files = [other if each is file else each for each in census.files]
        found = [*find(other, Census(files, self.today, census.own_keys), wanted)]
        return by_place({*without_allowed(other, found, wanted, index_used=False)})


def _changes(values_of: Mapping[LessonFile, Mapping[str, Any]]) -> list[FileChange]:
    """Return the files with other front matter values; raises `ChangedMeanwhile`, `CannotEdit`."""
    changes = []
    for file, values in values_of.items():
        source = Source.read(Path(file.path))
        if source.text != file.text:
            raise ChangedMeanwhile(f"{file.path}: is being changed by somebody else; nothing was written; try again")
        changes.append(FileChange(source, set_keys(source.text, values, file.path)))
    return changes
