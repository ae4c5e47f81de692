"""What a reader in a hurry sees of a passage: sentences, whole at the passage's edges, and no lists of references."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.kinds import Kind
from ingest.passages.completing import completed_texts
from ingest.passages.passage import Origin, Passage
from ingest.passages.pointers import is_heading_of_pointers, is_pointer
from ingest.passages.prose import readable
from tests.examples import examples

CITATIONS = [
    'Heinrich, Oswald X.: "Corona Measuring Techniques," James G. Biddle Co., Technical Bulletin 66T1, May 1964.',
    "PD-ED-1261; from NASA Technical Memorandum 4322A, NASA Reliability Preferred Practices for Design and Test.",
    'M. Morrison, B. Jaworski, "Just-in-Time Executive Development" (University of Toyota)',
    "Smith, J. (2010). Labels that last. Journal of Labels 3(4), pp. 12-15.",
    '"Electrostatic Discharge Control in GSE," LLIS #0685.',
]
POINTERS = [
    *CITATIONS,
    "https://example.org/a/very/long/address",
    "https://example.org/a, https://example.org/b; <https://example.org/c>",
    "source code: https://example.org/a.py#L3",
    "1.2 Scope of the plan ........ 5",
    "Click here to view a video discussion of this lesson.",
    "See Lesson(s) Learned",
    "Same as in Lesson Learned",
    '---{"title": "Labels", "tags": ["boxes"]}---',
]
TELLING = [
    "A checklist hangs beside the printer.",
    "On March 3, 2013, at 09:47 UTC, the company experienced a global outage.",
    'Customers encountered "No Route to Host" messages in the US-EAST-1 region in 2017.',
    "IN 2011 NOBODY ADDRESSED THE RADIO ISSUES OF ENGINE-1971.",
    "The guide at https://example.org says which labels last.",
    "Verify that MIL-STD-1553 buses, built before 1990, are terminated.",
    "Seen by all, the plans did not add up.",
    "",
]


@pytest.mark.parametrize("text", POINTERS)
def test_what_only_points_elsewhere_is_an_aside(text: str) -> None:
    assert is_pointer(text)
    read = readable(f"Labels came off. Nobody knew.\n\n- {text}\n")
    assert (read.prose, len(read.asides)) == (("Labels came off.", "Nobody knew."), 1)


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_something_is_none(text: str) -> None:
    assert not is_pointer(text)


@pytest.mark.parametrize(
    "heading", ["References", "Table of Contents", "7. Bibliography", "See also", "LINKS", "Reference(s)"]
)
def test_below_a_heading_of_references_all_is_aside(heading: str) -> None:
    assert is_heading_of_pointers(heading)
    assert readable("A label is a label.", ["Labels", heading]).prose == ()
    assert readable(f"Labels came off.\n\n## {heading}\n\nA label is a label.\n").prose == ("Labels came off.",)


@pytest.mark.parametrize("heading", ["What we learned", "Contents of the boxes", "Reference unit", ""])
def test_other_headings_are_no_matter(heading: str) -> None:
    assert not is_heading_of_pointers(heading)


def test_a_list_of_references_in_a_paragraph_ends_what_is_told() -> None:
    text = f"Labels came off. Nobody knew. References: (1) {CITATIONS[0]} (2) A. Bee, Of Labels. It is long."
    assert readable(text).prose == ("Labels came off.", "Nobody knew.")


def test_links_alone_are_asides_but_in_a_section_of_tools() -> None:
    text = "- [A checklist](a.md)\n- [A plan](b.md)\n\nUse [both](c.md) at once.\n"
    assert readable(text).prose == ("Use both at once.",)
    assert readable(text, links_count=True).prose == ("A checklist", "A plan", "Use both at once.")


def test_code_is_an_aside_line_by_line() -> None:
    read = readable("Run this:\n\n```sh\nmake  all\nmake install\n```\n")
    assert (read.prose, read.asides) == (("Run this:",), ("make all", "make install"))


def test_a_row_is_one_sentence_with_its_header() -> None:
    table = "| Mode | Mend |\n|---|---|\n| It leaks. All day. | Tighten. Wait. |\n"
    assert readable(table).prose == ("Mode: It leaks. All day.; Mend: Tighten. Wait.",)


def passages(*slices: tuple[int, str]) -> list[Passage]:
    """Return a lesson's passages: each begins on a line, and has a text."""
    return [Passage(Origin.BODY, Kind.OTHER, (), (line, line + text.count("\n") + 1), text) for line, text in slices]


