"""How large passages are, where long texts are cut, and what statements become."""

from __future__ import annotations

import pytest

from ingest.kinds import Kind
from ingest.passages.passage import Origin
from ingest.passages.splitting import MAX_PASSAGE_CHARACTERS
from ingest.window import MAX_PASSAGE_TOKENS
from tests.splitting import SENTENCE, UNTITLED, body_of, count, read, split, texts_of


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
