"""Reads what the priors of the ranking are made of: the lessons' status, evidence, reuse and succession."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.lesson import Lesson, facts
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.lessons.evidence import FIELD, GRADES
from kb.reuse.tally import Tally
from search.engine import Priors


def priors_of(catalogue: Catalogue, outline: Outline, uses: Mapping[str, Tally]) -> Priors:
    """Return the priors of all lessons, by lesson number; `uses` are by the id of the used lesson."""
    values = _values_by_key(catalogue, outline)
    # The lessons themselves are read, because the facts lack long values, and ids may be long.
    successors = catalogue.lessons_having("supersedes")
    known = {id_: number for number, id_ in enumerate(catalogue.ids())} if successors or uses else {}
    return Priors.of_facts(
        len(outline.rows),
        statuses=values["status"],
        evidence=_evidence(values[FIELD]),
        outcomes={known[id_]: found.outcomes for id_, found in uses.items() if id_ in known},
        replaced=_replaced(successors, known),
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


def _replaced(successors: Iterable[Lesson], known: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return pairs (superseded lesson, lesson that supersedes it), as lesson numbers."""
    pairs = ((old, new.id) for new in successors for key, old in facts(new) if key == "supersedes")
    return [(known[old], known[new]) for old, new in pairs if old in known]
