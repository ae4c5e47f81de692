"""What is shown of a lesson: whole words, those that match marked, and the sentence that is nearest in meaning."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LESSONS, Run

QUERIES = [
    "brochure errors",
    "every team plans in its own way",
    "plans cannot be compared; the deadline is too near for a course and too important for a review",
    "training sales region",
    "nobody knows whom to ask",
    "zebras",
]
WORD = re.compile(r"\w+")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, static_model: Path) -> Path:
    root = tmp_path_factory.mktemp("shown")
    shutil.copytree(LESSONS, root / "lessons")
    wide = " ".join(f"word{number}" for number in range(400)).capitalize()
    (root / "lessons" / "wide.md").write_text(f"# One sentence\n\n{wide} and zebras {wide}.\n")
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    return root


def shown(kb: Run, root: Path, query: str, *options: str) -> list[dict[str, Any]]:
    """Return every passage that is shown for a query, with its path."""
    done = kb(root, "search", "--json", "--all", "-n", "50", *options, query)
    hits = json.loads(done.out)["hits"]
    return [{**passage, "path": hit["path"]} for hit in hits for passage in (hit, *hit["more"])]


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_snippet_begins_and_ends_with_whole_words_of_its_lesson(base: Path, kb: Run, query: str, mode: str) -> None:
    found = shown(kb, base, query, "--mode", mode)
    assert found or mode == "lexical"
    for passage in found:
        words = WORD.findall(passage["snippet"])
        has = set(WORD.findall((base / passage["path"]).read_text("utf-8")))
        assert {words[0], words[-1]} <= has, passage["snippet"]
        assert len(passage["snippet"]) <= 300


def test_where_a_sentence_is_cut_there_are_dots(base: Path, kb: Run) -> None:
    best = shown(kb, base, "zebras", "--mode", "lexical")[0]
    assert re.fullmatch(r"(…word\d+ .* )?and zebras .* word\d+…", best["snippet"])


@pytest.mark.parametrize("query", QUERIES)
def test_the_marks_are_whole_words(base: Path, kb: Run, query: str) -> None:
    for passage in shown(kb, base, query):
        text = passage["snippet"]
        last = 0
        for start, end in passage["marks"]:
            assert last <= start < end <= len(text)
            assert re.fullmatch(r"\w[\w'-]*", text[start:end]), text[start:end]
            assert not re.search(r"\w\w", text[max(start - 1, 0) : start + 1])
            last = end


def test_what_was_asked_is_marked_in_any_form(base: Path, kb: Run) -> None:
    best = shown(kb, base, "brochures with an error", "--mode", "lexical")[0]
    marked = {best["snippet"][start:end].casefold() for start, end in best["marks"]}
    assert {"brochure", "errors"} <= marked


def test_a_lesson_that_is_there_by_meaning_shows_the_sentence_that_is_nearest(base: Path, kb: Run) -> None:
    best = shown(kb, base, "xylophone", "--mode", "semantic")[0]
    start, end = best["nearest"]
    assert (start, best["marks"]) == (0, [])
    assert end == len(best["snippet"]) or best["snippet"][end] == " "
    assert shown(kb, base, "brochure errors")[0]["nearest"] is None


def test_no_markdown_is_shown(base: Path, kb: Run) -> None:
    for query in QUERIES:
        for passage in shown(kb, base, query):
            assert not re.search(r"\*\*|\]\(|^\s*[-#|>] |`", passage["snippet"]), passage["snippet"]
