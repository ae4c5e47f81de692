"""Reads what the priors of the ranking are made of: the lessons' status, evidence, reuse and succession."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ingest.lesson import Lesson, facts
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.lessons.evidence import FIELD, GRADES
from search.engine import Priors


def priors_of(catalogue: Catalogue, outline: Outline) -> Priors:
    """Return the priors of all lessons, by lesson number."""
    values = _values_by_key(catalogue, outline)
    # The lessons themselves are read, because the facts lack long values, and ids may be long.
    rows = catalogue.facts.lessons_with_any(_keys(catalogue, "supersedes", "reused.lesson"))
    telling = sorted({*outline.numbers_of(rows).tolist()})
    known = {id_: number for number, id_ in enumerate(catalogue.ids())} if telling else {}
    lessons = {number: catalogue.lesson(outline.paths[number]) for number in telling}
    return Priors.of_facts(
        len(outline.rows),
        statuses=values["status"],
        evidence=_evidence(values[FIELD]),
        outcomes=_outcomes(lessons.values(), known),
        replaced=_replaced(lessons, known),
    )


def _values_by_key(catalogue: Catalogue, outline: Outline) -> dict[str, dict[int, set[str]]]:
    """Return what lessons say under two keys: key → lesson number → values."""
    found: dict[str, dict[int, set[str]]] = {"status": {}, FIELD: {}}
    known_facts = list(catalogue.facts.values_by_lesson(tuple(found)))
    for (key, value, _), number in zip(
        known_facts, outline.numbers_of(row for _, _, row in known_facts).tolist(), strict=True
    ):
        found[key].setdefault(number, set()).add(value)
    return found


def _evidence(grades: Mapping[int, Iterable[str]]) -> dict[int, float]:
    """Return what the grade of each lesson adds to its score."""
    return {
        number: max((GRADES[grade].prior for grade in said if grade in GRADES), default=0.0)
        for number, said in grades.items()
    }


def _keys(catalogue: Catalogue, *names: str) -> list[int]:
    keys = catalogue.facts.keys()
    return [keys[name] for name in names if name in keys]


def _replaced(lessons: Mapping[int, Lesson], known: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return pairs (superseded lesson, lesson that supersedes it), as lesson numbers."""
    known_facts = ((id_, new) for new, lesson in lessons.items() for key, id_ in facts(lesson) if key == "supersedes")
    return [(known[old], new) for old, new in known_facts if old in known]


def _outcomes(lessons: Iterable[Lesson], known: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the outcomes of the reuse of each lesson, by its number; reuse by itself does not count."""
    outcomes: defaultdict[int, list[str]] = defaultdict(list)
    for lesson in lessons:
        for reuse in lesson.reused:
            if reuse.lesson in known and reuse.lesson != lesson.id:
                outcomes[known[reuse.lesson]].append(reuse.outcome)
    return outcomes
