"""Finds the reasons why somebody must look at a lesson."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ingest.kinds import Kind
from ingest.lesson import Lesson, iso_date, text_of
from ingest.passages.passage import Passage
from kb.ageing.addresses import NO_ADDRESSES, Addresses
from kb.ageing.age import YEARS, YEARS_OF_FIGURES, confirmed, years_since
from kb.ageing.dead_files import Files
from kb.ageing.reason import Cause, Reason
from kb.demand.gap import command_to_correct
from kb.demand.noting.history import Missed
from kb.impact.units import period_of
from kb.lessons.stated import stated
from kb.people.authorship import Authorship
from kb.people.contact import SUCCESSOR, who_are_named, whom_to_ask
from kb.people.directory import Directory
from kb.reuse.tally import tally
from kb.reuse.use import Use
from kb.wording import counted, shortened

_NAMED = 3
_LENGTH_OF_ADDRESS = 100


class Known(NamedTuple):
    """What is known beside a lesson."""

    today: date
    directory: Directory
    files: Files
    uses: Mapping[str, Sequence[Use]]
    """By the id of the used lesson."""
    successors: Mapping[str, str]
    """The id of the lesson that replaces another, by the id of that."""
    units_per: Mapping[str, Sequence[str]]
    """The periods of the measured figures of a lesson, such as `year`, by its path."""
    authors: Authorship
    missed: Mapping[str, Missed] = MappingProxyType({})
    """The lessons that were near what was asked and not found, by id."""
    addresses: Addresses = NO_ADDRESSES
    """What became of asking the addresses on the web."""

    def confirmed(self, lesson: Lesson) -> date | None:
        """Return the day on which a lesson was last known to be true: by itself, else by git; None if not known."""
        return confirmed(lesson, max((one.last for one in self.authors.of(lesson.path)), default=""))


def reasons_for(lesson: Lesson, passages: Sequence[Passage], known: Known) -> Iterator[Reason]:
    """Yield the reasons why somebody must look at a lesson."""
    if not lesson.is_current:
        yield from _still_used(lesson, known)
        return
    yield from _review(lesson, known.today)
    yield from _unhelpful(lesson, known)
    yield from _dead(lesson, passages, known.files)
    yield from _dead_addresses(lesson, passages, known.addresses)
    yield from _people(lesson, known.directory)
    yield from _figures(lesson, known)
    yield from _old(lesson, passages, known)
    yield from _missed(lesson, known.missed)


def _review(lesson: Lesson, today: date) -> Iterator[Reason]:
    due = iso_date(lesson.metadata.get("review_by")) or ""
    if due and due < today.isoformat()[: len(due)]:
        yield Reason(Cause.REVIEW, f"was to be reviewed by {due}", _review_command(lesson, today))


def _unhelpful(lesson: Lesson, known: Known) -> Iterator[Reason]:
    uses = tally(known.uses.get(lesson.id, ()))
    if uses.is_unhelpful:
        said = f"keeps not helping: used {uses.in_words}; say in `not_when` when it does not help, or retire it"
        yield Reason(Cause.UNHELPFUL, said, _command("open", lesson))


def _still_used(lesson: Lesson, known: Known) -> Iterator[Reason]:
    """Yield the uses of a lesson after it was superseded or retired."""
    ended = max((event.date for event in lesson.history if event.what == lesson.status), default="")
    later = [use for use in known.uses.get(lesson.id, ()) if ended and use.date > ended]
    if later:
        successor = known.successors.get(lesson.id, "")
        tell = f"; tell them of {successor}" if successor else ""
        where = later[0].lesson or later[0].title
        said = f"is {lesson.status} since {ended}, and was used after that, last in {where}{tell}"
        yield Reason(Cause.STILL_USED, said, f"kb show {shlex.quote(successor or lesson.id)}")


def _dead(lesson: Lesson, passages: Iterable[Passage], files: Files) -> Iterator[Reason]:
    if dead := list(files.dead(lesson.path, passages)):
        said = _gone([file.name for file in dead], "file", "files")
        yield Reason(Cause.DEAD, said, _open_command(lesson, dead[0].line), dead[0].line)


def _dead_addresses(lesson: Lesson, passages: Iterable[Passage], addresses: Addresses) -> Iterator[Reason]:
    if dead := addresses.dead(lesson, passages):
        names = [f"{shortened(each.text, _LENGTH_OF_ADDRESS)} ({each.why})" for each in dead]
        said = _gone(names, "address", "addresses")
        yield Reason(Cause.ADDRESS, said, _open_command(lesson, dead[0].line), dead[0].line)


def _gone(names: Sequence[str], noun: str, plural: str) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    are = "is" if len(names) == 1 else "are"
    return f"names {counted(len(names), noun, plural)} that {are} gone: {', '.join(names[:_NAMED])}{more}"


def _open_command(lesson: Lesson, line: int) -> str:
    return f"kb open {shlex.quote(f'{lesson.path}:{line}')}"


def _people(lesson: Lesson, directory: Directory) -> Iterator[Reason]:
    if not any(True for _ in who_are_named(lesson.people)):
        return
    ask = whom_to_ask(lesson, directory)
    if ask is None or ask.stands_in not in ("", SUCCESSOR):
        instead = f"; until then ask {ask.name}" if ask else ""
        said = f"nobody whom it names can be asked any more; add who took over to `people`{instead}"
        yield Reason(Cause.PEOPLE, said, _command("open", lesson))


def _figures(lesson: Lesson, known: Known) -> Iterator[Reason]:
    day = known.confirmed(lesson)
    stated_periods = (period_of(stated(entry.period)) for entry in lesson.impact if entry.has_figure)
    periods = [per for per in (*known.units_per.get(lesson.path, ()), *stated_periods) if per in YEARS_OF_FIGURES]
    if not day or not periods or _is_planned(lesson, known.today):
        return
    age, per = years_since(day, known.today), min(periods, key=YEARS_OF_FIGURES.__getitem__)
    if age >= YEARS_OF_FIGURES[per]:
        said = f"its figures per {per} were last confirmed {counted(age, 'year')} ago, {day}; measure again"
        yield Reason(Cause.FIGURES, said, _review_command(lesson, known.today))


def _old(lesson: Lesson, passages: Iterable[Passage], known: Known) -> Iterator[Reason]:
    day = known.confirmed(lesson)
    if day is None or _is_planned(lesson, known.today):
        return
    age = years_since(day, known.today)
    kinds = {passage.kind for passage in passages}
    old = [kind for kind, years in YEARS.items() if kind in kinds and age >= years]
    if old:
        what = " and ".join(_NAMES[kind] for kind in old)
        said = f"its {what} were last confirmed {counted(age, 'year')} ago, {day}"
        yield Reason(Cause.OLD, said, _review_command(lesson, known.today))


_NAMES: Mapping[Kind, str] = {Kind.TOOL: "tools", Kind.METHOD: "methods", Kind.KNOWLEDGE: "findings"}


def _missed(lesson: Lesson, missed: Mapping[str, Missed]) -> Iterator[Reason]:
    if found := missed.get(lesson.id):
        near = counted(found.questions, "question")
        said = f"{near} of this year came nearest to it, and none found it; most often: {found.text}"
        yield Reason(Cause.NOT_FOUND, said, command_to_correct(found.text, lesson.id))


def _is_planned(lesson: Lesson, today: date) -> bool:
    """Return whether somebody will look at a lesson on a day that is still to come."""
    return stated(text_of(lesson.metadata.get("review_by")))[:10] >= today.isoformat()


def _review_command(lesson: Lesson, today: date) -> str:
    return f"{_command('review', lesson)} --until {today.year + 1}-{today:%m}"


def _command(name: str, lesson: Lesson) -> str:
    return f"kb {name} {shlex.quote(lesson.id)}"