@pytest.mark.parametrize(
    ("slices", "position", "whole"),
    [
        # A sentence that is cut within a line, and between two.
        ([(0, "One came. Two"), (0, "went off. Three")], 1, "Two went off. Three"),
        ([(0, "One came. Two"), (0, "went off. Three")], 0, "One came. Two went off."),
        ([(0, "- One came. Two"), (1, "  went off.\n- Three")], 1, "Two   went off.\n- Three"),
        # Nothing is joined over a blank line, to another item, to a heading, or to a whole sentence.
        ([(0, "One came. Two"), (2, "went off.")], 1, "went off."),
        ([(0, "- One"), (1, "- Two")], 1, "- Two"),
        ([(0, "- One"), (1, "- Two")], 0, "- One"),
        ([(0, "# One"), (1, "Two")], 0, "# One"),
        ([(0, "One came."), (0, "Two went.")], 1, "Two went."),
        ([(0, "One " * 200), (0, "went off.")], 1, "went off."),
        # A table has its header in another passage, whatever is between.
        (
            [(0, "| a | b |\n|---|---|\n| 1 | 2 |"), (3, "| 3 | 4 |"), (4, "| 5 | 6 |")],
            2,
            "| a | b |\n|---|---|\n| 5 | 6 |",
        ),
        ([(0, "a | b\n--|--\n1 | 2"), (3, "3 | 4")], 1, "a | b\n--|--\n3 | 4"),
        ([(0, "> a | b\n> --|--\n> 1 | 2"), (3, "> 3 | 4")], 1, "> a | b\n> --|--\n> 3 | 4"),
        ([(0, "Text."), (1, "| a | b |\n|---|---|\n| 1 | 2 |")], 1, "| a | b |\n|---|---|\n| 1 | 2 |"),
        ([(0, "Text |"), (1, "| a | b |")], 1, "| a | b |"),
        # So have code and comments their beginning.
        ([(0, "```yaml\na: 1"), (3, "# b: 2")], 1, "```yaml\n# b: 2"),
        ([(0, "~~~\na: 1\n~~~"), (4, "# b")], 1, "# b"),
        ([(0, "```\na: 1\n```\n```sh"), (5, "make")], 1, "```sh\nmake"),
        ([(0, "<!-- unseen -->"), (2, "seen")], 1, "seen"),
        ([(0, "Write `<!--` in front of it."), (2, "Seen.")], 1, "Seen."),
        # References begin in the passage before.
        (
            [(0, "One came. References: A. Bee, Of Labels."), (0, "C. Dee, Of Boxes.")],
            1,
            "References: C. Dee, Of Boxes.",
        ),
    ],
)
def test_a_passage_is_made_whole_at_its_edges(slices: list[tuple[int, str]], position: int, whole: str) -> None:
    assert [*completed_texts(passages(*slices))][position] == whole


def test_a_number_in_the_middle_of_a_sentence_is_no_mark_of_a_list() -> None:
    slices = (1, "Reviews are planned for June 1999. Pending them nothing"), (1, "changes.")
    assert [*completed_texts(passages(*slices))][1] == "Pending them nothing changes."
    slices = (1, "1. Wait until 3) is done and"), (1, "go on.")
    assert [*completed_texts(passages(*slices))][1] == "Wait until 3) is done and go on."


def test_a_statement_of_the_front_matter_is_whole_as_it_is() -> None:
    statement = Passage(Origin.ANSWER, Kind.PROBLEM, (), (1, 2), "labels come")
    assert [*completed_texts([statement, *passages((2, "off."))])] == ["labels come", "off."]


PIECES = st.sampled_from(
    ["| a | b |", "|---|---|", "```", "~~~ x", "<!--", "-->", "# A", "- one", "two.", "", "[x]: y", "。"]
)
SLICES = st.lists(st.lists(PIECES, min_size=1, max_size=5).map("\n".join), min_size=1, max_size=6)


@given(texts=SLICES)
@settings(deadline=None, max_examples=examples(300))
def test_whatever_the_slices_are_each_keeps_its_text_and_can_be_read(texts: list[str]) -> None:
    lines = 0
    slices = []
    for text in texts:
        slices.append((lines, text))
        lines += text.count("\n") + 1
    for text, whole in zip(texts, completed_texts(passages(*slices)), strict=True):
        assert text in whole
        read = readable(whole)
        assert all(said == " ".join(said.split()) != "" for said in (*read.prose, *read.asides))


@pytest.mark.parametrize(
    "soup",
    [
        "<div>" * 800,
        "<a href=" * 500,
        "<!--" * 1000,
        "&amp;" * 800,
        "<details><summary>" * 200,
        "</p>" * 1000,
        "<" * 4000,
        ",".join(f"https://a.b/{number}" for number in range(40)) + " and then",
    ],
)
def test_a_soup_of_tags_is_read_at_once(soup: str) -> None:
    started = time.perf_counter()
    readable(f"{soup}\n\nLabels came off.\n")
    assert time.perf_counter() - started < 5
