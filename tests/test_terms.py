"""What a lesson is found by: the words that its reader sees, however its writer marked them."""

from __future__ import annotations

import pytest

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage
from search.analysis.analyzer import indexed
from search.analysis.lesson_terms import Field, LessonTerms
from search.analysis.terms import terms_of


def found(text: str, **metadata: str) -> LessonTerms:
    lesson = Lesson("a.md", "a", "Labels", dict(metadata))
    return terms_of(lesson, [Passage(Origin.BODY, Kind.OTHER, (), (0, 1), text)])


def is_found(word: str, text: str) -> bool:
    terms, asked = found(text), indexed(word)
    names = {term for _, term in terms.further.get((Field.BODY, 0), ())}
    return {*asked.words} <= {*terms.passages[0]} and {name for _, name in asked.further} <= names


SEEN = {
    "Gr&ouml;&szlig;e": "Gr\u00f6\u00dfe",
    "caf&eacute; caf&#233;": "caf\u00e9",
    "| a | b |\n|---|---|\n| Gr&ouml;sse | x |": "Gr\u00f6sse",
    "![Schl&uuml;ssel](x.png)": "Schl\u00fcssel",
    "[x](y.html 'T&uuml;r')": "T\u00fcr",
    '<img alt="B&auml;r">': "B\u00e4r",
    "<details><summary>M&ouml;we</summary>\nx\n</details>": "M\u00f6we",
    "Q&amp;A": "Q&A",
    "ORA&#45;00942": "ORA-00942",
    "K&uuml;che&shy;nuhr": "K\u00fcchenuhr",
    "Drop<b>cap</b>": "Dropcap",
    "<span class=x>L</span>orem": "Lorem",
    "quag<wbr>gavol": "quaggavol",
    "CO<sub>2</sub>e": "CO2e",
    "**F**eige": "Feige",
    "***Q***uitte": "Quitte",
    "~~K~~irsche": "Kirsche",
    "[Ap](http://x.org/a)felbaum": "Apfelbaum",
    "order\\_export\\_v2.csv": "order_export_v2.csv",
    "C\\+\\+ is fast": "C++",
}


@pytest.mark.parametrize(("text", "word"), SEEN.items(), ids=SEEN.values())
def test_a_word_is_found_as_its_reader_sees_it(text: str, word: str) -> None:
    assert is_found(word, text)
    assert is_found(word, f"Above.\n\n{text}\n\nBelow.")


def test_what_only_the_writer_sees_is_found_too_and_other_paragraphs_stay_as_they_are() -> None:
    text = "Two *labels*.\n\n[Ap](http://x.org/orchard)felbaum\n\nThree labels."
    assert is_found("orchard", text)
    assert found(text).passages[0].count("label") == 2
    assert is_found("7", "7. **F**eige from 6.7 on")  # the number of an item


def test_code_is_found_as_it_is_written() -> None:
    assert is_found("keep_this", "`keep_this` and order\\_export")
    assert is_found("ouml", "```\nGr&ouml;sse\n```")


def test_words_stand_in_the_order_in_which_they_are_read() -> None:
    asked = indexed("Die Gr\u00f6sse der \u00dcbergabe im caf\u00e9 war").words
    assert found("Die Gr&ouml;sse der &Uuml;bergabe im caf&eacute; war falsch").passages[0][: len(asked)] == asked


def test_a_summary_is_read_like_the_body() -> None:
    assert indexed("caf\u00e9").words[0] in found("", summary="The caf&eacute; was shut").fields[Field.SUMMARY]
