"""What was true once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from ingest.front_matter.places import Span
from ingest.lesson import iso_date, text_of
from ingest.markdown.blocks import targets
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.lessons.stated import is_contact

REVIEW = Rule(
    "staleness.review",
    Severity.WARNING,
    "The date by which somebody had to check whether a lesson is still true has passed.",
    "are past their review date",
    "Read it with somebody named in it. If it still holds, give it a new date with `kb review ID --until DATE`; "
    "if not, `kb retire` it, or write the lesson that replaces it.",
    "---\nreview_by: 2026-06-30\n---\n# Wrong labels\n",
    "---\nreview_by: 2027-06-30\n---\n# Wrong labels\n",
)
SUPERSEDED = Rule(
    "staleness.superseded",
    Severity.WARNING,
    "A lesson says that it replaces this one, and this one does not say that it is replaced.",
    "are replaced and do not say so",
    "Readers of the old lesson believe that it is valid. Write `status: superseded`, or take the id out of "
    "`supersedes` there.",
    "---\nid: labels\nstatus: validated\n---\n# Wrong labels\n\n"
    "==> other.md <==\n---\nsupersedes: [labels]\n---\n# Labels of all printers\n",
    "---\nid: labels\nstatus: superseded\n---\n# Wrong labels\n\n"
    "==> other.md <==\n---\nsupersedes: [labels]\n---\n# Labels of all printers\n",
    fixable=True,
)
SUCCESSOR = Rule(
    "staleness.successor",
    Severity.WARNING,
    "A lesson is marked as superseded, and no lesson says that it replaces it.",
    "are superseded by no lesson",
    "Readers learn that there is a newer lesson, but not which. Write its id under `supersedes` in the lesson that "
    "replaces it (`kb supersede OLD NEW`), or `status: retired` if none does.",
    "---\nid: labels\nstatus: superseded\n---\n# Wrong labels\n",
    "---\nid: labels\nstatus: superseded\n---\n# Wrong labels\n\n"
    "==> other.md <==\n---\nsupersedes: [labels]\n---\n# Labels of all printers\n",
)
CITED = Rule(
    "staleness.cited",
    Severity.WARNING,
    "A lesson refers its readers to one that is replaced or retired.",
    "refer readers to lessons that are replaced or retired",
    "They would read what is no longer true. Name the successor instead. What is named in `supersedes` may be cited, "
    "and `reused` says what was used at the time.",
    "---\nrelated: [labels]\n---\n# Wrong scales\n\n"
    "==> other.md <==\n---\nid: labels\nstatus: retired\n---\n# Wrong labels\n",
    "---\nrelated: [labels]\n---\n# Wrong scales\n\n"
    "==> other.md <==\n---\nid: labels\nstatus: validated\n---\n# Wrong labels\n",
)
PEOPLE = Rule(
    "staleness.people",
    Severity.WARNING,
    "None of the people named can be asked any more.",
    "name only people who can no longer be asked",
    "The date in `until` of everybody with a contact has passed. Find who has taken over and add that person to "
    "`people`.",
    "---\npeople:\n  - name: Ana\n    contact: ana@example.org\n    until: 2025-12\n---\n# Wrong labels\n",
    "---\npeople:\n  - name: Ana\n    contact: ana@example.org\n    until: 2025-12\n"
    "  - name: Ben\n    contact: ben@example.org\n---\n# Wrong labels\n",
)
RULES = (REVIEW, SUPERSEDED, SUCCESSOR, CITED, PEOPLE)

_LINK = re.compile(r"\]\(\s*<?([^)\s>#?]+\.md)\b[^)]*\)|^\s{0,3}\[[^\]]+\]:\s*<?([^\s>#?]+\.md)\b", re.MULTILINE)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what has become outdated in a lesson."""
    if file.lesson.is_current:
        yield from _review(file, census.today)
        yield from _superseded(file, census)
        yield from _cited(file, census)
        yield from _people(file, census.today)
    elif file.lesson.status == "superseded" and not set(census.superseded_by.get(file.lesson.id, ())) - {
        file.lesson.id
    }:
        message = (
            "no lesson says that it replaces this one; name it under `supersedes` there, or write `status: retired`"
        )
        yield SUCCESSOR.at(file, file.places.of_value("status"), message)


