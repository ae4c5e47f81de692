"""The format of a lesson's front matter: its keys and the values that each may have.

This is the only definition: the parser takes its keys and records from here, `kb check` its rules, `kb schema` the
published schema. Each field of a record class is a key; its annotation states the permitted values.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, NamedTuple


class Text:
    """A text or a number."""


class Word:
    """A text without whitespace, such as an id."""


class Choice(NamedTuple):
    """One of a fixed set of words."""

    words: tuple[str, ...]


class Day:
    """A date, a month or a year (ISO 8601): `2006-05-01`, `2006-05`, `2006`."""


class Items(NamedTuple):
    """A list."""

    of: "Shape"


class Record(NamedTuple):
    """A mapping with these keys and no others; only the front matter itself may have more."""

    keys: Mapping[str, "Key"]
    required: tuple[str, ...] = ()


Shape = Text | Word | Choice | Day | Items | Record


class Key(NamedTuple):
    """The permitted values of a key, and its purpose."""

    shape: "Shape"
    description: str
    """A phrase for the author, which an editor shows beside the key."""


def _record(**keys: Key) -> Record:
    return Record(MappingProxyType(keys))


def _record_of(record: type[NamedTuple], *required: str) -> Record:
    """Return the keys of a record class. Its annotations are read at run time, so they must not be strings."""
    keys = {name: annotated.__metadata__[0] for name, annotated in record.__annotations__.items()}
    return Record(MappingProxyType(keys), required)


AREAS = ("revenue", "cost", "cycle-time", "customer-satisfaction", "employee-productivity")
MEASURES = ("financial", "business-process", "behavioural")
OUTCOMES = ("helped", "partly", "did-not-help")
EVENTS = ("validated", "superseded", "retired", "reviewed")
NOT_CURRENT = ("superseded", "retired")
STATUSES = ("draft", "validated", *NOT_CURRENT)
ROLES = ("sponsor", "learning-professional", "team", "contact")
DESIGNS = ("natural-field-experiment", "pre-post", "objectives-based", "none")
"""How it was shown that the intervention caused the change, strongest evidence first."""
CHOSEN = ("matched", "at-random")
BETTER = ("less", "more")


class Person(NamedTuple):
    """A person to ask about a lesson."""

    name: Annotated[str, Key(Text(), "who")]
    role: Annotated[str, Key(Choice(ROLES), "the role of this person in the intervention")] = ""
    contact: Annotated[str, Key(Text(), "how to reach this person: mail, telephone, a room")] = ""
    until: Annotated[str, Key(Day(), "until when this person can be asked")] = ""


class Series(NamedTuple):
    """Evenly spaced figures of one metric, oldest first."""

    before: Annotated[tuple[str, ...], Key(Items(Text()), "the figures before the intervention, oldest first")] = ()
    after: Annotated[tuple[str, ...], Key(Items(Text()), "the figures after it, oldest first")] = ()

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


SERIES = _record_of(Series)


class Control(NamedTuple):
    """The unit without the intervention, measured at the same times."""

    before: Annotated[str, Key(Text(), "its figure before")] = ""
    after: Annotated[str, Key(Text(), "its figure after")] = ""
    n: Annotated[str, Key(Text(), "how many were measured there")] = ""
    chosen: Annotated[str, Key(Choice(CHOSEN), "how it was decided which unit goes without")] = ""
    series: Annotated[Series, Key(SERIES, "its figures over time, at the same times")] = Series()

    def __bool__(self) -> bool:
        return any(self)


CONTROL = _record_of(Control)


class Impact(NamedTuple):
    """One effect of an intervention, and how well it is shown."""

    area: Annotated[str, Key(Choice(AREAS), "the area in which something changed")] = ""
    metric: Annotated[str, Key(Text(), "what was measured")] = ""
    kind: Annotated[str, Key(Choice(MEASURES), "what kind of measure it is")] = ""
    before: Annotated[str, Key(Text(), "the figure before")] = ""
    after: Annotated[str, Key(Text(), "the figure after")] = ""
    unit: Annotated[str, Key(Text(), "the unit of the figures: days, USD, %")] = ""
    better: Annotated[str, Key(Choice(BETTER), "whether less or more of it is better, if its name does not say")] = ""
    change: Annotated[str, Key(Text(), 'the change, such as "-50%"')] = ""
    target: Annotated[str, Key(Text(), "the target that was set beforehand")] = ""
    design: Annotated[str, Key(Choice(DESIGNS), "how it was shown, strongest first; none if nothing was compared")] = ""
    compared_with: Annotated[str, Key(Text(), "the unit without the intervention, or the baseline")] = ""
    n: Annotated[str, Key(Text(), "how many were measured")] = ""
    period: Annotated[str, Key(Text(), "the period of the measurement")] = ""
    attributed: Annotated[str, Key(Text(), "the share that is credited to the intervention")] = ""
    note: Annotated[str, Key(Text(), "what a reader must know about it; or why it was not measured")] = ""
    series: Annotated[Series, Key(SERIES, "figures over time, evenly spaced; `period` says how far apart")] = Series()
    control: Annotated[Control, Key(CONTROL, "figures of the unit without it, which `compared_with` names")] = Control()
    repeated: Annotated[str, Key(Text(), "in which other units the same was found again")] = ""

    @property
    def has_figure(self) -> bool:
        return bool(self.change or (self.before and self.after) or (self.series.before and self.series.after))

    def with_texts(self, changed: Callable[[str], str]) -> "Impact":
        """Return this entry with `changed` applied to each of its texts but the design."""
        values = self._asdict()
        texts = {key: value for key, value in values.items() if isinstance(value, str) and key != "design"}
        return Impact(**{**values, **{key: changed(text) for key, text in texts.items()}})


class Reuse(NamedTuple):
    """A prior lesson that an intervention used, and the outcome."""

    lesson: Annotated[str, Key(Word(), "the id of the prior lesson that was used")]
    outcome: Annotated[str, Key(Choice(OUTCOMES), "whether it helped")] = ""
    note: Annotated[str, Key(Text(), "how it helped")] = ""
    saved: Annotated[str, Key(Text(), "what it saved: 12 days, 3,000 EUR")] = ""


class Event(NamedTuple):
    """A change of a lesson's status, or a review."""

    date: Annotated[str, Key(Day(), "when")] = ""
    what: Annotated[str, Key(Choice(EVENTS), "what was done to the lesson")] = ""
    by: Annotated[str, Key(Text(), "who did it")] = ""
    because: Annotated[str, Key(Text(), "why")] = ""


