"""The keeper's page in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from kb.ageing.stale import StaleLesson
from kb.alike.near_duplicates import Group
from kb.digest.digest import Digest
from kb.digest.pages.sections import overview, sections_of
from kb.pages.lists import Item, ListPage, Section
from kb.topics.report import Topic
from kb.weekly.weekly import Need, Weekly
from kb.wording import counted, shortened

_MOST_LISTED = 7
"""Entries in a section: what a person can do in a week."""
_LONGEST_TITLE = 120
_REASONS = 2


def page_of(weekly: Weekly) -> ListPage:
    """Return the page; a section has its first entries, and names the command that lists all."""
    sections = [*_sections(weekly)]
    begin = f"from {weekly.since} to" if weekly.since else "the week until"
    return ListPage(f"{weekly.library}: {begin} {weekly.today}", _lead(weekly), sections, weekly.notes)


def _lead(weekly: Weekly) -> str:
    parts = [
        *([overview(weekly.news)] if weekly.news else []),
        *_count(len(weekly.stale.lessons), "lesson", "to look at again"),
        *_count(len(weekly.needs), "unmet need", ""),
        *_count(len(weekly.near.groups) if weekly.near else 0, "group", "to merge"),
        *_count(len(weekly.thin), "thin topic", ""),
    ]
    return "; ".join(parts) or "nothing to do"


def _count(count: int, noun: str, what: str) -> list[str]:
    return [f"{counted(count, noun)} {what}".rstrip()] if count else []


def _sections(weekly: Weekly) -> Iterator[Section]:
    if weekly.news:
        yield from _news(weekly.news)
    lists = [
        ("To review", [*map(_to_review, weekly.stale.lessons)], "kb stale"),
        ("To write", [*map(_to_write, weekly.needs)], "kb gaps"),
        ("To merge", [*map(_to_merge, weekly.near.groups)] if weekly.near else [], "kb near-duplicates"),
        ("Where the library is thin", [*map(_thin, weekly.thin)], "kb map"),
    ]
    for name, items, command in lists:
        if items:
            yield _shortened(Section(name, items), command)


def _news(news: Digest) -> Iterator[Section]:
    """Yield what the digest says, but the gaps, which have a section of their own."""
    for section in sections_of(news._replace(gaps=())):
        yield _shortened(section, "kb digest")


def _shortened(section: Section, command: str) -> Section:
    more = len(section.items) - _MOST_LISTED
    said = f"and {more:,} more: `{command}`" if more > 0 else section.more
    return section._replace(items=section.items[:_MOST_LISTED], more=said)


def _to_review(stale: StaleLesson) -> Item:
    reasons = [reason.words for reason in stale.reasons[:_REASONS]]
    owner = [f"owner: {stale.owner}"] if stale.owner else ["owner: nobody is known"]
    return Item(_title(stale.lesson.title), stale.lesson.id, [*reasons, *owner], stale.reasons[0].command)


def _to_write(need: Need) -> Item:
    return Item(need.label, "", need.said, need.command)


def _to_merge(group: Group) -> Item:
    lessons = [alike.lesson for alike in group.lessons]
    others = [f"{lesson.id}: {_title(lesson.title)}" for lesson in lessons[1:]]
    command = shlex.join(["kb", "show", lessons[-1].id])
    return Item(_title(lessons[0].title), lessons[0].id, [f"closeness {group.closeness:.2f} with", *others], command)


def _thin(topic: Topic) -> Item:
    words = ", ".join(spot.words for spot in topic.thin)
    return Item(
        topic.label, "", [f"{counted(len(topic.lessons), 'lesson')}: {words}"], f"kb map --topic {topic.number}"
    )


def _title(title: str) -> str:
    return shortened(title, _LONGEST_TITLE)
