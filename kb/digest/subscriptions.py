"""The subscriptions in `kb.toml`: saved searches, each with a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kb.config import FILE_NAME
from kb.errors import ConfigError
from kb.retrieval.request import FilterOptions, Request
from kb.visible import visible
from kb.wording import meant_by
from search.engine import Relevance
from search.errors import QueryError

_LISTS, _TEXTS = ("tag", "kind", "where"), ("query", "since", "until")
_KEYS = ("name", "query", *_LISTS, "since", "until", "least", "to")
_LEAST = (Relevance.ANSWERS.value, Relevance.MAY_HELP.value)
_LONGEST_NAME, _LONGEST_ADDRESS = 80, 254
_ADDRESS = re.compile(r"(?!-)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
"""A plain address of RFC 5321, without quotes, comments, blanks or line ends, and no option of a program."""


class Subscription(NamedTuple):
    """A reader, and what concerns them."""

    name: str
    request: Request
    least: Relevance
    """The lowest relevance that is told."""
    to: str
    """Mail address; empty if none is given."""

    @property
    def place(self) -> str:
        """Where it is written, for a message."""
        return _place(self.name)

    def concerns(self, relevance: Relevance | None) -> bool:
        return relevance is Relevance.ANSWERS or (relevance is not None and relevance is self.least)


class Subscriptions(NamedTuple):
    """All subscriptions of a knowledge base."""

    sound: tuple[Subscription, ...]
    broken: tuple[str, ...]
    """A line for each that cannot be used: which, and why."""

    def named(self, name: str) -> Subscriptions:
        """Return the subscription of a name, or why it is broken; raises `ConfigError` if there is none."""
        sound = tuple(one for one in self.sound if one.name == name)
        broken = tuple(line for line in self.broken if line.startswith(_place(name)))
        if sound or broken:
            return Subscriptions(sound, broken)
        names = [one.name for one in self.sound]
        known = meant_by(name, names) if names else f"{FILE_NAME} has none; add [[subscriptions]]"
        raise ConfigError(f"no subscription {name!r}; {known}")


def subscriptions_of(tables: Sequence[Any]) -> Subscriptions:
    """Return the subscriptions in the tables of `kb.toml`; a broken one does not hinder the others."""
    sound: dict[str, Subscription] = {}
    broken: list[str] = []
    for number, table in enumerate(tables, 1):
        name = table.get("name") if isinstance(table, dict) else None
        place = _place(name if isinstance(name, str) and name else str(number))
        try:
            found = _subscription(table)
            if found.name in sound:
                raise ConfigError("there are two of this name; rename one")
            sound[found.name] = found
        except (ConfigError, QueryError) as error:
            broken.append(f"{place} {error}")
    return Subscriptions(tuple(sound.values()), tuple(broken))


def _place(name: str) -> str:
    return f"{FILE_NAME}: subscription {visible(name)[:_LONGEST_NAME]!r}:"


def _subscription(table: Any) -> Subscription:
    if not isinstance(table, dict):
        raise ConfigError("expected a table, [[subscriptions]]")
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"unknown key {key}; {meant_by(key, _KEYS)}")
    tags, kinds, conditions = (tuple(_texts(table, key)) for key in _LISTS)
    since, until = (_text(table, key) or None for key in ("since", "until"))
    filters = FilterOptions(tags, kinds, since, until, conditions)
    request = Request(_text(table, "query"), filters=filters)
    if not (request.text.strip() or filters):
        raise ConfigError("expected a query or filters: " + ", ".join((*_TEXTS, *_LISTS)))
    request.check()
    return Subscription(_name(table), request, _least(table), _address(table))


def _name(table: Mapping[str, Any]) -> str:
    name = _text(table, "name")
    if not name.strip() or len(name) > _LONGEST_NAME or visible(name) != name or "\n" in name or "\t" in name:
        raise ConfigError(f"name: expected one line of at most {_LONGEST_NAME} printable characters")
    return name


def _least(table: Mapping[str, Any]) -> Relevance:
    least = _text(table, "least") or _LEAST[0]
    if least not in _LEAST:
        raise ConfigError(f"least: expected {' or '.join(_LEAST)}, got {least[:_LONGEST_NAME]!r}")
    return Relevance(least)


def _address(table: Mapping[str, Any]) -> str:
    to = _text(table, "to")
    if to and not is_address(to):
        raise ConfigError(f"to: expected one plain mail address, got {to[:_LONGEST_NAME]!r}")
    return to


def is_address(text: str) -> bool:
    """Return whether a text is one plain mail address, which cannot change the header of a mail or a command."""
    return len(text) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"{key}: expected a text")
    return value


def _texts(table: Mapping[str, Any], key: str) -> Iterator[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ConfigError(f"{key}: expected a list of texts")
    yield from value
