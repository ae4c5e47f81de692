"""Uses are counted, and what they saved is added up in each unit."""

from __future__ import annotations

import pytest

from ingest.format import OUTCOMES
from ingest.lesson import Lesson
from kb.people.people_file import directory_of
from kb.reuse.recorded import RecordedUse
from kb.reuse.tally import read_saving, tally
from kb.reuse.use import Use, uses_by_lesson

HELPED, PARTLY, NOT = OUTCOMES


def use(outcome: str = HELPED, saved: str = "") -> Use:
    return Use("", "Depot East", outcome, "", saved)


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ([use()], "1 time, helped 1"),
        (
            [use(saved="12 days"), use(saved="1.5 days"), use(PARTLY), use(NOT)],
            "4 times, helped 2, partly 1, did not help 1, saved 13.5 days",
        ),
        (
            [use(saved="1 day"), use(saved="3,000 EUR"), use(saved="$5")],
            "3 times, helped 3, saved 3,000 EUR and 5 USD and 1 day",
        ),
        ([use("", "a lot"), use("", "-3 days"), use("", "5 %"), use("", "7")], "4 times"),
    ],
)
def test_uses_are_counted_in_words(uses: list[Use], words: str) -> None:
    assert tally(uses).in_words == words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12 days", (12, "day")),
        ("about 12 days", (12, "day")),
        ("2 weeks", (2, "week")),
        ("EUR 3,000", (3000, "EUR")),
        ("3k EUR", (3000, "EUR")),
        ("zero days", None),
        ("0 days", None),
        ("days", None),
        ("1" * 400, None),
    ],
)
def test_a_saving_is_an_amount_with_a_unit(text: str, amount: tuple[float, str] | None) -> None:
    assert read_saving(text) == amount


@pytest.mark.parametrize(
    ("outcomes", "is_unhelpful"),
    [((NOT,), False), ((NOT, NOT), True), ((NOT, NOT, HELPED), True), ((NOT, NOT, HELPED, PARTLY), False), ((), False)],
)
def test_a_lesson_is_unhelpful_if_it_failed_twice_and_more_often_than_it_helped(
    outcomes: tuple[str, ...], is_unhelpful: bool
) -> None:
    assert tally([use(outcome) for outcome in outcomes]).is_unhelpful is is_unhelpful


def test_uses_come_from_lessons_and_ledger_the_latest_first_and_nobody_who_opted_out_is_named() -> None:
    later = Lesson(
        "b.md", "b", "B", {"date": "2026-06", "reused": [{"lesson": "a", "outcome": HELPED}, {"lesson": "b"}]}
    )
    jo, ana = (
        RecordedUse(key, date, "a", "East", PARTLY, by=by)
        for key, date, by in (("0" * 8, "2026-07-01", "Jo Doe <jo@x.example>"), ("1" * 8, "2026-01-01", "Ana Silva"))
    )
    directory = directory_of(b"---\npeople:\n  - {name: Jo Doe, opted_out: true}\n---\n")
    found = uses_by_lesson([later], [jo, ana], directory)
    assert {id_: [(one.title, one.by) for one in uses] for id_, uses in found.items()} == {
        "a": [("East", ""), ("B", ""), ("East", "Ana Silva")]
    }


def test_no_text_of_the_ledger_names_somebody_who_opted_out() -> None:
    record = RecordedUse("0" * 8, "2026-07-01", "a", "the depot of Jo Doe", PARTLY, "Jo Doe did it", "2 days", "Ana")
    other = record._replace(key="1" * 8, where="East", note="by Ana", by="Jo Doe <jo@x.example>")
    directory = directory_of(b"---\npeople:\n  - {name: Jo Doe, opted_out: true}\n---\n")
    found = uses_by_lesson([], [record, other], directory)["a"]
    assert [(one.title, one.note, one.saved, one.by) for one in found] == [
        ("(not shown)", "", "2 days", "Ana"),
        ("East", "by Ana", "2 days", ""),
    ]
