"""Each reason why somebody must look at a lesson, and what is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage
from kb.ageing.age import last_day, years_since
from kb.ageing.dead_files import Files
from kb.ageing.reason import Cause, Reason
from kb.ageing.reasons import Known, reasons_for
from kb.demand.noting.history import Missed
from kb.people.authorship import NO_AUTHORS, Author, Authorship
from kb.people.directory import NOBODY, Directory
from kb.people.people_file import directory_of
from kb.reuse.use import Use

TODAY = date(2026, 11, 28)


def lesson(**metadata: Any) -> Lesson:
    return Lesson("lessons/labels.md", "labels", "Wrong labels", metadata)


def passage(text: str = "x", kind: Kind = Kind.PROBLEM, line: int = 10) -> Passage:
    return Passage(Origin.BODY, kind, (), (line, line + text.count("\n") + 1), text)


def reasons(
    lesson: Lesson,
    *passages: Passage,
    root: Path = Path("/nonexistent"),
    directory: Directory = NOBODY,
    uses: tuple[Use, ...] = (),
    per: tuple[str, ...] = (),
    authors: Authorship = NO_AUTHORS,
    missed: tuple[Missed, ...] = (),
) -> list[Reason]:
    known = Known(
        *(TODAY, directory, Files(root), {"labels": uses}, {"labels": "scanner"}, {lesson.path: per}, authors),
        {one.lesson: one for one in missed},
    )
    return list(reasons_for(lesson, passages, known))


def causes(*given: Any, **more: Any) -> list[Cause]:
    return [reason.cause for reason in reasons(*given, **more)]


@pytest.mark.parametrize(
    ("day", "is_over"),
    [
        ("2026-11-27", True),
        ("2026-10", True),
        ("2025", True),
        ("2026-11-28", False),
        ("2026-11", False),
        ("2026", False),
    ],
)
def test_a_review_date_that_has_passed(day: str, is_over: bool) -> None:
    found = reasons(lesson(review_by=day))
    assert found == (
        [Reason(Cause.REVIEW, f"was to be reviewed by {day}", "kb review labels --until 2027-11")] if is_over else []
    )


def use(outcome: str, date: str = "2026-05-01") -> Use:
    return Use("", "Depot East", outcome, "", date=date)


def test_a_lesson_that_keeps_not_helping() -> None:
    (found,) = reasons(lesson(), uses=(use("did-not-help"), use("did-not-help"), use("helped")))
    assert (found.cause, found.command) == (Cause.UNHELPFUL, "kb open labels")
    assert "used 3 times, helped 1, did not help 2" in found.words
    assert reasons(lesson(), uses=(use("did-not-help"), use("helped"))) == []


@pytest.mark.parametrize(("used", "is_named"), [("2026-06-01", True), ("2026-05-02", False), ("", False)])
def test_a_use_after_the_lesson_was_superseded(used: str, is_named: bool) -> None:
    history = [{"date": "2026-05-02", "what": "superseded"}]
    found = reasons(lesson(status="superseded", history=history, review_by="2020"), uses=(use("helped", used),))
    assert found == (
        [
            Reason(
                Cause.STILL_USED,
                "is superseded since 2026-05-02, and was used after that, last in Depot East; tell them of scanner",
                "kb show scanner",
            )
        ]
        if is_named
        else []
    )


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("The [list](list.md) and [that](gone.md#top).", "gone.md"),
        ("![picture](img/p.png)", "img/p.png"),
        ("[x]: old.md\n\nSee [x].", "old.md"),
        ("Run `python tools/labels.py --all`.", "tools/labels.py"),
        ("Run `./tools/there.py`, or tools/there.py.", ""),
        ("see other/labels.py of another repository", ""),
        ("[site](https://example.org/tools/x.py) and [root](/tools/x.md) and [out](../../../etc/passwd.md)", ""),
        ("mail to ann@tools/x.py or 1/2.5 or and/or", ""),
        ("`[no](link.md)` is code", ""),
        (f"[long]({'x' * 5000}.md)", ""),
    ],
)
def test_a_file_that_is_gone(tmp_path: Path, text: str, dead: str) -> None:
    for name in ("lessons/list.md", "tools/there.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = reasons(lesson(), passage("First.\n\n" + text), root=tmp_path)
    assert [(reason.cause, reason.words, reason.line) for reason in found] == (
        [(Cause.DEAD, f"names 1 file that is gone: {dead}", 13)] if dead else []
    )


def test_a_name_that_no_file_can_have_is_gone_too(tmp_path: Path) -> None:
    assert causes(lesson(), passage("[nul](a%00b.md)"), root=tmp_path) == [Cause.DEAD]


def test_of_many_files_that_are_gone_three_are_named(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (found,) = reasons(lesson(), passage(" ".join(f"[x](f{number}.md)" for number in range(5))), root=tmp_path)
    assert found.words.startswith("names 5 files that are gone: f")
    assert found.words.endswith(" and 2 more")


@pytest.mark.parametrize(
    ("people", "said", "expected"),
    [
        ([{"name": "Ana", "contact": "a@x.example", "until": "2025"}], "", [Cause.PEOPLE]),
        ([{"name": "Ana", "contact": "a@x.example"}], "", []),
        ([], "", []),
        ([{"name": "not stated"}], "", []),
        ([{"name": "Ana"}], "- {name: Ana, until: 2025, successor: Ben}\n  - {name: Ben, contact: b@x.example}", []),
        (
            [{"name": "Ana"}],
            "- {name: Ana, until: 2025}\n  - {name: Ola, role: owner, contact: o@x.example}",
            [Cause.PEOPLE],
        ),
    ],
)
def test_people_who_can_no_longer_be_asked(people: list[Any], said: str, expected: list[Cause]) -> None:
    directory = directory_of(f"---\npeople:\n  {said}\n---\n".encode()) if said else NOBODY
    assert causes(lesson(people=people), directory=directory) == expected


@pytest.mark.parametrize(
    ("day", "per", "expected"),
    [
        ("2024-11-28", "year", [Cause.FIGURES]),
        ("2024-11-29", "year", []),
        ("2025-10", "month", [Cause.FIGURES]),
        ("2026-01", "month", []),
        ("2010", "once", []),
        ("2010", "parcel", []),
    ],
)
def test_figures_that_are_older_than_their_period_says(day: str, per: str, expected: list[Cause]) -> None:
    assert causes(lesson(date=day), per=(per,)) == expected
    assert causes(lesson(date=day, review_by="2027-01"), per=(per,)) == []
    assert causes(lesson(date=day, history=[{"date": "2026-11-01", "what": "reviewed"}]), per=(per,)) == []


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        (Kind.TOOL, "2023-11-28", "its tools were last confirmed 3 years ago, 2023-11-28"),
        (Kind.TOOL, "2023-12", ""),
        (Kind.METHOD, "2018", ""),
        (Kind.METHOD, "2017", "its methods were last confirmed 8 years ago, 2017-12-31"),
        (Kind.CASE, "1999", ""),
        (Kind.TOOL, "", ""),
    ],
)
def test_tools_and_methods_that_are_older_than_those_may_be(kind: Kind, day: str, words: str) -> None:
    found = reasons(lesson(date=day or None), passage(kind=kind))
    assert [reason.words for reason in found] == ([words] if words else [])


def test_without_a_date_of_its_own_the_last_commit_says_how_old_a_lesson_is() -> None:
    authors = Authorship([Author("Ann", "a@x.example")], {"lessons/labels.md": [(0, 1.0, "2020-01-01")]})
    assert causes(lesson(), passage(kind=Kind.TOOL), authors=authors) == [Cause.OLD]
    assert causes(lesson(date="2026"), passage(kind=Kind.TOOL), authors=authors) == []


def test_questions_that_came_near_a_lesson_and_did_not_find_it() -> None:
    (found,) = reasons(lesson(), missed=(Missed("labels", 3, "who's label; rm -rf /"),))
    assert (
        found.words
        == "3 questions of this year came nearest to it, and none found it; most often: who's label; rm -rf /"
    )
    assert found.command == """kb correct 'who'"'"'s label; rm -rf /' labels"""


def test_days_and_years() -> None:
    assert [last_day(day) for day in ("2024-02", "2023", "2024-05-06", "2023-02-30", "", "soon")] == [
        *(date(2024, 2, 29), date(2023, 12, 31), date(2024, 5, 6)),
        *(None, None, None),
    ]
    assert [years_since(date(*day), date(2024, 2, 29)) for day in ((2023, 3, 1), (2023, 2, 28), (2030, 1, 1))] == [
        0,
        1,
        0,
    ]
