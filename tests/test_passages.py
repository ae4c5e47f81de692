"""Lessons → passages: properties of the split, counted with a real tokenizer."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from ingest.kinds import Kind, KindTable
from ingest.passages.passage import Origin, Passage
from ingest.passages.splitting import MAX_PASSAGE_CHARACTERS, split_lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import MAX_PASSAGE_TOKENS, Window
from search.semantic.token_counter import TokenCounter
from tests.models import word_tokenizer

SENTENCE = "The brochure was printed on demand and the errors were gone. "
UNTITLED = "---\ntitle: T\n---\n"


@cache
def counter() -> TokenCounter:
    return TokenCounter(Tokenizer.from_str(word_tokenizer()))


def count(text: str) -> int:
    return len(counter().token_starts([text])[0])


def read(content: str | bytes) -> Reading:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    return read_lesson(data, "lessons/a.md", "a", KindTable())


def split(reading: Reading, max_tokens: int = 60) -> list[Passage]:
    return split_lesson(reading, Window(max_tokens, counter().token_starts, "own"))


def body_of(content: str, max_tokens: int = 60) -> list[Passage]:
    return [passage for passage in split(read(content), max_tokens) if passage.origin is Origin.BODY]


def texts_of(content: str, max_tokens: int = 60) -> list[str]:
    return [passage.text for passage in body_of(content, max_tokens)]


# --- any text


WORDS = st.sampled_from(
    [
        *(
            "brochure",
            "errors",
            "a",
            "I",
            "proof-reading",
            "unbelievable",
            "Zoë",
            "naïve",
            "結論",
            "印刷の教訓。",
            "🙂",
            "كتيب",
        ),
        *("3.14", "https://example.org/a_b?c=d#e", "**bold**", "[link](x)", "`code`", "-", "…", "x" * 40, "q" * 99),
        *("q" * 130, "ab" * 300, "e\u0301" * 9, "\u00a0", "\u2028", "\f", "&amp;", "<b>", "|", "*", "\\"),
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
HEADINGS = st.tuples(
    st.sampled_from(["# ", "## ", "### ", "###### "]),
    st.sampled_from(
        ["Problem", "Impact", "What we learned", "Findings", "Recommendation(s)", "Week one", "", "W" * 300]
    )
    | SENTENCES,
).map("".join)
BLOCKS = st.one_of(
    HEADINGS,
    HEADINGS,
    SENTENCES,
    st.lists(SENTENCES, min_size=1, max_size=6).map(". ".join),
    st.lists(SENTENCES, min_size=1, max_size=6).map("\n".join),
    st.lists(SENTENCES.map("- {}".format), min_size=1, max_size=5).map("\n".join),
    st.lists(SENTENCES.map("> {}".format), min_size=1, max_size=3).map("\n".join),
    st.lists(SENTENCES, max_size=4).map(lambda rows: "\n".join(["```", *rows, "```"])),
    st.lists(SENTENCES, max_size=4).map(lambda rows: "\n".join(["| a |", "|---|", *(f"| {row} |" for row in rows)])),
    SENTENCES.map("{}\n---".format),
    SENTENCES.map("<div>\n{}\n</div>".format),
    st.sampled_from(
        ["---", "***", "<!-- # -->", "    code", "[a]: /b", "```", "   ", "\t", "one word " * 300, "q" * 4090]
    ),
)
MATTER = st.sampled_from(
    [
        *(
            "",
            "",
            "---\ntitle: A title\n---\n",
            "---\nanswers:\n  - one question\n  - two\nsummary: s\n---\n",
            "---\n---\n\n",
        ),
        *("---\ntitle: broken: x\n---\n", "---\ntitle: never closed\n", f"---\ntitle: {SENTENCE * 9}\n---\n", "\n\n"),
        f"---\nanswers: ['{SENTENCE * 12}']\nsummary: >\n  {SENTENCE * 12}\n---\n",
    ]
)
MARKDOWN = st.tuples(MATTER, st.lists(BLOCKS, max_size=12), st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\n \n\n"])).map(
    lambda parts: parts[0] + parts[2].join(parts[1])
)
BITS = st.lists(
    st.sampled_from([*"#->*`|_=~[]()!<&:;. \t\n\r\0", "\n\n", "word", "---\n", "title: ", "é", "結", "\u2028", "```"])
).map("".join)
ANY = MARKDOWN | BITS | st.text()
WINDOWS = st.integers(24, 300)


def body_start(reading: Reading) -> int:
    return reading.sections[0].lines[0] if reading.sections else len(reading.seen_text.split("\n"))


def heading_lines(reading: Reading) -> set[int]:
    return {line for section in reading.sections for line in range(section.lines[0], section.body_line)}


def line_starts(text: str) -> list[int]:
    starts = [0]
    for row in text.split("\n"):
        starts.append(starts[-1] + len(row) + 1)
    return starts[:-1]


def places(reading: Reading, passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Find each slice in the file, on its own lines and behind the one before it."""
    starts, end = line_starts(reading.seen_text), 0
    for passage in passages:
        first, last = passage.lines
        start = reading.seen_text.find(passage.text, max(end, starts[first]))
        assert start >= 0, "the passage is a slice of the file and stands behind the one before it"
        end = start + len(passage.text)
        assert bisect_right(starts, start) - 1 == first, "the slice begins on its first line"
        assert bisect_right(starts, end - 1) == last, "the slice ends on its last line"
        yield start, end


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=100)
def test_passages_are_slices_of_the_file_in_order_on_the_lines_they_name(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    passages = [passage for passage in split(reading, max_tokens) if passage.origin is Origin.BODY and passage.text]
    found = list(places(reading, passages))
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=100)
def test_whatever_the_body_says_is_in_exactly_one_passage(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    passages = [passage for passage in split(reading, max_tokens) if passage.origin is Origin.BODY and passage.text]
    starts, headings = line_starts(reading.seen_text), heading_lines(reading)
    edge = ([*starts, len(reading.seen_text)])[body_start(reading)]
    gaps = []
    for start, end in places(reading, passages):
        assert start >= edge, "no passage takes in what another has, or the front matter"
        gaps.append((edge, start))
        edge = end
    gaps.append((edge, len(reading.seen_text)))
    lost = [
        reading.seen_text[offset]
        for start, end in gaps
        for offset in range(start, end)
        if not reading.seen_text[offset].isspace() and bisect_right(starts, offset) - 1 not in headings
    ]
    assert lost == []


UNSPACED = st.lists(
    WORDS
    | st.sampled_from([*",;:/|{}[]().!-_@&+=~'\u2009\u200d\t1", "हिन्दी", "a_b", "500", "q" * 8, "!" * 50, "://"])
    | st.just(","),
    max_size=300,
).map("".join)


@given(content=ANY | UNSPACED, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=150)
def test_no_word_is_cut_that_is_shorter_than_a_passage(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    passages = [passage for passage in split(reading, max_tokens) if passage.origin is Origin.BODY and passage.text]
    text = reading.seen_text
    for _, cut in places(reading, passages):
        start = end = cut
        while start and is_of_word(text[start - 1]):
            start -= 1
        while end < len(text) and is_of_word(text[end]):
            end += 1
        assert cut in (start, end) or count(text[start:end]) > 10 or end - start > MAX_PASSAGE_CHARACTERS


def is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or unicodedata.category(sign)[0] == "M" or sign == "\u200d"


@pytest.mark.parametrize(
    ("before", "between", "behind"),
    [
        ("```json\n[", ",", "]\n```"),
        ("", ",", ""),
        ("", ";", ""),
        ("", "/", ""),
        ("", "|", ""),
        ("", "\u00a0", ""),
        ("", "\t", ""),
        ("", "=", ""),
        ("", "-", ""),
        ("", "!" * 40, ""),
        ("---\nanswers:\n  - ", ";", "\n---\n"),
    ],
)
def test_text_without_spaces_is_cut_between_its_words(before: str, between: str, behind: str) -> None:
    words = [f"part{number}" for number in range(150)]
    said = [f'{{"id":{number},"part":"{word}"}}' if "json" in before else word for number, word in enumerate(words)]
    found = split(read(f"{before}{between.join(said)}{behind}"))
    assert len(found) > 3
    assert [word for passage in found for word in re.findall(r"part\d+", passage.text)] == words


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=150)
def test_every_passage_fits_the_window_together_with_its_context(content: str, max_tokens: int) -> None:
    for passage in split(try_to_read(content), max_tokens):
        assert count(passage.encoded_text) <= min(max_tokens, MAX_PASSAGE_TOKENS)
        assert len(passage.text) <= MAX_PASSAGE_CHARACTERS


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=100)
def test_no_passage_is_empty_but_that_of_a_lesson_without_a_body(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    passages = split(reading, max_tokens)
    empty = [passage for passage in passages if not passage.text.strip()]
    body = [passage for passage in passages if passage.origin is Origin.BODY]
    assert body, "every lesson is found by its title at least"
    assert empty in ([], body)
    for passage in empty:
        assert (passage.text, passage.kind, passage.headings, passage.lines) == ("", Kind.OTHER, (), (0, 1))
        assert reading.lesson.title.startswith(passage.context)
        assert passage.context


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=100)
def test_every_passage_begins_and_ends_on_a_line_that_says_something(content: str, max_tokens: int) -> None:
    for passage in split(try_to_read(content), max_tokens):
        rows = passage.text.split("\n")
        assert passage.text == "" or (rows[0].strip() and rows[-1].strip())


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=100)
def test_every_passage_has_the_kind_and_the_path_of_its_sections(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    for passage in split(reading, max_tokens):
        if passage.origin is Origin.BODY and passage.text:
            first, last = passage.lines
            inside = [section for section in reading.sections if first < section.lines[1] and section.lines[0] < last]
            with_text = [section for section in inside if says_something(reading, section.body_line, section.lines[1])]
            assert {section.kind for section in with_text or inside} == {passage.kind}
            for section in with_text or inside:
                assert section.headings[: len(passage.headings)] == passage.headings
            if len(inside) == 1:
                assert passage.headings == inside[0].headings


def says_something(reading: Reading, first: int, last: int) -> bool:
    return any(row.strip() for row in reading.seen_text.split("\n")[first:last])


@given(data=st.binary(max_size=400) | ANY.map(lambda text: text.encode("utf-8", "replace")))
@settings(deadline=None, max_examples=300)
def test_nothing_but_unreadable_is_ever_raised(data: bytes) -> None:
    try:
        reading = read(data)
    except Unreadable as reason:
        reading = read(str(reason))
    assert split(reading)


@given(text=ANY, max_tokens=WINDOWS)
@settings(deadline=None, max_examples=50)
def test_a_split_is_the_same_each_time(text: str, max_tokens: int) -> None:
    assert split(try_to_read(text), max_tokens) == split(try_to_read(text), max_tokens)


def try_to_read(content: str) -> Reading:
    try:
        return read(content)
    except Unreadable:
        assume(False)
        raise


# --- how large


@pytest.mark.parametrize("max_tokens", [24, 60, 128, 256, 512, 8192])
def test_a_long_text_makes_passages_of_about_one_size_that_fill_the_window(max_tokens: int) -> None:
    passages = body_of(UNTITLED + SENTENCE * 200, max_tokens)
    sizes = [count(passage.encoded_text) for passage in passages]
    most = min(max_tokens, MAX_PASSAGE_TOKENS)
    assert max(sizes) <= most
    assert min(sizes) >= most / 3
    assert " ".join(passage.text for passage in passages) == (SENTENCE * 200).strip()


UNITS = {
    "words": "brochure ",
    "words of several tokens": "unbelievably ",
    "sentences": SENTENCE,
    "lines": SENTENCE.strip() + "\n",
    "items": "- " + SENTENCE.strip() + "\n",
    "paragraphs": SENTENCE.strip() + "\n\n",
    "Chinese sentences": "校正は二人で読む。一人では見落とす。",
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("max_tokens", [40, 60, 100, 256])
def test_no_sliver_is_left_at_the_end(unit: str, max_tokens: int) -> None:
    slivers = []
    for number in [*range(1, 50), 79, 150, 333, 777]:
        sizes = [count(text) for text in texts_of(UNTITLED + UNITS[unit] * number, max_tokens)]
        smallest_unit = count(UNITS[unit])
        if len(sizes) > 1 and sizes[-1] < max(sizes) / 2 - smallest_unit:
            slivers.append((number, sizes[-1], max(sizes)))
    assert slivers == []


@pytest.mark.parametrize("heading", ["## What we learned", "What we learned\n---"])
@pytest.mark.parametrize(
    "below", [SENTENCE * 30, (SENTENCE.strip() + "\n") * 30, "- " + SENTENCE * 30, "brochure " * 200]
)
def test_a_heading_is_never_cut_off_from_the_text_below_it(heading: str, below: str) -> None:
    found = texts_of(f"# T\n\nBefore.\n\n{heading}\n\n{below}\n")
    first = next(text for text in found if "What we learned" in text)
    assert len(first) > len(heading) + 20
    assert count(first) >= 20


def test_blocks_are_kept_whole_while_they_fit() -> None:
    paragraphs = [SENTENCE * 2, "- one\n- two\n- three", "```\n" + "code line\n" * 5 + "```", SENTENCE * 3]
    paragraphs = [paragraph.strip() for paragraph in paragraphs * 5]
    found = texts_of(UNTITLED + "\n\n".join(paragraphs) + "\n", 70)
    assert len(found) > 5
    assert [part for text in found for part in text.split("\n\n")] == paragraphs


def test_a_block_that_does_not_fit_is_cut_between_its_lines() -> None:
    lines = [f"- point {number}: {SENTENCE.strip()}" for number in range(20)]
    found = texts_of(UNTITLED + "\n".join(lines) + "\n")
    assert len(found) > 3
    assert [line for text in found for line in text.split("\n")] == lines


@pytest.mark.parametrize("mark", [". ", "! ", "? ", "; ", "。", "！", "？"])  # noqa: RUF001 - Chinese and Japanese too
def test_a_line_that_does_not_fit_is_cut_between_its_sentences(mark: str) -> None:
    sentences = [f"Point {number} was proven, and it was proven twice by two strangers" for number in range(32)]
    line = mark.join(sentences)
    found = texts_of(UNTITLED + line + "\n")
    assert len(found) > 3
    assert [sentence for text in found for sentence in text.removesuffix(mark.strip()).split(mark)] == sentences
    assert all(text.endswith(mark.strip()) for text in found[:-1])


def test_a_line_without_any_sentence_is_cut_between_its_words() -> None:
    words = [f"brochure{number}" for number in range(2000)]
    found = texts_of(UNTITLED + " ".join(words) + "\n")
    assert all(passage.lines == (3, 4) for passage in body_of(UNTITLED + " ".join(words) + "\n"))
    assert "".join(text.replace(" ", "") for text in found) == "".join(words)


@pytest.mark.parametrize("length", [MAX_PASSAGE_CHARACTERS + rest for rest in (-1, 0, 1, 30, 90, 99, 101, 2000)])
@pytest.mark.parametrize("around", ["{}", "before {} after", "- {}\n- next\n", SENTENCE * 9 + "{} " + SENTENCE * 9])
def test_one_word_longer_than_a_passage_is_cut_so_that_each_piece_fits(length: int, around: str) -> None:
    word = "q" * length
    passages = body_of(UNTITLED + around.format(word))
    assert max(len(passage.text) for passage in passages) <= MAX_PASSAGE_CHARACTERS
    assert max(count(passage.encoded_text) for passage in passages) <= 60
    assert sum(passage.text.count("q") for passage in passages) == length


@pytest.mark.parametrize("length", [1_000_000, 1_000_090])
def test_one_word_of_a_megabyte_makes_bounded_passages(length: int) -> None:
    passages = body_of(UNTITLED + "x" * length)
    assert max(len(passage.text) for passage in passages) <= MAX_PASSAGE_CHARACTERS
    assert max(count(passage.encoded_text) for passage in passages) <= 60
    assert "".join(passage.text for passage in passages) == "x" * length
    assert {passage.lines for passage in passages} == {(3, 4)}


@pytest.mark.parametrize("blank", [" " * 20_000, "\n" * 20_000, " \n" * 10_000, "\u00a0" * 20_000])
def test_a_long_stretch_of_white_space_makes_no_passage(blank: str) -> None:
    found = texts_of(f"{UNTITLED}first{blank}last\n")
    assert [text.split() for text in found] in ([["first"], ["last"]], [["first", "last"]])
    assert max(len(text) for text in found) <= MAX_PASSAGE_CHARACTERS


def test_a_megabyte_without_line_ends_makes_bounded_passages() -> None:
    text = (SENTENCE * (1_000_000 // len(SENTENCE))).strip()
    passages = body_of(UNTITLED + text)
    assert max(count(passage.encoded_text) for passage in passages) <= 60
    assert " ".join(passage.text for passage in passages) == text


def test_a_title_that_is_one_long_word_does_not_make_every_passage_long() -> None:
    for passage in body_of(f"# {'x' * 100_000}\n\n{SENTENCE * 30}\n"):
        assert len(passage.encoded_text) <= 2 * MAX_PASSAGE_CHARACTERS


@pytest.mark.parametrize("max_tokens", [24, 60, 256])
def test_title_and_path_leave_most_of_the_window_to_the_text(max_tokens: int) -> None:
    content = f"---\ntitle: {SENTENCE * 20}\n---\n# {SENTENCE * 10}\n\n## {SENTENCE * 10}\n\n{SENTENCE * 50}\n"
    for passage in body_of(content, max_tokens):
        assert 0 < count(passage.context) <= max_tokens / 3
        assert count(passage.encoded_text) <= max_tokens


def test_title_and_path_stand_in_front_of_what_is_encoded() -> None:
    found = body_of("# Brochures\n\nText.\n\n## Impact\n\nHalf the cost.\n\n### North\n\n#### Week one\n\nLess.\n", 200)
    assert [passage.encoded_text for passage in found] == [
        "Brochures\n# Brochures\n\nText.",
        "Brochures\nImpact\n## Impact\n\nHalf the cost.\n\n### North\n\n#### Week one\n\nLess.",
    ]
    found = body_of(f"# Brochures\n\n## Impact\n\n{SENTENCE * 2}\n\n### North\n\n#### Week one\n\n{SENTENCE * 2}\n")
    assert [passage.context for passage in found] == ["Brochures\nImpact", "Brochures\nImpact > North > Week one"]


# --- statements


def test_summary_and_answers_come_first_and_are_problems() -> None:
    found = split(
        read("---\nsummary: The summary\nanswers:\n  - one question\n  - another\n---\n# T\n\n## Impact\n\nText.\n")
    )
    assert [(passage.origin, passage.kind, passage.headings, passage.lines, passage.text) for passage in found] == [
        (Origin.SUMMARY, Kind.PROBLEM, (), (1, 2), "The summary"),
        (Origin.ANSWER, Kind.PROBLEM, (), (3, 4), "one question"),
        (Origin.ANSWER, Kind.PROBLEM, (), (4, 5), "another"),
        (Origin.BODY, Kind.IMPACT, ("T", "Impact"), (8, 11), "## Impact\n\nText."),
    ]
    assert [passage.context for passage in found] == ["", "", "", "T\nImpact"]
    assert [passage.encoded_text for passage in found[:3]] == ["The summary", "one question", "another"]


def test_a_long_statement_is_split_and_each_piece_names_its_lines() -> None:
    found = split(read(f"---\ntitle: T\nanswers:\n  - >-\n    {SENTENCE * 10}\n    {SENTENCE * 10}\n---\ntext\n"))
    pieces = [passage for passage in found if passage.origin is Origin.ANSWER]
    assert len(pieces) > 3
    assert " ".join(piece.text for piece in pieces) == (SENTENCE * 20).strip()
    assert {piece.lines for piece in pieces} == {(3, 6)}
    assert max(count(piece.encoded_text) for piece in pieces) <= 60


# --- which sections are joined


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
