"""The links in a lesson: ids and relative paths, and the file that each leads to.

Only files below the root of the knowledge base are offered, and none behind a link, because somebody else may have
written the lesson.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ingest.files.corpus import is_markdown, without_suffix
from ingest.lesson import composed, id_of
from kb.corpus.copies import folded
from kb.corpus.lesson_file import LessonFile, letters
from kb.corpus.link_target import file_named
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Range
from kb.trust.distrust import leads_through_link

_WIKILINK = re.compile(r"\[\[([^\[\]|#\n]{1,500})(?:#[^\[\]|\n]{0,500})?(?:\|[^\[\]\n]{1,500})?\]\]")
_INLINE = re.compile(r"\]\(\s*<?([^\s()<>]{1,500})")
_PLACE = re.compile(r"(?<![\w/(\[.-])((?:[\w.-]{1,100}/){0,20}[\w.-]{1,100}\.(?:md|markdown|mdx)):(\d{1,7})\b")


class Link(NamedTuple):
    """A link, and where it leads."""

    range: Range
    target: Path
    """An existing file, without links."""
    line: int = 0
    """Counted from 0."""


def links(lesson: OpenLesson) -> list[Link]:
    """Return the links of a lesson to files that exist, by place; raises `Unreadable`."""
    found = [*_ids(lesson), *_wikilinks(lesson), *_paths(lesson), *_places(lesson)]
    return sorted(found, key=lambda link: link.range)


def _ids(lesson: OpenLesson) -> Iterator[Link]:
    """Yield the ids in the front matter."""
    values = lesson.file.places.values
    lists = {steps[:-1] for steps in values}
    for steps, span in values.items():
        is_id = steps[:1] in (("supersedes",), ("related",)) or (steps[:1] == ("reused",) and steps[2:] == ("lesson",))
        name = id_of(lesson.file.text_in(span).strip("\"' ")) if is_id and steps not in lists else ""
        if name and (other := _lesson_called(name, lesson)):
            start = lesson.text.position(span.line, span.column)
            yield Link(Range(start, lesson.text.position(span.end_line, span.end_column)), other.location)


def _wikilinks(lesson: OpenLesson) -> Iterator[Link]:
    for match in _WIKILINK.finditer(lesson.file.text, _body(lesson)):
        if other := _lesson_called(match[1].strip(), lesson):
            yield Link(lesson.range_between(*match.span(1)), other.location)


def _paths(lesson: OpenLesson) -> Iterator[Link]:
    for match in _INLINE.finditer(lesson.file.text, _body(lesson)):
        path, _, anchor = match[1].partition("#")
        target = lesson.location if not path and anchor else _file(lesson, lesson.location.parent, file_named(match[1]))
        if target:
            yield Link(lesson.range_between(*match.span(1)), target, _line_of(lesson, target, unquote(anchor)))


def _places(lesson: OpenLesson) -> Iterator[Link]:
    """Yield what reads `lessons/labels.md:12`, from the folder of the lesson or from the root."""
    for match in _PLACE.finditer(lesson.file.text):
        for folder in (lesson.location.parent, lesson.lessons.root):
            if target := _file(lesson, folder, match[1]):
                yield Link(lesson.range_between(*match.span()), target, max(int(match[2]) - 1, 0))
                break


def _body(lesson: OpenLesson) -> int:
    """Return the offset of the text below the front matter."""
    return lesson.file.offset(lesson.file.reading.body_line)


def _lesson_called(name: str, lesson: OpenLesson) -> LessonFile | None:
    """Return the lesson with an id, else with a file name or a title."""
    census, plain = lesson.census, composed(without_suffix(name))
    found = census.by_id.get(composed(name)) or census.by_id.get(plain) or census.by_stem.get(folded(plain))
    found = found or census.by_title.get(folded(name))
    return found[0] if found else None


def _file(lesson: OpenLesson, folder: Path, path: str) -> Path | None:
    """Return the regular file below the root that a relative path names."""
    root = lesson.lessons.root
    try:
        target = (folder / path).resolve() if path else None
        is_ours = target is not None and target.is_relative_to(root) and target.is_file()
        return None if not is_ours or leads_through_link(folder / path, root) else target
    except (OSError, RuntimeError, ValueError):  # no valid name, or a cycle of links
        return None


def _line_of(lesson: OpenLesson, target: Path, anchor: str) -> int:
    """Return the line of a heading of a lesson; 0 if there is none."""
    there = lesson.census.by_location.get(target) if anchor and is_markdown(target.name) else None
    for section in there.reading.sections if there else ():
        if section.headings and letters(section.headings[-1]) == letters(anchor):
            return section.lines[0]
    return 0
