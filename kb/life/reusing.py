"""Records that a lesson was used: in the lesson of the later intervention, else in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.kinds import KindTable
from ingest.lesson import Lesson, Metadata, items_of
from ingest.reading import read_lesson
from kb.edit.edit import Edit
from kb.edit.front_matter import set_item, set_keys
from kb.edit.source import FileChange, Source, make_all
from kb.errors import CannotEdit, WrongState
from kb.life.history import signature
from kb.life.outcome import Outcome
from kb.reuse.ledger import Recorded, record
from kb.reuse.recorded import LONGEST, RecordedUse, new_key
from kb.reuse.request import ReuseRequest
from kb.reuse.tally import read_saving
from kb.system.here import seen_from, working_directory
from kb.trust.distrust import refuse_link

if TYPE_CHECKING:
    from kb.forms.keep import reuse as forms


@dataclass(frozen=True, slots=True)
class Reused:
    """The use of a lesson as it was recorded."""

    use: RecordedUse
    """Without key, date and name if the later lesson has it."""
    later: str | None
    """The id of the later lesson; None if the ledger has the use."""
    files: tuple[str, ...]
    """The changed files, relative to the root; none if it had been recorded before."""
    outcome: Outcome

    @classmethod
    def of(
        cls, root: Path, use: RecordedUse, later: Lesson | None, places: Sequence[Path], lessons: Sequence[str]
    ) -> Reused:
        here = working_directory()
        paths = tuple(str(seen_from(here, path)) for path in places)
        files = tuple(path.relative_to(root).as_posix() for path in places)
        return cls(use, later.id if later else None, files, Outcome(_message(use, later, paths), paths, tuple(lessons)))

    def as_json(self, not_indexed: str = "") -> forms.RecordedUse:
        """Return its form; `not_indexed` is why the changed lessons are not in the index."""
        return {
            "lesson": self.use.lesson,
            "later": self.later,
            "where": "" if self.later else self.use.where,
            "outcome": self.use.outcome,
            "note": self.use.note,
            "saved": self.use.saved,
            "date": self.use.date,
            "by": self.use.by,
            "recorded": bool(self.files),
            "paths": list(self.files),
            "not_indexed": not_indexed,
        }


def record_use(
    root: Path, used: Lesson, later: Lesson | None, request: ReuseRequest, today: date, recorded: Callable[[], Recorded]
) -> Reused:
    """Record a use in the `later` lesson, or without one in the ledger, of which `recorded` returns what it says now.

    Raises `WrongState`, `NoSuchFile`, `CannotWrite`, `CannotEdit` and `ChangedMeanwhile`; then nothing is changed.
    """
    _refuse(used, later, request)
    use = _as_line(root, used, request, today)
    if not later and request.key and (known := _with_key(request.key, recorded().uses)):
        if known._replace(date="", by="") != use._replace(date="", by=""):
            raise WrongState("this key belongs to another use, which was recorded before; take a new key")
        return Reused(known, None, (), Outcome(f"{_message(known, None, ())}, as was recorded before"))
    pinned = _pinning(root, used)
    if later:
        make_all([_change(root, later, _as_item(used, request)), *pinned])
        use, places = use._replace(key="", date="", by=""), [root / later.path]
    else:
        with ExitStack() as on_failure:
            make_all(pinned)
            for change in pinned:
                on_failure.callback(change.take_back)
            places = record(root, use)
            on_failure.pop_all()
    lessons = [*([later.path] if later else []), *([used.path] if pinned else [])]
    return Reused.of(root, use, later, [*places, *(change.source.path for change in pinned)], lessons)


def _with_key(key: str, uses: Sequence[RecordedUse]) -> RecordedUse | None:
    return next((use for use in uses if use.key == key), None)


def _message(use: RecordedUse, later: Lesson | None, paths: Sequence[str]) -> str:
    said = f"{use.lesson} {_IN_WORDS[use.outcome]} in {later.id if later else use.where}"
    return f"{said}; commit {' and '.join(paths)}" if paths else said


_IN_WORDS = {"helped": "helped", "partly": "helped partly", "did-not-help": "did not help"}


def _refuse(used: Lesson, later: Lesson | None, request: ReuseRequest) -> None:
    if later and later.id == used.id:
        raise WrongState(f"{used.id} cannot be used in itself; name the later lesson")
    if not request.where:
        raise WrongState("it is not said where it was used; name the later lesson, or say it in words")
    if request.saved and read_saving(request.saved) is None:
        said = f"what it saved, {request.saved!r},"
        raise WrongState(f"{said} is no amount with a unit; write for instance '12 days' or '3000 EUR'")
    for text in (request.where, request.note, request.saved):
        if len(text) > LONGEST:
            raise WrongState(f"a text has {len(text):,} characters; at most {LONGEST:,} are recorded")


def _pinning(root: Path, lesson: Lesson) -> list[FileChange]:
    """Return the change that writes a lesson's id into its file, so that it stays when the file is moved."""
    source, now = _file_of(root, lesson)
    if now.get("id") is not None:
        return []
    try:
        return [FileChange(source, set_keys(source.text, {"id": lesson.id}, lesson.path))]
    except CannotEdit:  # the use is recorded all the same
        return []


def _as_item(used: Lesson, request: ReuseRequest) -> dict[str, str]:
    item = {"lesson": used.id, "outcome": request.outcome, "note": request.note, "saved": request.saved}
    return {key: value for key, value in item.items() if value}


def _as_line(root: Path, used: Lesson, request: ReuseRequest, today: date) -> RecordedUse:
    return RecordedUse(
        *(request.key or new_key(), today.isoformat(), used.id, request.where, request.outcome),
        *(request.note, request.saved, (request.by or signature(root))[:LONGEST]),
    )


def _change(root: Path, lesson: Lesson, item: dict[str, str]) -> FileChange:
    """Return the change of the later lesson; what it says already of the same lesson is replaced."""
    source, now = _file_of(root, lesson)
    return FileChange(source, _edits(source.text, items_of(now.get("reused")), item, lesson.path))


def _file_of(root: Path, lesson: Lesson) -> tuple[Source, Metadata]:
    """Return the file of a lesson and its front matter as they are now, which may not be what was indexed.

    Raises `NoSuchFile` for a link, and `CannotWrite`.
    """
    refuse_link(root / lesson.path, root)
    source = Source.read(root / lesson.path)
    return source, read_lesson(source.text.encode(), lesson.path, lesson.id, KindTable()).lesson.metadata


def _edits(text: str, items: list[Any], item: dict[str, str], path: str) -> list[Edit]:
    for number, known in enumerate(items):
        if isinstance(known, dict) and known.get("lesson") == item["lesson"]:
            return set_item(text, "reused", number, {**known, **item}, path)
    return set_keys(text, {"reused": [*items, item]}, path)
