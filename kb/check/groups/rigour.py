"""Whether what is claimed is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.format import Impact
from kb.check import strictness
from kb.check.detectors.claims import Entry, Prose, changes_in, entries_of, prose_of, stated_in
from kb.check.detectors.praise import praise_in
from kb.check.finding import Finding
from kb.check.groups.completeness import says_not_measured
from kb.check.rule import Rule, with_impact
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.figures.amounts import Range, folded_unit, numbers_in, read_amount
from kb.figures.changes import Course, contradicts, course_of, read_change
from kb.figures.claims import figures
from kb.figures.figure import Figure

DESIGN = Rule(
    "rigour.design",
    Severity.ERROR,
    "An impact does not say how it is shown.",
    "do not say how an impact is shown",
    "A figure is only as good as its comparison. Write `design: natural-field-experiment`, `pre-post` "
    "or `objectives-based`; "
    "`design: none` if nothing was compared.",
    with_impact("metric: returns a day", "before: 12", "after: 7"),
    with_impact("metric: returns a day", "before: 12", "after: 7", "design: pre-post"),
)
COMPARED_WITH = Rule(
    "rigour.compared_with",
    Severity.ERROR,
    "A natural field experiment does not say what it was compared with.",
    "do not say what a field experiment was compared with",
    "Only a matched unit without the intervention makes it an experiment. Name it in `compared_with`, or "
    "choose another `design`.",
    with_impact("metric: returns a day", "after: 7", "design: natural-field-experiment"),
    with_impact(
        "metric: returns a day",
        "after: 7",
        "design: natural-field-experiment",
        "compared_with: the depot in Turin, 12 a day",
    ),
)
BASELINE = Rule(
    "rigour.baseline",
    Severity.ERROR,
    "A comparison of before and after has no before.",
    "compare with a time before and do not say what was before",
    "Without a baseline nobody can see the change. Write the figure in `before`, or name the baseline in "
    "`compared_with`.",
    with_impact("metric: returns a day", "after: 7", "design: pre-post"),
    with_impact("metric: returns a day", "before: 12", "after: 7", "design: pre-post"),
)
TARGET = Rule(
    "rigour.target",
    Severity.ERROR,
    "An assessment against objectives does not say what the objective was.",
    "compare with a target that they do not name",
    "A target that is not written down can be moved afterwards. Write in `target` what was set beforehand.",
    with_impact("metric: returns a day", "after: 7", "design: objectives-based"),
    with_impact("metric: returns a day", "after: 7", "target: 8", "design: objectives-based"),
)
CHANGE = Rule(
    "rigour.change",
    Severity.ERROR,
    "The change does not agree with the figures before and after.",
    "give a change that does not agree with their figures",
    "One of the three is wrong, and readers will quote it. Correct it. Figures count as rounded to their last digit, "
    "“nearly” and “about” as ten per cent more or less.",
    with_impact("metric: returns a day", "before: 120", "after: 70", "change: -60%", "design: pre-post"),
    with_impact("metric: returns a day", "before: 120", "after: 70", "change: -42%", "design: pre-post"),
)
BASE = Rule(
    "rigour.base",
    Severity.ERROR,
    "A percentage does not say of what.",
    "give a percentage and do not say of what",
    "Half of two is not half of two thousand. Write `before` and `after`, or what it was `compared_with`, or "
    "`n`: how many were measured.",
    with_impact("metric: returns", "change: -42%", "design: none"),
    with_impact("metric: returns", "change: -42%", "design: none", "n: 3,100 parcels"),
)
FIGURE = Rule(
    "rigour.figure",
    Severity.WARNING,
    "Title, summary or the section on impact give a figure that no impact entry has.",
    "give figures that no impact entry has",
    "Only an entry says of what, against what and how it is shown, and only entries can be searched and added up. "
    "Write an `impact` entry with the figure, or correct one of the two.",
    "# Wrong labels\n\n## Impact\nReturns fell from 12 a day to 7.\n",
    with_impact("metric: returns a day", "before: 12", "after: 7", "design: pre-post")
    + "\n## Impact\nReturns fell from 12 a day to 7.\n",
)
SUPERLATIVE = Rule(
    "rigour.superlative",
    Severity.WARNING,
    "Title, summary or the section on impact praise a result of which no figure is given.",
    "praise results of which they give no figure",
    "Value must be demonstrated, not only claimed. Write an `impact` entry with a figure, or say in the section on "
    "impact that it was not measured, or leave the praise out.",
    "# Wrong labels\n\n## Impact\nReturns were reduced dramatically.\n",
    "# Wrong labels\n\n## Impact\nReturns went down; how far was not measured.\n",
)
_MOST_ENTRIES = 100
"""Limit for comparing figures with entries; with more, no reader can see which entry has which figure."""
RULES = (DESIGN, COMPARED_WITH, BASELINE, TARGET, CHANGE, BASE, FIGURE, SUPERLATIVE)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the claims of a lesson without evidence, and those that contradict each other."""
    entries = entries_of(file)
    for entry in entries:
        yield from _entry_findings(file, entry)
    prose = list(prose_of(file))
    yield from _figures(file, entries, prose)
    if not any(entry.impact.has_figure for entry in entries):
        yield from _superlatives(file, prose)


