"""What a request over HTTP may say: the same as the options of the commands, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, TypeVar, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from ingest.kinds import Kind
from kb.config import Config
from kb.gains.report import By
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import FilterOptions, Request
from kb.serve.problems import Refused
from search.query import Mode

MOST_CHARACTERS = 200_000
"""Of a question: a long mail or report."""
_MOST_FILTERS = 20
_MOST_HITS = 100
_MOST_PAIRS = 100

Text = Annotated[str, msgspec.Meta(max_length=1_000)]
Texts = Annotated[tuple[Text, ...], msgspec.Meta(max_length=_MOST_FILTERS)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=_MOST_HITS, description="How many; without it what kb.toml says.")]


class Filters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Conditions that lessons must meet, as the options of `kb search` of the same names."""

    tag: Annotated[Texts, msgspec.Meta(description="Only lessons with each of these tags.")] = ()
    kind: Annotated[tuple[Kind, ...], msgspec.Meta(description="Only lessons with a section of one of these.")] = ()
    since: Annotated[Text | None, msgspec.Meta(description="Only lessons of that time or later: 2020, 2020-05.")] = None
    until: Annotated[Text | None, msgspec.Meta(description="Only lessons of that time or earlier.")] = None
    where: Annotated[Texts, msgspec.Meta(description="Only lessons with this value: key=value, key>=value.")] = ()

    @property
    def options(self) -> FilterOptions:
        return FilterOptions(self.tag, tuple(kind.value for kind in self.kind), self.since, self.until, self.where)


class Asked(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question."""

    q: Annotated[
        str, msgspec.Meta(max_length=MOST_CHARACTERS, description="The problem, in your own words; see searching.md.")
    ] = ""
    page: Annotated[bool, msgspec.Meta(description="Whether `q` is a page of text, such as a mail, as it is.")] = False
    limit: Limit | None = None
    mode: Annotated[Mode, msgspec.Meta(description="By words and meaning, or by one of them.")] = Mode.HYBRID
    exact: Annotated[bool, msgspec.Meta(description="Whether words are searched only as typed.")] = False

    def request(self, config: Config) -> Request:
        """Return the request; raises `QueryError` if it is invalid in any library."""
        limit = self.limit or config.limit
        asked = Request(self.q, self.page, self.options, self.mode, limit, exact=self.exact)
        asked.check()
        return asked


class Search(Asked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A search."""

    all: Annotated[bool, msgspec.Meta(description="Whether the nearest lessons are returned too, up to the limit.")] = (
        False
    )

    def request(self, config: Config) -> Request:
        return replace(Asked.request(self, config), every=self.all)


class Similar(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A search for lessons like one."""

    id: Text
    limit: Limit | None = None


class Lessons(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A choice of lessons."""

    conditions: Annotated[Text, msgspec.Meta(description="Conditions of the query language: `unit:toyota`.")] = ""

    @property
    def request(self) -> ListRequest:
        return ListRequest(self.conditions, self.options)


class Impact(Lessons, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the interventions brought."""

    by: Annotated[By, msgspec.Meta(description="By what the figures are grouped.")] = By.AREA


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lesson, or a part of it."""

    section: Annotated[Kind | None, msgspec.Meta(description="Only its sections of this kind.")] = None
    line: Annotated[int, msgspec.Meta(ge=1, description="Only the section at this line.")] | None = None


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


_Parameters = TypeVar("_Parameters", bound=msgspec.Struct)


def from_query(query: bytes, kind: type[_Parameters]) -> _Parameters:
    """Return the parameters behind the `?` of an address, or of a form, which are written in the same way.

    Raises `Refused` for unknown, repeated and invalid ones.
    """
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PAIRS)
    except UnicodeDecodeError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the parameters are not UTF-8: {error.reason}") from error
    except ValueError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"more than {_MOST_PAIRS} parameters") from error
    lists = _lists_of(kind)
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in lists:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: given more than once; give it once")
        else:
            found[name] = value
    return converted(found, kind, strict=False)


@cache
def _lists_of(kind: type[msgspec.Struct]) -> frozenset[str]:
    """Return the parameters that may be given more than once."""
    return frozenset(name for name, form in get_type_hints(kind).items() if get_origin(form) is tuple)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "the body has a key more than once; give it once")
    return found


def from_json(body: bytes, kind: type[_Parameters]) -> _Parameters:
    """Return the parameters of a body; raises `Refused` for what is not JSON, and as `from_query`."""
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_unique)
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {error}") from error
    return converted(found, kind, strict=True)


def converted(found: Any, kind: type[_Parameters], *, strict: bool) -> _Parameters:
    """Return the parameters in an object; raises `Refused` for unknown and invalid ones."""
    try:
        return msgspec.convert(found, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _worded(error)) from error


def _worded(error: msgspec.ValidationError) -> str:
    message, _, place = str(error).partition(" - at `$.")
    message = message[:1].lower() + message[1:]
    return f"{place.rstrip('`')}: {message}" if place else message