def _has_passed(day: str, today: date) -> bool:
    """Return whether a date is over; `2026-05` is over at the end of May."""
    return day < today.isoformat()[: len(day)]


def _review(file: LessonFile, today: date) -> Iterator[Finding]:
    due = iso_date(file.metadata.get("review_by"))
    if due and _has_passed(due, today):
        message = f"was to be reviewed by {due}; if it is still true: `kb review {file.lesson.id} --until DATE`"
        yield REVIEW.at(file, file.places.of_value("review_by"), message)


def _people(file: LessonFile, today: date) -> Iterator[Finding]:
    until = [iso_date(person.until) for person in file.lesson.people if is_contact(person.contact)]
    if until and all(day and _has_passed(day, today) for day in until):
        message = f"none of the people named can be asked since {max(filter(None, until))}"
        yield PEOPLE.at(file, file.places.of_key("people"), f"{message}; add their successor to `people`")


def _superseded(file: LessonFile, census: Census) -> Iterator[Finding]:
    replacing = _replacing(file.lesson.id, census)
    if replacing and file.lesson.id not in _chain(file.lesson.id, census):
        message = f"{replacing[0]} says that it replaces this lesson; write `status: superseded`"
        yield SUPERSEDED.at(file, file.places.of_key("status"), message, _status_edit(file))


def _status_edit(file: LessonFile) -> Iterable[Edit]:
    """Yield the edit that replaces the status, if it is written as a plain word."""
    span = file.places.values.get(("status",))
    if span and file.text_in(span) == text_of(file.metadata.get("status")):
        yield file.edit(span, "superseded")


def _replacing(id_: str, census: Census) -> list[str]:
    """Return the lessons that replace a lesson; a draft does not count."""
    named = [name for name in census.superseded_by.get(id_, ()) if name != id_]
    return [name for name in named if any(file.lesson.status != "draft" for file in census.by_id[name])]


def _chain(id_: str, census: Census) -> list[str]:
    """Return the chain of lessons that replaced a lesson; if it contains the lesson's own id, it is a cycle."""
    chain: dict[str, None] = {}
    while (replacing := _replacing(id_, census)) and replacing[0] not in chain:
        chain[id_ := replacing[0]] = None
    return [*chain]


def _cited(file: LessonFile, census: Census) -> Iterator[Finding]:
    own = set(file.lesson.supersedes) | {file.lesson.id}
    for cited, span in [*_related(file, census), *_linked(file, census)]:
        id_, status = cited.lesson.id, cited.lesson.status
        if not cited.lesson.is_current and id_ not in own:
            chain = [name for name in _chain(id_, census) if name != file.lesson.id]
            cure = f"name {chain[-1]} instead" if chain else "say what holds today instead"
            yield CITED.at(file, span, f"{id_} is {status}; {cure}")


def _related(file: LessonFile, census: Census) -> Iterator[tuple[LessonFile, Span | None]]:
    for number, id_ in enumerate(file.lesson.related):
        for cited in census.by_id.get(id_, ())[:1]:
            yield cited, file.places.of_value("related", number)


def _linked(file: LessonFile, census: Census) -> Iterator[tuple[LessonFile, Span]]:
    if not census.outdated or ".md" not in file.text:
        return
    for match in _LINK.finditer(file.text, file.offset(file.reading.body_line)):
        target = match[1] or match[2]
        location = Path(os.path.normpath(file.location.parent / unquote(target)))
        span = file.span_of(*match.span(match.lastindex or 0))
        if (cited := census.outdated.get(location)) and _is_link(file, span.line, target):
            yield cited, span


def _is_link(file: LessonFile, line: int, target: str) -> bool:
    """Return whether a target is a link for readers, and not an example in code."""
    first, end = file.block_at(line) or (line, line + 1)
    found = (unquote(named).partition("#")[0] for named in targets("\n".join(file.rows[first:end])))
    return unquote(target) in found
