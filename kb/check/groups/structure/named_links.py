"""Links to a lesson by its name, `[[labels]]`, and to a heading of one, `labels.md#method`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from ingest.files.corpus import is_markdown, without_suffix
from ingest.front_matter.places import Span
from ingest.lesson import composed
from ingest.markdown.blocks import targets, wikilinks
from kb.check.finding import Finding
from kb.check.groups.structure.links import Suspect, by_block
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.copies import folded
from kb.corpus.lesson_file import LessonFile, letters

DEAD_WIKILINK = Rule(
    "structure.dead-wikilink",
    Severity.WARNING,
    "A link by name leads to no lesson.",
    "have a link by name that leads to no lesson",
    "`[[labels]]` names a lesson by its id, its file or its title, and there is none. Correct the name, or remove the "
    "brackets.",
    "# Wrong labels\n\nSee [[late-parcel]].\n\n==> late-parcels.md <==\n# Late parcels\n",
    "# Wrong labels\n\nSee [[late-parcels]].\n\n==> late-parcels.md <==\n# Late parcels\n",
)
DEAD_ANCHOR = Rule(
    "structure.dead-anchor",
    Severity.WARNING,
    "A link leads to a heading that does not exist.",
    "have a link to a heading that does not exist",
    "Readers who follow it see the top of the page. Correct the part after `#`, or remove it.",
    "# Wrong labels\n\nSee [how](#metod).\n\n## Method\n\nWe counted.\n",
    "# Wrong labels\n\nSee [how](#method).\n\n## Method\n\nWe counted.\n",
)
RULES = (DEAD_WIKILINK, DEAD_ANCHOR)

_WIKILINK = re.compile(r"(?<!!)\[\[([^\[\]|\n]{1,500})(?:\|[^\[\]\n]{1,500})?\]\](?![(\[])")
_LINK = re.compile(r"\]\(\s*<?([^\s()<>#?]*#[^\s()<>]+)")
_TOP = "top"
"""The anchor of the top of a page in HTML."""
_COUNTED = re.compile(r"-\d{1,3}$")


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield links to lessons that do not exist, and to headings that do not exist."""
    if "[[" in file.text:
        yield from _links_among(file, _dead_names(file, census), wikilinks)
    if "#" in file.text and "](" in file.text:
        yield from _links_among(file, _dead_headings(file, census), targets)


def _links_among(
    file: LessonFile, found: Iterator[tuple[Suspect, Finding]], links_in: Callable[[str], set[str]]
) -> Iterator[Finding]:
    """Yield the findings on real links, not on examples in code; only blocks with a finding are parsed."""
    findings = dict(found)
    for block, suspects in by_block(file, findings):
        links = {unquote(link) for link in links_in(block)}
        yield from (findings[suspect] for suspect in suspects if unquote(suspect[1]) in links)


def _dead_names(file: LessonFile, census: Census) -> Iterator[tuple[Suspect, Finding]]:
    for span, target in _suspects(file, _WIKILINK):
        name, _, anchor = target.partition("#")
        name = name.strip()
        found = _called(name, census) if name else file
        if found is None and _is_of_a_lesson(name):
            near = census.ids.near(name)
            hint = f"did you mean {near[0]}?" if near else "correct it, or remove the brackets"
            message = f"no lesson is called {name!r}; {hint}"
            yield (span, target.strip()), DEAD_WIKILINK.at(file, span, message, about=name)
        elif found and anchor and not anchor.startswith("^"):  # the hidden name of a block in Obsidian
            for finding in _anchor(file, span, anchor.rpartition("#")[2], found):
                yield (span, target.strip()), finding


def _suspects(file: LessonFile, pattern: re.Pattern[str]) -> Iterator[Suspect]:
    for match in pattern.finditer(file.text, file.offset(file.reading.body_line)):
        yield file.span_of(match.start(1), match.end(1)), match[1]


def _is_of_a_lesson(name: str) -> bool:
    """Return whether a link can refer to a lesson: `[[plan.pdf]]` is a file beside the lessons."""
    return is_markdown(name) or not Path(name).suffix[1:].isalpha()


def _called(name: str, census: Census) -> LessonFile | None:
    """Return the lesson whose id, file name or title is this name; None if there is none."""
    plain = composed(without_suffix(name))
    ids = census.by_id.get(composed(name)) or census.by_id.get(plain)
    found = ids or census.by_stem.get(folded(plain)) or census.by_title.get(folded(name))
    return found[0] if found else None


def _dead_headings(file: LessonFile, census: Census) -> Iterator[tuple[Suspect, Finding]]:
    for span, target in _suspects(file, _LINK):
        path, _, anchor = unquote(target).partition("#")
        if "://" not in path and (not path or is_markdown(path)):
            there = census.by_location.get(_normal(file.location.parent / path)) if path else file
            for finding in _anchor(file, span, anchor, there) if there else ():
                yield (span, target), finding


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))


def _anchor(file: LessonFile, span: Span, anchor: str, there: LessonFile) -> Iterator[Finding]:
    known = {_TOP, *there.anchors}
    if not known.isdisjoint({letters(anchor), letters(_COUNTED.sub("", anchor))}):
        return
    where = "here" if there is file else f"in {there.lesson.id}"
    message = f"there is no heading {anchor!r} {where}; correct it, or remove it"
    yield DEAD_ANCHOR.at(file, span, message, about=anchor)
