"""What each command prints as JSON is what its published form says, in any library."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from kb.forms.published import PUBLISHED
from tests.conftest import Make, Run, write
from tests.demand.test_gaps import ask
from tests.git import commit, git
from tests.printed_json import name_of, validator

COMPANY = Path(__file__).parent.parent.parent / "examples" / "company"
PEOPLE = """\
---
people:
  - {name: Ana Ruiz, contact: ana@example.org, unit: North, until: 2024, successor: Bo Lind}
  - {name: Bo Lind, contact: bo@example.org, unit: North}
---
"""
LABELS = """\
---
id: labels
title: Labels that fall off
summary: Parcels came back because labels fell off.
tags: [parcels, labels]
unit: North
date: 2019-05
status: superseded
answers: [why do parcels come back]
review_by: 2020-01
people:
  - {name: Ana Ruiz, role: contact, contact: ana@example.org, until: 2031}
  - {name: Cy Moe}
cost: {amount: 1000, currency: EUR, budget: learning}
impact:
  - area: cost
    metric: cost of parcels that came back
    kind: financial
    before: 9000
    after: 4000
    unit: EUR per year
    better: less
    target: 5000
    design: natural-field-experiment
    compared_with: South
    n: 40
    period: a year
    attributed: 60 %
    note: since then
    series: {before: [9100, 9000, 8900, 9000], after: [4000, 4100]}
    control: {before: 9000, after: 8800, n: 30, chosen: at-random, series: {before: [1, 2], after: [3]}}
    repeated: West
  - {area: cycle-time, change: -20 %, design: pre-post}
  - {note: not measured yet}
reused: [{lesson: boxes, outcome: helped, note: at once, saved: 12 days}]
applies_when: [parcels are sent]
not_when: [letters]
history: [{date: 2020-02-01, what: superseded, by: Cy, because: a better one}]
x-own: {any: [1, null, true, {deep: 2.5}]}
---
# Labels that fall off

## Problem

Parcels come back because their labels fall off.

## Method

Ask the packers first. Then count the labels.

## Tools

A checklist hangs beside the printer.

## What did not work

Stronger glue did not work.
"""
FULL: dict[str, str | bytes] = {
    "labels.md": LABELS,
    "newer.md": LABELS.replace("id: labels", "id: newer\nsupersedes: [labels]").replace("superseded", "validated"),
    "boxes.md": "# Boxes\n\n## Problem\n\nBoxes of parcels are crushed by the belt.\n",
    "lids.md": f"---\nreused: [{{lesson: labels}}]\n---\n# Lids\n\nSee {'https://example.org/x'} and `gone.py`.\n",
}
RECORD = "[demand]\nrecord = true\n"


@pytest.fixture(params=["company", "full", "empty"])
def root(request: pytest.FixtureRequest, make: Make, kb: Run, tmp_path: Path) -> Path:
    """A knowledge base in git with an index: with ten whole lessons, with each optional value, and with nothing."""
    root = make({} if request.param == "empty" else FULL if request.param == "full" else {}, RECORD)
    if request.param == "company":
        copytree(COMPANY / "lessons", root / "lessons", dirs_exist_ok=True, ignore=ignore_patterns(".kb"))
    if request.param == "full":
        (root / "people.md").write_text(PEOPLE, "utf-8")
    git(root, "init", "-q")
    commit(root)
    assert kb(root, "reindex", "--json").code == 0
    if request.param == "full":  # a file that cannot be read, questions that nothing answers, two runs
        write(root, "broken.md", b"---\ntitle: [\n---\n# B\n")
        write(root, "binary.md", b"\x00\xff\xfe")
        kb(root, "reindex", "--json")
        for text in ("zebras in the yard", "zebras graze in the yard"):
            ask(root, text)
    return root


def calls(root: Path, queries: Path) -> Iterator[tuple[str, ...]]:
    """Yield a call for each published form, and the answers that differ from each other."""
    batch = queries / "batch.jsonl"
    batch.write_text('{"id": 1, "query": "parcels"}\n{"query": "zebras"}\nnone\n{"id": "a"}\n', "utf-8")
    (queries / "q.tsv").write_text("one\tparcels come back\ntwo\tboxes\n", "utf-8")
    (queries / "r.tsv").write_text("query-id\tcorpus-id\tscore\none\tlabels\t1\ntwo\tboxes\t1\n", "utf-8")
    yield ("search", "--json", "parcels come back because labels fall off")
    yield ("search", "--json", "zebra quagga okapi")
    yield ("search", "--json", "--mode", "lexical", "cost checklist printer packers North")
    yield ("search", "--batch", str(batch))
    yield ("search", "--json", "--as-of", "HEAD", "parcels")
    for command in ("brief", "who"):
        yield (command, "--json", "parcels come back")
        yield (command, "--json", "zebra quagga okapi")
    lessons = sorted((root / "lessons").glob("*.md"))
    for lesson in [path.stem for path in lessons if path.stem not in ("broken", "binary")]:
        yield ("show", "--json", lesson)
    if lessons:
        some = lessons[-1].stem
        yield ("search", "--json", "--why-not", some, "parcels")
        yield ("similar", "--json", some)
        yield ("reuse", some, "--in", "Depot West, spring", "--outcome", "helped", "--json")
        yield ("new", "Parcels in the rain", "--json")
        yield ("map", "--topic", "1", "--json")
        yield ("eval", str(queries / "q.tsv"), str(queries / "r.tsv"), "--per-query", "--json")
    for by in ("area", "kind", "design", "unit", "year"):
        yield ("impact", "--by", by, "--json")
    yield ("check", "--format", "json")
    yield ("digest", "--all", "--json")
    yield ("gaps", "--share", "--json")
    yield ("digest", "--since", "2000-01-01", "--json")
    for command in ("list", "map", "gaps", "near-duplicates", "stale", "weekly", "demand", "token", "reindex"):
        yield (command, "--json")
    for command in ("status", "rollback", "gc", "doctor"):
        yield (command, "--json")


def test_every_command_prints_its_form(root: Path, kb: Run, tmp_path: Path) -> None:
    named, printed = set(), set()
    for arguments in calls(root, tmp_path):
        done = kb(root, *arguments)  # which checks what it prints
        named.add(name_of(arguments))
        if done.out:
            json.loads(done.out.splitlines()[0])
            printed.add(name_of(arguments))
    if any((root / "lessons").iterdir()):
        assert named == PUBLISHED.keys()
    if "labels.md" in {path.name for path in (root / "lessons").iterdir()}:
        assert printed >= PUBLISHED.keys() - {"digest-all"}, "what is printed of a library that has everything"


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if key != "metadata":
            yield from places(part, (*place, key))


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value


@pytest.mark.parametrize("command", ["search", "show", "stale", "status"])
def test_a_key_or_a_type_that_no_form_knows_is_seen(command: str, indexed: Make, kb: Run) -> None:
    root = indexed({"labels.md": FULL["labels.md"], "newer.md": FULL["newer.md"]})
    words = {"search": ["parcels come back"], "show": ["labels"]}.get(command, [])
    printed = json.loads(kb(root, command, "--json", *words).out)
    known = validator(command)
    assert known.is_valid(printed)
    for place in places(printed):
        changed = copy.deepcopy(printed)
        if isinstance(at(printed, place), dict):
            at(changed, place)["unheard-of"] = [[[]]]
            assert not known.is_valid(changed), place
        if place:
            changed = copy.deepcopy(printed)
            at(changed, place[:-1])[place[-1]] = [[["wrong"]]]
            assert not known.is_valid(changed), place
