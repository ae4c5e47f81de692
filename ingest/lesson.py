"""The lesson: one Markdown file of the corpus, with the values of its front matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ingest.format import FORMAT, NOT_CURRENT, Event, Impact, Items, Person, Record, Reuse, Shape

Metadata = dict[str, Any]
"""Front matter as plain data: text, numbers, booleans, None, lists and mappings with text keys."""


class Lesson(NamedTuple):
    """A lesson. A property whose key is absent or not readable is empty or None."""

    path: str
    """Path of its file, relative to the root of the knowledge base, with `/`."""
    id: str
    title: str
    metadata: Metadata
    """The whole front matter, unknown keys too."""

    @property
    def summary(self) -> str:
        return text_of(self.metadata.get("summary"))

    @property
    def tags(self) -> tuple[str, ...]:
        return tags_of(self.metadata.get("tags"))

    @property
    def unit(self) -> str:
        return text_of(self.metadata.get("unit"))

    @property
    def status(self) -> str:
        return text_of(self.metadata.get("status"))

    @property
    def is_current(self) -> bool:
        """Whether it is neither superseded nor retired."""
        return self.status not in NOT_CURRENT

    @property
    def date(self) -> str | None:
        """When the intervention ended, as `2006`, `2006-05` or `2006-05-01`; None if absent or not a date."""
        return iso_date(self.metadata.get("date"))

    @property
    def answers(self) -> tuple[str, ...]:
        return texts_of(self.metadata.get("answers"))

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(
            Person(**_fields_of(Person, item)) if isinstance(item, dict) else Person(text_of(item))
            for item in items_of(self.metadata.get("people"))
            if (isinstance(item, dict) and text_of(item.get("name"))) or (not isinstance(item, dict) and text_of(item))
        )

    @property
    def impact(self) -> tuple[Impact, ...]:
        return tuple(
            impact_of(item) if isinstance(item, dict) else Impact(note=text_of(item))
            for item in items_of(self.metadata.get("impact"))
            if item
        )

    @property
    def supersedes(self) -> tuple[str, ...]:
        return ids_of(self.metadata.get("supersedes"))

    @property
    def related(self) -> tuple[str, ...]:
        return ids_of(self.metadata.get("related"))

    @property
    def reused(self) -> tuple[Reuse, ...]:
        return tuple(
            Reuse(**{**_fields_of(Reuse, item), "lesson": id_of(item.get("lesson"))})
            for item in items_of(self.metadata.get("reused"))
            if isinstance(item, dict) and id_of(item.get("lesson"))
        )

    @property
    def history(self) -> tuple[Event, ...]:
        """Oldest first."""
        return tuple(
            Event(**_fields_of(Event, item))
            for item in items_of(self.metadata.get("history"))
            if isinstance(item, dict)
        )

    @property
    def status_because(self) -> str:
        """The reason for its status, from the last event of that status in the history; empty if none is given."""
        return next((event.because for event in reversed(self.history) if event.what == self.status), "")

    @property
    def applies_when(self) -> tuple[str, ...]:
        return texts_of(self.metadata.get("applies_when"))

    @property
    def not_when(self) -> tuple[str, ...]:
        return texts_of(self.metadata.get("not_when"))


KEYS = frozenset(FORMAT.keys)
"""The keys of the format; a lesson may have others as well."""


def facts(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield the pairs by which a lesson can be filtered: a key as `folded_key` returns it, and one leaf value."""
    yield "id", lesson.id
    yield "path", lesson.path
    yield "title", lesson.title
    for key, value in lesson.metadata.items():
        folded = folded_key(key)
        if folded == "tags":
            yield from (("tags", tag) for tag in tags_of(value))
        elif folded in ("supersedes", "related"):
            yield from ((folded, named) for named in ids_of(value))
        elif folded == "date":
            yield "date", iso_date(value) or text_of(value)
        elif folded not in ("id", "title"):
            yield from _leaves(folded, value)


def folded_key(key: str) -> str:
    """Return a key without differences of spelling: `Review-By` → `review_by`, `tag` → `tags`."""
    folded = re.sub(r"[^\w.]+", "_", key.casefold()).strip("_.")
    return "tags" if folded == "tag" else folded


