"""Snippets: the sentences that answer, cut between words, with the matching words marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzer import terms
from search.snippet import Snippet, best_snippet, matched_words

MATCHING = ("brochure", "Brochures", "error", "ERRORS")
OTHERS = ("dealer", "options", "print", "paper,", "2.8.3", "copy-editing", "überall")
WANTED = ("brochur", "error")

# Matches are rare, so that many a sentence has to be cut at both ends.
SENTENCES = st.lists(st.sampled_from(MATCHING + OTHERS * 6), min_size=1, max_size=80).map(
    lambda words: " ".join(words) + "."
)
BLOCKS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4)
LENGTHS = st.integers(60, 300)


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]


def test_the_sentence_with_most_of_the_terms_leads() -> None:
    blocks = ["Errors were found. Dealers complained about brochure errors! Nobody knew why."]
    assert best_snippet(blocks, WANTED, 41) == Snippet(
        "Dealers complained about brochure errors!", ((25, 33), (34, 40))
    )


def test_of_equally_good_sentences_the_first_leads_whatever_their_length() -> None:
    blocks = ["Some error. A much longer sentence about an error, an error and an error."]
    assert best_snippet(blocks, WANTED, 20).text == "Some error."


def test_a_term_that_is_repeated_counts_once() -> None:
    blocks = ["An error, an error and an error.", "The brochure had an error."]
    assert best_snippet(blocks, WANTED, 40).text == "The brochure had an error."


def test_the_sentences_after_the_leading_one_follow_while_they_fit() -> None:
    blocks = ["Before. One error. Two dealers.", "Three options. Four."]
    assert best_snippet(blocks, WANTED, 10).text == "One error."
    assert best_snippet(blocks, WANTED, 22).text == "One error."
    assert best_snippet(blocks, WANTED, 23).text == "One error. Two dealers."
    assert best_snippet(blocks, WANTED, 100).text == "One error. Two dealers. Three options. Four."


def test_every_matching_word_is_marked_in_whatever_form_it_stands() -> None:
    snippet = best_snippet(["The Brochure's errors (error-free brochures) are terrors."], WANTED, 100)
    assert marked(snippet) == ["Brochure", "errors", "error", "brochures"]


def test_without_a_match_the_passage_begins() -> None:
    blocks = ["First sentence. Second one.", "Third."]
    assert best_snippet(blocks, WANTED, 20) == Snippet("First sentence.")
    assert best_snippet(blocks, (), 100) == Snippet("First sentence. Second one. Third.")
    assert best_snippet(["dealers " * 100], WANTED, 30) == Snippet("dealers dealers dealers…")


@pytest.mark.parametrize("blocks", [[], [""], ["  ", "\n\t"]])
def test_nothing_makes_an_empty_snippet(blocks: list[str]) -> None:
    assert best_snippet(blocks, WANTED, 100) == Snippet("")


@pytest.mark.parametrize("offset", range(8))
def test_a_long_sentence_is_cut_around_its_match_between_words(offset: int) -> None:
    sentence = f"{'x' * offset} {'dealers complained ' * 30}brochure {'options copies ' * 30}end."
    snippet = best_snippet([sentence], WANTED, 80)
    assert re.fullmatch(r"…((dealers|complained) )+brochure( (options|copies))+…", snippet.text)
    assert marked(snippet) == ["brochure"]
    assert 60 < len(snippet.text) <= 82


def test_a_cut_says_on_which_side_something_is_missing() -> None:
    filler = "dealers options " * 30
    at_start = best_snippet([f"Brochures {filler}"], WANTED, 80)
    assert at_start.text.startswith("Brochures dealers ")
    assert at_start.text.endswith("…")
    at_end = best_snippet([f"{filler}brochures."], WANTED, 80)
    assert at_end.text.startswith("…")
    assert at_end.text.endswith(" brochures.")
    assert len(at_end.text) > 60, "the room is used"


def test_a_word_without_an_end_is_cut_to_the_length() -> None:
    assert best_snippet(["x" * 1000], WANTED, 80) == Snippet("x" * 80 + "…")


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
    assert marked(best_snippet([sentence], WANTED, 80)) == ["brochure"]


def test_a_text_without_spaces_is_cut_around_its_match() -> None:
    snippet = best_snippet(["宣伝用" * 100 + "誤" + "印刷物" * 100], ["誤"], 60)
    assert marked(snippet) == ["誤"]
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert len(snippet.text) <= 62


def test_chinese_and_japanese_sentences_end_without_a_space() -> None:
    assert best_snippet(["第一文。第二文有誤。第三文。"], ["誤"], 6) == Snippet("第二文有誤。", ((4, 5),))


@settings(max_examples=100, deadline=None)
@given(BLOCKS, LENGTHS)
def test_a_snippet_is_whole_words_of_the_passage_and_no_longer_than_asked(blocks: list[str], length: int) -> None:
    snippet = best_snippet(blocks, WANTED, length)
    shown = snippet.text.removeprefix("…").removesuffix("…")
    assert 0 < len(shown) <= length
    assert f" {shown} " in f" {' '.join(blocks)} "


@settings(max_examples=100, deadline=None)
@given(BLOCKS, LENGTHS)
def test_marks_stand_on_the_matching_words_and_on_no_others(blocks: list[str], length: int) -> None:
    snippet = best_snippet(blocks, WANTED, length)
    expected = [found.span() for found in re.finditer("|".join(MATCHING), snippet.text, re.IGNORECASE)]
    # "error" is found within "ERRORS" too: the longer word is the one that is written.
    expected = [(start, end + (snippet.text[end : end + 1].lower() == "s")) for start, end in expected]
    assert list(snippet.marks) == expected


@settings(max_examples=100, deadline=None)
@given(BLOCKS, LENGTHS)
def test_a_passage_with_a_match_never_gives_a_snippet_without_one(blocks: list[str], length: int) -> None:
    has_match = bool(set(terms(" ".join(blocks))) & set(WANTED))
    assert bool(best_snippet(blocks, WANTED, length).marks) == has_match


def test_matched_words_are_the_querys_own_each_once_in_order() -> None:
    assert matched_words("Errors in Brochures, error of brochures; Errors", {"error", "brochur"}) == [
        "Errors",
        "Brochures",
        "error",
        "brochures",
    ]
    assert matched_words("print shop", {"error"}) == []
