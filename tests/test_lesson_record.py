"""The record of a lesson: tolerant of how an author writes front matter, exact in what it gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.format import Control, Impact, Person, Reuse, Series
from ingest.lesson import Lesson, iso_date, text_of, texts_of
from ingest.other_texts import other_texts
from tests.examples import examples


def lesson(**metadata: Any) -> Lesson:
    return Lesson("lessons/a.md", "a", "A", metadata)


def test_a_lesson_without_front_matter_has_empty_fields() -> None:
    empty = lesson()
    assert (empty.summary, empty.unit, empty.status) == ("", "", "")
    assert (empty.tags, empty.answers, empty.people, empty.impact) == ((), (), (), ())
    assert (empty.reused, empty.applies_when, empty.not_when) == ((), (), ())
    assert empty.date is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  spread \n over\tlines ", "spread over lines"),
        (5, "5"),
        (0, "0"),
        (0.5, "0.5"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        (["a"], ""),
        ({"a": "b"}, ""),
    ],
)
def test_a_text_is_one_line_and_what_is_no_scalar_is_no_text(value: Any, text: str) -> None:
    assert text_of(value) == text
    found = lesson(summary=value, unit=value, status=value)
    assert (found.summary, found.unit, found.status) == (text, text, text)


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (["a", "b"], ("a", "b")),
        (["b", "a", "b"], ("b", "a", "b")),
        ("a", ("a",)),
        ("a, b and, c", ("a, b and, c",)),
        (5, ("5",)),
        ([1, 2.5, "x"], ("1", "2.5", "x")),
        ([" one \n text ", "", None, "  ", True, ["x"], {"y": "z", "u": "v"}, "two"], ("one text", "true", "two")),
        ([{"why now": "it leaks"}, {"and then": None}], ("why now: it leaks", "and then:")),
        (None, ()),
        ([], ()),
        ("", ()),
    ],
)
def test_a_list_of_texts_may_be_one_text_and_skips_what_is_none(value: Any, texts: tuple[str, ...]) -> None:
    assert texts_of(value) == texts
    found = lesson(answers=value, applies_when=value)
    assert (found.answers, found.applies_when, found.not_when) == (texts, texts, ())
    assert lesson(not_when=value).not_when == texts


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (["print", "cost"], ("print", "cost")),
        ("print, cost", ("print", "cost")),
        ("print,,  cost ,", ("print", "cost")),
        ("print", ("print",)),
        (["print, cost", "x"], ("print, cost", "x")),
        ([2006, "x"], ("2006", "x")),
        (2006, ("2006",)),
        (None, ()),
    ],
)
def test_tags_are_a_list_or_a_text_with_commas(value: Any, tags: tuple[str, ...]) -> None:
    assert lesson(tags=value).tags == tags


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (2006, "2006"),
        ("2006", "2006"),
        (" 2006 ", "2006"),
        ("2006-05", "2006-05"),
        (200605, "2006-05"),
        ("2006-05-01", "2006-05-01"),
        (20060501, "2006-05-01"),
        ("2006-05-31T23:59:59Z", "2006-05-31"),
        ("2006-05-31 23:59", "2006-05-31"),
        ("2006-12-10", "2006-12-10"),
        ("2006-00", None),
        ("2006-13", None),
        ("2006-05-00", None),
        ("2006-05-32", None),
        ("2006-5-1", "2006-05-01"),
        ("2006-5", "2006-05"),
        ("2006-51", None),
        ("06-05-01", None),
        ("20065", None),
        ("123", None),
        ("12345", None),
        ("May 2006", None),
        ("c. 2006", None),
        ("", None),
        (None, None),
        (True, None),
        (["2006"], None),
        ({"year": 2006}, None),
        ("２００６", None),  # noqa: RUF001 - digits that no comparison of dates would understand
        ("٢٠٠٦-٠٥", None),  # noqa: RUF001 - the same
    ],
)
def test_a_date_is_a_year_a_month_or_a_day(value: Any, date: str | None) -> None:
    assert iso_date(value) == date
    assert lesson(date=value).date == date


@given(date=st.dates())
@settings(deadline=None, max_examples=50)
def test_every_day_is_read_in_each_form(date: Any) -> None:
    day = date.isoformat()
    assert iso_date(day) == day
    assert iso_date(day.replace("-", "")) == day
    assert iso_date(day[:7]) == day[:7]
    assert iso_date(day[:4]) == day[:4]


def test_people_are_read_with_all_their_fields() -> None:
    people = [
        {"name": "Jim  Doe", "role": "sponsor", "contact": "jim@example.org", "until": "2027-01-01", "shoe size": 44},
        {"name": "Ann", "until": 2027},
    ]
    assert lesson(people=people).people == (
        Person("Jim Doe", "sponsor", "jim@example.org", "2027-01-01"),
        Person("Ann", until="2027"),
    )


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("Jim Doe", (Person("Jim Doe"),)),
        (["Jim Doe", {"name": "Ann"}], (Person("Jim Doe"), Person("Ann"))),
        ({"name": "Ann", "role": "team"}, (Person("Ann", "team"),)),
        ([{"role": "team"}, {"name": ""}, {"name": ["x"]}, "", None, ["Bob"], {}, {"name": "Ann"}], (Person("Ann"),)),
        ([{"name": "Ann", "role": ["a", "b"], "contact": None}], (Person("Ann"),)),
        (None, ()),
    ],
)
def test_people_may_be_bare_names_and_nobody_is_invented(value: Any, people: tuple[Person, ...]) -> None:
    assert lesson(people=value).people == people


def test_impact_is_read_with_all_its_fields() -> None:
    said = {
        "area": "cost",
        "metric": "cost of a brochure",
        "kind": "financial",
        "before": 40,
        "after": 20.5,
        "unit": "USD",
        "change": "-50%",
        "target": 15,
        "design": "pre-post",
        "compared_with": "the year before",
        "n": 12,
        "period": 2006,
        "attributed": "half",
        "note": "as\nstated",
        "unheard of": "x",
    }
    assert lesson(impact=[said]).impact == (
        Impact(
            area="cost",
            metric="cost of a brochure",
            kind="financial",
            before="40",
            after="20.5",
            unit="USD",
            change="-50%",
            target="15",
            design="pre-post",
            compared_with="the year before",
            n="12",
            period="2006",
            attributed="half",
            note="as stated",
        ),
    )


@pytest.mark.parametrize(
    ("value", "impact"),
    [
        ({"metric": "sales"}, (Impact(metric="sales"),)),
        ("sales went up", (Impact(note="sales went up"),)),
        (["sales went up", {"metric": "cost"}], (Impact(note="sales went up"), Impact(metric="cost"))),
        ([{}, None, "", {"metric": "cost"}], (Impact(metric="cost"),)),
        (None, ()),
    ],
)
def test_impact_may_be_one_mapping_or_a_sentence(value: Any, impact: tuple[Impact, ...]) -> None:
    assert lesson(impact=value).impact == impact


@pytest.mark.parametrize(
    ("value", "reused"),
    [
        (
            [{"lesson": "b", "outcome": "helped", "note": "as\nstated", "when": "2006"}, {"lesson": 7}],
            (Reuse("b", "helped", "as stated"), Reuse("7")),
        ),
        ({"lesson": "b", "outcome": "partly"}, (Reuse("b", "partly"),)),
        ([{"lesson": "b", "outcome": "unheard of"}], (Reuse("b", "unheard of"),)),
        ([{"lesson": "b"}, {"lesson": "b", "outcome": "helped"}], (Reuse("b"), Reuse("b", "helped"))),
        ([{"outcome": "helped"}, {"lesson": ""}, {"lesson": ["b", "c"]}, {}, "b", None, 5, ["b"]], ()),
        ("b", ()),
        (None, ()),
    ],
)
def test_what_was_reused_names_a_lesson_or_is_none(value: Any, reused: tuple[Reuse, ...]) -> None:
    assert lesson(reused=value).reused == reused


OF_OWN_KEYS = ["x own", "deep", "root cause", "of the leak", "a worn seal"]


def test_texts_without_a_field_of_their_own_are_found_at_any_depth() -> None:
    metadata = {
        "id": "x",
        "title": "a title",
        "summary": "a summary",
        "tags": ["tag"],
        "answers": ["an answer"],
        "status": "draft",
        "mode": "do-learn",
        "review_by": "2027",
        "related": ["y"],
        "supersedes": ["z"],
        "reused": [{"lesson": "y", "note": "helped"}],
        "history": [{"date": "2024-01-05", "what": "reviewed", "by": "Jane Doe", "because": "it holds"}],
        "unit": "Sales",
        "people": [{"name": "Jim", "contact": None}],
        "screening": {"strategic": True, "reusable": "yes: the form"},
        "cost": {"amount": 500, "rate": 0.5},
        "applies_when": ["the press is old"],
        "x-own": [[["deep"]]],
        "root_cause": {"of-the-leak": "a worn seal"},
    }
    assert list(other_texts(metadata)) == [
        "helped",
        "Jane Doe",
        "it holds",
        "Sales",
        "Jim",
        "yes: the form",
        "500",
        "rate",
        "0.5",
        "the press is old",
        *OF_OWN_KEYS,
    ]


@pytest.mark.parametrize(
    ("key", "value", "texts"),
    [
        ("status", "waiting for numbat", ["waiting for numbat"]),
        ("status", ["numbat", {"quoll": "gnu"}], ["numbat", "quoll", "gnu"]),
        ("mode", "as the okapi does", ["as the okapi does"]),
        ("review_by", "when rhea is back", ["when rhea is back"]),
        ("review_by", "2027-05-01, when rhea is back", ["2027-05-01, when rhea is back"]),
        ("related", ["see pangolin", "labels"], ["see pangolin"]),
        ("related", "see pangolin", ["see pangolin"]),
        ("supersedes", {"the old": "quokka"}, ["the old", "quokka"]),
        ("reused", ["we took okapi along"], ["we took okapi along"]),
        ("reused", [{"lesson": "the okapi one", "outcome": "a bit"}], ["the okapi one", "a bit"]),
        ("reused", [{"lesson": "x", "outcome": "helped", "because": "the sheet"}], ["because", "the sheet"]),
        ("history", "moved by quoll", ["moved by quoll"]),
        ("history", [{"date": "2024-01-01", "what": "translated by quetzal"}], ["translated by quetzal"]),
        ("id", ["numbat"], ["numbat"]),
        ("id", {"of": "numbat"}, ["of", "numbat"]),
    ],
)
def test_what_a_key_of_a_state_cannot_mean_is_a_text(key: str, value: Any, texts: list[str]) -> None:
    assert list(other_texts({key: value})) == texts


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "retired"),
        ("status", " Retired "),
        ("mode", "learn-do"),
        ("review_by", "2027-5"),
        ("review_by", "2027-05-01T12:00Z"),
        ("related", ["labels", "[[tags]]", [["units"]]]),
        ("related", "[[labels]] [[tags]]"),
        ("supersedes", "labels"),
        ("reused", {"lesson": "labels", "outcome": "partly"}),
        ("history", [{"date": "2024-01-01", "what": "reviewed"}]),
        ("id", "labels"),
        ("status", None),
    ],
)
def test_a_state_is_no_text(key: str, value: Any) -> None:
    assert list(other_texts({key: value})) == []


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["title", "summary", "tags", "unit", "date", "status", "answers", "people", "impact", "name", "metric", "change"]
KEYS += ["reused", "lesson", "outcome", "applies_when", "not_when"]


@given(metadata=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), PLAIN, max_size=8))
@settings(deadline=None, max_examples=examples(150))
def test_any_front_matter_makes_a_record_of_clean_texts(metadata: dict[str, Any]) -> None:
    found = Lesson("lessons/a.md", "a", "A", metadata)
    texts = [found.summary, found.unit, found.status, *found.tags, *found.answers]
    texts += [person.name for person in found.people]
    texts += [*found.applies_when, *found.not_when, *(reuse.outcome for reuse in found.reused)]
    assert all(text == " ".join(text.split()) for text in texts)
    named = [*(person.name for person in found.people), *(reuse.lesson for reuse in found.reused)]
    assert all([*found.tags, *found.answers, *found.applies_when, *found.not_when, *named])
    assert found.date is None or found.date[:4].isdigit()
    assert all(isinstance(text, str) for text in other_texts(metadata))


def test_an_impact_has_its_series_and_its_control_as_records() -> None:
    series = {"before": [41, 39.5, None, "about 40"], "after": [30]}
    entry = {"metric": "complaints", "series": series, "control": {"before": 38, "chosen": "at-random"}}
    (found,) = lesson(impact=[entry]).impact
    assert found.series == Series(("41", "39.5", "", "about 40"), ("30",)), "a gap keeps its place in time"
    assert found.control == Control(before="38", chosen="at-random")


@pytest.mark.parametrize("value", ["12, 13", [12, 13], None, {}, {"earlier": [1]}, {"before": None}])
def test_a_series_in_another_form_is_empty(value: Any) -> None:
    (found,) = lesson(impact=[{"metric": "complaints", "series": value, "control": value}]).impact
    assert (bool(found.series), bool(found.control)) == (False, False)
