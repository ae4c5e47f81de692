"""Which sections are joined, and what is in no passage."""

from __future__ import annotations

import textwrap

import pytest

from ingest.kinds import Kind
from ingest.passages.passage import Origin, Passage
from tests.splitting import SENTENCE, body_of, read, split, texts_of


def joined(content: str, max_tokens: int = 100) -> list[tuple[str, tuple[str, ...], tuple[int, int]]]:
    return [(passage.kind.value, passage.headings, passage.lines) for passage in body_of(content, max_tokens)]


def test_neighbouring_sections_of_one_kind_are_one_passage_while_they_fit() -> None:
    content = "# T\n\n## Abstract\n\nOne.\n\n## Driving Event\n\nTwo.\n\n## Impact\n\nThree.\n\n## Issue\n\nFour.\n"
    assert joined(content) == [
        ("problem", ("T",), (2, 9)),
        ("impact", ("T", "Impact"), (10, 13)),
        ("problem", ("T", "Issue"), (14, 17)),
    ]
    assert texts_of(content, 100)[0] == "## Abstract\n\nOne.\n\n## Driving Event\n\nTwo."


def test_sections_of_one_kind_that_do_not_fit_together_stay_apart() -> None:
    content = f"# T\n\n## Abstract\n\n{SENTENCE * 3}\n\n## Driving Event\n\n{SENTENCE * 2}\n\n## Issue\n\nShort.\n"
    assert joined(content, 60) == [
        ("problem", ("T", "Abstract"), (2, 5)),
        ("problem", ("T",), (6, 13)),
    ]


def test_a_section_is_joined_with_those_below_it() -> None:
    content = "# T\n\n## Impact\n\nAll.\n\n### North\n\nHalf.\n\n### South\n\nNone.\n"
    assert joined(content) == [("impact", ("T", "Impact"), (2, 13))]


def test_sections_below_different_headings_are_not_joined() -> None:
    content = "# T\n\n## Impact\n\n### North\n\nHalf.\n\n## Results\n\n### South\n\nNone.\n"
    assert joined(content) == [
        ("impact", ("T", "Impact", "North"), (4, 7)),
        ("impact", ("T", "Results", "South"), (10, 13)),
    ]


def test_a_section_without_a_recognised_heading_has_the_kind_of_the_one_above() -> None:
    content = f"# T\n\n## What went wrong\n\n### The pager\n\n{SENTENCE}\n\n### Lessons\n\n{SENTENCE}\n\n## Next\n\nx\n"
    assert [(kind, headings) for kind, headings, _ in joined(content, 40)] == [
        ("failure", ("T", "What went wrong", "The pager")),
        ("knowledge", ("T", "What went wrong", "Lessons")),
        ("other", ("T", "Next")),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "# T\n\nText.\n\n## Call the sheriff\n",
        "# T\n\n## Call the sheriff\n",
        "# T\n\n## Call the sheriff\n\n## Impact\n\nText.\n",
        "# T\n\n## Impact\n\nText.\n\n## Call the sheriff\n\n## Problem\n\nText.\n",
        "# T\n\n## Call the sheriff\n\n### Impact\n\nText.\n",
    ],
)
def test_a_heading_without_text_of_its_own_stays_findable(content: str) -> None:
    assert [
        passage
        for passage in body_of(content)
        if "sheriff" in " ".join([passage.text, *passage.headings, passage.context])
    ]


@pytest.mark.parametrize(
    ("below", "is_found"),
    [("<!-- kb: Who? -->", False), ("<!--kb: Who?\nAnd when? -->\n\n", False), ("<!-- Ask Jo -->", True), ("", True)],
)
def test_the_heading_of_a_prompt_that_nobody_has_answered_is_not_found(below: str, is_found: bool) -> None:
    passages = body_of(f"# T\n\nText.\n\n## What went wrong\n\n{below}\n\n## Tools\n\nA sheet.\n")
    assert any("What went wrong" in passage.headings for passage in passages) is is_found


def test_a_paragraph_that_a_rule_below_turns_into_a_heading_stays_findable() -> None:
    # The commonest slip in Markdown: a rule without an empty line above it makes the paragraph a heading.
    content = f"# T\n\nFirst.\n\n{SENTENCE * 9}The last word is sheriff.\n---\n\n# Next\n\nText.\n"
    assert [section.headings for section in read(content).sections][1][1].endswith("sheriff.")
    assert any("sheriff" in passage.encoded_text for passage in body_of(content))


@pytest.mark.parametrize("matter", ["", "---\ntitle: T\n---\n"])
@pytest.mark.parametrize("blank", ["", "\n", "\n \n\n"])
def test_blank_lines_above_the_first_heading_are_no_section(matter: str, blank: str) -> None:
    found = body_of(f"{matter}{blank}# T\n\nText.\n\n## Impact\n\nFast.\n")
    assert [(passage.headings, passage.text) for passage in found] == [
        (("T",), "# T\n\nText."),
        (("T", "Impact"), "## Impact\n\nFast."),
    ]
    found = body_of(f"{matter}{blank}# T\n\n## Impact\n\nFast.\n")
    assert [(passage.headings, passage.text) for passage in found] == [(("T", "Impact"), "## Impact\n\nFast.")]


@pytest.mark.parametrize(
    "content", ["", "\n\n", " \t\n", "---\ntitle: Only a title\n---\n", "---\ntitle: Only a title\n---"]
)
def test_a_lesson_without_a_body_is_found_by_its_title(content: str) -> None:
    (passage,) = split(read(content))
    title = "Only a title" if "title" in content else "a"
    assert passage == Passage(Origin.BODY, Kind.OTHER, (), (0, 1), "", title)
    assert passage.encoded_text == title


def test_the_front_matter_is_in_no_passage_of_the_body() -> None:
    found = texts_of("---\ntitle: Sheriff\nunit: Jail\nanswers: [a question]\n---\n\nThe body.\n")
    assert found == ["The body."]


def test_what_no_reader_of_the_page_sees_is_in_no_passage() -> None:
    text = """\
        ## Tools

        <!-- kb: Is there
        a checklist? -->

        A <!-- note --> sheet.<script>
        let there = "be"
        </script>

        `<!-- shown -->` and

            <!-- this too -->
        """
    assert texts_of(textwrap.dedent(text)) == [
        "## Tools\n\n\n\n\nA  sheet.\n\n\n\n`<!-- shown -->` and\n\n    <!-- this too -->"
    ]


def test_a_comment_that_nobody_closes_hides_nothing() -> None:
    assert texts_of("# T\n\nAbove. <!-- Below\n\nMore.\n") == ["# T\n\nAbove. <!-- Below\n\nMore."]
