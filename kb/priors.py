"""What the lessons of a library have gone through since they were written, as the ranking takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest.lesson import Lesson
from kb.catalogue import Catalogue
from search.priors import EVIDENCE, STATUS, Priors, reuse_of


def priors_of(catalogue: Catalogue, paths: Sequence[str]) -> Priors:
    """Read state, evidence, reuse and succession of all lessons; `paths` by number."""
    numbers = {row: number for number, row in enumerate(catalogue.rows())}
    added: defaultdict[str, dict[int, float]] = defaultdict(dict)
    successors: list[tuple[int, str]] = []
    reusing: set[int] = set()
    for key, value, row in catalogue.facts.all_said(_KEYS):
        number = numbers[row]
        if key == "status" and value in STATUS:
            added[value][number] = STATUS[value]
        elif key == "impact.design" and value in EVIDENCE:
            evidence = added["evidence"]
            evidence[number] = max(EVIDENCE[value], evidence.get(number, 0.0))
        elif key == "supersedes":
            successors.append((number, value))
        elif key == "reused.lesson":
            reusing.add(number)
    if not successors and not reusing:
        return Priors(len(numbers), added)
    known = {id_: number for number, id_ in enumerate(catalogue.ids())}
    if reused := _reuse([catalogue.lesson(paths[number]) for number in sorted(reusing)], known):
        added["reuse"] = reused
    replaced = [(known[old], new) for new, old in successors if old in known and known[old] != new]
    return Priors(len(numbers), added, sorted(replaced))


_KEYS = ("status", "impact.design", "supersedes", "reused.lesson")


def _reuse(lessons: Iterable[Lesson], known: Mapping[str, int]) -> dict[int, float]:
    """Return what each reused lesson gains by what came of it; a lesson does not speak for itself."""
    outcomes: defaultdict[int, list[str]] = defaultdict(list)
    for lesson in lessons:
        for reuse in lesson.reused:
            if reuse.lesson in known and reuse.lesson != lesson.id:
                outcomes[known[reuse.lesson]].append(reuse.outcome)
    return {number: value for number, found in outcomes.items() if (value := reuse_of(found))}
