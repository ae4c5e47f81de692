"""What is shown of a lesson: sentences, words that match marked, what it is about, what helped, what it was worth."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LESSONS, Make, Run

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


def printed(kb: Run, root: Path, query: str) -> str:
    return kb(root, "search", "--mode", "lexical", "--all", "-n", "1", query).out


BOXES = """\
    ---
    title: Wrong boxes
    unit: not stated (a warehouse)
    summary: {summary}
    people:
      - {{name: Desk (name not stated), role: contact, contact: not stated}}
      - {{name: Jane Doe, role: learning-professional, contact: "unknown; ask the desk, number not stated"}}
    impact:
      - {{area: cost, change: not stated, design: natural-field-experiment}}
      - {{area: cost, metric: wrong boxes, before: 12, after: 1, unit: a day, design: pre-post}}
    ---
    # Wrong boxes

    ## Problem

    Zebras were packed in place of horses.

    ## Tools

    ### Tread label

    Bought from M. Morrison. It shows the size of zebras. It sticks.

    ## Recommendations

    Walk along with ten boxes. Count zebras twice a day, and then once more. Where to begin is not stated.
    """


def test_what_helped_stands_below_a_problem_in_the_lessons_own_words(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": BOXES.format(summary="Packers went by old labels.")})
    assert printed(kb, root, "packed zebras") == (
        "1. Wrong boxes\n"
        "   Packers went by old labels.\n"
        "   answers · problem · Problem\n"
        "   Zebras were packed in place of horses.\n"
        "   tool: It shows the size of zebras. It sticks.\n"
        "   method: Count zebras twice a day, and then once more.\n"
        "   worth: wrong boxes down from 12 to 1 a day (fair evidence: measured before\n   and after)\n"
        "   ask: Jane Doe (learning professional)\n"
        "   lessons/a.md:14\n"
    )
    hit = shown(kb, root, "packed zebras", "--mode", "lexical")[0]
    assert hit["summary"] == "Packers went by old labels."
    assert {kind: (said["line"], said["kind"]) for kind, said in hit["helped"].items()} == {
        "tool": (20, "tool"),
        "method": (24, "method"),
    }
    assert hit["unit"] == "not stated (a warehouse)", "JSON keeps what the file says"
    assert hit["people"][0]["contact"] == "not stated"
    assert hit["impact"][0]["design"] == "natural-field-experiment"


@pytest.mark.parametrize(
    ("query", "kind", "helped"),
    [("packed horses", "problem", 2), ("sticks", "tool", 0), ("twice", "method", 0)],
)
def test_what_helped_is_not_said_where_the_passage_says_it(
    make: Make, kb: Run, query: str, kind: str, helped: int
) -> None:
    root = make({"a.md": BOXES.format(summary="")})
    hit = shown(kb, root, query, "--mode", "lexical")[0]
    assert (hit["kind"], len(hit["helped"]), hit["summary"]) == (kind, helped, None)


def test_without_any_of_the_words_the_section_begins(make: Make, kb: Run) -> None:
    root = make({"a.md": BOXES.format(summary="")})
    out = printed(kb, root, "packed horses")
    assert "   tool: Tread label: Bought from M. Morrison. It shows the size of zebras. It sticks.\n" in out.replace(
        "\n   sticks", " sticks"
    )
    assert "   method: Walk along with ten boxes." in out


@pytest.mark.parametrize(
    ("summary", "lines"),
    [
        (
            "Zebras were packed in place of horses.",
            ["   answers · problem · Problem", "   Zebras were packed in place of horses."],
        ),
        (
            "Zebras were packed in place of horses, until labels came.",
            ["   Zebras were packed in place of horses, until labels came.", "   answers · problem · Problem"],
        ),
        ("not stated", ["   answers · problem · Problem", "   Zebras were packed in place of horses."]),
    ],
)
def test_nothing_is_said_twice(make: Make, kb: Run, summary: str, lines: list[str]) -> None:
    root = make({"a.md": BOXES.format(summary=f'"{summary}"')})
    assert printed(kb, root, "packed zebras").splitlines()[1:3] == lines


PUMPS = """\
---
title: Pumps leak
customer: Zanzibar Quuxworks
origin: Zanzibar
site: {town: Frobville, keeper: not stated}
tags: [hydraulics, valves]
people: [{name: Jane Doe}]
"cause, as found": wear
---
# Pumps leak

## Problem

