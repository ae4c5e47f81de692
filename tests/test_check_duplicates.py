"""Lessons that say what another says."""

from __future__ import annotations

import pytest

from tests.checking import codes, found

LONG = "Every label was printed from the address of the order before, because the spooler kept one page back and "
PARAGRAPH = LONG + "nobody had looked at more than the first parcel of a morning in all those weeks."
OWN = " ".join(f"own{number}" for number in range(30)) + "."


def lesson(*paragraphs: str, title: str = "Wrong labels", front: str = "") -> str:
    matter = f"---\n{front}\n---\n" if front else ""
    return f"{matter}# {title}\n\n## Problem\n\n" + "\n\n".join(paragraphs) + "\n"


def beside(*paragraphs: str, name: str = "other", title: str = "Labels", front: str = "") -> str:
    return f"\n==> {name}.md <==\n" + lesson(*paragraphs, title=title, front=front)


def test_half_of_a_lesson_in_another_is_a_near_duplicate() -> None:
    finding = found(lesson(PARAGRAPH, OWN) + beside(PARAGRAPH, OWN.replace("own", "other")), "duplicates")[0]
    assert (finding.code, finding.line) == ("duplicates.text", 5)
    assert "35 of 65 words are in other.md too, in 'Problem'" in finding.message


def test_less_than_half_is_none() -> None:
    assert codes(lesson(PARAGRAPH, OWN, OWN[:50]) + beside(PARAGRAPH, OWN.replace("own", "other")), "duplicates") == [
        "text"
    ]
    assert (
        codes(lesson(PARAGRAPH, OWN, OWN) + beside(PARAGRAPH, *[OWN.replace("own", "other")] * 2), "duplicates") == []
    )


def test_a_short_lesson_within_a_long_one_is_told_to_both() -> None:
    long, short = lesson(PARAGRAPH, OWN, OWN), lesson(PARAGRAPH, title="Labels")
    assert (
        "35 of 35 words of other.md are here too"
        in found(f"{long}\n==> other.md <==\n{short}", "duplicates")[0].message
    )
    assert "35 of 35 words are in other.md too" in found(f"{short}\n==> other.md <==\n{long}", "duplicates")[0].message


def test_case_and_line_breaks_make_no_other_text() -> None:
    wrapped = PARAGRAPH.upper().replace(" ", "\n", 9)
    assert codes(lesson(PARAGRAPH) + beside(wrapped), "duplicates") == ["text"]


def test_short_paragraphs_and_other_words_are_not_compared() -> None:
    assert (
        codes(
            lesson(*["One parcel in ten came back."] * 9) + beside(*["One parcel in ten came back."] * 9), "duplicates"
        )
        == []
    )
    assert codes(lesson(PARAGRAPH) + beside(PARAGRAPH.replace("spooler", "printer")), "duplicates") == []


def test_what_stands_in_many_lessons_is_a_template() -> None:
    five = "".join(beside(PARAGRAPH, name=f"n{number}", title=f"T{number}") for number in range(4))
    assert codes(lesson(PARAGRAPH) + five, "duplicates") == ["text"] * 4
    assert codes(lesson(PARAGRAPH) + five + beside(PARAGRAPH), "duplicates") == []


def test_what_is_repeated_in_one_lesson_is_counted_as_each_has_it() -> None:
    finding = found(lesson(PARAGRAPH, PARAGRAPH, PARAGRAPH, *[OWN] * 9) + beside(PARAGRAPH, OWN[:50]), "duplicates")[0]
    assert "35 of 45 words of other.md are here too" in finding.message


@pytest.mark.parametrize("frame", ["```\n{}\n```", "| {} |\n|---|", "<table>{}</table>", "    {}"])
def test_code_and_tables_in_common_make_no_duplicates(frame: str) -> None:
    shared = frame.format(PARAGRAPH)
    assert codes(lesson(shared, "Why labels.") + beside(shared, "Which scales."), "duplicates") == []
    assert codes(lesson(shared, PARAGRAPH) + beside(shared, PARAGRAPH), "duplicates") == ["text"]


def test_the_same_paragraph_twice_in_one_lesson_is_no_copy() -> None:
    assert codes(lesson(PARAGRAPH, PARAGRAPH), "duplicates") == []


@pytest.mark.parametrize("status", ["superseded", "retired"])
def test_what_is_replaced_or_retired_may_say_the_same(status: str) -> None:
    front = f"status: {status}\nanswers: [why do parcels come back]"
    current = "answers: [why do parcels come back]"
    assert (
        codes(lesson(PARAGRAPH, front=current) + beside(PARAGRAPH, title="Wrong labels", front=front), "duplicates")
        == []
    )
    assert (
        codes(lesson(PARAGRAPH, front=front) + beside(PARAGRAPH, title="Wrong labels", front=current), "duplicates")
        == []
    )


def test_the_same_title_is_shown_where_it_stands() -> None:
    twin = beside(title="WRONG  labels!")
    finding = found(lesson(front="id: a") + twin, "duplicates")[0]
    assert (finding.code, finding.line) == ("duplicates.title", 4)
    finding = found(lesson(front="id: a\ntitle: 'Wrong labels'", title="Something") + twin, "duplicates")[0]
    assert (finding.line, finding.column) == (3, 8)
    assert finding.message.startswith("other.md has the same title")


def test_of_many_only_the_first_is_named() -> None:
    many = "".join(beside(name=f"n{number}", title="Wrong labels") for number in range(7))
    assert [finding.message.split(";")[0] for finding in found(lesson() + many, "duplicates")] == [
        "n0.md and 6 more lessons have the same title"
    ]


def test_titles_of_signs_alone_and_other_scripts() -> None:
    assert codes(lesson(title="???") + beside(title="!!!"), "duplicates") == []
    assert codes(lesson(title="誤ったラベル") + beside(title="誤ったラベル"), "duplicates") == ["title"]
    assert codes(lesson(title="誤ったラベル") + beside(title="誤った秤"), "duplicates") == []


def test_the_same_sentence_in_answers_is_shown_where_it_stands() -> None:
    mine = "answers:\n  - why is it slow\n  - Why do parcels come back?"
    finding = found(lesson(front=mine) + beside(front="answers: why do parcels come back"), "duplicates")[0]
    assert (finding.code, finding.line) == ("duplicates.answer", 4)
    assert "other.md has 'Why do parcels come back?'" in finding.message
    assert codes(lesson(front="answers: [a?, A, a]") + beside(front="answers: [b, '?']"), "duplicates") == []
