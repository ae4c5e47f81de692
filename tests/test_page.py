"""A page as a query: the words that tell most, and the slices that a model reads instead of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.analyzer import terms, word_starts
from search.analysis.lesson_terms import LessonTerms
from search.lexical.bm25f import query_weight
from search.lexical.index import LexicalIndex
from search.query.page import MOST_SLICES, MOST_TERMS, TOKENS_OF_WORD, informative_slices, informative_terms
from tests.small_index import array_index

COMMON = ["dealer", "option", "paper", "print"]
RARE = ["xerox", "quark", "zinc"]


def indexed(*lessons: Sequence[str]) -> LexicalIndex:
    return array_index([LessonTerms({}, [words]) for words in lessons])


INDEX = indexed([*COMMON, *RARE], COMMON, COMMON, ["else"])
"""Three of four lessons have the common words, one has the rare ones."""


def slices_of(text: str, window: int = 60, index: LexicalIndex = INDEX) -> list[str]:
    return informative_slices(text, informative_terms(terms(text), index), window, index)


def test_a_query_keeps_all_its_terms_with_their_frequencies() -> None:
    assert informative_terms(["zinc", "unheard", "zinc", "dealer"], INDEX) == {"zinc": 2, "unheard": 1, "dealer": 1}
    assert informative_terms([], INDEX) == {}
    most = [f"unheard{number}" for number in range(MOST_TERMS)]
    assert informative_terms(most * 3, INDEX) == dict.fromkeys(most, 3)


def test_of_a_page_no_more_than_so_many_terms_are_kept_the_most_telling_first() -> None:
    common, rare = ([f"{kind}{number}" for number in range(100)] for kind in ("common", "rare"))
    index = indexed(common + rare, common, common, ["else"])
    kept = informative_terms(common + rare, index)
    assert list(kept) == rare + common[:28], "of equals the first"
    assert set(kept.values()) == {1}


def test_what_no_lesson_has_is_no_term_of_a_page() -> None:
    unheard = [f"unheard{number}" for number in range(MOST_TERMS)]
    assert informative_terms([*unheard, "dealer", "zinc", "dealer"], INDEX) == {"zinc": 1, "dealer": 2}
    assert informative_terms([*unheard, "more"], INDEX) == {}


def test_a_common_word_that_a_page_repeats_may_tell_more_than_a_rare_one() -> None:
    rare = [f"rare{number}" for number in range(MOST_TERMS)]
    index = indexed([*rare, "often"], ["often"], ["else"])
    assert index.idf("often") < index.idf("rare0") < query_weight(9) * index.idf("often")
    assert "often" not in informative_terms([*rare, "often"], index)
    assert next(iter(informative_terms([*rare, *["often"] * 9], index))) == "often"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 250), max_size=600))
def test_nothing_that_is_left_out_tells_more_than_what_is_kept(asked: list[int]) -> None:
    words = [f"word{number}" for number in range(200)]
    index = indexed(words, *(words[: 200 - 9 * number] for number in range(20)))
    page = [f"word{number}" for number in asked]
    kept, frequencies = informative_terms(page, index), Counter(page)
    assert kept.items() <= frequencies.items()
    assert len(kept) <= MOST_TERMS

    def told(term: str) -> float:
        return query_weight(frequencies[term]) * index.idf(term)

    if len(frequencies) > MOST_TERMS:
        left_out = [told(term) for term in frequencies.keys() - kept.keys() if term in words]
        assert max(left_out, default=0) <= min(map(told, kept), default=0)


WORDS = st.lists(
    st.sampled_from([*COMMON, *RARE, "überprüfung", "2.8.3", "embedding,", "(re-)printed", "印刷物", "?!"])
)
SPACES = st.sampled_from([" ", "\n\n", " \t "])


def words_in(part: str) -> int:
    return len(word_starts(part))


@settings(deadline=None)
@given(st.lists(WORDS, max_size=30), SPACES, st.integers(8, 300))
def test_slices_are_of_equal_length_within_the_window_and_in_the_order_of_the_text(
    paragraphs: list[list[str]], space: str, window: int
) -> None:
    text = space.join(space.join(words) for words in paragraphs)
    slices = slices_of(text, window)
    assert 0 < len(slices) <= MOST_SLICES
    if len(slices) < MOST_SLICES:
        assert "".join(slices) == text
    place = 0
    for part in slices:
        place = text.index(part, place) + len(part)
    if len(slices) > 1:
        assert max(map(words_in, slices)) - min(map(words_in, slices)) <= 1
        assert max(map(words_in, slices)) <= window / TOKENS_OF_WORD + 1


@pytest.mark.parametrize("text", ["", " ", "brochure errors", "\n proof \n", "?" * 5000])
def test_a_text_that_fits_is_read_as_it_stands(text: str) -> None:
    assert slices_of(text) == [text]


def test_a_text_is_cut_when_its_words_are_too_many_for_the_window() -> None:
    most = int(60 / TOKENS_OF_WORD)
    fits = " ".join(["print"] * most)
    assert slices_of(fits) == [fits]
    first, second = slices_of(f"{fits} print")
    assert words_in(second) - words_in(first) in (0, 1), "no stub at the end"
    assert words_in(first) + words_in(second) == most + 1
    assert first + second == f"{fits} print"
    assert len(slices_of(" ".join([fits] * 3))) == 3


def test_no_word_is_cut_in_two() -> None:
    words = ["overprinted", "mismanagement", "unwillingly", "hypothesized"] * 20
    slices = slices_of(" ".join(words))
    assert len(slices) > 1
    assert all(part.split()[0] in words and part.split()[-1] in words for part in slices)


def page(*placed: tuple[int, str], paragraphs: int = 12) -> str:
    """Return a text of common words, each paragraph a window long; some begin with another word."""
    parts = [["print"] * 40 for _ in range(paragraphs)]
    for paragraph, word in placed:
        parts[paragraph][0] = word
    return "".join(f"{' '.join(words)} " for words in parts)


@pytest.mark.parametrize("places", [(0, 5, 11), (9, 10, 11), (0, 1, 2), (11, 6, 0)])
def test_the_slices_with_most_information_are_read_wherever_they_stand(places: tuple[int, ...]) -> None:
    words = dict(zip(places, RARE, strict=True))
    slices = slices_of(page(*words.items()))
    assert [part.split()[0] for part in slices] == [words[place] for place in sorted(places)]


def test_a_slice_that_says_the_same_again_is_passed_over_for_one_that_adds() -> None:
    again = [(number, "xerox") for number in range(9)]
    slices = slices_of(page(*again, (9, "quark"), (11, "zinc")))
    assert [part.split()[0] for part in slices] == ["xerox", "quark", "zinc"]


def test_the_slice_that_tells_most_is_chosen_before_those_that_come_first() -> None:
    index = indexed([*COMMON, "zinc"], [*COMMON, "dealership"], [*COMMON, "dealership"], COMMON, ["else"])
    assert index.idf("zinc") > index.idf("dealership") > index.idf("print") > 0
    slices = slices_of(page((3, "dealership"), (10, "zinc")), index=index)
    assert [part.split()[0] for part in slices] == ["print", "dealership", "zinc"]


def test_where_nothing_tells_more_the_beginning_is_read() -> None:
    text = page()
    assert slices_of(text) == [text[: len(text) // 12]] * MOST_SLICES
    unheard = " ".join(f"unheard{number}" for number in range(400))
    assert unheard.startswith("".join(slices_of(unheard)))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["x" * 100_000, "ab." * 33_333, "印" * 100_000, "🙂" * 100_000, "xerox-" * 16_000])
def test_a_word_of_a_hundred_thousand_characters_is_read(text: str) -> None:
    slices = slices_of(text)
    assert 0 < len(slices) <= MOST_SLICES
    assert all(part and part in text for part in slices)