The pumps leak at night.
"""


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("Quuxworks", ["   customer: Zanzibar Quuxworks"]),
        ("pumps of Zanzibar", ["   customer: Zanzibar Quuxworks"]),
        ("hydraulics", ["   tags: hydraulics"]),
        ("town frobville", ["   site.town: Frobville"]),
        ("what was found as the cause", ["   cause, as found: wear"]),
        ("Quuxworks valves frobville", ["   customer: Zanzibar Quuxworks", "   site.town: Frobville"]),
        *((query, []) for query in ("pumps leak", "Jane", "keeper")),
    ],
)
def test_a_value_of_the_front_matter_that_was_found_is_shown(make: Make, kb: Run, query: str, lines: list[str]) -> None:
    root = make({"a.md": PUMPS})
    known = ("   The pumps", "   ask:", "   answers", "   may help", "   nearest", "   lessons")
    _, *said = printed(kb, root, query).splitlines()
    assert [line for line in said if not line.startswith(known)] == lines


STATES = """\
---
status: waiting for numbat
reused: [we took okapi along, {lesson: x, outcome: helped, because: the tapir sheet}]
related: [see pangolin]
history: moved by quoll
review_by: when rhea is back
id: [gibbon, b]
title: {about: hoatzin}
---
# Pumps leak

The pumps leak at night.
"""


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("numbat", ["   status: waiting for numbat"]),
        ("okapi", ["   reused: we took okapi along"]),
        ("because tapir", ["   reused.because: the tapir sheet"]),
        ("pangolin", ["   related: see pangolin"]),
        ("quoll", ["   history: moved by quoll"]),
        ("rhea", ["   review_by: when rhea is back"]),
        ("gibbon", ["   id: gibbon"]),
        ("hoatzin", ["   title.about: hoatzin"]),
    ],
)
def test_words_that_a_key_cannot_mean_are_found_and_shown(make: Make, kb: Run, query: str, lines: list[str]) -> None:
    root = make({"a.md": STATES})
    said = printed(kb, root, query).splitlines()
    assert [line for line in said if line in lines] == lines, said


SECTIONS = {
    "empty": "",
    "a link": "[The sheet](sheet.md)",
    "a table": "| Sheet | For |\n|---|---|\n| A3 | walls |",
    "nothing but a header": "| Sheet | For |\n|---|---|",
    "code": "```sh\nmake sheet\n```",
    "a comment": "<!-- The sheet -->",
    "not stated": "Not stated.",
    "HTML soup": "<div><p>The <b>sheet</b> &amp; more<br>and <i>more</div><script>x()</script>",
    "right to left": "הגיליון נמצא ליד המדפסת.",
    "no spaces": "紙は壁にあります。もう一枚。",
    "Thai": "กระดาษอยู่บนผนัง",
    "a megabyte": "sheet " * 170_000,
    "a megabyte of one word": "x" * 1_000_000,
}
HELP = {
    "a link": "The sheet",
    "a table": "Sheet: A3; For: walls",
    "nothing but a header": "Sheet; For",
    "code": "make sheet",
    "HTML soup": "The sheet & more · and more",
    "right to left": "הגיליון נמצא ליד המדפסת.",
    "no spaces": "紙は壁にあります。 もう一枚。",
    "Thai": "กระดาษอยู่บนผนัง",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_of_tools_may_be_anything(make: Make, kb: Run, section: str) -> None:
    root = make({"a.md": f"# Boxes\n\n## Problem\n\nZebras came back.\n\n## Tools\n\n{SECTIONS[section]}\n"})
    hit = shown(kb, root, "zebras", "--mode", "lexical")[0]
    tool = hit["helped"].get("tool", {}).get("snippet", "")
    if section.startswith("a megabyte"):
        assert 0 < len(tool) <= 131
        assert tool.endswith("…")
    else:
        assert tool == HELP.get(section, "")
    assert ("   tool:" in printed(kb, root, "zebras")) == bool(tool)


def test_a_table_of_contents_is_not_shown_where_a_sentence_tells_as_much(make: Make, kb: Run) -> None:
    contents = "\n".join(f"- [Zebras and horses {number}](#a{number})" for number in range(40))
    root = make({"a.md": f"# Boxes\n\n## Contents\n\n{contents}\n\n## Animals\n\nOf zebras and horses nobody knew.\n"})
    assert shown(kb, root, "zebras horses", "--mode", "lexical")[0]["snippet"] == "Of zebras and horses nobody knew."


def test_a_row_of_a_long_table_is_shown_with_its_header(make: Make, kb: Run) -> None:
    rows = "\n".join(f"| animal {number} | {'stripes and hooves ' * 3} |" for number in range(200))
    root = make({"a.md": f"# Boxes\n\n| Name | Sign |\n|---|---|\n{rows}\n| zebra | stripes |\n"})
    assert "Name: zebra; Sign: stripes" in shown(kb, root, "zebra", "--mode", "lexical")[0]["snippet"]


def test_the_text_is_the_same_at_every_width(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = set()
    for columns in ("40", "80", "140"):
        monkeypatch.setenv("COLUMNS", columns)
        texts.add(" ".join(kb(base, "search", "--all", "brochure errors").out.split()))
    assert len(texts) == 1
