"""The map as a page: a picture to look at and to search in, and the same in tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from os.path import relpath
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple
from urllib.parse import quote

from kb.pages.page import render
from kb.topics.facts import NOT_STATED, By
from kb.topics.report import MapLesson, Subject, Topic, TopicMap, counts_by
from kb.topics.wording import by_line, everywhere_line, example_lines, overview, size_line, thin_line
from kb.visible import visible

_WIDTH = 1000
_BORDER = 1.0
_LEAST_WIDE = 20.0
"""In diameters of a dot: in a small library the picture is in the middle, and its dots are not huge."""
_COLOURS = 8
"""Colours in the style sheet (Okabe and Ito 2008, told apart by colour-blind readers); the letters name subjects."""
_LETTERS = 0.62
"""Width of a letter in parts of its height, on average."""
_LARGEST, _SMALLEST = 22.0, 10.0
_LONG = 12
_MOST_LINES = 4


class Dot(NamedTuple):
    """A lesson in the picture, in pixels."""

    x: int
    y: int
    number: int
    """The number of the lesson's row."""


class Circle(NamedTuple):
    """A topic in the picture, in pixels."""

    number: int
    title: str
    colour: int
    x: int
    y: int
    radius: int
    lines: Sequence[str]
    """Its name, as far as there is room."""
    size: int
    dots: Sequence[Dot]
    address: str = ""
    """Where its lessons are."""


class Drawing(NamedTuple):
    """The picture of the topics, in pixels."""

    width: int
    height: int
    dot: float
    """The radius of a lesson."""
    circles: Sequence[Circle]
    subjects: Sequence[tuple[str, str, int]]
    """The mark, the label and the colour of each; empty if there are none."""

    @property
    def has_dots(self) -> bool:
        return any(circle.dots for circle in self.circles)


class Row(NamedTuple):
    """A lesson in the table."""

    number: int
    link: str
    title: str
    id: str
    said: str


class TopicRows(NamedTuple):
    """A topic in the table."""

    number: int
    mark: str
    label: str
    examples: Sequence[str]
    size: str
    counts: Sequence[str]
    thin: str
    rows: Sequence[Row]


def page_of(found: TopicMap, folder: Path | None, root: Path) -> str:
    """Return the page as HTML; links to lessons lead from `folder`, where it is written, or from the root."""
    numbers, subject_of = _numbers(found), _subject_of(found)
    base = "." if folder is None else relpath(root.resolve(), folder.resolve())
    return render(
        "map.html",
        "The topics of the library",
        style="map.css",
        script="map.js",
        lead=overview(found),
        notes=[*filter(None, [everywhere_line(found)]), *found.notes],
        picture=picture_of(found),
        is_thin=any(thin_line(topic, found.everywhere) for topic in found.topics),
        topics=[_table(topic, subject_of.get(topic.number), found, numbers, base) for topic in found.topics],
    )


def picture_of(
    found: TopicMap, address_of: Callable[[int], str] = lambda number: f"#t{number}", most_dots: int | None = None
) -> Drawing:
    """Return the picture of the topics; `address_of` says where the number of each leads.

    With more lessons than `most_dots` only the topics are drawn.
    """
    has_dots = most_dots is None or len(found.lessons) <= most_dots
    numbers, subject_of, plane = _numbers(found), _subject_of(found), _Plane(found)
    circles = [plane.circle(topic, subject_of.get(topic.number), numbers) for topic in found.topics]
    return Drawing(
        _WIDTH,
        plane.height,
        plane.length(0.42),
        [one._replace(address=address_of(one.number), dots=one.dots if has_dots else ()) for one in circles],
        [(subject.mark, subject.label, (subject.number - 1) % _COLOURS) for subject in found.subjects],
    )


def _numbers(found: TopicMap) -> Mapping[str, int]:
    return {lesson.facts.path: number for number, lesson in enumerate(found.lessons, 1)}


def _subject_of(found: TopicMap) -> Mapping[int, Subject]:
    return {topic.number: subject for subject in found.subjects for topic in subject.topics}


