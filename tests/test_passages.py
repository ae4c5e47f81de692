"""Lessons → passages: properties of the split of any text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.kinds import Kind
from ingest.passages.passage import Origin, Passage
from ingest.passages.splitting import MAX_PASSAGE_CHARACTERS
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.window import MAX_PASSAGE_TOKENS
from tests.examples import examples
from tests.splitting import SENTENCE, count, read, split

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
@settings(deadline=None)
def test_passages_are_slices_of_the_file_in_order_on_the_lines_they_name(content: str, max_tokens: int) -> None:
    reading = try_to_read(content)
    passages = [passage for passage in split(reading, max_tokens) if passage.origin is Origin.BODY and passage.text]
    found = list(places(reading, passages))
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None)
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
@settings(deadline=None, max_examples=examples(150))
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
@settings(deadline=None, max_examples=examples(150))
def test_every_passage_fits_the_window_together_with_its_context(content: str, max_tokens: int) -> None:
    for passage in split(try_to_read(content), max_tokens):
        assert count(passage.encoded_text) <= min(max_tokens, MAX_PASSAGE_TOKENS)
        assert len(passage.text) <= MAX_PASSAGE_CHARACTERS


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None)
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
@settings(deadline=None)
def test_every_passage_begins_and_ends_on_a_line_that_says_something(content: str, max_tokens: int) -> None:
    for passage in split(try_to_read(content), max_tokens):
        rows = passage.text.split("\n")
        assert passage.text == "" or (rows[0].strip() and rows[-1].strip())


@given(content=ANY, max_tokens=WINDOWS)
@settings(deadline=None)
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
@settings(deadline=None, max_examples=examples(300))
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
