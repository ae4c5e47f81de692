"""Compares a value with the shape that the format prescribes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.format import Choice, Day, Items, Key, Record, Shape, Word
from ingest.front_matter.places import Steps
from ingest.lesson import composed, folded_key, id_of, ids_of, tags_of, text_of, texts_of
from kb.check.groups.structure.shape_rules import (
    CHOICE,
    DATE,
    MISSING_KEY,
    MISSPELT_KEY,
    TYPE,
    UNKNOWN_FIELD,
    WHITE_SPACE,
    WIKILINK,
)
from kb.check.rule import Rule
from kb.figures.days import is_day, is_no_day_of_any_year, read_day
from kb.wording import meant_by
from search.query import is_slip


@dataclass(frozen=True, slots=True)
class Flaw:
    """A difference between a value and the format."""

    rule: Rule
    steps: Steps
    message: str
    right: str | tuple[str, ...] | None = None
    """The intended key, text or list of texts; None if it is ambiguous."""
    of_key: bool = False
    """Whether it is about the key rather than its value."""


def flaws(key: Key, value: Any, steps: Steps) -> Iterator[Flaw]:
    """Yield the flaws of a key's value; a missing value has none."""
    shape = key.shape
    if value is None:
        return
    if isinstance(shape, Record):
        yield from _of_record(shape, value, steps)
    elif isinstance(shape, Word) and _is_wikilink(value, steps):
        id_ = id_of(value)
        yield Flaw(WIKILINK, steps, f"{_name(steps)}: {_shown(f'[[{id_}]]')} is a wikilink; write {id_}", id_)
    elif isinstance(shape, Items):
        yield from _of_items(shape, key.description, value, steps)
    elif isinstance(value, dict) and (text := _meant_text(value, steps)):
        message = f"{_name(steps)}: YAML reads {_shown(text)} as a mapping; put it in quotes"
        yield Flaw(TYPE, steps, message, text)
    elif isinstance(value, (bool, dict, list)):
        is_word = isinstance(value, bool) and steps and isinstance(steps[-1], int)  # a tag `yes`, an id `no`
        form = "put it in quotes" if is_word else f"say it in words: {key.description}"
        yield Flaw(TYPE, steps, _wrong_type(steps, "a text", value, form))
    elif flaw := _of_text(shape, value, steps):
        yield flaw


def _meant_text(value: dict[str, Any], steps: Steps) -> str:
    """Return the text that YAML reads as a mapping because it contains `: `, such as `Why now: it leaks`."""
    is_item = bool(steps) and isinstance(steps[-1], int)
    return next(iter(texts_of([value])), "") if is_item else ""


def _is_wikilink(value: Any, steps: Steps) -> bool:
    is_item = bool(steps) and isinstance(steps[-1], int)
    in_brackets = is_item if isinstance(value, list) else id_of(value) != composed(text_of(value))
    return in_brackets and bool(id_of(value))


def _of_record(record: Record, value: Any, steps: Steps) -> Iterator[Flaw]:
    if not isinstance(value, dict):
        yield Flaw(TYPE, steps, _wrong_type(steps, f"a mapping of {', '.join(record.keys)}", value))
        return
    for name in record.required:
        if not says_something(value.get(name)):
            yield Flaw(
                MISSING_KEY, steps, f"{_name(steps)}: {name} is missing; add it: {record.keys[name].description}"
            )
    for name, given in value.items():
        if name in record.keys:
            if name in record.required and not says_something(given):
                continue
            yield from flaws(record.keys[name], given, (*steps, name))
        else:
            yield misspelt(name, value, record.keys, steps) or _unknown(name, record.keys, steps)


def _unknown(name: str, known: Mapping[str, Key], steps: Steps) -> Flaw:
    where = _name(steps)
    return Flaw(UNKNOWN_FIELD, (*steps, name), f"{where} has no key {name!r}; {meant_by(name, known)}", of_key=True)