def _leaves(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(f"{key}.{folded_key(name)}", item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(key, item)
    elif isinstance(value, bool):
        yield key, str(value).lower()
    else:
        yield key, text_of(value)


def text_of(value: Any) -> str:
    """Return a scalar as one line of text; empty for None, lists and mappings."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


_WIKILINK = re.compile(r"\[\[([^\[\]|#\n]+)(?:[|#][^\[\]\n]*)?\]\]")


def id_of(value: Any) -> str:
    """Return an id, also if written as a wikilink: `"[[labels]]"`, or without quotes, which is a list in a list."""
    while isinstance(value, list) and len(value) == 1:
        (value,) = value
    text = text_of(value)
    link = _WIKILINK.fullmatch(text)
    return composed(link[1].strip() if link else text)


def ids_of(value: Any) -> tuple[str, ...]:
    """Return a list of ids; a single one counts as a list of one, and several wikilinks in one text as several."""
    if isinstance(value, str) and value.lstrip().startswith("[["):
        value = [f"[[{id_}]]" for id_ in _WIKILINK.findall(value)] or value
    return tuple(found for item in items_of(value) if (found := id_of(item)))


def composed(id_: str) -> str:
    """Return an id in Unicode's form NFC: `é` is one character, whatever keyboard or file system wrote it."""
    return unicodedata.normalize("NFC", id_)


def texts_of(value: Any, *, separator: str | None = None) -> tuple[str, ...]:
    """Return a list of texts; a single text counts as a list of one, or is split at `separator`."""
    if isinstance(value, str) and separator:
        value = value.split(separator)
    return tuple(text for item in items_of(value) if (text := text_of_item(item)))


def text_of_item(item: Any) -> str:
    """Return a list item as text; `- Why now: it leaks`, a mapping in YAML, is meant as a text."""
    if isinstance(item, dict) and len(item) == 1:
        ((key, value),) = item.items()
        return "" if isinstance(value, (dict, list)) else text_of(f"{key}: {text_of(value)}")
    return text_of(item)


def tags_of(value: Any) -> tuple[str, ...]:
    """Return tags, written as a list, as a text with commas, or as `#one #two`."""
    tags = texts_of(value, separator=",")
    if isinstance(value, str) and len(tags) == 1 and all(word.startswith("#") for word in tags[0].split()):
        tags = tuple(tags[0].split())
    return tuple(tag for text in tags if (tag := text.removeprefix("#").strip()))


_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0?[1-9]|1[0-2])(?:-(?P<day>0?[1-9]|[12]\d|3[01]))?"
    r"|(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])?)?(?![\d-])",
    re.ASCII,
)


def iso_date(value: Any) -> str | None:
    """Return `2006`, `2006-05`, `2006-05-01`, `2006-5-1`, `20060501` or a timestamp as ISO date; None for others."""
    found = _DATE.match(text_of(value))
    if not found:
        return None
    parts = (found["year"], found["month"] or found["m"], found["day"] or found["d"])
    return "-".join(part.zfill(2) for part in parts if part)


def items_of(value: Any) -> list[Any]:
    """Return the items of a list; a single value counts as a list of one, None as an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def impact_of(entry: Mapping[str, Any]) -> Impact:
    """Return an item of `impact` as a record."""
    return Impact(**_fields_of(Impact, entry))


def _fields_of(record: type[NamedTuple], item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record class that a mapping has."""
    fields = {
        name: _field(annotated.__origin__, annotated.__metadata__[0].shape, item.get(name))
        for name, annotated in record.__annotations__.items()
    }
    return {name: value for name, value in fields.items() if value}


def _field(type_: Any, shape: Shape, value: Any) -> Any:
    """Return a value in the type of its field; an item of a list that is no text stays as an empty one."""
    if isinstance(shape, Record):
        return type_(**_fields_of(type_, value)) if isinstance(value, dict) else type_()
    return tuple(map(text_of_item, items_of(value))) if isinstance(shape, Items) else text_of(value)
