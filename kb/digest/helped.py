"""What helped whom, newly noted.

This is the one place that knows where uses are written down: today in the `reused` of later lessons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from kb.digest.comparison import Difference
from kb.digest.digest import Head, Helped
from kb.lessons.stated import stated


def newly_helped(differences: Sequence[Difference], titles: Callable[[], Mapping[str, str]]) -> Iterator[Helped]:
    """Yield the uses of lessons that one commit notes and the other does not; `titles` by id, of all lessons."""
    found = list(_new_uses(differences))
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
                    yield Helped(Head(reuse.lesson, ""), user, reuse.outcome, reuse.note)


def _titles(differences: Sequence[Difference]) -> dict[str, str]:
    return {one.after.reading.lesson.id: one.after.reading.lesson.title for one in differences if one.after}
