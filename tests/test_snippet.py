"""Snippets: the sentences that answer, cut between words, with the matching words marked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.markdown.sentences import sentences as sentences_of
from search.analysis.analyzer import terms
from search.query.wording import written_words
from search.ranking.snippet import (
    Nearness,
    Snippet,
    best_sentences,
    best_snippet,
    first_sentences,
    matched_words,
    prefers_asides,
    without_repetition,
)

MATCHING = ("brochure", "Brochures", "error", "ERRORS")
OTHERS = ("dealer", "options", "print", "paper,", "2.8.3", "copy-editing", "überall")
WANTED = {"brochur": 1.0, "error": 1.0}

# Matches are rare, so that many a sentence has to be cut at both ends.
SENTENCES = st.lists(st.sampled_from(MATCHING + OTHERS * 6), min_size=1, max_size=80).map(
    lambda words: " ".join(words) + "."
)
BLOCKS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4)
LENGTHS = st.integers(60, 300)


def snippet_of(
    blocks: Sequence[str],
    weights: Mapping[str, float],
    length: int,
    nearness: Nearness | None = None,
    asides: Sequence[str] = (),
) -> Snippet:
    """Choose among the sentences of some blocks."""
    return best_snippet([said for block in blocks for said in sentences_of(block)], weights, length, nearness, asides)


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]


def test_the_sentence_with_most_of_the_terms_leads() -> None:
    blocks = ["Errors were found. Dealers complained about brochure errors! Nobody knew why."]
    assert snippet_of(blocks, WANTED, 41) == Snippet("Dealers complained about brochure errors!", ((25, 33), (34, 40)))


def test_of_equally_good_sentences_the_first_leads_whatever_their_length() -> None:
    blocks = ["Some error. A much longer sentence about an error, an error and an error."]
    assert snippet_of(blocks, WANTED, 20).text == "Some error."


def test_a_term_that_is_repeated_counts_once() -> None:
    blocks = ["An error, an error and an error.", "The brochure had an error."]
    assert snippet_of(blocks, WANTED, 40).text == "The brochure had an error."


def test_the_sentences_after_the_leading_one_follow_while_they_fit() -> None:
    blocks = ["Before. One error. Two dealers.", "Three options. Four."]
    assert snippet_of(blocks, WANTED, 10).text == "One error."
    assert snippet_of(blocks, WANTED, 22).text == "One error."
    assert snippet_of(blocks, WANTED, 23).text == "One error. Two dealers."
    assert snippet_of(blocks, WANTED, 100).text == "One error. Two dealers. Three options. Four."


def test_every_matching_word_is_marked_in_whatever_form_it_stands() -> None:
    snippet = snippet_of(["The Brochure's errors (error-free brochures) are terrors."], WANTED, 100)
    assert marked(snippet) == ["Brochure", "errors", "error", "brochures"]


def test_without_a_match_the_passage_begins() -> None:
    blocks = ["First sentence. Second one.", "Third."]
    assert snippet_of(blocks, WANTED, 20) == Snippet("First sentence.")
    assert snippet_of(blocks, {}, 100) == Snippet("First sentence. Second one. Third.")
    assert snippet_of(["dealers " * 100], WANTED, 30) == Snippet("dealers dealers dealers…")


@pytest.mark.parametrize("blocks", [[], [""], ["  ", "\n\t"]])
def test_nothing_makes_an_empty_snippet(blocks: list[str]) -> None:
    assert snippet_of(blocks, WANTED, 100) == Snippet("")


@pytest.mark.parametrize("offset", range(8))
def test_a_long_sentence_is_cut_around_its_match_between_words(offset: int) -> None:
    sentence = f"{'x' * offset} {'dealers complained ' * 30}brochure {'options copies ' * 30}end."
    snippet = snippet_of([sentence], WANTED, 80)
    assert re.fullmatch(r"…((dealers|complained) )+brochure( (options|copies))+…", snippet.text)
    assert marked(snippet) == ["brochure"]
    assert 60 < len(snippet.text) <= 82


def test_a_cut_says_on_which_side_something_is_missing() -> None:
    filler = "dealers options " * 30
    at_start = snippet_of([f"Brochures {filler}"], WANTED, 80)
    assert at_start.text.startswith("Brochures dealers ")
    assert at_start.text.endswith("…")
    at_end = snippet_of([f"{filler}brochures."], WANTED, 80)
    assert at_end.text.startswith("…")
    assert at_end.text.endswith(" brochures.")
    assert len(at_end.text) > 60, "the room is used"


def test_a_word_without_an_end_is_cut_to_the_length() -> None:
    assert snippet_of(["x" * 1000], WANTED, 80) == Snippet("x" * 80 + "…")


@pytest.mark.parametrize(
    "sentence",
    [
        f"{'x' * 300} brochure {'y' * 300}",
        f"{'so we looked up ' * 9}www.shop.com/brochure/{'y' * 300}",
        f"{'y' * 100}/brochure/{'y' * 5} {'so we looked up ' * 9}",
        f"{'宣' * 100} 用 用 {'宣' * 5}brochure{'用' * 300}",
    ],
)
def test_the_match_stays_in_sight_where_words_are_endless(sentence: str) -> None:
    assert marked(snippet_of([sentence], WANTED, 80)) == ["brochure"]


def test_a_text_without_spaces_is_cut_around_its_match() -> None:
    snippet = snippet_of(["宣伝用" * 100 + "誤" + "印刷物" * 100], {"誤": 1.0}, 60)
    assert marked(snippet) == ["誤"]
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert len(snippet.text) <= 62


def test_chinese_and_japanese_sentences_end_without_a_space() -> None:
    assert snippet_of(["第一文。第二文有誤。第三文。"], {"誤": 1.0}, 6) == Snippet("第二文有誤。", ((4, 5),))


@settings(deadline=None)
@given(BLOCKS, LENGTHS)
def test_a_snippet_is_whole_words_of_the_passage_and_no_longer_than_asked(blocks: list[str], length: int) -> None:
    snippet = snippet_of(blocks, WANTED, length)
    shown = snippet.text.removeprefix("…").removesuffix("…")
    assert 0 < len(shown) <= length
    assert f" {shown} " in f" {' '.join(blocks)} "


@settings(deadline=None)
@given(BLOCKS, LENGTHS)
def test_marks_stand_on_the_matching_words_and_on_no_others(blocks: list[str], length: int) -> None:
    snippet = snippet_of(blocks, WANTED, length)
    expected = [found.span() for found in re.finditer("|".join(MATCHING), snippet.text, re.IGNORECASE)]
    # "error" is found within "ERRORS" too: the longer word is the one that is written.
    expected = [(start, end + (snippet.text[end : end + 1].lower() == "s")) for start, end in expected]
    assert list(snippet.marks) == expected


@settings(deadline=None)
@given(BLOCKS, LENGTHS)
def test_a_passage_with_a_match_never_gives_a_snippet_without_one(blocks: list[str], length: int) -> None:
    has_match = bool(set(terms(" ".join(blocks))) & WANTED.keys())
    assert bool(snippet_of(blocks, WANTED, length).marks) == has_match


def nearest_to(wanted: str) -> Nearness:
    """Return a nearness that knows no words but the one sentence."""
    return lambda sentences: [1.0 if sentence == wanted else 0.5 for sentence in sentences]


def untouched(sentences: Sequence[str]) -> Sequence[float]:
    raise AssertionError("the words say why the passage is here")


def test_the_sentences_that_together_tell_most_are_taken() -> None:
    blocks = ["The brochure was late. Dealers wrote. An error came. Then a proof. Then a print."]
    weights = {"brochur": 3.0, "error": 2.0, "proof": 2.0, "print": 2.0}
    assert snippet_of(blocks, weights, 22).text == "The brochure was late.", "alone it tells most"
    assert snippet_of(blocks, weights, 46).text == "An error came. Then a proof. Then a print."


def test_a_rare_word_leads_before_several_common_ones() -> None:
    blocks = ["Errors in brochures.", "The overprint was late."]
    assert snippet_of(blocks, {"error": 0.2, "brochur": 0.3, "overprint": 4.0}, 25).text == "The overprint was late."


def test_the_window_begins_with_a_sentence_that_tells_something() -> None:
    blocks = ["Dealers wrote. Nobody knew. An error came. Nobody cared."]
    assert snippet_of(blocks, WANTED, 60).text == "An error came. Nobody cared."


def test_an_abbreviation_ends_no_sentence() -> None:
    blocks = ["Nobody knew. One U.S. region made brochure errors, i.e. misprints. Then it stopped."]
    assert snippet_of(blocks, WANTED, 60).text == "One U.S. region made brochure errors, i.e. misprints."


@settings(deadline=None)
@given(BLOCKS, LENGTHS, st.floats(0.1, 9), st.floats(0.1, 9))
def test_no_other_window_tells_more(blocks: list[str], length: int, brochure: float, error: float) -> None:
    weights = {"brochur": brochure, "error": error}
    sentences = [sentence for block in blocks for sentence in re.split(r"(?<=[.]) (?![a-zü])", block)]

    def told(text: str) -> float:
        return sum(weights[term] for term in weights.keys() & set(terms(text)))

    snippet = snippet_of(blocks, weights, length)
    windows = [
        " ".join(sentences[start:end])
        for start in range(len(sentences))
        for end in range(start + 1, len(sentences) + 1)
    ]
    if not snippet.text.endswith("…") and not snippet.text.startswith("…"):
        assert told(snippet.text) >= max(told(window) for window in windows if len(window) <= length) - 1e-9


def test_where_the_words_tell_next_to_nothing_the_nearest_sentence_leads_and_is_marked() -> None:
    blocks = ["Some error came.", "Dealers complained. They had seen it. Nobody knew."]
    weights = {"error": 0.1, "brochur": 5.0}
    snippet = snippet_of(blocks, weights, 45, nearest_to("Dealers complained."))
    assert snippet == Snippet("Dealers complained. They had seen it.", (), (0, 19))


def test_a_sentence_that_tells_enough_is_preferred_to_a_near_one() -> None:
    blocks = ["Dealers complained. Some error came. Nobody knew."]
    snippet = snippet_of(blocks, {"error": 1.0, "brochur": 3.0}, 20, untouched)
    assert (snippet.text, snippet.nearest) == ("Some error came.", None)


@pytest.mark.parametrize("weights", [{}, {"brochur": 3.0}])
def test_without_any_word_the_nearest_sentence_leads(weights: dict[str, float]) -> None:
    blocks = ["Dealers complained. Nobody knew."]
    assert snippet_of(blocks, weights, 16, nearest_to("Nobody knew.")) == Snippet("Nobody knew.", (), (0, 12))


def test_of_equally_near_sentences_the_first_leads() -> None:
    assert snippet_of(["First. Second. Third."], {}, 6, lambda sentences: [0.5] * len(sentences)).text == "First."


def test_the_only_sentence_is_not_compared() -> None:
    assert snippet_of(["Dealers complained."], WANTED, 60, untouched) == Snippet("Dealers complained.")
    assert snippet_of([], WANTED, 60, untouched) == Snippet("")


def test_matching_words_are_marked_in_and_behind_the_nearest_sentence() -> None:
    weights = {"error": 0.1, "brochur": 0.1, "overprint": 5.0}
    blocks = ["Nobody knew. Dealers saw an error. The brochure was late."]
    snippet = snippet_of(blocks, weights, 100, nearest_to("Dealers saw an error."))
    assert marked(snippet) == ["error", "brochure"]
    assert snippet.nearest == (0, len("Dealers saw an error."))


def test_only_so_many_sentences_are_compared() -> None:
    compared: list[str] = []

    def near(sentences: Sequence[str]) -> list[float]:
        compared.extend(sentences)
        return [0.0] * len(sentences)

    snippet_of([" ".join(f"Sentence {number}." for number in range(100))], {}, 60, near)
    assert compared == [f"Sentence {number}." for number in range(8)]


@settings(deadline=None)
@given(BLOCKS, LENGTHS, st.integers(0, 7))
def test_the_nearest_sentence_is_whole_words_of_the_passage_too(blocks: list[str], length: int, best: int) -> None:
    def near(sentences: Sequence[str]) -> list[float]:
        return [float(number == min(best, len(sentences) - 1)) for number in range(len(sentences))]

    snippet = snippet_of(blocks, {**WANTED, "unknown": 50.0}, length, near)
    shown = snippet.text.removeprefix("…").removesuffix("…")
    assert 0 < len(shown) <= length
    assert f" {shown} " in f" {' '.join(blocks)} "
    if snippet.nearest:
        start, end = snippet.nearest
        assert start == 0 < end <= len(snippet.text)
        assert snippet.text[end - 1] in ".…"


def test_matched_words_are_the_querys_own_as_first_written_the_weightiest_first() -> None:
    query = written_words("Errors in Brochures, error of brochures; Errors")
    assert list(matched_words(query, {"error": 0.5, "brochur": 2.0}).items()) == [("Brochures", 2.0), ("Errors", 0.5)]
    assert matched_words(query, {"error": 0.5, "ink": 9.0}) == {"Errors": 0.5}, "a word that was not asked is none"
    assert matched_words(written_words("print shop"), {"error": 1.0}) == matched_words(query, {}) == {}


def test_asides_are_shown_where_the_sentences_tell_next_to_nothing() -> None:
    weights = {"ora": 4.0, "brochur": 0.5}
    said, code = ["A brochure came. Nobody knew."], ["ORA-00942: no such table"]
    assert snippet_of(said, weights, 60, asides=code).text == code[0]
    assert snippet_of(said, {"brochur": 1.0}, 60, asides=["A brochure."]).text == said[0]
    assert snippet_of(said, weights, 60, asides=["A link."]).text == said[0]
    assert snippet_of([], weights, 60, asides=["A link."]).text == "A link."


@pytest.mark.parametrize(
    ("prose", "asides", "more"),
    [
        (["A brochure."], ["An error."], True),
        (["An error."], ["A brochure."], False),
        (["Nobody."], ["A brochure."], True),
        (["Nobody."], ["No one."], False),
        ([], ["No one."], True),
        ([], [], False),
    ],
)
def test_asides_tell_more_only_where_the_sentences_tell_next_to_nothing(
    prose: list[str], asides: list[str], more: bool
) -> None:
    assert prefers_asides(prose, asides, {"brochur": 0.1, "error": 2.0}) is more


def test_what_ends_without_a_mark_is_set_apart_from_the_next() -> None:
    rows = [
        "Mode: leak; Mend: tighten",
        "Mode: error; Mend: restart",
        "Then: it ran.",
        "And ran (on)",
        "50 %",
        "So:",
        "end",
    ]
    text = best_snippet(rows, {}, 200).text
    assert (
        text == "Mode: leak; Mend: tighten · Mode: error; Mend: restart · Then: it ran. And ran (on) · 50 % · So: end"
    )


def test_what_announces_something_is_not_the_last() -> None:
    assert best_snippet(["An error came.", "The reasons:", "a long one"], WANTED, 28).text == "An error came."
    assert (
        best_snippet(["An error came.", "The brochures:", "a long one"], WANTED, 30).text
        == "An error came. The brochures:"
    )


def test_a_letter_keeps_its_marks_where_a_text_is_cut() -> None:
    thai = "ที่" * 100
    shown = best_snippet([thai], {}, 61).text.removesuffix("…")
    assert thai.startswith(shown)
    assert len(shown) % 3 == 0


def test_the_best_sentences_begin_with_a_whole_one() -> None:
    said = ["Nobody knew.", f"Of all that came, {'and came, ' * 10} an error was the worst."]
    shown = best_sentences(said, WANTED, 60)
    assert shown.text.startswith("Of all that came, and came,")
    assert shown.text.endswith("…")
    assert len(shown.text) <= 61
    assert best_sentences(said, {}, 60).text == "Nobody knew."


def test_a_summary_is_shown_from_its_beginning() -> None:
    summary = ["Brochures had errors.", "A system finds them.", "It " + "costs " * 60]
    assert first_sentences(summary, {"system": 1.0}, 60) == Snippet(
        "Brochures had errors. A system finds them.", ((24, 30),)
    )
    assert first_sentences([], WANTED, 60) == Snippet("")
    assert len(first_sentences(["costs " * 60], WANTED, 60).text) <= 61


@pytest.mark.parametrize(
    ("summary", "snippet", "once"),
    [
        ("Labels came off in the rain.", "Glue was old.", ("Labels came off in the rain.", "Glue was old.")),
        ("Labels came off in the rain.", "The labels came off.", ("Labels came off in the rain.", "")),
        ("Labels came off.", "In the rain, labels came off.", ("", "In the rain, labels came off.")),
        ("Labels came off.", "Labels came off.", ("", "Labels came off.")),
        ("", "Labels came off.", ("", "Labels came off.")),
        ("Labels came off.", "", ("Labels came off.", "")),
    ],
)
def test_nothing_is_said_twice(summary: str, snippet: str, once: tuple[str, str]) -> None:
    first, second = without_repetition(Snippet(summary), Snippet(snippet))
    assert (first.text, second.text) == once


def test_equally_telling_sentences_are_chosen_alike_in_each_process() -> None:
    # Whatever order a set of words has: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1.
    program = """
from search.ranking.snippet import best_snippet
told = {"label": 0.1, "box": 0.2, "glue": 0.3, "rain": 0.1, "truck": 0.2, "driver": 0.3}
print(best_snippet(["Label, box, glue.", "Rain, truck, driver."], told, 21).text)
"""
    for seed in "01234567":
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert done.stdout == "Label, box, glue.\n"
