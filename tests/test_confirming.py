"""What was proposed is put to whoever writes, one by one: no answer touches what is not asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.front_matter.places import Steps
from ingest.kinds import Kind, KindTable
from kb.codify.draft import Draft
from kb.codify.interview.followed import Followed
from kb.codify.interview.impact_words import change_in_words, impact_changed, impact_in_words, impact_of
from kb.codify.interview.interview import open_questions, questions_for
from kb.codify.interview.person_words import person_in_words, person_of
from kb.codify.interview.proposed import Proposed
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.codify.notes.notes import notes
from kb.codify.template import template_named
from kb.edit.edit import edited

KINDS = KindTable()
ME = {"name": "Jane Doe", "role": "learning-professional", "contact": "jane@example.org"}


def drafted(text: str) -> LessonInProgress:
    said = notes(text, KINDS, name="notes.md")
    draft = Draft({"title": "Boxes are wrong"}).over(said).over(Draft({"status": "draft", "people": [ME]}))
    return LessonInProgress(template_named("lesson", Path("/nonexistent"), KINDS).filled(draft, KINDS), KINDS, "a.md")


class Answering:
    """Answers the questions of one sitting, as they were put at its beginning."""

    def __init__(self, lesson: LessonInProgress) -> None:
        self.lesson = lesson
        self.doubts = [question for question in questions_for(lesson) if isinstance(question.place, Proposed)]

    def notify(self, number: int, answer: str) -> str:
        """Answer one, and return what is shown of it."""
        question = self.doubts[number]
        self.lesson = LessonInProgress(
            edited(self.lesson.text, question.place.edits(self.lesson, answer)), KINDS, self.lesson.path
        )
        assert not self.lesson.reading.problems
        return question.result(self.lesson, answer)

    def asks(self, number: int) -> str:
        return self.doubts[number].wording(self.lesson)

    def names(self) -> list[str]:
        return [person["name"] for person in self.lesson.metadata.get("people", [])]


THREE = "Present: Ann Lee, Bob Roe, Cy Moe\n\nProblem: boxes are wrong on dock 3\n"


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ("nnn", "Jane Doe"),
        ("nn", "Cy Moe, Jane Doe"),
        ("ynn", "Ann Lee, Jane Doe"),
        ("nyn", "Bob Roe, Jane Doe"),
        ("nny", "Cy Moe, Jane Doe"),
        ("yyy", "Ann Lee, Bob Roe, Cy Moe, Jane Doe"),
    ],
)
def test_who_is_struck_goes_alone(answers: str, left: str) -> None:
    sitting = Answering(drafted(THREE))
    people = [number for number, doubt in enumerate(sitting.doubts) if doubt.asks.startswith("Is this right? people")]
    for number, answer in zip(people, answers, strict=False):
        assert sitting.doubts[number].place.answer_in(sitting.lesson) == ""
        sitting.notify(number, answer)
    assert ", ".join(sitting.names()) == left
    assert sitting.lesson.text.count("# kb: proposed from line 1:") == 3 - len(answers)


def test_who_goes_back_is_asked_about_the_same_person_and_can_have_one_back() -> None:
    sitting = Answering(drafted(THREE))
    ann, bob, cy = [number for number, doubt in enumerate(sitting.doubts) if "people" in doubt.asks]
    sitting.notify(ann, "y")
    assert sitting.notify(bob, "n") == "deleted: Bob Roe, team"
    assert (sitting.asks(ann), sitting.asks(bob)) == (
        "Is this right? people: Ann Lee, team",
        "Is this right? people: Bob Roe, team",
    )
    assert sitting.doubts[bob].place.answer_in(sitting.lesson) == "deleted"
    sitting.notify(ann, "n")
    assert sitting.names() == ["Cy Moe", "Jane Doe"]
    sitting.notify(bob, "y")
    assert sitting.names() == ["Bob Roe", "Cy Moe", "Jane Doe"]
    assert sitting.notify(ann, "c Anna Lee, champion") == "now: Anna Lee, sponsor"
    assert sitting.names() == ["Anna Lee", "Bob Roe", "Cy Moe", "Jane Doe"]
    sitting.notify(cy, "c Cyd Moe, cyd@example.org")
    assert "  - name: Cyd Moe\n    role: team\n    contact: cyd@example.org\n  - name: Jane" in sitting.lesson.text
    assert "# kb: proposed from line 1:" not in sitting.lesson.text


def test_a_changed_entry_is_whole_above_the_comment_of_the_next() -> None:
    sitting = Answering(drafted(THREE))
    ann = next(number for number, doubt in enumerate(sitting.doubts) if "Ann Lee" in doubt.asks)
    sitting.notify(ann, "c Anna Lee, anna@example.org")
    assert (
        "people:\n  - name: Anna Lee\n    role: team\n    contact: anna@example.org\n"
        '  # kb: proposed from line 1: "Ann Lee, Bob Roe, Cy Moe"\n  - name: Bob Roe\n' in sitting.lesson.text
    )


def test_what_somebody_else_strikes_meanwhile_is_not_mixed_up() -> None:
    sitting = Answering(drafted(THREE))
    ann, bob, cy = [number for number, doubt in enumerate(sitting.doubts) if "people" in doubt.asks]
    lesson = sitting.lesson
    sitting.lesson = lesson.edited(lesson.set_item("people", 0, None))
    assert sitting.doubts[ann].place.answer_in(sitting.lesson) == "deleted"
    sitting.notify(bob, "n")
    assert sitting.names() == ["Cy Moe", "Jane Doe"]
    sitting.lesson = sitting.lesson.edited(sitting.lesson.set_item("people", 0, {"name": "Cy Moe", "contact": "1234"}))
    assert "1234" in sitting.asks(cy)


def test_a_comment_without_a_value_can_go() -> None:
    lesson = LessonInProgress(
        "---\npeople:\n  - name: A\n  # kb: proposed from line 1\nunit: N\n---\nText.\n", KINDS, "a.md"
    )
    doubt = questions_for(lesson)[0]
    assert doubt.asks == "Delete this comment? What it was about is gone."
    after = lesson.edited(doubt.place.edits(lesson, "y"))
    assert after.text == "---\npeople:\n  - name: A\nunit: N\n---\nText.\n"
    assert doubt.place.answer_in(after) == "gone"


def test_entries_that_are_alike_are_told_apart() -> None:
    followed = Followed(["a", "a", "b"])
    followed.expect(["a", "b"], [1, 2])
    assert [followed.at(number, ["a", "a", "b"]) for number in range(3)] == [0, 1, 2]  # it has not been written yet
    assert [followed.at(number, ["a", "b"]) for number in range(3)] == [None, 0, 1]
    assert [followed.at(number, ["x", "a", "c"]) for number in range(4)] == [None, 1, 2, 0]


# Any proposals, any answers


NAMES = ["Ann Lee", "Bob Roe", "Cy Moe", "Di Ray"]
PERSON = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES)},
    optional={"role": st.sampled_from(["team", "sponsor"]), "contact": st.sampled_from(["a@x.org", "room 4"])},
)
FIGURE = st.fixed_dictionaries(
    {"area": st.none(), "metric": st.sampled_from(["boxes", "calls"])},
    optional={
        "before": st.integers(0, 3),
        "after": st.integers(0, 3),
        "unit": st.just("a day"),
        "change": st.just("-30%"),
        "design": st.none(),
    },
)
ANSWERS = st.sampled_from(["y", "n", "c", "", "<"])
CHANGED = {"people": "c Eve Fay, contact, e@x.org", "impact": "c crates from 10 to 7 a week"}
NEW: dict[str, dict[str, Any]] = {
    "people": {"name": "Eve Fay", "role": "contact", "contact": "e@x.org"},
    "impact": {"metric": "crates", "before": 10, "after": 7, "unit": "a week"},
}


@settings(deadline=None)
@example(
    ("people", [{"name": "Ann"}, {"name": "Ann", "role": "team"}, {"name": "Ann", "role": "team"}], 1), ["n", "<", "y"]
)
@given(
    st.sampled_from(["people", "impact"]).flatmap(
        lambda key: st.tuples(
            st.just(key), st.lists(PERSON if key == "people" else FIGURE, min_size=1, max_size=6), st.integers(0, 2)
        )
    ),
    st.lists(ANSWERS, max_size=14),
)
def test_what_is_struck_goes_and_all_else_stays(proposed: tuple[str, list[Any], int], answers: list[str]) -> None:
    key, entries, confirmed = proposed
    others = {"people": [ME], "impact": [{"metric": "mine", "note": "as it was", "design": "none"}]}
    values = {"title": "T", "status": "draft", "unit": "N", **others, key: [*entries, *others[key]]}
    comments: dict[Steps, str] = {
        (key, number): f"proposed from line {number}" for number in range(confirmed, len(entries))
    }
    comments["title",] = "proposed from line 99"
    text = template_named("lesson", Path("/nonexistent"), KINDS).filled(Draft(values, comments), KINDS)
    sitting = Answering(LessonInProgress(text, KINDS, "a.md"))
    asked = [number for number, doubt in enumerate(sitting.doubts) if doubt.asks.startswith(f"Is this right? {key}")]
    said = dict.fromkeys(range(confirmed, len(entries)), "")
    changed: set[int] = set()
    at = 0
    for answer in answers:
        if at == len(asked):
            break
        if answer == "<":
            at = max(at - 1, 0)
            continue
        if answer:
            sitting.notify(asked[at], CHANGED[key] if answer == "c" else answer)
            said[at + confirmed] = answer
            changed |= {at + confirmed} if answer == "c" else set()
        at += 1
    kept = [number for number in range(len(entries)) if said.get(number) != "n"]
    before, after = LessonInProgress(text, KINDS, "a.md"), sitting.lesson
    *left, last = after.metadata[key]
    assert last == others[key][0]
    assert len(left) == len(kept)
    for number, entry in zip(kept, left, strict=True):
        assert (entry == {**entries[number], **NEW[key]}) if number in changed else (entry == entries[number])
    assert without(after.metadata, key) == without(before.metadata, key)
    assert comments_above(after, key) == [
        *("" if said.get(number, "y") else f"# kb: proposed from line {number}" for number in kept),
        "",
    ]
    assert after.text.count("# kb: proposed") == 1 + sum(not answer for answer in said.values())
    assert after.text.partition("\n---\n")[2] == text.partition("\n---\n")[2]


def without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def comments_above(lesson: LessonInProgress, key: str) -> list[str]:
    """Return for each entry of a list the comment of kb right above it, if there is one."""
    rows = lesson.text.partition(f"\n{key}:\n")[2].split("\n")
    end = next(number for number, row in enumerate(rows) if not row.startswith(" "))
    dashes = [number for number in range(end) if rows[number].startswith("  - ")]
    above = [rows[number - 1].strip() if number else "" for number in dashes]
    return [row if row.startswith("# kb:") else "" for row in above]


# What is said on one line


OLD = {"area": None, "metric": "Wrong boxes", "before": 12, "after": 1, "unit": "a day", "design": None}


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ("14 to 1 a day", "Wrong boxes: from 14 to 1 a day"),
        ("14 -> 1", "Wrong boxes: from 14 to 1 a day"),
        ("calls from 30 to 5 a week", "calls: from 30 to 5 a week"),
        ("wrong boxes, from 14 to 1 a day", "wrong boxes: from 14 to 1 a day"),
        ("wrong boxes fell from 14 to 1 a day", "wrong boxes: from 14 to 1 a day"),
        ("wrong boxes, 14, 1, a day", "wrong boxes: from 14 to 1 a day"),
        ("14 before, 2 after, a week", "Wrong boxes: from 14 to 2 a week"),
        ("before: 14", "Wrong boxes: from 14 to 1 a day"),
        ("it was 14 to 1", "Wrong boxes: from 14 to 1 a day"),
        ("wrong parcels", "wrong parcels: from 12 to 1 a day"),
        ("not measured: nobody counted", "Wrong boxes: from 12 to 1 a day, note not measured: nobody counted"),
        ("12 days to 7 days in the north", "Wrong boxes: from 12 to 7 days, note in the north"),
        ("9.5 % to 2 %", "Wrong boxes: from 9.5 % to 2 %"),
        ("down 50 %", "Wrong boxes: -50%"),
        ("14 -> 1/day", "Wrong boxes: from 14 to 1 /day"),
    ],
)
def test_a_figure_keeps_what_is_not_contradicted(said: str, now: str) -> None:
    assert impact_in_words(impact_changed(OLD, said)) == now


def test_a_change_in_percent_stays_only_with_the_figures_that_it_fits() -> None:
    old = {"metric": "calls", "change": "-30%"}
    assert impact_changed(old, "from 10 to 7") == {**old, "before": 10, "after": 7}
    assert impact_changed(old, "from 10 to 5") == {"metric": "calls", "before": 10, "after": 5}
    with pytest.raises(Unclear, match="For instance: wrong boxes, from 14 to 1 a day"):
        impact_changed(OLD, "14")


@pytest.mark.parametrize(
    ("entry", "clause", "words"),
    [
        (OLD, "wrong boxes fell from 12 to 1 a day", "Wrong boxes: from 12 to 1 a day"),
        ({"metric": "IT costs", "change": "+5", "unit": "EUR"}, "IT costs rose by 5 EUR", "IT costs: +5 EUR"),
        ({"change": "-30%", "design": "none"}, "it fell by 30%", "-30%, no comparison"),
        ({"metric": "time", "before": "a day", "after": "an hour"}, "time went from a day to an hour", None),
        ({"metric": "time", "change": "doubled"}, "time: doubled", "time: doubled"),
        ({"metric": "labels", "before": 12}, "labels: 12 before", "labels: 12 before"),
        ({"note": "nobody counted", "n": 3}, "", "note nobody counted, n 3"),
    ],
)
def test_a_figure_is_named_in_words(entry: dict[str, Any], clause: str, words: str | None) -> None:
    assert change_in_words(entry) == clause
    assert words is None or impact_in_words(entry) == words


@pytest.mark.parametrize(
    ("line", "person"),
    [
        (
            "Bob Rowe, sponsor, bob@example.org",
            {"name": "Bob Rowe", "role": "sponsor", "contact": "bob@example.org"},
        ),
        ("Bob Rowe (sponsor)", {"name": "Bob Rowe", "role": "sponsor"}),
        ("Bob Rowe, Auftraggeber", {"name": "Bob Rowe", "role": "sponsor"}),
        ("Bob Rowe, learning professional", {"name": "Bob Rowe", "role": "learning-professional"}),
        ("Bob Rowe, team member, +49 30 1234567", {"name": "Bob Rowe", "role": "team", "contact": "+49 30 1234567"}),
        ("Bob Rowe <bob@example.org>, team", {"name": "Bob Rowe", "role": "team", "contact": "bob@example.org"}),
        ("Bob Rowe bob@example.org", {"name": "Bob Rowe", "contact": "bob@example.org"}),
        ("Bob Rowe, room 4", {"name": "Bob Rowe", "contact": "room 4"}),
        ("sponsor", {"role": "sponsor"}),
        ("bob@example.org", {"contact": "bob@example.org"}),
    ],
)
def test_a_person_is_read_from_a_line(line: str, person: dict[str, str]) -> None:
    assert person_of(line) == person
    if "name" in person:
        assert person_of(person_in_words(person)) == person


def test_what_changed_says_in_what_unit() -> None:
    assert impact_of("wrong boxes: 12 to 1 a day") == {
        "metric": "wrong boxes",
        "before": 12,
        "after": 1,
        "unit": "a day",
    }


# The order of the questions


FIGURES = "# Boxes\n\n## What was done\n\n### First\n\nWe walked.\n\nWrong boxes went from 12 to 1 a day.\n"


def test_how_a_figure_is_shown_is_asked_once_it_is_confirmed_and_names_it() -> None:
    lesson = drafted(FIGURES)
    questions = questions_for(lesson)

    def asked() -> list[str]:
        return [questions[number].wording(lesson) for number in open_questions(lesson, questions)]

    assert asked()[0] == "Is this right? impact: Wrong boxes: from 12 to 1 a day"
    assert not [question for question in asked() if question.startswith("How do you know")]
    lesson = lesson.edited(questions[0].place.edits(lesson, "c 14 to 1"))
    assert asked()[0] == "How do you know that wrong boxes fell from 14 to 1 a day?"
    assert max(map(len, questions[1].hint.splitlines())) < 78
    lesson = lesson.edited(questions[1].place.edits(lesson, "2 the three months before"))
    assert questions[1].place.answer_in(lesson) == "measured before and after, the three months before"
    assert not [question for question in asked() if question.startswith("How do you know")]


def test_what_a_section_says_below_its_own_headings_is_not_asked_again() -> None:
    lesson = drafted(FIGURES)
    done = next(question for question in questions_for(lesson) if question.asks == "What was done?")
    assert done.place.answer_in(lesson).startswith("We walked.")
    assert not lesson.sections.text_of(Kind.METHOD)


def test_a_sponsor_who_was_proposed_gives_way_to_the_one_who_is_named() -> None:
    lesson = drafted("Sponsor: Max Boss\nPresent: Ann Lee\n\nProblem: boxes are wrong\n")
    sponsor = next(
        question for question in questions_for(lesson) if question.asks == "Who asked for help (the sponsor)?"
    )
    after = lesson.edited(sponsor.place.edits(lesson, "Eve Fay, eve@x.org"))
    assert 'people:\n  # kb: proposed from line 2: "Ann Lee"\n  - name: Ann Lee\n' in after.text
    assert sponsor.place.answer_in(after) == "Eve Fay, eve@x.org"
    assert after.text.count("# kb: proposed") == lesson.text.count("# kb: proposed") - 1
