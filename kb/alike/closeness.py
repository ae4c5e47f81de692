"""How close two lessons must be, and which may be."""

from __future__ import annotations

from ingest.lesson import Lesson

LEAST_CLOSE = 0.8
"""Least closeness to another lesson for a finding of `kb check`, as `VectorIndex.closest` measures it, default model.

Checked by hand: of 2,102 lessons of NASA 8 % have such a close lesson (5 % at .85), nearly all of them the same mishap
told twice or parts of one series; of 242 post-mortems 8 %, 17 of 19 the same incident or the same database failing
again, among them two accounts of Knight Capital that share no sentence. From .75 to this value the topic is the same,
but not the matter. The project's own lessons have at most .54.
"""
TO_MERGE = 0.85
"""Least closeness of lessons that one would merge.

Of NASA's pairs with .9 and more, 19 of 20 that were looked at are one lesson twice; from .85 to .9, 9 of 12 tell of one
mishap or one matter, and 3 are parts of a series on different parts; from .8 to .85 only 3 of 12 should be merged.
"""


def know_each_other(lesson: Lesson, other: Lesson) -> bool:
    """Return whether one of two lessons refers to the other, so that both are meant to stay."""
    return lesson.id in _named(other) or other.id in _named(lesson)


def _named(lesson: Lesson) -> set[str]:
    return {*lesson.supersedes, *lesson.related, *(reuse.lesson for reuse in lesson.reused)}
