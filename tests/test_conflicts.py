"""Conflicts that a merge left: named, and both versions read as text."""

from __future__ import annotations

import json

import pytest

from ingest.conflicts import conflicts_in
from ingest.kinds import KindTable
from ingest.passages.splitting import split_lesson
from ingest.problem import Defect
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from tests.conftest import Make, Run

CONFLICT = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> theirs\n"
JUJUTSU = """\
<<<<<<< Conflict 1 of 1
%%%%%%% Changes from base to side #1
-old ibex
+new jackal
+++++++ Contents of side #2
other kakapo
>>>>>>> Conflict 1 of 1 ends
"""
ABOUT_THE_FIRST_LINE = "<<<<<<< HEAD\n```sh\n=======\n```bash\n>>>>>>> topic\nrun dingo\n```\n"
ABOUT_THE_LAST_LINE = "```sh\nrun dingo\n<<<<<<< HEAD\n```\n=======\nrun gecko\n```\n>>>>>>> topic\n"


def read(text: str) -> Reading:
    return read_lesson(text.encode(), "lessons/a.md", "a", KindTable())


def passages(text: str) -> str:
    window = Window(50, lambda texts: [[i for i, sign in enumerate(said) if sign == " "] for said in texts], "words")
    return "".join(passage.text for passage in split_lesson(read(text), window))


def test_a_conflict_is_named_and_both_sides_are_text() -> None:
    found = read(f"# Labels\n\nAbove\n{CONFLICT}\nBelow\n")
    assert [(problem.line, problem.defect) for problem in found.problems] == [(4, Defect.MERGE_CONFLICT)]
    assert [section.headings for section in found.sections] == [("Labels",)]
    assert "ours" in passages(found.text)
    assert "theirs" in passages(found.text)
    for marker in ("<<<<<<<", "=======", ">>>>>>>"):
        assert marker in found.text
        assert marker not in found.seen_text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("<<<<<<< a\nx\n||||||| b\ny\n=======\nz\n>>>>>>> c\n", (0, 2, 4, 6)),
        (JUJUTSU, (0, 1, 4, 6)),
        (JUJUTSU.replace("%%%%%%%", "-------").replace("+++++++", "\\\\\\\\\\\\\\"), (0, 1, 4, 6)),
        ("<<<<<<<<<<<< HEAD\nx\n============\nHeading\n=======\n>>>>>>>>>>>> topic\n", (0, 2, 5)),
        (f"{ABOUT_THE_FIRST_LINE}\nBelow\n", (0, 2, 4)),
        (ABOUT_THE_LAST_LINE, (2, 4, 7)),
        (f"```sh\n{CONFLICT}nothing ends the fence\n", (1, 3, 5)),
        (f"- ```sh\n  run\n  ```\n\n{CONFLICT}", (4, 6, 8)),
        (f"~~~\n~~~ is no end\n~~~\n{CONFLICT}", (3, 5, 7)),
    ],
    ids=["ancestor", "Jujutsu", "snapshots", "longer", "first line", "last line", "open fence", "item", "not an end"],
)
def test_a_conflict_is_known_by_its_markers(text: str, rows: tuple[int, ...]) -> None:
    assert conflicts_in(text) == [(rows, True)]


def test_below_a_conflict_about_a_fence_the_next_one_is_found() -> None:
    text = f"{ABOUT_THE_FIRST_LINE}\n{CONFLICT}\n{ABOUT_THE_LAST_LINE}\n{CONFLICT}"
    assert len(conflicts_in(text)) == 4


def test_in_a_fence_a_conflict_of_the_same_versions_as_outside_is_one_too() -> None:
    assert [found.rows for found in conflicts_in(f"{CONFLICT}\n```\n{CONFLICT}```\n")] == [(0, 2, 4), (7, 9, 11)]
    other = CONFLICT.replace("HEAD", "mine")
    assert [found.rows for found in conflicts_in(f"{CONFLICT}\n```\n{other}```\n")] == [(0, 2, 4)]


def test_a_conflict_in_the_ancestor_of_a_conflict_is_one_of_its_own() -> None:
    inner = "<<<<<<<<< a\nx\n=========\ny\n>>>>>>>>> b\n"
    found = conflicts_in(f"<<<<<<< HEAD\no\n||||||| base\n{inner}=======\nt\n>>>>>>> topic\n")
    assert [conflict.rows for conflict in found] == [(0, 2, 8, 10), (3, 5, 7)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ours gibbon\n=======\ntheirs hoatzin\n>>>>>>> topic\n", (1, 3)),
        ("theirs hoatzin\n>>>>>>> 1a2b3c4 (Count the parcels)\n\nbelow\n", (1,)),
        ("<<<<<<< HEAD\nonly the first\n", (0,)),
        ("x\n<<<<<<< Updated upstream\ny\n", (1,)),
        ("x\n>>>>>>> Stashed changes\n", (1,)),
        ("x\n>>>>>>> Conflict 1 of 1 ends\n", (1,)),
    ],
)
def test_what_is_left_of_a_conflict_is_named(text: str, rows: tuple[int, ...]) -> None:
    assert conflicts_in(text) == [(rows, False)]
    (problem,) = read(text).problems
    assert (problem.line, problem.defect) == (rows[0] + 1, Defect.MERGE_CONFLICT)
    assert problem.reason.startswith("what is left of a merge conflict")


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{CONFLICT}```\n",
        f"```sh\n{CONFLICT}```\n",
        f"```\n{JUJUTSU}```\n",
        "Heading\n=======\n\ntext\n",
        f"~~~~\n```\n{CONFLICT}~~~~\n",
        f"````\n```\n{CONFLICT}````\n",
        "```\n<<<<<<< HEAD\n```\nbegins it,\n```\n=======\n```\nparts it,\n```\n>>>>>>> topic\n```\nends it.\n",
        "```\n<<<<<<< HEAD\n```\n",
        "<<<<<<< HEAD and >>>>>>> are what git writes\n",
        "<<<<<<<<<<\nx\n=======\ny\n>>>>>>>>>>\n",
        "Problem\n=======\n\n>>>>>> Are\n>>>>>>> you\n>>>>>>> there?\n",
        ">>>>>>> a quotation of a quotation\n",
        "    <<<<<<< HEAD\n    a\n    =======\n    b\n    >>>>>>> topic\n",
        "> <<<<<<< HEAD\n> a\n> =======\n> b\n> >>>>>>> topic\n",
    ],
)
def test_what_only_looks_like_a_conflict_is_none(text: str) -> None:
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("conflict", "words"),
    [(JUJUTSU, ["ibex", "jackal", "kakapo"]), (ABOUT_THE_FIRST_LINE, ["dingo", "bash"])],
)
def test_every_version_is_found_and_reindex_check_and_doctor_name_it(
    make: Make, kb: Run, conflict: str, words: list[str]
) -> None:
    root = make({"a.md": f"# Labels\n\n{conflict}"})
    assert "lessons/a.md:3: a merge conflict, down to line" in kb(root, "reindex").err
    assert "structure.merge-conflict" in kb(root, "check").out
    assert "a merge conflict" in kb(root, "doctor").out
    for word in words:
        hits = json.loads(kb(root, "search", "--json", "--mode", "lexical", word).out)["hits"]
        assert [hit["title"] for hit in hits] == ["Labels"]
