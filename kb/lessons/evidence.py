"""How well an impact is shown: grades A to E, in plain words.

The grades follow the Maryland Scientific Methods Scale (Sherman et al. 1997, Preventing Crime), the kinds of measure
Kirkpatrick's levels of evaluation (1959, 1994). This is the only table: search results, filters, the ranking, `kb
impact` and docs/impact.md use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import Impact
from ingest.lesson import Lesson
from kb.lessons.stated import stated

if TYPE_CHECKING:
    from kb.figures.entry import Figures  # imported only when needed: most lessons have no impact
    from kb.forms import lesson as forms


class Grade(NamedTuple):
    """A grade of evidence."""

    strength: str
    """In one or two words."""
    maryland: str
    """The levels of the Maryland scale that it covers."""
    takes: str
    """What an entry must have for it."""
    prior: float
    """What it adds to a lesson's score in the ranking, in parts of the best score."""


GRADES: Mapping[str, Grade] = {
    "A": Grade(
        "strong",
        "4 and 5",
        "a matched unit without it, and found again elsewhere, or the unit was chosen at random",
        0.01,
    ),
    "B": Grade(
        "good", "3", "a matched unit without it; or figures before and after that were found again elsewhere", 0.008
    ),
    "C": Grade("fair", "2", "figures before and after, or a change against a named baseline", 0.006),
    "D": Grade("weak", "1", "a result and the target set beforehand", 0.003),
    "E": Grade("unproven", "below 1", "a figure without any comparison", 0.0),
}
"""Strongest first."""
WELL_SHOWN = frozenset("ABC")
"""The grades that rest on a comparison."""
_WEAKEST_FIRST: tuple[forms.Letter, ...] = ("E", "D", "C", "B", "A")
SCALE = "".join(_WEAKEST_FIRST)
"""The grades in ascending order."""

EVIDENCE_IN_WORDS: Mapping[str, str] = {
    "natural-field-experiment": "against a matched unit without it",
    "pre-post": "measured before and after",
    "objectives-based": "against the target set beforehand",
    "none": "no comparison",
}
"""The designs, strongest first."""

KIRKPATRICK: Mapping[str, str] = {
    "behavioural": "3, behaviour",
    "business-process": "between 3 and 4",
    "financial": "4, results; with its cost also 5, return on investment (Phillips)",
}
"""For each kind of measure, its level of evaluation."""

FIELD = "evidence"
"""The field by which lessons are filtered: their best grade. A key of this name in a front matter does not count."""
SCALES: Mapping[str, str] = {FIELD: SCALE}
_GRADE_OF: Mapping[str, forms.Letter] = dict(zip(EVIDENCE_IN_WORDS, reversed(_WEAKEST_FIRST[:-1]), strict=True))
_NOT_GIVEN = "comparison not given"
"""Of an entry that names a design, but lacks the figures it needs, or they cannot be read."""
_RAISED = ("natural-field-experiment", "pre-post")
FEW = 10
"""If fewer were measured, the grade is one lower; a rule of thumb of this program."""
_NOT_REPEATED = re.compile(
    r"(?:no(?!\. ?\d)|not|none|nothing|never|nowhere|nobody|false|pending|planned|0|will be|to be)\b|-"
)


class Evidence(NamedTuple):
    """How well something is shown."""

    grade: forms.Letter
    words: str
    """What the grade rests on."""

    def __str__(self) -> str:
        """Return the grade with its words; a grade alone is never shown."""
        return f"{self.grade}, {GRADES[self.grade].strength}: {self.words}"

    @property
    def in_words(self) -> str:
        """The grade without its letter: `fair evidence: measured before and after`."""
        strength = GRADES[self.grade].strength
        noun = "" if self.grade == SCALE[0] else " evidence"
        return f"{strength}{noun}: {self.words}"

    def as_json(self) -> forms.Evidence:
        return {"grade": self.grade, "words": f"{GRADES[self.grade].strength}: {self.words}"}


def evidence_of(impact: Impact) -> Evidence | None:
    """Return how well an entry is shown, by the figures that can be read; None if it is not measured."""
    from kb.figures.entry import figures_of

    impact = impact.with_texts(stated)
    if not (impact.change or impact.after or impact.series.after):
        return None
    figures = figures_of(impact)
    return _evidence(impact, figures) if figures.has_result else None


def _evidence(impact: Impact, figures: Figures) -> Evidence:
    design = _shown_by(impact, figures)
    is_as_stated = design != "none" or impact.design not in _GRADE_OF or impact.design == design
    step, words = 0, [EVIDENCE_IN_WORDS[design] if is_as_stated else _NOT_GIVEN]
    if design in _RAISED and (why := _raised_by(impact, design)):
        step, words = -1, [*words, why]
    count = figures.n[0] if figures.n else None
    if count is not None and count < FEW and design != "none":
        step, words = step + 1, [*words, f"only {count:g} measured"]
    return Evidence(_WEAKEST_FIRST[_WEAKEST_FIRST.index(_GRADE_OF[design]) - step], ", ".join(words))


def _raised_by(impact: Impact, design: str) -> str:
    if impact.repeated and not _NOT_REPEATED.match(impact.repeated.casefold()):
        return "found again elsewhere"
    is_random = impact.control.chosen == "at-random" and design == "natural-field-experiment"
    return "chosen at random" if is_random else ""


def evidence_of_lesson(lesson: Lesson) -> Evidence | None:
    """Return the evidence of a lesson's best shown entry; None if nothing is measured."""
    return best(evidence_of(impact) for impact in lesson.impact)


def best(found: Iterable[Evidence | None]) -> Evidence | None:
    """Return the strongest evidence, the first of equals."""
    return min((evidence for evidence in found if evidence), key=lambda evidence: evidence.grade, default=None)


def _shown_by(impact: Impact, figures: Figures) -> str:
    """Return the design that an entry amounts to: its own if what that needs can be read, else a weaker one.

    Figures before and after are a comparison also if no design is named.
    """
    is_experiment = impact.design == "natural-field-experiment"
    if is_experiment and figures.has_change and (figures.control_after is not None or impact.compared_with):
        return impact.design
    has_both = figures.change is not None or all(figures.series)
    if has_both and (is_experiment or impact.design in ("pre-post", "")):
        return "pre-post"
    if impact.design == "pre-post" and impact.compared_with and figures.has_change:
        return "pre-post"
    return impact.design if impact.design == "objectives-based" and figures.target is not None else "none"
