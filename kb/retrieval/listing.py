"""Finds and sorts the lessons for `kb list`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kb.lessons.evidence import SCALES
from kb.lessons.listing import Listing, Order, in_order
from kb.retrieval.request import FilterOptions

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The conditions, order and limit of a list of lessons."""

    line: str = ""
    """Conditions in the query language."""
    filters: FilterOptions = field(default_factory=FilterOptions)
    order: Order = Order.DATE
    limit: int | None = None
    """Most lessons to list; None for all."""

    @property
    def is_restricted(self) -> bool:
        return bool(self.filters or self.line.strip())


def listing_of(catalogue: Catalogue, request: ListRequest) -> Listing:
    """Return the lessons that match a request, or notes why there are none; raises `QueryError`."""
    lessons = catalogue.lessons()
    notes: tuple[str, ...] = ()
    if request.is_restricted:
        paths, notes, _ = meeting(catalogue, request)
        lessons = [lesson for lesson in lessons if lesson.path in paths]
    return Listing(tuple(in_order(lessons, request.order)[: request.limit]), len(lessons), notes)


class Meeting(NamedTuple):
    """The lessons that meet the conditions of a request."""

    paths: set[str]
    notes: tuple[str, ...]
    """Why there are none; empty otherwise."""
    fields: frozenset[str]
    """The keys that the conditions require, not those that they exclude."""


def meeting(catalogue: Catalogue, request: ListRequest) -> Meeting:
    """Return the lessons that meet all conditions; raises `QueryError`."""
    from kb.filters.restriction import FactFilters
    from search.query import parse_conditions

    facts = FactFilters.of(catalogue)
    typed = parse_conditions(request.line, facts.fields, SCALES) if request.line.strip() else ()
    conditions = (*typed, *request.filters.conditions(facts.condition))
    fields = frozenset(condition.field for condition in conditions if not condition.negated)
    return Meeting(*facts.paths(conditions), fields)
