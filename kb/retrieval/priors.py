"""Computes the priors of the ranking from the lessons' status, evidence, reuse and succession."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ingest.lesson import Lesson, facts
from kb.index.catalogue import Catalogue
from kb.index.outline import Outline
from search.ranking.priors import EVIDENCE, STATUS, Priors, reuse_of, succession


def priors_of(catalogue: Catalogue, outline: Outline) -> Priors:
    """Return the priors of all lessons, by lesson number."""
    said = list(catalogue.facts.all_said(("status", "impact.design")))
    states: defaultdict[int, set[str]] = defaultdict(set)
    evidence: dict[int, float] = {}
    for (key, value, _), number in zip(said, outline.numbers_of(row for _, _, row in said).tolist(), strict=True):
        if key == "status" and value in STATUS:
            states[number].add(value)
        elif key == "impact.design" and value in EVIDENCE:
            evidence[number] = max(EVIDENCE[value], evidence.get(number, 0.0))
    added: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, found in states.items():
        state = min(found, key=lambda state: (STATUS[state], state))
        added[state][number] = STATUS[state]
    added["evidence"] = evidence
    # The lessons themselves are read, because the facts lack long values, and ids may be long.
    rows = catalogue.facts.saying_anything(_keys(catalogue, "supersedes", "reused.lesson"))
    telling = {*outline.numbers_of(rows).tolist()}
    if not telling:
        return Priors(len(outline.rows), added)
    known = {id_: number for number, id_ in enumerate(catalogue.ids())}
    lessons = {number: catalogue.lesson(outline.paths[number]) for number in sorted(telling)}
    added["reuse"] = _reuse(lessons.values(), known)
    return Priors(len(outline.rows), added, succession(_replaced(lessons, known)))


def _keys(catalogue: Catalogue, *names: str) -> list[int]:
    keys = catalogue.facts.keys()
    return [keys[name] for name in names if name in keys]


def _replaced(lessons: Mapping[int, Lesson], known: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return pairs (superseded lesson, lesson that supersedes it), as lesson numbers."""
    said = ((id_, new) for new, lesson in lessons.items() for key, id_ in facts(lesson) if key == "supersedes")
    return [(known[old], new) for old, new in said if old in known]


def _reuse(lessons: Iterable[Lesson], known: Mapping[str, int]) -> dict[int, float]:
    """Return the prior of each reused lesson, by number, from the outcomes; reuse of itself does not count."""
    outcomes: defaultdict[int, list[str]] = defaultdict(list)
    for lesson in lessons:
        for reuse in lesson.reused:
            if reuse.lesson in known and reuse.lesson != lesson.id:
                outcomes[known[reuse.lesson]].append(reuse.outcome)
    return {number: value for number, found in outcomes.items() if (value := reuse_of(found))}
