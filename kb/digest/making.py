"""Makes a digest from the lessons that differ between two commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ingest.lesson import Lesson
from kb.digest.changed import beginnings_of, changes_of, end_of
from kb.digest.comparison import Comparison, Difference
from kb.digest.digest import Digest, Gap, Head, Measured, News, What
from kb.digest.helped import newly_helped
from kb.lessons.evidence import evidence_of
from kb.lessons.phrase import phrase_of
from kb.lessons.stated import stated
from kb.wording import counted, shortened

if TYPE_CHECKING:
    from kb.demand.shared.merging import Group

_LONGEST_TEXT = 300
_WORDS, _CLOSEST = 5, 3
_ENDS: Mapping[str, What] = {"superseded": What.SUPERSEDED, "retired": What.RETIRED}
Titles = Callable[[], Mapping[str, str]]
"""Returns the titles of all lessons by id."""


def digest_of(library: str, comparison: Comparison, titles: Titles, gaps: Sequence[Gap] = ()) -> Digest:
    """Return the digest for everybody."""
    lessons = [one.after.reading.lesson for one in comparison.differences if one.after]
    news = sorted(_news(comparison.differences, lessons), key=lambda one: (list(What).index(one.what), one.head.path))
    return Digest(
        library,
        reader="",
        since=comparison.span.since,
        until=comparison.span.until,
        news=tuple(news),
        measured=tuple(_measured(comparison.differences)),
        helped=tuple(newly_helped(comparison, titles)),
        gaps=tuple(gaps),
        notes=tuple(_notes(comparison)),
    )


def gap_of(group: Group, titles: Mapping[str, str]) -> Gap:
    """Return a gap of the shared lists, named by the words that enough people have."""
    closest = (Head(id_, titles[id_]) for id_ in group.closest() if id_ in titles)
    return Gap(", ".join(group.words()[:_WORDS]), group.asked, tuple(islice(closest, _CLOSEST)))


def restricted(digest: Digest, reader: str, paths: frozenset[str], was_told: Callable[[str], bool]) -> Digest:
    """Return the part of a digest that concerns a reader: the lessons at some paths.

    A removed lesson is in no index that could say whom it concerns: it is told to a reader who `was_told` of its id.
    """

    def concerns(head: Head) -> bool:
        return head.path in paths

    def is_news(one: News) -> bool:
        return was_told(one.head.id) if one.what is What.REMOVED else concerns(one.head)

    return digest._replace(
        reader=reader,
        news=tuple(filter(is_news, digest.news)),
        measured=tuple(one for one in digest.measured if concerns(one.head)),
        helped=tuple(one for one in digest.helped if concerns(one.lesson) or concerns(one.user)),
        gaps=(),
    )


def head_of(lesson: Lesson) -> Head:
    return Head(lesson.id, lesson.title, lesson.path, stated(lesson.unit))


def _news(differences: Sequence[Difference], lessons: Sequence[Lesson]) -> Iterator[News]:
    successors: dict[str, list[str]] = {}
    for lesson in lessons:
        for old in lesson.supersedes:
            successors.setdefault(old, []).append(lesson.id)
    for one in differences:
        if one.after:
            yield _news_of(one, successors.get(one.after.reading.lesson.id, []))
        elif one.before:
            lesson = one.before.reading.lesson
            yield News(What.REMOVED, head_of(lesson), "", (), lesson.id)


def _news_of(difference: Difference, successors: Sequence[str]) -> News:
    before, after = difference
    assert after
    lesson = after.reading.lesson
    head, summary = head_of(lesson), shortened(lesson.summary, _LONGEST_TEXT)
    if before is None:
        return News(What.NEW, head, summary, beginnings_of(lesson), lesson.id)
    old = before.reading.lesson
    if lesson.status in _ENDS and lesson.status != old.status:
        return News(_ENDS[lesson.status], head, summary, end_of(lesson, successors), old.id)
    return News(What.CHANGED, head, "", changes_of(before, after), old.id)


def _measured(differences: Sequence[Difference]) -> Iterator[Measured]:
    for before, after in differences:
        if after:
            known = _results(before.reading.lesson) if before else {}
            for result, evidence in _results(after.reading.lesson).items():
                if known.get(result) != evidence:
                    yield Measured(head_of(after.reading.lesson), shortened(result, _LONGEST_TEXT), evidence)


def _results(lesson: Lesson) -> dict[str, str]:
    """Return the measured impacts of a lesson, each with its evidence."""
    return {phrase_of(impact): str(found) for impact in lesson.impact if (found := evidence_of(impact))}


def _notes(comparison: Comparison) -> Iterator[str]:
    if comparison.span.note:
        yield comparison.span.note
    if comparison.left_out:
        yield f"{counted(comparison.left_out, 'more lesson')} changed than one digest lists"
