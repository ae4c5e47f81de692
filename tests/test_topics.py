"""Topics of lessons: how they are made, kept from one map to the next, named and placed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb.topics.clustering import centroids, cohesion, divide, put_together, subjects_for, topics_for
from kb.topics.drawing import Library, draw
from kb.topics.facts import By, LessonFacts
from kb.topics.keeping import How, matched, partition
from kb.topics.labels import Candidates, Namer, distinct
from kb.topics.layout import Point, arranged, on_spiral, places_of, radius_of
from kb.topics.map_file import NO_MAP, KnownMap, KnownTopic, Slot, read_map, write_map
from kb.topics.report import TopicMap, counts_by
from kb.topics.space import by_words
from kb.topics.thin import Weakness, thin_spots
from kb.topics.words import LessonText, Vocabulary

Vectors = NDArray[np.float32]
TODAY = date(2026, 11, 28)


def clouds(sizes: Sequence[int], seed: int = 0, spread: float = 0.1) -> Vectors:
    """Return unit vectors around as many directions as there are sizes."""
    dice = np.random.default_rng(seed)
    middles = np.eye(len(sizes), 30)
    found = np.concatenate(
        [dice.normal(middle, spread, (size, 30)) for middle, size in zip(middles, sizes, strict=True)]
    )
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def none_before(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.zeros(count, np.int64), np.zeros(count, np.int64)


@pytest.mark.parametrize(("lessons", "topics"), [(0, 0), (1, 1), (2, 1), (3, 2), (12, 3), (242, 16), (2102, 46)])
def test_a_library_has_topics_by_its_size(lessons: int, topics: int) -> None:
    assert topics_for(lessons) == topics


@pytest.mark.parametrize(("topics", "subjects"), [(0, 0), (12, 0), (13, 4), (46, 12), (100, 12)])
def test_only_many_topics_are_put_together(topics: int, subjects: int) -> None:
    assert subjects_for(topics) == subjects


def test_what_is_apart_is_found_apart_and_the_largest_topic_is_the_first() -> None:
    sizes = (3, 7, 5, 10)
    found, how = partition(clouds(sizes), *none_before(25), range(25))
    assert how is How.FIRST
    assert topics_for(25) == 5
    counts = np.bincount(found)[1:].tolist()
    assert counts == sorted(counts, reverse=True)
    assert len({*found[:3].tolist()} & {*found[3:].tolist()}) == 0


def test_more_lessons_than_can_be_compared_are_divided_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.topics.clustering.MOST_COMPARED", 20)
    vectors = clouds((30, 30, 30))
    order = np.random.default_rng(1).permutation(90).tolist()
    found = divide(vectors, 3, order)
    assert [len({*found[start : start + 30].tolist()}) for start in (0, 30, 60)] == [1, 1, 1]
    assert len({*found.tolist()}) == 3


@pytest.mark.parametrize("vectors", [np.zeros((0, 3)), np.ones((1, 3)), np.ones((9, 3)), np.zeros((5, 3))])
def test_lessons_that_do_not_differ_are_one_topic(vectors: Vectors) -> None:
    found, how = partition(np.asarray(vectors, np.float32), *none_before(len(vectors)), range(len(vectors)))
    assert ({*found.tolist()}, how) == ({1} if len(vectors) else set(), How.FIRST)


def test_what_is_unchanged_stays_and_what_is_new_goes_to_the_nearest() -> None:
    vectors = clouds((10, 10, 10))
    before = np.array([7] * 10 + [2] * 10 + [9] * 10)
    before[[3, 14]] = 0
    found, how = partition(vectors, before, 0 * before, range(30))
    assert how is How.KEPT
    assert (found[3], found[14]) == (7, 2)
    # A library of 30 has 5 topics: the loosest were divided, and the larger part has kept its number.
    assert len({*found.tolist()}) == 5
    assert np.mean(found[before > 0] == before[before > 0]) >= 0.6


def test_an_edited_lesson_stays_unless_another_topic_is_clearly_nearer() -> None:
    vectors = clouds((10, 10, 10, 10, 9))
    topics, _ = partition(vectors, *none_before(49), range(49))
    middles = centroids(vectors, topics)
    between = middles[topics[0]] * 0.48 + middles[topics[10]] * 0.52
    vectors[0], vectors[1] = between / np.linalg.norm(between), vectors[11]
    before = topics.copy()
    before[:2] = 0
    assert partition(vectors, before, 0 * before, range(49)).topics[0] == topics[10]
    assert partition(vectors, before, topics, range(49)).topics[:2].tolist() == [topics[0], topics[10]]


def test_nothing_changes_if_nothing_has_changed() -> None:
    vectors = clouds((10, 10, 10, 10, 9))
    found, _ = partition(vectors, *none_before(len(vectors)), range(49))
    again, how = partition(vectors, found, found, range(49))
    assert (again.tolist(), how) == (found.tolist(), How.KEPT)


def test_a_map_that_has_become_clearly_worse_is_made_anew_under_the_old_numbers() -> None:
    vectors = clouds((16, 16, 16, 16))
    before = np.repeat([1, 2, 3, 4], 16)
    before[1::3] = np.random.default_rng(0).integers(1, 5, len(before[1::3]))
    before[0] = 0
    found, how = partition(vectors, before, 0 * before, range(64))
    assert how is How.ANEW
    assert np.mean(found == np.repeat([1, 2, 3, 4], 16)) > 0.5
    assert cohesion(vectors, found) > cohesion(vectors, before) + 0.02


def test_a_library_that_has_shrunk_gets_fewer_topics() -> None:
    vectors = clouds((10, 10, 10))
    before = np.arange(1, 31)
    before[0] = 0
    found, how = partition(vectors, before, 0 * before, range(30))
    assert (how, len({*found.tolist()}) <= 6) == (How.ANEW, True)


def test_numbers_go_to_those_with_most_in_common() -> None:
    assert matched(np.array([0, 0, 0, 1, 1, 2]), np.array([5, 5, 2, 2, 2, 0])).tolist() == [5, 5, 5, 2, 2, 1]


def test_large_topics_weigh_more_when_topics_are_put_together() -> None:
    centres = np.asarray(np.eye(3, 30) + 0.01, np.float32)
    near = centres[1] * 0.4 + centres[0] * 0.6
    groups = put_together(np.stack([*centres, near / np.linalg.norm(near)]), np.array([90, 5, 90, 5]), 3)
    assert groups[0] != groups[2]


def facts(number: int, **changed: Any) -> LessonFacts:
    plain = LessonFacts(f"l{number}", f"lessons/l{number}.md", f"Lesson {number}", "2025", "", (), True, True, False, 0)
    return plain._replace(**changed)


def library(texts: Sequence[str], vectors: Vectors) -> Library:
    words = Vocabulary(LessonText((text.partition(".")[0],), (text,)) for text in texts)
    numbers = range(len(texts))
    return Library([facts(number) for number in numbers], [f"digest {number}" for number in numbers], words, vectors)


TEXTS = [
    *(["Parcels came back. The label printer had lost its labels, and the parcels waited."] * 6),
    *(["Offers too late. Each offer waited for a signature; sales training began."] * 6),
    *(["Pumps leaked. A seal of the pump was worn."] * 6),
]


def test_a_topic_is_named_by_words_of_its_own_as_they_are_written() -> None:
    classes = np.repeat([0, 1, 2], 6)
    found = Namer(library(TEXTS, clouds((6, 6, 6))).vocabulary).candidates(classes, 3)
    assert [{*names.best[:3]} & {"parcels", "label printer", "labels"} != set() for names in found] == [
        True,
        False,
        False,
    ]
    assert "waited" not in {name for names in found for name in names.best}
    assert not {name for names in found for name in names.best if name in ("the", "had", "its")}


def test_terms_are_written_as_people_write_them_inside_a_sentence() -> None:
    text = LessonText(("Sealed Pumps", "Generation Launch Technology"), ("Pumps leaked. The pump of NASA leaked.",) * 3)
    found = Vocabulary([text]).written(["pump", "nasa", "gener launch", "leak", "seal"], [0])
    assert found == {"pump": "pump", "nasa": "NASA", "gener launch": "Generation Launch Technology"}


def test_no_phrase_goes_over_a_sign_or_a_number() -> None:
    text = LessonText(("Pumps, Seals",), ("The 3rd floor (pumps) valve/motor; bolt 4 nuts. Worn seals.",))
    assert {term for term in Vocabulary([text]).terms if " " in term} == {"worn seal"}
    assert "rd" not in Vocabulary([text]).terms


def test_a_name_has_terms_of_many_of_its_lessons_and_not_three_of_the_same_ones() -> None:
    texts = ["Copper pipes burst. A plumber mended the boiler."] * 7 + ["It was. Frost."] * 3
    namer = Namer(library([*texts, *["Offers waited for a signature."] * 10], clouds((10, 10))).vocabulary)
    first, _ = namer.candidates(np.repeat([0, 1], 10), 2)
    assert "frost" in [name.casefold() for name in first.best[:3]]


@pytest.mark.parametrize("texts", [TEXTS, TEXTS * 3, [""] * 30, ["One word."] * 30, [], ["Labels came off."]])
def test_words_alone_tell_lessons_apart_and_any_lesson_has_a_vector(texts: list[str]) -> None:
    vectors = by_words(Vocabulary(LessonText((), (text,)) for text in texts))
    assert len(vectors) == len(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.allclose(lengths, 1) or not lengths.any()
    if len(texts) >= len(TEXTS) and lengths.any() and len({*texts}) > 1:
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[7] + 0.5


def test_many_words_are_reduced_to_what_they_have_in_common() -> None:
    dice = np.random.default_rng(0)
    words = ["".join(letters) for letters in dice.choice([*"bdfgklmnprt"], (400, 6))]
    texts = [" ".join(dice.choice(words[:200] if number % 2 else words[200:], 40)) for number in range(60)]
    vectors = by_words(Vocabulary(LessonText((), (text,)) for text in texts))
    assert vectors.shape[1] < 60
    found, _ = partition(vectors, *none_before(60), range(60))
    assert all(len({number % 2 for number in np.flatnonzero(found == topic)}) == 1 for topic in {*found.tolist()})


def test_two_topics_never_have_the_same_name() -> None:
    same = Candidates(("a", "b", "c", "d"), frozenset("abcd"))
    names = distinct([same, same, Candidates((), frozenset())], [(), (), ()])
    assert len({*names[:2]}) == 2


def test_a_name_stays_as_long_as_the_lessons_have_its_words_and_a_forged_one_is_not_shown() -> None:
    known = Candidates(("pump", "seal", "valve"), frozenset(("pump", "seal", "valve", "worn seal")))
    assert distinct([known], [("worn seal", "Pump")]) == [("worn seal", "pump")]
    assert distinct([known], [("call 0900 123",)]) == [("pump", "seal", "valve")]


def test_the_next_map_has_everything_where_it_was() -> None:
    texts, vectors = [*TEXTS, *TEXTS], clouds((12, 12, 12))
    first, known = draw(library(texts, vectors), NO_MAP, TODAY)
    again, known_again = draw(library(texts, vectors), known, TODAY)
    assert (again.how, known_again) == (How.KEPT, known)
    assert [topic.as_json() for topic in again.topics] == [topic.as_json() for topic in first.topics]
    fewer, _ = draw(library(texts[:-1], vectors[:-1]), known, TODAY)
    places = {lesson.facts.id: (topic.number, lesson.point) for topic in first.topics for lesson in topic.lessons}
    assert all(
        (topic.number, lesson.point) == places[lesson.facts.id] for topic in fewer.topics for lesson in topic.lessons
    )


def test_few_topics_are_named_by_the_title_of_a_lesson_and_more_by_their_words() -> None:
    small, _ = draw(library(TEXTS, clouds((6, 6, 6))), NO_MAP, TODAY)
    assert {topic.label for topic in small.topics} <= {lesson.facts.title for lesson in small.lessons}
    large, _ = draw(library(TEXTS * 2, clouds((12, 12, 12))), NO_MAP, TODAY)
    assert len(large.topics) == 6
    assert "Lesson" not in "".join(topic.label for topic in large.topics)


def test_a_lesson_stands_for_its_topic_as_long_as_it_is_in_it() -> None:
    texts, vectors = TEXTS[:6] * 2, clouds((6, 6))
    first, known = draw(library(texts, vectors), NO_MAP, TODAY)
    other = first.topics[0].lessons[1].facts.id
    changed = known._replace(
        topics={
            number: topic._replace(example=other) if number == 1 else topic for number, topic in known.topics.items()
        }
    )
    again, _ = draw(library(texts, vectors), changed, TODAY)
    assert again.topics[0].standing_for.id == other
    forged = known._replace(topics={number: topic._replace(example="x") for number, topic in known.topics.items()})
    assert [topic.label for topic in draw(library(texts, vectors), forged, TODAY)[0].topics] == [
        topic.label for topic in first.topics
    ]


def test_many_topics_have_subjects_and_keep_them() -> None:
    vectors = clouds([10] * 20, spread=0.2)
    first, known = draw(library(["Same text."] * 200, vectors), NO_MAP, TODAY)
    assert len(first.topics) == 14
    assert [subject.mark for subject in first.subjects] == ["A", "B", "C", "D"]
    assert sorted(topic.number for subject in first.subjects for topic in subject.topics) == [*range(1, 15)]
    again, _ = draw(library(["Same text."] * 199, vectors[:-1]), known, TODAY)
    assert [[topic.number for topic in subject.topics] for subject in again.subjects] == [
        [topic.number for topic in subject.topics] for subject in first.subjects
    ]


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), max_size=30))
def test_every_lesson_of_a_topic_has_a_place_of_its_own_and_none_is_far_out(before: list[int | None]) -> None:
    places = places_of(before)
    assert len({*places}) == len(before)
    assert max(places, default=0) <= 2 * len(before) + 8


def test_dots_do_not_overlap_nor_leave_their_circle() -> None:
    points = np.array([on_spiral(place) for place in range(300)])
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    assert apart[~np.eye(300, dtype=bool)].min() >= 0.85
    assert np.linalg.norm(points, axis=1).max() + 0.5 <= radius_of(range(300)) + 1e-6


@pytest.mark.parametrize("count", [1, 2, 3, 46])
def test_topics_do_not_overlap_even_if_they_were_at_one_place(count: int) -> None:
    radii = [1 + number % 7 for number in range(count)]
    together = {number: Point(0.0, 0.0) for number in range(0, count, 2)}
    for before in ({}, together):
        points = np.array(arranged(clouds([1] * min(count, 30))[np.arange(count) % 30], radii, [0] * count, before))
        apart = np.linalg.norm(points[:, None] - points[None, :], axis=2) + 1e9 * np.eye(count)
        assert (apart >= np.add.outer(radii, radii) - 1e-6).all()


def test_what_was_on_the_map_stays_there_and_new_topics_come_where_they_belong() -> None:
    centres = centroids(clouds([3] * 9), np.repeat(np.arange(9), 3))
    first = arranged(centres, [2.0] * 9, [0] * 9, {})
    mirrored = [Point(-x + 5, y - 3) for x, y in first]
    again = arranged(centres, [2.0] * 9, [0] * 9, dict(enumerate(mirrored[:8])))
    assert np.allclose(again[:8], mirrored[:8], atol=0.3)
    assert np.allclose(again[8], mirrored[8], atol=1.5)


def test_one_forged_place_far_out_does_not_make_the_rest_invisible() -> None:
    centres = centroids(clouds([3] * 9), np.repeat(np.arange(9), 3))
    first = arranged(centres, [2.0] * 9, [0] * 9, {})
    for far in (Point(1e6, 0.0), Point(0.0, -1e6)):
        assert arranged(centres, [2.0] * 9, [0] * 9, {0: far, 1: Point(0.0, 0.0)}) == first


def test_thin_spots_are_named() -> None:
    weak = facts(1, is_measured=False, can_be_asked=False, is_overdue=True, date="2011-05", asked=40)
    assert [(spot.weakness, spot.words) for spot in thin_spots([weak], 1.0, TODAY)] == [
        (Weakness.ONE_LESSON, "one lesson only"),
        (Weakness.MUCH_ASKED, "much asked, little there: asked 40 times"),
        (Weakness.NO_IMPACT, "no measured impact"),
        (Weakness.NOBODY, "nobody to ask"),
        (Weakness.OVERDUE, "review date passed in 1 of 1"),
        (Weakness.OLD, "nothing newer than 2011"),
    ]
    assert [*thin_spots([facts(1), facts(2, date="2011")], 0.0, TODAY)] == []
    assert [*thin_spots([facts(1, date=""), facts(2, date="")], 0.0, TODAY)] == []


def test_lessons_are_counted_by_unit_area_and_year() -> None:
    found, _ = draw(library(["Text."] * 3, clouds((3,))), NO_MAP, TODAY)
    lessons = [
        lesson._replace(facts=facts(number, unit=unit, date=day, areas=areas))
        for number, (lesson, unit, day, areas) in enumerate(
            zip(
                found.lessons,
                ("", "Sales", "Sales"),
                ("2019-01", "2024", ""),
                (("cost", "revenue"), (), ("cost",)),
                strict=True,
            )
        )
    ]
    topic = TopicMap([], [found.topics[0]], How.FIRST).topics[0]
    topic = replace(topic, lessons=lessons)
    assert counts_by(topic, By.UNIT) == [("Sales", 2), ("not stated", 1)]
    assert counts_by(topic, By.YEAR) == [("2024", 1), ("2019", 1), ("not stated", 1)]
    assert counts_by(topic, By.AREA) == [("cost", 2), ("revenue", 1), ("not stated", 1)]


KNOWN = KnownMap({"a": Slot(3, 0, "a")}, {3: KnownTopic(1, ("pump",), 1.5, -2.0, "a")}, {1: ("pumps",)})


def test_a_map_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_map(tmp_path / "map.json", KNOWN)
    assert read_map(tmp_path / "map.json") == KNOWN


FORGED: dict[str, list[Any]] = {
    "format": [0, 1, None, "2"],
    "lessons": [[], None, {"a": [3]}, {"a": [4, 0, "a"]}, {"a": [3, -1, "a"]}, {"a": [3, 0, 1]}],
    "topics": [
        *({}, {"x": [1, [], 0, 0, ""]}, {"3": [99, [], 0, 0, ""]}, {"3": [1, ["a"], 1e99, 0, ""]}),
        *({"3": [1, [1], 0, 0, ""]}, {"3": [1, "abc", 0, 0, ""]}, {"3": [0, [], float("nan"), 0, ""]}),
        *({"3": [1, [], 0, 0]}, {"3": [1, [], 0, 0, 7]}),
    ],
    "subjects": [None, {"27": []}, {"-1": []}, {"1": 5}],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in FORGED.items() for value in values])
def test_of_another_form_it_is_no_map(tmp_path: Path, key: str, value: Any) -> None:
    path = tmp_path / "map.json"
    write_map(path, KNOWN)
    data = json.loads(path.read_bytes()) | {key: value}
    path.write_text(json.dumps(data))
    assert read_map(path) == NO_MAP


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"[" * 100_000, b"\xff", b'{"format": 1}'])
def test_damage_is_no_map(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "map.json").write_bytes(data)
    assert read_map(tmp_path / "map.json") == NO_MAP


def test_a_map_behind_a_link_is_none_and_the_link_is_replaced_not_followed(tmp_path: Path) -> None:
    write_map(tmp_path / "other.json", KNOWN)
    before = (tmp_path / "other.json").read_bytes()
    (tmp_path / "map.json").symlink_to("other.json")
    assert read_map(tmp_path / "map.json") == NO_MAP
    write_map(tmp_path / "map.json", NO_MAP)
    assert (tmp_path / "other.json").read_bytes() == before
    assert not (tmp_path / "map.json").is_symlink()