class _Plane:
    """The picture's coordinates."""

    def __init__(self, found: TopicMap) -> None:
        xs = [topic.middle.x + side * topic.radius for topic in found.topics for side in (-1, 1)]
        ys = [topic.middle.y + side * topic.radius for topic in found.topics for side in (-1, 1)]
        self._left, self._top = min(xs, default=0.0) - _BORDER, min(ys, default=0.0) - _BORDER
        wide = max(xs, default=1.0) + _BORDER - self._left
        self._left -= max(_LEAST_WIDE - wide, 0) / 2
        self._scale = _WIDTH / max(wide, _LEAST_WIDE)
        self.height = round((max(ys, default=1.0) + _BORDER - self._top) * self._scale)

    def length(self, value: float) -> float:
        return round(value * self._scale, 1)

    def circle(self, topic: Topic, subject: Subject | None, numbers: Mapping[str, int]) -> Circle:
        x, y = self._at(topic.middle.x, topic.middle.y)
        radius = round(topic.radius * self._scale)
        lines, size = _lettering(_mark(topic, subject), _name_in_lines(topic), radius)
        dots = [Dot(*self._at(*lesson.point), numbers[lesson.facts.path]) for lesson in topic.lessons]
        title = f"{_mark(topic, subject)}. {topic.label}: {size_line(topic)}"
        colour = (subject.number if subject else topic.number) - 1
        return Circle(topic.number, title, colour % _COLOURS, x, y, radius, lines, size, dots)

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self._left) * self._scale), round((y - self._top) * self._scale)


def _mark(topic: Topic, subject: Subject | None) -> str:
    return f"{subject.mark if subject else ''}{topic.mark}"


def _name_in_lines(topic: Topic) -> list[list[str]]:
    """Return the lines of each part of a name that may be left out of a circle: of each term, or of the whole title."""
    if topic.is_titled:
        return [wrap(visible(topic.label), _LONG, max_lines=_MOST_LINES, placeholder=" …")]
    return [_broken(visible(term)) for term in topic.terms]


def _lettering(mark: str, parts: Sequence[Sequence[str]], radius: int) -> tuple[Sequence[str], int]:
    """Return the mark of a topic and as many parts of its name as fit into a circle, and the height of the letters."""
    for count in range(len(parts), -1, -1):
        lines = [mark, *chain.from_iterable(parts[:count])]
        longest = max(map(len, lines))
        size = min(1.7 * radius / (_LETTERS * longest), 1.5 * radius / (1.15 * len(lines)), _LARGEST)
        if size >= _SMALLEST:
            break
    return lines, round(max(size, _SMALLEST))


def _broken(term: str) -> list[str]:
    """Return a long term with each word in a line."""
    return term.split() if len(term) > _LONG else [term]


def _table(topic: Topic, subject: Subject | None, found: TopicMap, numbers: Mapping[str, int], base: str) -> TopicRows:
    rows = [_row(lesson, numbers[lesson.facts.path], base) for lesson in topic.lessons]
    examples = [f"\u2013 {line}" if topic.is_titled else line for line in example_lines(topic)]
    stated = [by for by in By if {name for name, _ in counts_by(topic, by)} != {NOT_STATED}]
    return TopicRows(
        *(topic.number, _mark(topic, subject), topic.label, examples, size_line(topic)),
        [by_line(topic, by) for by in stated],
        thin_line(topic, found.everywhere),
        rows,
    )


def _row(lesson: MapLesson, number: int, base: str) -> Row:
    facts = lesson.facts
    marks = ("measured" if facts.is_measured else "", "review is overdue" if facts.is_overdue else "")
    said = " · ".join(filter(None, (facts.date, facts.unit, *marks)))
    # With a folder in front, so that no path is read as the scheme of an address, such as `javascript:`.
    return Row(number, quote(f"{base}/{facts.path}", errors="surrogateescape"), facts.title, facts.id, said)
