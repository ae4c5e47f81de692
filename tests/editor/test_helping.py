"""Fixes, links, outlines, and what is shown beside a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.edit.edit import edited
from kb.editor.fixing import Action, actions
from kb.editor.hovering import hover
from kb.editor.linking import links
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import OpenText, Position, Range
from kb.editor.outlining import Heading, headings, lessons_called
from tests.editor.library import make_library, opened

EVERYWHERE = Range(Position(0, 0), Position(1000, 0))
ODD = "---\nstatus:  draft\nTags: [a]\ndate: 2026-13-40\n---\n# 😀 Late\u200b parcels\n\nSee [it](cheklist.md).\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_library(tmp_path / "base")


def after(lesson: OpenLesson, action: Action) -> str:
    """Return the document after an action, as an editor applies its edits: the last one first."""
    text = lesson.text
    for edit in sorted(action.edits, key=lambda edit: edit.range, reverse=True):
        text = text.replaced(edit.range, edit.text)
    return text.raw


@pytest.mark.parametrize("raw", [ODD, ODD.replace("\n", "\r\n"), "\ufeff" + ODD], ids=["LF", "CRLF", "BOM"])
def test_a_fix_makes_the_edits_of_check_fix(root: Path, raw: str) -> None:
    lesson = opened(root, raw)
    (all_,) = [action for action in actions(lesson, EVERYWHERE) if action.of_all]
    wanted = edited(lesson.file.text, [edit for finding in all_.findings for edit in finding.edits])
    fixed = after(lesson, all_)
    assert opened(root, fixed).file.text == wanted
    assert wanted != lesson.file.text
    assert fixed.count("\r\n") == raw.count("\r\n")
    assert fixed.startswith("\ufeff") == raw.startswith("\ufeff")
    single = [action for action in actions(lesson, EVERYWHERE) if action.is_fix and not action.of_all]
    assert {action.findings[0].code for action in single} >= {finding.code for finding in all_.findings}


@pytest.mark.parametrize("raw", [ODD, ODD.replace("\n", "\r\n"), "# No front matter\n\nIt was simply the best.\n"])
def test_a_comment_allows_a_finding_as_soon_as_it_has_a_reason(root: Path, raw: str) -> None:
    lesson = opened(root, raw)
    allowing = [action for action in actions(lesson, EVERYWHERE) if not action.is_fix]
    assert allowing
    for action in allowing:
        code = action.findings[0].code
        written = after(lesson, action)
        without = [one.code for one in opened(root, written).findings]
        assert "allowance.reason" in without, (action.title, written)
        given = written.replace(f"kb: allow {code}: ", f"kb: allow {code}: the law wants it ")
        left = [one.code for one in opened(root, given).findings]
        assert left.count(code) < [one.code for one in lesson.findings].count(code), (action.title, given)
        assert "allowance.unused" not in left


def test_only_findings_on_the_lines_asked_about_have_actions(root: Path) -> None:
    lesson = opened(root, ODD)
    at = Position(3, 2)
    found = [one for action in actions(lesson, Range(at, at)) if not action.of_all for one in action.findings]
    assert {"structure.date"} <= {one.code for one in found}
    assert {one.line for one in found} == {4}


LINKED = """\
---
supersedes: [labels]
related:
  - routes
  - nobody
reused:
  - lesson: labels
    outcome: helped
---
# 😀 Linked

😀 [[labels]] and [r](routes.md), [[Wrong labels|labels]], lessons/labels.md:3, [away](../../../etc/passwd),
[method](labels.md#method), [dead](dead.md), [[dead]], [web](https://example.org/a.md), [here](#linked).
"""


def test_links_lead_to_files_of_the_library_and_to_nothing_else(root: Path) -> None:
    lesson = opened(root, LINKED)
    found = links(lesson)
    base = root.resolve() / "lessons"
    assert [(one.range.start.line, one.target.name, one.line) for one in found] == [
        (1, "labels.md", 0),
        (3, "routes.md", 0),
        (6, "labels.md", 0),
        (11, "labels.md", 0),
        (11, "routes.md", 0),
        (11, "labels.md", 0),
        (11, "labels.md", 2),
        (12, "labels.md", 13),
        (12, "draft.md", 9),
    ]
    assert {one.target.parent for one in found} == {base}
    assert found[3].range == Range(Position(11, 5), Position(11, 11))


def test_a_link_through_a_link_is_not_offered(root: Path) -> None:
    (root.parent / "secret.md").write_text("# Secret\n", "utf-8")
    (root / "lessons" / "alias.md").symlink_to(root.parent / "secret.md")
    (root / "lessons" / "same.md").symlink_to(root / "lessons" / "labels.md")
    text = "# a\n\n[a](alias.md) [b](same.md) lessons/alias.md:1 [c](../../secret.md) ../../secret.md:1\n"
    assert links(opened(root, text)) == []


def shown(lesson: OpenLesson, line: int, character: int) -> str:
    found = hover(lesson, Position(line, character))
    return found.text if found else ""


def test_beside_an_id_stands_what_the_lesson_says(root: Path) -> None:
    card = shown(opened(root, LINKED), 1, 14)
    assert card == ("Wrong labels\nlabels · validated · no date\nno impact measured\n\nOne parcel in ten came back.")
    assert shown(opened(root, LINKED), 11, 7) == card


def test_beside_a_key_stands_its_documentation_and_on_a_finding_what_to_do(root: Path) -> None:
    lesson = opened(root, "---\nstatus: wrong\nreused:\n  - lesson: labels\n    outcome: helped\n---\n# Late\n")
    assert shown(lesson, 1, 2).startswith("How far it can be trusted.")
    assert shown(lesson, 4, 6).startswith("Whether it helped.")
    assert shown(lesson, 1, 10).startswith("structure.choice (error)")
    assert shown(lesson, 999, 999) == ""


def test_an_outline_has_the_sections_one_below_the_other(root: Path) -> None:
    lesson = opened(root, "---\na: 1\n---\nText\n# A\n## Method\nx\n#### Deep\n## \n# C\n")
    assert [tree(one) for one in headings(lesson)] == ["A(Method(Deep()),(empty)())", "C()"]
    first = headings(lesson)[0]
    assert (first.range.start.line, first.range.end.line, first.below[0].kind) == (4, 8, "method")


def tree(heading: Heading) -> str:
    return f"{heading.name}({','.join(map(tree, heading.below))})"


def test_lessons_are_found_by_words_of_their_title_or_id(root: Path) -> None:
    lessons = opened(root, "# a\n").lessons
    assert [one.title for one in lessons_called("LATE rou", lessons)] == ["Late routes"]
    assert [one.id for one in lessons_called("", lessons)] == ["labels", "routes"]
    assert lessons_called("late nobody", lessons) == []


def test_nothing_is_written(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    lesson = opened(root, ODD)
    actions(lesson, EVERYWHERE)
    links(lesson)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert isinstance(lesson.text, OpenText)
