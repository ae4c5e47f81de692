"""Whether the uses of lessons can be counted: in lessons, and in the ledger `reuse/`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ingest.lesson import items_of, text_of
from kb.check.finding import Finding, on_one_line
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.lessons.stated import stated
from kb.reuse.ledger import Recorded
from kb.reuse.tally import read_saving

_LINE = '{"use": "0a1b2c3d4e5f", "date": "2026-05-01", "lesson": "%s", "in": "Depot East", "outcome": "%s"}\n'
LINE = Rule(
    "reuse.line",
    Severity.WARNING,
    "A line of the ledger of uses cannot be read.",
    "are lines of the ledger that cannot be read",
    "`kb reuse` writes one JSON object in each line of `reuse/YYYY-MM.jsonl`. The use in this line is not counted. "
    "Correct the line, or remove it and record the use again.",
    "# Wrong labels\n\n==> reuse/2026-05.jsonl <==\n" + _LINE % ("lesson", "great"),
    "# Wrong labels\n\n==> reuse/2026-05.jsonl <==\n" + _LINE % ("lesson", "helped"),
)
UNKNOWN = Rule(
    "reuse.unknown",
    Severity.WARNING,
    "The ledger of uses names a lesson that does not exist.",
    "are uses of lessons that do not exist",
    "The lesson was removed, or its id has changed. Put the new id into the line, or remove the line.",
    "# Wrong labels\n\n==> reuse/2026-05.jsonl <==\n" + _LINE % ("labels", "helped"),
    "# Wrong labels\n\n==> reuse/2026-05.jsonl <==\n" + _LINE % ("lesson", "helped"),
)
SAVED = Rule(
    "reuse.saved",
    Severity.WARNING,
    "What a use saved is no amount with a unit.",
    "say what a use saved without an amount and a unit",
    "It is not counted. Write for instance `12 days` or `3000 EUR`; words belong in `note`.",
    "---\nreused:\n  - {lesson: old-labels, outcome: helped, saved: a lot}\n---\n# Wrong labels\n\n"
    "==> old-labels.md <==\n# Old labels\n",
    "---\nreused:\n  - {lesson: old-labels, outcome: helped, saved: 12 days}\n---\n# Wrong labels\n\n"
    "==> old-labels.md <==\n# Old labels\n",
)
RULES = (LINE, UNKNOWN, SAVED)


def of_ledger(recorded: Recorded, ids: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong in the ledger of a library whose lessons have these ids; paths are relative to the root."""
    for problem in recorded.problems:
        yield _finding(LINE, problem.path, problem.line or 1, problem.reason)
    for use in recorded.uses:
        if use.lesson not in ids:
            message = f"no lesson has the id {use.lesson!r}; correct it, or remove the line"
            yield _finding(UNKNOWN, *recorded.places[use.key], message)


def _finding(rule: Rule, path: str, line: int, message: str) -> Finding:
    return Finding(path, line, 1, rule.code, rule.severity, on_one_line(message))


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what the uses that a lesson names saved, if that cannot be read."""
    for number, item in enumerate(items_of(file.metadata.get("reused"))):
        saved = text_of(item.get("saved")) if isinstance(item, dict) else ""
        if stated(saved) and read_saving(saved) is None:
            place = file.places.of_value("reused", number, "saved")
            yield SAVED.at(file, place, f"{saved!r} is no amount with a unit; write for instance `12 days`")
