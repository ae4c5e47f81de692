"""A query is taken apart: what the encoder reads, what the postings look up, what was quoted."""

from __future__ import annotations

import pytest

from search.analysis.analyzer import terms
from search.errors import QueryError
from search.query.query import parse_query

QUOTED = 'say "brochure errors" before print'


def test_a_query_has_its_text_and_its_terms_with_repeats() -> None:
    query = parse_query("  Errors in brochures, errors everywhere ")
    assert query.text == "Errors in brochures, errors everywhere"
    assert tuple(terms(query.text)) == ("error", "brochur", "error", "everywher")
    assert query.phrases == ()


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\x00", "\x1b\x07 \x7f"])
def test_an_empty_query_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(QueryError, match=r"^the query is empty; describe the problem in a few words$"):
        parse_query(text)


@pytest.mark.parametrize("text", ["?!", "...", "___", "“ ”", "、。・", "-- * --"])
def test_a_query_of_punctuation_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(QueryError, match=r"^the query '.+' has no words; describe the problem in a few words$"):
        parse_query(text)


def test_the_message_quotes_only_the_beginning_of_a_long_query_without_words() -> None:
    with pytest.raises(QueryError, match=r"^the query '[?]{40}' has no words; ") as refused:
        parse_query("?" * 10_000)
    assert "\n" not in str(refused.value)


def test_control_characters_and_nul_separate_words_and_are_gone() -> None:
    query = parse_query("brochure\x00errors\x1b[31m\x07print\x7f")
    assert query.text == "brochure errors print"
    assert tuple(terms(query.text)) == ("brochur", "error", "print")


def test_line_ends_and_tabs_of_a_pasted_page_stay_for_the_encoder() -> None:
    assert parse_query("brochure\terrors\nprint shop").text == "brochure\terrors\nprint shop"
    assert tuple(terms(parse_query("brochure\r\nprint").text)) == ("brochur", "print")


@pytest.mark.parametrize("surrogate", [0xDCFF, 0xD800], ids=hex)
def test_what_the_shell_could_not_decode_does_not_reach_the_encoder(surrogate: int) -> None:
    # Bytes of an argument that are no UTF-8 arrive as lone surrogates, as does a JSON string that was cut
    # inside of a pair; no tokenizer takes them.
    query = parse_query(f"brochure {chr(surrogate)} errors")
    assert query.text.encode("utf-8")
    assert tuple(terms(query.text)) == ("brochur", "error")


@pytest.mark.parametrize("text", ["the of and", "What is it?", '"to be" or "not to be"'])
def test_a_query_of_stop_words_has_a_text_for_the_encoder_and_no_terms(text: str) -> None:
    query = parse_query(text)
    assert query.text == text
    assert tuple(terms(query.text)) == ()
    assert query.phrases == ()


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (QUOTED, ("brochure errors",)),
        ("say “brochure errors” before print", ("brochure errors",)),
        ("say ”brochure errors” before print", ("brochure errors",)),
        ('"brochure errors" and "print shop"', ("brochure errors", "print shop")),
        ('"the state of the art"', ("the state of the art",)),
        ('"brochure"', ()),
        ('"the brochure"', ()),
        ('"to the"', ()),
        ('"" " " "?" print', ()),
        ('"brochure errors', ()),
        ('brochure errors"', ()),
        ("the customer's 'brochure errors'", ()),
    ],
)
def test_two_words_or_more_in_double_quotes_are_a_phrase(text: str, phrases: tuple[str, ...]) -> None:
    assert parse_query(text).phrases == phrases


def test_the_words_of_a_phrase_are_terms_as_well() -> None:
    assert tuple(terms(parse_query(QUOTED).text)) == tuple(terms(QUOTED))
    assert "brochur" in tuple(terms(parse_query(QUOTED).text))


def test_quotes_in_a_pasted_page_are_somebodys_speech() -> None:
    assert parse_query(f"{QUOTED}\nand more").phrases == ()
    assert parse_query(f"{QUOTED}\n").phrases == ("brochure errors",), "a line end at the end makes no page"


@pytest.mark.parametrize(("length", "phrases"), [(300, ("brochure errors",)), (301, ())])
def test_a_line_is_typed_up_to_300_characters(length: int, phrases: tuple[str, ...]) -> None:
    text = f"{QUOTED} " + "x" * (length - len(QUOTED) - 1)
    assert len(text) == length
    assert parse_query(text).phrases == phrases
