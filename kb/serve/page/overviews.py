"""Pages on all lessons at once: the list, the topics, what they brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.errors import UnknownTopic
from kb.gains.gains import ImpactRequest
from kb.gains.page import TITLE as IMPACT
from kb.gains.page import contents_of
from kb.pages.library import Said
from kb.pages.page import Picture, render_in
from kb.serve.page.frame import MAP_STYLES, Place
from kb.serve.page.library import Library
from kb.site.lists import ListPage, row_of
from kb.site.topics import Group, lead_of, lessons_of, notes_of
from kb.topics.facts import MapRequest
from kb.topics.page import picture_of
from kb.topics.report import TopicMap
from kb.topics.wording import example_lines, size_line, thin_line
from kb.wording import counted

_ON_A_PAGE = 100
_MOST_DOTS = 500
"""Lessons that are drawn: a page of two thousand has more than 100 kB."""


class Plot(NamedTuple):
    """A picture of ours at an address of its own."""

    source: str
    alternative: str


def lessons_page(library: Library, number: int, place: Place) -> str:
    """Return a page of the list of all lessons, the newest first."""
    return _list(library, "lessons", "All lessons", library.content.lessons, (), number, place, here="lessons")


def _list(
    library: Library,
    path: str,
    title: str,
    lessons: Sequence[Lesson],
    notes: Sequence[str],
    number: int,
    place: Place,
    *,
    here: str,
) -> str:
    last = max(-(-len(lessons) // _ON_A_PAGE), 1)
    number = min(number, last)
    rows = [row_of(one, library.content.addresses) for one in lessons[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]]
    pages = [Said(str(each), _numbered(path, each)) for each in range(1, last + 1)] if last > 1 else []
    part = f", page {number} of {last}" if last > 1 else ""
    own = _numbered(path, number)
    page = ListPage(own, f"{title}{part}", counted(len(lessons), "lesson"), notes, rows, pages)
    return render_in(place.shell(here), "library/list.html", page.title, page=page)


def _numbered(path: str, number: int) -> str:
    return path if number == 1 else f"{path}?page={number}"


def topics_of(library: Library, today: date) -> TopicMap:
    """Return the topics of the library."""
    overview = library.base.overview
    return library.remembered(("topics", today), lambda: overview.map(MapRequest(), today, for_others=True))


def map_page(library: Library, today: date, place: Place) -> str:
    found = topics_of(library, today)
    lead, notes = lead_of(found)
    return render_in(
        place.shell("map", styles=MAP_STYLES),
        "served/map.html",
        "Topics",
        lead=lead,
        notes=notes,
        picture=picture_of(found, lambda number: f"{place.root}topics/{number}", _MOST_DOTS) if found.topics else None,
        sections=[*_groups(found)],
    )


def _groups(found: TopicMap) -> list[Group]:
    if not found.subjects:
        return [Group("", [_topic(found, topic.number) for topic in found.topics])]
    return [
        Group(f"{subject.mark}. {subject.label}", [_topic(found, topic.number) for topic in subject.topics])
        for subject in found.subjects
    ]


def _topic(found: TopicMap, number: int) -> Said:
    topic = next(topic for topic in found.topics if topic.number == number)
    thin = thin_line(topic, found.everywhere)
    note = "; ".join([size_line(topic), *example_lines(topic)[:1], *([f"thin: {thin}"] if thin else [])])
    return Said(f"{topic.mark}. {topic.label}", f"topics/{number}", note)


def topic_page(library: Library, number: int, page: int, today: date, place: Place) -> str:
    """Return the lessons of a topic, the most typical first; raises `UnknownTopic`."""
    found = topics_of(library, today)
    topic = next((topic for topic in found.topics if topic.number == number), None)
    if topic is None:
        raise UnknownTopic(f"there is no topic {number}")
    by_path = {lesson.path: lesson for lesson in library.content.lessons}
    title, notes = topic.label[:1].upper() + topic.label[1:], notes_of(topic, found)
    lessons = lessons_of(topic, by_path)
    return _list(library, f"topics/{number}", title, lessons, notes, page, place, here="map")


def impact_page(library: Library, place: Place) -> str:
    """Return what the interventions brought; its pictures have addresses of their own, so that it stays small."""
    contents, pictures = library.remembered("impact", lambda: _impact(library))
    return render_in(place.shell("impact"), "impact.html", IMPACT, **_shown(contents, pictures, place))


def plot(library: Library, name: str) -> bytes | None:
    """Return a picture of the page on impact, by its name."""
    _, pictures = library.remembered("impact", lambda: _impact(library))
    return next((picture.svg for own, picture in pictures.items() if own == name), None)


def _impact(library: Library) -> tuple[dict[str, Any], dict[str, Picture]]:
    contents = contents_of(library.base.overview.impact(ImpactRequest()))
    pictures = {_name_of(section.picture): section.picture for section in contents["sections"] if section.picture}
    return contents, pictures


def _name_of(picture: Picture) -> str:
    return f"{sha256(picture.svg).hexdigest()[:20]}.svg"


def _shown(contents: dict[str, Any], pictures: dict[str, Picture], place: Place) -> dict[str, Any]:
    source = {picture: Plot(f"{place.root}plot/{name}", picture.alternative) for name, picture in pictures.items()}
    sections = [
        section._replace(picture=source.get(section.picture)) if section.picture else section
        for section in contents["sections"]
    ]
    return {**contents, "sections": sections}