PERSON = _record_of(Person, "name")
IMPACT = _record_of(Impact)
REUSE = _record_of(Reuse, "lesson")
EVENT = _record_of(Event, "date", "what")
SCREENING = _record(
    strategic=Key(Text(), "is the issue of strategic significance? Yes or no, and why"),
    reusable=Key(Text(), "can the solution, or the process that found it, be used again? Yes or no, and why"),
)
COST = _record(
    amount=Key(Text(), "how much"),
    currency=Key(Text(), "the currency: USD, EUR"),
    budget=Key(Choice(("learning", "business-unit")), "who paid"),
)

FORMAT = _record(
    id=Key(Word(), "unique; if it is written here, it stays when the file moves"),
    title=Key(Text(), "the problem in one line"),
    summary=Key(Text(), "two or three sentences for a reader in a hurry"),
    tags=Key(Items(Text()), "a few words that group similar lessons"),
    unit=Key(Text(), "the unit or company it happened in"),
    date=Key(Day(), "when the intervention ended"),
    status=Key(Choice(STATUSES), "how far it can be trusted"),
    mode=Key(
        Choice(("do-learn-do", "do-learn", "learn-do")), "when it was learned: during the action, after it or before it"
    ),
    answers=Key(
        Items(Text()), "problem statements this lesson should be found for, in the words of somebody who has it"
    ),
    people=Key(Items(PERSON), "whom to ask: sponsor, learning professional, team, contact"),
    screening=Key(SCREENING, "the two questions before an intervention, answered"),
    impact=Key(Items(IMPACT), "what it changed, and how that is shown"),
    cost=Key(COST, "what it cost, and which budget paid"),
    review_by=Key(Day(), "when somebody must check whether it is still true"),
    supersedes=Key(Items(Word()), "ids of the lessons that this one replaces"),
    related=Key(Items(Word()), "ids of lessons to read with it"),
    reused=Key(Items(REUSE), "prior lessons that this intervention used, and whether they helped"),
    applies_when=Key(Items(Text()), "conditions under which it can be used again"),
    not_when=Key(Items(Text()), "conditions under which it should not be used"),
    history=Key(Items(EVENT), "who validated, replaced, retired or reviewed it, and when; kb writes it"),
)
