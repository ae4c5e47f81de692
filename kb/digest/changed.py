"""What changed in a lesson, in phrases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ingest.lesson import Lesson, folded_key
from ingest.reading import Reading
from kb.digest.comparison import Version
from kb.wording import counted, shortened

_NAMED = 3
_LONGEST_NAME = 60
# These are told in words of their own.
_TOLD = frozenset(["id", "title", "status", "history", "answers", "impact", "reused", "review_by", "supersedes"])


def changes_of(before: Version, after: Version) -> tuple[str, ...]:
    """Return what changed between two versions of a lesson, the most important first; never empty."""
    old, new = before.reading, after.reading
    found = (
        *_of_status(old.lesson, new.lesson),
        *_of_lists(old.lesson, new.lesson),
        *_of_sections(old, new),
        *_of_keys(old.lesson, new.lesson),
        *_of_name(old.lesson, new.lesson),
    )
    return found or ("small corrections",)


def beginnings_of(lesson: Lesson) -> tuple[str, ...]:
    """Return what a reader should know of a new lesson besides its summary."""
    replaced = f"replaces {', '.join(lesson.supersedes[:_NAMED])}" if lesson.supersedes else ""
    status = lesson.status if lesson.status in ("draft", "superseded", "retired") else ""
    return tuple(filter(None, (status, replaced)))


def end_of(lesson: Lesson, successors: Sequence[str]) -> tuple[str, ...]:
    """Return why a lesson is superseded or retired, and what replaces it."""
    by = f"by {', '.join(successors[:_NAMED])}" if successors else ""
    because = f"because {lesson.status_because}" if lesson.status_because else ""
    return tuple(filter(None, (by, because)))


def _of_status(old: Lesson, new: Lesson) -> Iterator[str]:
    if new.status != old.status:
        before = f" (was {old.status})" if old.status else ""
        yield f"now {new.status or 'without a status'}{before}"
    if fresh := [id_ for id_ in new.supersedes if id_ not in old.supersedes]:
        yield f"replaces {', '.join(fresh[:_NAMED])}"
    until = new.metadata.get("review_by")
    if until and until != old.metadata.get("review_by"):
        yield f"reviewed, next review by {str(until)[:10]}"


def _of_lists(old: Lesson, new: Lesson) -> Iterator[str]:
    if more := len({*new.answers} - {*old.answers}):
        yield f"found for {counted(more, 'more question')}"
    if new.metadata.get("impact") != old.metadata.get("impact"):
        yield "impact changed"
    if more := len({*new.reused} - {*old.reused}):
        yield f"says of {counted(more, 'more lesson')} whether it helped"


def _of_sections(old: Reading, new: Reading) -> Iterator[str]:
    before, after = _texts(old), _texts(new)
    added = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    rewritten = [name for name, text in after.items() if name in before and before[name] != text]
    for verb, names in (("new section", added), ("rewritten", rewritten), ("left out", gone)):
        if names:
            yield f"{verb}: {_listed(names)}"


def _texts(reading: Reading) -> Mapping[str, str]:
    """Return the text of each section by its heading, white space aside."""
    rows = reading.seen_text.split("\n")
    found: dict[str, str] = {}
    for section in reading.sections:
        name = section.headings[-1] if section.headings else "introduction"
        words = " ".join(" ".join(rows[section.body_line : section.lines[1]]).split())
        found[name] = f"{found[name]} {words}" if name in found else words
    return {name: text for name, text in found.items() if text and name != reading.lesson.title}


def _of_keys(old: Lesson, new: Lesson) -> Iterator[str]:
    before, after = _keys(old), _keys(new)
    if names := [key for key in {**before, **after} if before.get(key) != after.get(key)]:
        yield f"changed: {_listed(names)}"


def _keys(lesson: Lesson) -> Mapping[str, object]:
    keys = ((folded_key(key), value) for key, value in lesson.metadata.items())
    return {key.replace("_", " "): value for key, value in keys if key not in _TOLD}


def _of_name(old: Lesson, new: Lesson) -> Iterator[str]:
    if new.title != old.title:
        yield f"was called \u201c{shortened(old.title, _LONGEST_NAME)}\u201d"
    if new.path != old.path:
        yield f"moved from {old.path}"
    elif new.id != old.id:
        yield f"its id was {old.id}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(shortened(name, _LONGEST_NAME) for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
