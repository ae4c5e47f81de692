"""The format of a lesson's front matter: which keys there are, and what each may say.

The one definition: the parser takes its keys from here, `kb check` its rules, `kb schema` the published schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Text:
    """A text; a number is one too."""


class Word:
    """A text without white space, such as an id."""


class Choice(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]


class Day:
    """A date as exact as it is known: `2006`, `2006-05` or `2006-05-01` (ISO 8601)."""


class Items(NamedTuple):
    """A list."""

    of: Shape


class Record(NamedTuple):
    """A mapping with these keys and no others, but for the front matter itself, which may have any besides."""

    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()


Shape = Text | Word | Choice | Day | Items | Record


class Key(NamedTuple):
    """What a key may say, and what it is for."""

    shape: Shape
    says: str
    """For whoever writes it: a phrase that an editor shows beside the key."""


def _record(required: tuple[str, ...] = (), /, **keys: Key) -> Record:
    return Record(MappingProxyType(keys), required)


STATUSES = ("draft", "validated", "superseded", "retired")
ROLES = ("sponsor", "learning-professional", "team", "contact")
DESIGNS = ("natural-field-experiment", "pre-post", "objectives-based", "none")
"""How well it is shown that the intervention caused the change, strongest first."""

PERSON = _record(
    ("name",),
    name=Key(Text(), "who"),
    role=Key(Choice(ROLES), "what this person was in the intervention"),
    contact=Key(Text(), "how to reach this person: mail, telephone, a room"),
    until=Key(Day(), "until when this person can be asked"),
)
SCREENING = _record(
    strategic=Key(Text(), "is the issue of strategic significance? Yes or no, and why"),
    reusable=Key(Text(), "will the solution, or the process that found it, serve again? Yes or no, and why"),
)
IMPACT = _record(
    area=Key(
        Choice(("revenue", "cost", "cycle-time", "customer-satisfaction", "employee-productivity")),
        "where it shows",
    ),
    metric=Key(Text(), "what was measured"),
    kind=Key(Choice(("financial", "business-process", "behavioural")), "what kind of measure it is"),
    before=Key(Text(), "the figure before"),
    after=Key(Text(), "the figure after"),
    unit=Key(Text(), "what the figures count: days, USD, %"),
    change=Key(Text(), 'the change, such as "-50%"'),
    target=Key(Text(), "the target that was set beforehand"),
    design=Key(Choice(DESIGNS), "how it was shown, strongest first; none if it was not"),
    compared_with=Key(Text(), "the unit without the intervention, or the baseline"),
    n=Key(Text(), "how many were measured"),
    period=Key(Text(), "over which time"),
    attributed=Key(Text(), "which share is credited to the intervention"),
    note=Key(Text(), "what a reader must know of it; why it is not measured"),
)
COST = _record(
    amount=Key(Text(), "how much"),
    currency=Key(Text(), "of what: USD, EUR"),
    budget=Key(Choice(("learning", "business-unit")), "who paid"),
)
REUSE = _record(
    ("lesson",),
    lesson=Key(Word(), "the id of the prior lesson that was used"),
    outcome=Key(Choice(("helped", "partly", "did-not-help")), "what came of it"),
    note=Key(Text(), "in what it helped"),
)
EVENT = _record(
    ("date", "what"),
    date=Key(Day(), "when"),
    what=Key(Choice(("validated", "superseded", "retired", "reviewed")), "what was done to the lesson"),
    by=Key(Text(), "who did it"),
    because=Key(Text(), "why"),
)

FORMAT = _record(
    id=Key(Word(), "unique; written, it stays when the file moves"),
    title=Key(Text(), "the problem in one line"),
    summary=Key(Text(), "two or three sentences for a reader in a hurry"),
    tags=Key(Items(Text()), "a few words under which such lessons are kept"),
    unit=Key(Text(), "the unit or company it happened in"),
    date=Key(Day(), "when the intervention ended"),
    status=Key(Choice(STATUSES), "how far it can be trusted"),
    mode=Key(
        Choice(("do-learn-do", "do-learn", "learn-do")), "when it was learned: in the action, after it, before it"
    ),
    answers=Key(
        Items(Text()), "problem statements this lesson should be found for, as somebody who has the problem says them"
    ),
    people=Key(Items(PERSON), "whom to ask: sponsor, learning professional, team, contact"),
    screening=Key(SCREENING, "the two questions before an intervention, answered"),
    impact=Key(Items(IMPACT), "what it changed, and how that is shown"),
    cost=Key(COST, "what it cost, and whose budget paid"),
    review_by=Key(Day(), "when somebody must look whether it is still true"),
    supersedes=Key(Items(Word()), "ids of the lessons that this one replaces"),
    related=Key(Items(Word()), "ids of lessons to read beside it"),
    reused=Key(Items(REUSE), "prior lessons that this intervention used, and what came of it"),
    applies_when=Key(Items(Text()), "conditions under which it serves again"),
    not_when=Key(Items(Text()), "conditions under which it does not"),
    history=Key(Items(EVENT), "who validated, replaced, retired or reviewed it, and when; kb writes it"),
)
