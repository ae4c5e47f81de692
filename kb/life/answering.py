"""Adds a question that failed to the `answers` of the lesson that should have been found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.check.allowing import without_allowed
from kb.check.finding import Finding
from kb.check.request import selection
from kb.check.rules import find
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import edited
from kb.edit.front_matter import set_keys
from kb.edit.source import FileChange, Source, make_all
from kb.errors import ChangedMeanwhile, WrongState
from kb.life.life import Life
from kb.life.outcome import Outcome

_LONGEST = 300
"""Characters of a question; a longer text is a page, and the lesson should say what it is about."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was done to a lesson so that a question finds it."""

    outcome: Outcome
    question: str
    lesson: str
    """Id of the lesson."""
    diff: str = ""
    """The change of its file; empty if there is none."""
    warnings: tuple[Finding, ...] = ()
    """What `kb check` says now that it did not say before."""


def correct(life: Life, question: str, name: str) -> Correction:
    """Add a question to the `answers` of a lesson, unless that would bring an error into the library.

    Raises `WrongState`, `UnknownLesson`, `AmbiguousId`, `CannotEdit`, `ChangedMeanwhile` and `CannotWrite`.
    """
    file, question = life.lookup.named(name), _one_line(question)
    id_, answers = file.lesson.id, file.lesson.answers
    if not file.lesson.is_current:
        raise WrongState(f"{id_} is {file.lesson.status}; name the lesson that should be found today")
    if question.casefold() in map(str.casefold, answers):
        done = Outcome(f"{id_} has this question among its answers already; nothing was changed")
        return Correction(done, question, id_)
    source = _unchanged(file)
    edits = set_keys(source.text, {"answers": [*answers, question]}, file.path)
    new = _new_findings(life, file, edited(source.text, edits))
    counted = (Severity.ERROR, Severity.WARNING) if life.config.strict else (Severity.ERROR,)
    if errors := tuple(finding for finding in new if finding.severity in counted):
        done = Outcome(f"the question was not added to {id_}; nothing was changed", errors=errors)
        return Correction(done, question, id_)
    make_all([FileChange(source, edits)])
    done = Outcome.changed(f"the question is among the answers of {id_} now; commit it", [file])
    return Correction(done, question, id_, _diff(file.path, source.text, edited(source.text, edits)), tuple(new))


def _one_line(question: str) -> str:
    """Return a question as it is stored; raises `WrongState` if it is empty or a page."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in question).split())
    if not any(map(str.isalnum, line)):
        raise WrongState("the question is empty; give the words that did not find the lesson")
    if len(line) > _LONGEST:
        raise WrongState(f"the question has {len(line):,} characters; say it in one sentence of at most {_LONGEST}")
    return line


def _unchanged(file: LessonFile) -> Source:
    source = Source.read(Path(file.path))
    if source.text != file.text:
        raise ChangedMeanwhile(f"{file.path}: is being changed by somebody else; nothing was written; try again")
    return source


def _new_findings(life: Life, file: LessonFile, text: str) -> Sequence[Finding]:
    """Return what the checks would find in the lesson with another text, and do not find now."""
    lesson, old = file.lesson, life.lookup.census
    reading = read_lesson(
        text.encode("utf-8", "surrogatepass"), lesson.path, lesson.id, KindTable(life.config.sections)
    )
    other = LessonFile(file.path, file.location, reading)
    files = [other if each is file else each for each in old.files]
    before = {(finding.code, finding.message) for finding in _findings(life, file, old)}
    found = _findings(life, other, Census(files, life.today, old.own_keys))
    return [finding for finding in found if (finding.code, finding.message) not in before]


def _findings(life: Life, file: LessonFile, census: Census) -> Sequence[Finding]:
    wanted = selection(life.config)
    return [*without_allowed(file, [*find(file, census, wanted)], wanted, index_used=False)]


def _diff(path: str, before: str, after: str) -> str:
    rows = unified_diff(before.splitlines(), after.splitlines(), path, path, n=1, lineterm="")
    return "\n".join(rows)
