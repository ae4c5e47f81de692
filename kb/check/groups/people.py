"""Whether the people named can be asked, and `people.md`."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.format import Person
from ingest.lesson import iso_date, items_of, text_of
from kb.check.finding import Finding, on_one_line
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.lessons.stated import is_contact, stated
from kb.people.contact import replacement
from kb.people.directory import Directory
from kb.people.entry import Entry, has_passed

FILE = Rule(
    "people.file",
    Severity.ERROR,
    "Something in `people.md` is wrong.",
    "are wrong in people.md",
    "`people.md` says who has left, who took over, and who does not want to be named. If it is not certain who that "
    "is, nobody is named until it is put right.",
    "# Wrong labels\n\n==> people.md <==\n---\npeople:\n  - {name: Ana, until: soon}\n---\n",
    "# Wrong labels\n\n==> people.md <==\n---\npeople:\n  - {name: Ana, until: 2030-05}\n---\n",
)
OPTED_OUT = Rule(
    "people.opted-out",
    Severity.WARNING,
    "A lesson names somebody who does not want to be named.",
    "name people who opted out",
    "kb names this person nowhere, but the lesson's file does. Take the entry out; git's history keeps it.",
    "---\npeople:\n  - {name: Ana Silva, role: team}\n---\n# Wrong labels\n\n"
    "==> people.md <==\n---\npeople:\n  - {name: Ana Silva, opted_out: true}\n---\n",
    "# Wrong labels\n\n==> people.md <==\n---\npeople:\n  - {name: Ana Silva, opted_out: true}\n---\n",
)
UNREACHABLE = Rule(
    "people.unreachable",
    Severity.WARNING,
    "Somebody whom a lesson names cannot be asked, and nobody took over.",
    "name people who cannot be asked",
    "There is no way to reach this person in the lesson and in `people.md`, or the person has left without a "
    "successor. Add a `contact`, or the `successor` to `people.md`. Checked only in a library that has a `people.md`.",
    "---\npeople:\n  - {name: Ana Silva, contact: ana@example.org}\n---\n# Wrong labels\n\n"
    "==> people.md <==\n---\npeople:\n  - {name: Ana Silva, until: 2025-12}\n---\n",
    "---\npeople:\n  - {name: Ana Silva, contact: ana@example.org}\n---\n# Wrong labels\n\n"
    "==> people.md <==\n---\npeople:\n  - {name: Ana Silva, until: 2025-12, successor: ben@example.org}\n"
    "  - {name: Ben Roe, contact: ben@example.org}\n---\n",
)
CONTRADICTION = Rule(
    "people.contradiction",
    Severity.WARNING,
    "A lesson and `people.md` say different things about somebody.",
    "contradict people.md",
    "One of both is out of date. For an old address, write it under `also` in `people.md`; for two people of one name, "
    "give each of them a record.",
    "---\npeople:\n  - {name: Ana Silva, contact: ana@old.example.org}\n---\n# Wrong labels\n\n"
    "==> people.md <==\n---\npeople:\n  - {name: Ana Silva, contact: ana@example.org}\n---\n",
    "---\npeople:\n  - {name: Ana Silva, contact: ana@old.example.org}\n---\n# Wrong labels\n\n"
    "==> people.md <==\n---\npeople:\n  - {name: Ana Silva, contact: ana@example.org, also: ana@old.example.org}\n"
    "---\n",
)
RULES = (FILE, OPTED_OUT, UNREACHABLE, CONTRADICTION)


def of_directory(directory: Directory, path: str) -> Iterator[Finding]:
    """Yield what is wrong in `people.md`; `path` is how it is shown."""
    for problem in directory.problems:
        yield Finding(path, problem.line or 1, 1, FILE.code, FILE.severity, on_one_line(problem.reason))


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what `people.md` says of the people whom a lesson names."""
    directory = census.people
    if not directory.entries:
        return
    for number, item in enumerate(items_of(file.metadata.get("people"))):
        fields = item if isinstance(item, dict) else {"name": item}
        name, contact, until = (text_of(fields.get(key)) for key in ("name", "contact", "until"))
        place = file.places.of_key("people", number)
        if directory.has_opted_out(name, contact):
            yield OPTED_OUT.at(file, place, "this person opted out in people.md; take the entry out")
        elif stated(name) == name and name and file.lesson.is_current:
            person = Person(name, contact=contact, until=iso_date(until) or "")
            for rule, message in _said(person, directory, file.lesson.unit):
                yield rule.at(file, place, message)


def _said(person: Person, directory: Directory, unit: str) -> Iterator[tuple[Rule, str]]:
    entry = directory.entry_of(person.name, person.contact)
    if entry is None and (other := directory.namesake(person.name, person.contact)):
        place = f"people.md:{other.line}"
        yield CONTRADICTION, f"{place} has another address of {person.name}; correct one, or add this to `also` there"
    if entry and (message := _about_leaving(person, entry)):
        yield CONTRADICTION, message
    if has_passed(person.until) or (entry and entry.has_left):
        if replacement(entry, person.name, unit, directory) is None:
            yield UNREACHABLE, f"nobody took over from {person.name}, who has left; name a `successor` in people.md"
    elif not is_contact(person.contact) and not (entry and is_contact(entry.contact)):
        yield UNREACHABLE, f"no way to reach {person.name}, here or in people.md; add a `contact`"


def _about_leaving(person: Person, entry: Entry) -> str:
    """Return in what a lesson and a record contradict each other about `until`; empty if in nothing."""
    if person.until and entry.until and not _agree(person.until, entry.until):
        return f"`until` of {person.name} is {entry.until} in people.md:{entry.line}; correct one"
    if has_passed(person.until) and not entry.has_left:
        return f"by this lesson {person.name} has left, by people.md:{entry.line} not; correct one"
    return ""


def _agree(one: str, other: str) -> bool:
    """Return whether two dates may be the same: `2026` and `2026-05`."""
    return one.startswith(other) or other.startswith(one)
