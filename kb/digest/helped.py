"""What helped whom, newly noted: in the `reused` of later lessons, and in the ledger of uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from kb.digest.comparison import Comparison, Difference
from kb.digest.digest import Head, Helped
from kb.lessons.stated import stated


def newly_helped(comparison: Comparison, titles: Callable[[], Mapping[str, str]]) -> Iterator[Helped]:
    """Yield the uses of lessons that one commit notes and the other does not; `titles` by id, of all lessons."""
    differences = comparison.differences
    recorded = (
        Helped(Head(use.lesson, ""), Head("", use.where), use.outcome, use.note, use.saved)
        for use in comparison.recorded
    )
    found = [*_new_uses(differences), *recorded]
    known = {**(titles() if found else {}), **_titles(differences)}
    paths = {one.after.reading.lesson.id: one.after.reading.lesson.path for one in differences if one.after}
    for use in found:
        id_ = use.lesson.id
        yield use._replace(lesson=Head(id_, known.get(id_, id_), paths.get(id_, "")))


def _new_uses(differences: Sequence[Difference]) -> Iterator[Helped]:
    for before, after in differences:
        if after:
            lesson = after.reading.lesson
            user = Head(lesson.id, lesson.title, lesson.path, stated(lesson.unit))
            noted = before.reading.lesson.reused if before else ()
            for reuse in lesson.reused:
                if reuse not in noted and reuse.lesson != lesson.id:
                    yield Helped(Head(reuse.lesson, ""), user, reuse.outcome, reuse.note, reuse.saved)


def _titles(differences: Sequence[Difference]) -> dict[str, str]:
    return {one.after.reading.lesson.id: one.after.reading.lesson.title for one in differences if one.after}