def _entry_findings(file: LessonFile, entry: Entry) -> Iterator[Finding]:
    severity = strictness.of_rigour(file)
    for rule, key, message in _gaps(entry.impact):
        yield rule.at(file, file.places.of_key(*entry.steps, key), message, (), severity)
    if wrong := _contradiction(entry.impact):
        yield CHANGE.at(file, file.places.of_value(*entry.steps, "change"), wrong, (), severity)


# The keys that each design needs: one of them must be given.
_RESTS_ON: Mapping[str, tuple[Rule, tuple[str, ...], str]] = {
    "natural-field-experiment": (
        COMPARED_WITH,
        ("compared_with",),
        "compared with what? name the unit without the intervention in `compared_with`",
    ),
    "pre-post": (
        BASELINE,
        ("before", "compared_with", "series"),
        "what was before? write the figure in `before`, or name the baseline in `compared_with`",
    ),
    "objectives-based": (
        TARGET,
        ("target",),
        "what was the objective? write in `target` what was set beforehand",
    ),
}


def _gaps(impact: Impact) -> Iterator[tuple[Rule, str, str]]:
    """Yield the gaps of an entry: the rule, the key that is missing or incomplete, the message."""
    has_figure = impact.change or impact.before or impact.after or impact.target
    if not impact.design and (has_figure or not impact.note):
        message = "does not say how it is shown; write `design`, or `design: none` if nothing was compared"
        yield DESIGN, "design", message
    if impact.design in _RESTS_ON:
        rule, keys, message = _RESTS_ON[impact.design]
        if not any(getattr(impact, key) for key in keys):
            yield rule, "design", message
    if _is_share(impact) and not (impact.before or impact.after or impact.compared_with or impact.n):
        yield BASE, "change", f"{impact.change} of what? write `before` and `after`, or `compared_with`, or `n`"


def _is_share(impact: Impact) -> bool:
    """Return whether the change is a percentage."""
    if "%" in impact.change or "per cent" in impact.change or "percent" in impact.change:
        return True
    return folded_unit(impact.unit) == "%" and read_amount(impact.change) is not None


def _contradiction(impact: Impact) -> str | None:
    change, course = read_change(impact.change), course_of(impact)
    if change and course and contradicts(change, course):
        figures = f"{impact.before} → {impact.after}"
        return f"the change is given as {impact.change}, but {figures} is {_came_to(course)}; correct what is wrong"
    return None


def _came_to(course: Course) -> str:
    difference = (course.difference.low + course.difference.high) / 2
    plain = f"{difference:+,.6g}"
    if course.percent:
        before = (course.before.low + course.before.high) / 2
        return f"{plain}, or {difference / before:+.0%}"
    return plain


def _figures(file: LessonFile, entries: Sequence[Entry], prose: Sequence[Prose]) -> Iterator[Finding]:
    """Yield each figure in the prose that no entry has, once even if it occurs in title, summary and section."""
    if len(entries) > _MOST_ENTRIES:
        return
    stated = [_Stated(stated_in(entry.impact), changes_in(entry.impact)) for entry in entries]
    found = {
        (figure.before, figure.after, figure.change): (text, figure)
        for text in prose[::-1]
        for figure in figures(text.text)
    }
    for text, figure in found.values():
        if not any(_carries(entry, figure) for entry in stated):
            message = f"no impact entry has {figure.text!r}; write one with {_keys(figure)}"
            span = text.span(file, figure.start, figure.end)
            yield FIGURE.at(file, span, message, (), strictness.of_doubts(file))


class _Stated(NamedTuple):
    """The numbers of an entry."""

    stated: list[Range]
    changes: list[Range]
    """Changes computed from them."""


def _carries(entry: _Stated, figure: Figure) -> bool:
    """Return whether an entry has all numbers of a figure; fractions such as a third are not compared."""
    if "/" in figure.change:
        return True
    return _all_meet(f"{figure.before}; {figure.after}", entry.stated) and _all_meet(
        figure.change, entry.stated + entry.changes
    )


def _all_meet(text: str, values: Sequence[Range]) -> bool:
    return all(any(number.meets(value) for value in values) for number in numbers_in(text))


def _keys(figure: Figure) -> str:
    """Return the keys that an entry with this figure would have."""
    given = ((key, getattr(figure, key)) for key in ("before", "after", "change", "unit"))
    return ", ".join(f"`{key}: {value}`" for key, value in given if value)


def _superlatives(file: LessonFile, prose: Sequence[Prose]) -> Iterator[Finding]:
    found = [(text, *span) for text in prose for span in praise_in(text.text)]
    if found and not says_not_measured(file):
        for text, start, end in found:
            phrase = " ".join(text.text[start:end].split())
            message = f"{phrase!r} has no figure; write an `impact` entry with one, or that it was not measured"
            yield SUPERLATIVE.at(file, text.span(file, start, end), message, (), strictness.of_doubts(file))