def misspelt(name: str, record: Mapping[str, Any], known: Mapping[str, Key], steps: Steps) -> Flaw | None:
    """Return the flaw of a key that is a misspelt known key; None if it is not.

    If it differs by a typing error only, its value must also be allowed for the known key: `reviewed_by: Jane Doe`
    is no misspelt `review_by`.
    """
    names = tuple(known)
    meant = [key for key in _meant(name, names) if _folds_to(name, key) or _could_say(known[key], record[name])]
    if len(meant) != 1:
        return None
    right, path = meant[0], (*steps, name)
    if any(other != name and (other == right or right in _meant(other, names)) for other in record):
        message = f"the key {name!r} is misspelt, and {right} is there as well; keep one of the two"
        return Flaw(MISSPELT_KEY, path, message, of_key=True)
    return Flaw(MISSPELT_KEY, path, f"the key {name!r} is misspelt; write {right}", right, of_key=True)


@lru_cache(1024)
def _meant(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known keys that an unknown one may stand for."""
    if name in known:
        return ()
    same = tuple(key for key in known if _folds_to(name, key))
    return same or tuple(key for key in known if is_slip(name.casefold(), key))


def _folds_to(name: str, key: str) -> bool:
    return folded_key(name) == folded_key(key)


def _could_say(key: Key, value: Any) -> bool:
    return all(flaw.right is not None for flaw in flaws(key, value, ()))


def _of_items(items: Items, description: str, value: Any, steps: Steps) -> Iterator[Flaw]:
    of = Key(items.of, description)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from flaws(of, item, (*steps, number))
    elif isinstance(items.of, Record) or isinstance(value, (bool, dict)):
        first = next(iter(items.of.keys)) if isinstance(items.of, Record) else "..."
        form = "begin each item with `- `" if isinstance(value, dict) else f"write `- {first}: ...` for each"
        yield Flaw(TYPE, steps, _wrong_type(steps, "a list", value, form))
    else:
        is_words = isinstance(items.of, Word)
        texts = tags_of(value) if steps == ("tags",) else ids_of(value) if is_words else texts_of(value)
        right = texts if not any(flaw for text in texts for flaw in flaws(of, text, steps)) else None
        yield Flaw(TYPE, steps, _wrong_type(steps, "a list", value, f"write [{', '.join(texts)}]"), right)


def _of_text(shape: Shape, value: Any, steps: Steps) -> Flaw | None:
    text, name = _written(value), _name(steps)
    if isinstance(shape, Word) and not re.fullmatch(r"\S+", text):
        return Flaw(WHITE_SPACE, steps, f"{name}: {_shown(text)} has white space in it or is empty; use hyphens")
    if isinstance(shape, Choice) and text not in shape.words:
        meant = [word for word in shape.words if _folded(word) == _folded(text)]
        hint = f"write {meant[0]}" if meant else meant_by(text, shape.words)
        return Flaw(
            CHOICE, steps, f"{name}: {_shown(text)} is not a value of this key; {hint}", next(iter(meant), None)
        )
    if isinstance(shape, Day) and not is_day(text):
        return _of_day(text, steps)
    return None


def _of_day(text: str, steps: Steps) -> Flaw:
    if is_no_day_of_any_year(text):
        return Flaw(DATE, steps, f"{_name(steps)}: {text} is not a day of the calendar; correct it")
    right = read_day(text)
    what = f"{_name(steps)}: {_shown(text)} is not written as a date"
    return Flaw(DATE, steps, f"{what}; write {right or '2006, 2006-05 or 2006-05-01'}", right)


def says_something(value: Any) -> bool:
    """Return whether a value is neither missing nor blank."""
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _wrong_type(steps: Steps, wanted: str, value: Any, form: str = "") -> str:
    message = f"{_name(steps)}: expected {wanted}, got {_kind_of(value)}"
    return f"{message}; {form}" if form else message


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = ((dict, "a mapping"), (list, "a list"), (str, "a text"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "a number")


def _name(steps: Steps) -> str:
    return ".".join(step for step in steps if isinstance(step, str))


def _written(value: Any) -> str:
    """Return a scalar as text; a whole number without decimals, even if it is a float."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _shown(text: str) -> str:
    written = text_of(text)
    return f'"{written}"' if len(written) <= 60 else f'"{written[:57]}..."'


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip()).casefold()
