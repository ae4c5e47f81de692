"""The map of a library as text in a terminal."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kb.terminal.keeper.topics import draw_map
from kb.topics.drawing import Library, draw
from kb.topics.facts import LessonFacts
from kb.topics.map_file import NO_MAP
from kb.topics.report import TopicMap
from kb.topics.words import LessonText, Vocabulary


def map_of(groups: int, size: int) -> TopicMap:
    """Return the map of some groups of lessons, each of which has a word of its own."""
    names = ["".join(chr(ord("b") + int(digit)) * 2 for digit in f"{group:03}") for group in range(groups)]
    texts = [LessonText((f"The {name} broke",), (f"A {name} broke.",)) for name in names for _ in range(size)]
    facts = [
        LessonFacts(f"l{number}", f"l{number}.md", text.names[0], "2026", "", (), True, number >= size, False, 0)
        for number, text in enumerate(texts)
    ]
    vectors = np.repeat(np.eye(groups, groups, dtype=np.float32), size, axis=0)
    digests = [f"{number:04}" for number in range(len(texts))]
    return draw(Library(facts, digests, Vocabulary(texts), vectors), NO_MAP, date(2026, 11, 28))[0]


def test_each_topic_of_a_subject_has_a_line_with_its_number_and_what_is_thin_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = map_of(groups=14, size=14)
    draw_map(found, None)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "196 lessons in 1 subject with 14 topics"
    for topic in found.topics:
        assert f"   {topic.number:>2} {topic.label} (14)" in printed
    (thin,) = [number for number, line in enumerate(printed) if line == "      thin: nobody to ask"]
    (weak,) = [topic for topic in found.topics if topic.thin]
    assert printed[thin - 1] == f"   {weak.number:>2} {weak.label} (14)"


def test_in_a_small_library_the_other_titles_are_listed_below_the_one_that_names_the_topic(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = map_of(groups=1, size=9)
    draw_map(found, None)
    printed = capsys.readouterr().out
    assert printed.startswith("9 lessons in 1 topic\n\n1. The bbbbbb broke\n   - The bbbbbb broke\n")
    assert "\n   - and 3 more\n   9 lessons, 2026" in printed
