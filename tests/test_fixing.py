"""`kb check --fix`: what has exactly one right answer, and not a character more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.format import FORMAT
from ingest.front_matter.yaml_block import parse_front_matter
from kb.check.fixing import Fixes, fix
from kb.check.request import CheckRequest
from kb.check.run import Checked, check
from kb.config import read_config
from tests.conftest import Run, write
from tests.permissions import like_anybody

TODAY = date(2026, 11, 22)


def checked(root: Path, *select: str) -> Checked:
    return check(read_config(root), CheckRequest(select=select or ("structure", "vocabulary")), TODAY)


def mended(root: Path, text: str | bytes) -> str:
    """Write a lesson and fix it; return its bytes as a text."""
    (root / "kb.toml").touch()
    file = write(root, "a.md", text if isinstance(text, bytes) else text.encode())
    fix(lambda: checked(root))
    return file.read_bytes().decode()


def base(root: Path, files: dict[str, str | bytes]) -> Path:
    (root / "kb.toml").touch()
    for name, text in files.items():
        write(root, name, text)
    return root


SLIPS = """\
---
# yaml-language-server: $schema=lesson.schema.json

# How far it can be trusted.
Status: "Validated"  # by all of us
title: Labels   # the problem

date: 1 May 2006
tags: shipping, labels
severity: high
answers: 'one, and only'
people:
 -   {Name: Jo, role: Learning_Professional }
---
# Status: Done
"""
MENDED = """\
---
# yaml-language-server: $schema=lesson.schema.json

title: Labels   # the problem

tags: [shipping, labels]
date: 2006-05-01
# How far it can be trusted.
status: "validated"  # by all of us
answers: ['one, and only']
people:
 -   {name: Jo, role: learning-professional }
