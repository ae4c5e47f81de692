"""Conditions over a real catalogue: which lessons meet them, and what is said when none does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.files.changes import KnownFile
from ingest.kinds import Kind
from ingest.lesson import Lesson, Metadata
from ingest.passages.passage import Origin, Passage
from ingest.passages.prose import readable_passages
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.writer import CatalogueWriter
from kb.filters.restriction import FactFilters, Restriction
from kb.impact.lesson_impact import impact_of_lesson
from search.errors import QueryError
from search.query.filters import parse_condition
from search.query.query import parse_query

LESSONS: dict[str, Metadata] = {
    "brochures": {
        "title": "Wrong brochures",
        "tags": ["proof-reading", "Dealers"],
        "unit": "Toyota Motor Sales, U.S.",
        "date": "2006-05",
        "status": "validated",
        "people": [{"name": "Ann Boss", "role": "sponsor"}, {"name": "Jo Doe", "role": "contact"}],
        "impact": [{"area": "cost", "change": "-48 %"}, {"area": "revenue", "change": "+5%", "n": 12}],
        "cost": {"amount": "$500,000"},
    },
    "labels": {"tags": "labels, shipping", "date": "2006", "status": "draft", "cost": {"amount": 800.5}, "unit": ""},
    "plans": {"date": "20200501", "Review-By": "2021-01-31T10:00:00", "period": "12 days", "screening": {"open": True}},
    "empty": {"summary": None, "tags": [], "impact": [], "note": "Café in Zürich", "when": "soon"},
}
KINDS: dict[str, Sequence[Kind]] = {
    "brochures": [Kind.TOOL, Kind.METHOD],
    "labels": [Kind.TOOL],
    "plans": [Kind.IMPACT],
    "empty": [Kind.OTHER],
}


def put(writer: CatalogueWriter, name: str, metadata: Metadata, kinds: Sequence[Kind] = ()) -> None:
    lesson = Lesson(f"lessons/{name}.md", name, str(metadata.get("title", name)), metadata)
    passages = [
        Passage(Origin.SUMMARY, Kind.TOOL, (), (0, 1), "a summary is no section"),
        *(Passage(Origin.BODY, kind, (kind.value,), (5, 6), kind.value) for kind in kinds),
    ]
    file, counts = KnownFile(lesson.path, 1, 1, "digest"), [1] * len(passages)
    writer.add(file, lesson, passages, readable_passages(passages), counts, impact_of_lesson(lesson))


def facts_of(path: Path) -> FactFilters:
    catalogue = Catalogue(path)
    return FactFilters(catalogue, catalogue.outline(), np.array(catalogue.passages_of(), np.int32))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> FactFilters:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite"
    with closing(CatalogueWriter(path, None)) as writer:
        for name, metadata in LESSONS.items():
            put(writer, name, metadata, KINDS[name])
        writer.settle_ids()
    return facts_of(path)


NAMES = sorted(LESSONS)


def restrict(facts: FactFilters, said: str) -> Restriction:
    return facts.restriction(parse_query(f"word {said}", facts.fields).filters)


def left(facts: FactFilters, said: str) -> list[str]:
    restriction = restrict(facts, said)
    assert restriction.lessons is not None
    return [name for name, is_left in zip(NAMES, restriction.lessons, strict=True) if is_left]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("unit:toyota", ["brochures"]),
        ('unit:"toyota motor sales"', ["brochures"]),
        ('unit:"motor toyota"', []),
        ("unit:toy", []),
        ("tag:proof-reading", ["brochures"]),
        ('tags:"Proof Reading"', ["brochures"]),
        ("tag:dealers", ["brochures"]),
        ("tag:labels", ["labels"]),
        ("tag:labels|dealers", ["brochures", "labels"]),
        ("tag:labels tag:dealers", []),
        ("tag:proof", ["brochures"]),
        ("status:validated", ["brochures"]),
        ("-status:validated", ["empty", "labels", "plans"]),
        ("people.role:sponsor", ["brochures"]),
        ("people:sponsor", ["brochures"]),
        ("impact:cost", ["brochures"]),
        ("impact.area:cost", ["brochures"]),
        ("id:labels", ["labels"]),
        ("path:lessons/plans", ["plans"]),
        ("title:wrong", ["brochures"]),
        ("note:café", ["empty"]),
        ("note:cafe", []),
        ("note:ZÜRICH", ["empty"]),
        ("screening.open:true", ["plans"]),
    ],
)
def test_words_follow_each_other_as_whole_words_of_the_value(facts: FactFilters, said: str, names: list[str]) -> None:
    assert left(facts, said) == names


@pytest.mark.parametrize(
    ("said", "names"),
    [
        # The dates are 2006-05, 2006 and 2020-05-01.
        ("date:2006", ["brochures", "labels"]),
        ("date:2006-05", ["brochures"]),
        ("date:2020-05", ["plans"]),
        ("date:2020-05-01", ["plans"]),
        ("date:>=2006-06", ["labels", "plans"]),
        ("date:>=2006", ["brochures", "labels", "plans"]),
        ("date:>2006", ["plans"]),
        ("date:>2006-05", ["labels", "plans"]),
        ("date:<2006-05", ["labels"]),
        ("date:<2006", []),
        ("date:<=2006-04", ["labels"]),
        ("date:<=2020", ["brochures", "labels", "plans"]),
        ("date:2006..2019", ["brochures", "labels"]),
        ("date:2007..", ["plans"]),
        ("date:..2006-05-15", ["brochures", "labels"]),
        ("-date:>2006", ["brochures", "empty", "labels"]),
        ("review_by:>2021-01-30", ["plans"]),
        ("review-by:2021", ["plans"]),
        ("when:>=2000", []),
    ],
)
def test_dates_are_compared_as_the_days_that_they_may_mean(facts: FactFilters, said: str, names: list[str]) -> None:
    assert left(facts, said) == names


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("impact.change:<-20%", ["brochures"]),
        ("impact.change:<-20", ["brochures"]),
        ("impact.change:>5%", []),
        ("impact.change:>=5", ["brochures"]),
        ("impact.change:-48%", ["brochures"]),
        ("impact.change:48", ["brochures"]),
        ("impact.change:-5%", []),
        ("impact.n:>=12", ["brochures"]),
        ("impact.n:>=12%", []),
        ("cost.amount:>=500000", ["brochures"]),
        ("cost.amount:>$1,000", ["brochures"]),
        ("cost.amount:800.5", ["labels"]),
        ("cost:700..900", ["labels"]),
        ("period:>=12", ["plans"]),
        ("period:<12", []),
        ("period:10..14", ["plans"]),
    ],
)
def test_numbers_are_compared_by_what_a_value_begins_with(facts: FactFilters, said: str, names: list[str]) -> None:
    assert left(facts, said) == names


@pytest.mark.parametrize(
    ("said", "names", "passages"),
    [
        # Passages in canonical order: each lesson's summary, then its sections.
        ("kind:tool", ["brochures", "labels"], [1, 6]),
        ("kind:Tool|method", ["brochures", "labels"], [1, 2, 6]),
        ("kind:tool kind:method", ["brochures"], [1, 2, 6]),
        ("-kind:tool", ["empty", "plans"], None),
        ("has:impact", ["brochures", "plans"], None),
        ("has:impact.n", ["brochures"], None),
        ("has:tool", ["brochures", "labels"], None),
        ("has:tags", ["brochures", "labels"], None),
        ("has:unit", ["brochures"], None),
        ("has:tool|note", ["brochures", "empty", "labels"], None),
        ("-has:date", ["empty"], None),
    ],
)
def test_sections_are_asked_for_by_kind(
    facts: FactFilters, said: str, names: list[str], passages: list[int] | None
) -> None:
    restriction = restrict(facts, said)
    assert left(facts, said) == names
    assert (None if restriction.passages is None else np.flatnonzero(restriction.passages).tolist()) == passages


def test_without_conditions_nothing_is_restricted(facts: FactFilters) -> None:
    assert facts.restriction([]) == Restriction(None, None, ())


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("tag:proof-raeding", "no lesson has tag:proof-raeding; nearest: proof-reading"),
        ("unit:toyoto", "no lesson has unit:toyoto; nearest: toyota"),
        ("tag:xyz", "no lesson has tag:xyz"),
        ("mode:do-learn", "no lesson has mode:do-learn, nor any other mode"),
        ("date:>=2030", "no lesson has date:>=2030; the values go from 2006 to 2020-05-01"),
        ("impact.change:>5%", "no lesson has impact.change:>5%; the values go from -48 % to +5%"),
        ("kind:people", "no lesson meets kind:people"),
        ("has:failure", "no lesson meets has:failure"),
        ("-has:path", "every lesson meets has:path, so that -has:path leaves none"),
        (
            "tag:labels status:validated",
            "no lesson meets all filters: tag:labels alone has 1, status:validated alone has 1",
        ),
        ("tag:labels status:valid", "no lesson has status:valid; nearest: validated"),
    ],
)
def test_a_filter_that_matches_nothing_is_named(facts: FactFilters, said: str, note: str) -> None:
    restriction = restrict(facts, said)
    assert restriction.notes == (note,)
    assert restriction.lessons is not None
    assert not restriction.lessons.any()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("kind:tol", "there is no kind of section 'tol'; nearest: tool"),
        ("has:impct", "no lesson has a field 'impct'; nearest: impact"),
    ],
)
def test_an_unknown_kind_is_refused(facts: FactFilters, said: str, message: str) -> None:
    with pytest.raises(QueryError) as refused:
        restrict(facts, said)
    assert str(refused.value) == message


def test_what_a_removed_lesson_said_is_forgotten(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    with closing(CatalogueWriter(first, None)) as writer:
        put(writer, "a", {"tags": ["shared", "mine"], "odd": 1})
        put(writer, "b", {"tags": ["shared"]})
    with closing(CatalogueWriter(second, first)) as writer:
        writer.remove("lessons/a.md")
        put(writer, "b", {"tags": ["shared", "new"]})
        put(writer, "c", {"tags": ["new"]})
    facts = facts_of(second)
    assert "odd" not in facts.fields
    assert facts.restriction([parse_condition("tag", "mine")]).notes == ("no lesson has tag:mine",)
    masks = [facts.restriction([parse_condition("tag", tag)]).lessons for tag in ("shared", "new")]
    assert [mask.tolist() for mask in masks if mask is not None] == [[True, False], [True, True]]


def test_a_long_value_is_found_by_its_words_and_named_in_no_message(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(CatalogueWriter(path, None)) as writer:
        put(writer, "a", {"story": "once upon a time " * 20})
    facts = facts_of(path)
    found = facts.restriction([parse_condition("story", "upon a time")]).lessons
    assert found is not None
    assert found.tolist() == [True]
    assert facts.restriction([parse_condition("story", "tine")]).notes == ("no lesson has story:tine",)