severity: high
---
# Status: Done
"""


def test_all_that_is_certain_is_mended_and_every_comment_and_quote_stays(tmp_path: Path) -> None:
    assert mended(tmp_path, SLIPS) == MENDED
    assert [one.code for one in checked(tmp_path).findings] == ["structure.unknown-key"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path, mark: str, end: str) -> None:
    assert mended(tmp_path, (mark + SLIPS.replace("\n", end)).encode()) == mark + MENDED.replace("\n", end)


@pytest.mark.parametrize(
    "matter",
    [
        "date: &x 1 May 2006\nreview_by: *x",  # what an alias stands for has another place
        "unit: &x a\ntitle: *x",  # in the right order the alias would come before its anchor
        "tags: |\n  a, b",
        "<<: {Status: Draft}",
        'status: "Valid\\x61ted"',
        "Title: a\ntitle: b",
    ],
)
def test_what_cannot_be_mended_in_place_is_left_to_its_author(tmp_path: Path, matter: str) -> None:
    text = f"---\n{matter}\n---\n"
    assert mended(tmp_path, text) == text


def test_what_spans_several_lines_moves_as_a_whole(tmp_path: Path) -> None:
    summary = "summary: |\n  # no comment\n\n  end\n"
    others = "id: x\n# of the title\n# and more\ntitle: >-\n  folded\n  text\n"
    assert mended(tmp_path, f"---\n{summary}{others}---\n") == f"---\n{others}{summary}---\n"


def test_keys_on_one_line_keep_their_order_and_do_not_keep_others_from_being_mended(tmp_path: Path) -> None:
    text = "---\n{status: Draft, title: x, Review-By: 5 May 2027}\n---\n"
    assert mended(tmp_path, text) == "---\n{status: draft, title: x, review_by: 2027-05-05}\n---\n"
    assert not any(finding.edits for finding in checked(tmp_path).findings)


def test_tags_follow_the_majority(tmp_path: Path) -> None:
    for name in ("b", "c"):
        write(tmp_path, f"{name}.md", "---\ntags: [proofreading]\n---\n")
    assert mended(tmp_path, "---\ntags: x, Proof-Reading\n---\n") == "---\ntags: [x, proofreading]\n---\n"


# --- at the command line


def test_the_diff_is_shown_and_what_is_left_is_found(tmp_path: Path, kb: Run) -> None:
    root = base(tmp_path, {"a.md": b"---\r\nStatus: Done\r\n---\r\n# T"})
    result = kb(root, "check", "--fix", "--select", "structure")
    assert result.code == 1
    shown = (root / "lessons" / "a.md").as_posix()
    assert result.out.splitlines()[:6] == [
        *(f"--- a/{shown}", f"+++ b/{shown}", "@@ -1,4 +1,4 @@", " ---", "-Status: Done", "+status: Done"),
    ]
    assert "structure.choice" in result.out
    assert result.err == "kb: fixed 1 finding in 1 file\n"


def test_what_is_allowed_or_not_selected_is_not_mended(tmp_path: Path, kb: Run) -> None:
    root = base(tmp_path, {"a.md": "---\nstatus: Draft\ndate: 2006/05\n---\n"})
    assert kb(root, "check", "--fix", "--select", "structure.date").code == 0
    assert (root / "lessons" / "a.md").read_text() == "---\nstatus: Draft\ndate: 2006-05\n---\n"


def test_a_file_that_is_read_only_is_named_and_the_others_are_mended(tmp_path: Path, kb: Run) -> None:
    root = base(tmp_path, {f"{name}.md": "---\nstatus: Draft\n---\n" for name in "ab"})
    locked, other = root / "lessons" / "a.md", root / "lessons" / "b.md"
    locked.chmod(0o444)
    with like_anybody():
        result = kb(root, "check", "--fix", "--select", "structure")
    assert (result.code, result.err.splitlines()) == (
        3,
        ["kb: fixed 1 finding in 1 file", f"kb: {locked}: permission denied; nothing was written"],
    )
    assert (locked.read_text(), other.read_text()) == ("---\nstatus: Draft\n---\n", "---\nstatus: draft\n---\n")


def test_a_file_that_changed_since_it_was_checked_is_not_written(tmp_path: Path) -> None:
    root = base(tmp_path, {"a.md": "---\nstatus: Draft\n---\n"})
    before = checked(root)
    write(root, "a.md", "---\ntitle: Mine\nstatus: Draft\n---\n")
    fixes: Fixes = fix(lambda: before)
    assert fixes.files == ()
    assert [problem.reason.split(";")[0] for problem in fixes.failed] == ["was changed by somebody else meanwhile"]
    assert (root / "lessons" / "a.md").read_text() == "---\ntitle: Mine\nstatus: Draft\n---\n"


def test_a_diff_is_no_report_for_another_program(tmp_path: Path, kb: Run) -> None:
    result = kb(base(tmp_path, {}), "check", "--fix", "--format", "json")
    assert (result.code, result.out) == (2, "")


# --- whatever is written


WRITTEN = {
    "Validated": "validated",
    "do_learn_do": "do-learn-do",
    "1 May 2006": "2006-05-01",
    "2006/5": "2006-05",
}
"""Values that have one right answer, and that."""
VALUES = {
    "title": ["a", "'b'", '"c: d"', ">-\n  e\n  f", "[g"],
    "tags": ["a, b", "[a, b]", "[a,\n b]", "\n  - a  # why\n  - b", "\n- a\n# not\n- b"],
    "status": ["Validated", "draft", "'Validated'"],
    "mode": ["do_learn_do", "&m do_learn_do"],
    "date": ["1 May 2006", "2006", '"2006/5"', "2021-02-30"],
    "review_by": ["2006/5  # soon", "*m"],
    "people": ["\n  - {Name: Jo}", "\n  - name: Jo\n    role: team\n", "[]"],
    "severity": ["high", "{deep: [1, 2]}", "|\n  # text\n\n  more"],
}
ENTRIES = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.tuples(
            st.sampled_from(["", "# above\n", "\n", "\n# apart\n\n"]),
            st.sampled_from([name, name, name.title(), name.replace("_", "-")]),
            st.sampled_from(VALUES[name]),
        )
    ),
    max_size=5,
)


def as_meant(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a front matter as it is after the slips of `VALUES` are mended."""
    keys = {name.casefold().replace("-", "_"): value for name, value in metadata.items()}
    meant = {name: WRITTEN.get(value, value) if isinstance(value, str) else value for name, value in keys.items()}
    if isinstance(tags := meant.get("tags"), str):
        meant["tags"] = tags.split(", ")
    if isinstance(people := meant.get("people"), list):
        meant["people"] = [{name.lower(): value for name, value in person.items()} for person in people]
    return meant


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.sampled_from(["\n", "\r\n"]))
def test_a_mended_file_says_the_same_but_for_what_was_mended(entries: list[tuple[str, str, str]], end: str) -> None:
    matter = "".join(f"{above}{name}: {value.strip(' ')}\n" for above, name, value in entries)
    before = parse_front_matter(matter, "a.md", 1)
    with TemporaryDirectory() as folder:
        text = mended(Path(folder), f"---\n{matter}---\nBody: Done\n".replace("\n", end).encode())
        again = mended(Path(folder), text.encode())
    assert again == text
    assert ("\r" in text) is (end == "\r\n")
    rows = text.replace("\r\n", "\n").split("---\nBody")
    after = parse_front_matter(rows[0].removeprefix("---\n"), "a.md", 1)
    assert rows[1] == ": Done\n"
    assert text.count("#") == matter.count("#")
    folded = [name.casefold().replace("-", "_") for name in before.metadata]
    if len(set(folded)) == len(folded) and not before.problem:
        assert as_meant(after.metadata) == as_meant(before.metadata)
        ranks = [list(FORMAT.keys).index(name) for name in after.metadata if name in FORMAT.keys]
        assert ranks == sorted(ranks) or "&" in text
