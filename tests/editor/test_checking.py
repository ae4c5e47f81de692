"""What is found in an open text, beside a library in memory: the same as `kb check` finds in files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.check.finding import Finding
from kb.check.request import CheckRequest
from kb.check.rule import Rule
from kb.check.rules import RULES
from kb.check.run import check
from kb.config import read_config
from kb.corpus.census import Census
from kb.corpus.open_census import open_census
from kb.editor.desk import Desk
from kb.editor.document import MOST_CHARACTERS
from kb.editor.open_text import Position, Range
from tests.checking import files_of, write_example
from tests.editor.library import TODAY, make_library, opened

EXAMPLES = [
    rule
    for rule in RULES.values()
    if not rule.asks and not rule.bad.startswith("==>") and rule.group not in ("reuse", "people")
]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
@pytest.mark.parametrize("of", ["bad", "good"])
def test_an_open_text_has_the_findings_of_its_file(rule: Rule, of: str, tmp_path: Path) -> None:
    (tmp_path / "kb.toml").touch()
    folder = tmp_path / "lessons"
    write_example(getattr(rule, of), folder)
    file = folder / "lesson.md"
    findings = check(read_config(tmp_path), CheckRequest(), TODAY).findings
    wanted = [one for one in findings if one.path.endswith("lesson.md")]
    text = file.read_bytes().decode()
    for left in ("# Something else, not yet saved\n", None):
        file.write_text(left, "utf-8") if left else file.unlink()
        assert said(opened(tmp_path, text, "lesson.md").findings) == said(wanted)


def said(findings: object) -> list[tuple[object, ...]]:
    assert isinstance(findings, (tuple, list))
    return [(one.line, one.column, one.code, one.severity, one.message, one.edits) for one in findings]


PARAGRAPHS = [" ".join(f"{word}{number}" for number in range(30)) for word in ("depot", "parcel", "label")] + ["Short."]
LESSONS = st.builds(
    lambda title, tags, unit, status, paragraphs, ids: (
        f"---\ntags: {tags}\nunit: {unit}\nstatus: {status}\nsupersedes: {ids}\n---\n# {title}\n\n"
        + "\n\n".join(paragraphs)
        + "\n"
    ),
    st.sampled_from(["Wrong labels", "wrong  Labels", "Late routes"]),
    st.lists(st.sampled_from(["depot", "Depot", "depots"]), max_size=2),
    st.sampled_from(["East", "east", "West"]),
    st.sampled_from(["draft", "validated", "retired"]),
    st.lists(st.sampled_from(PARAGRAPHS), max_size=3),
    st.lists(st.sampled_from(["a1", "a2", "a9"]), max_size=1),
)


@given(st.lists(LESSONS, min_size=1, max_size=7))
def test_tables_with_an_open_lesson_are_those_made_anew(lessons: list[str]) -> None:
    files = files_of("".join(f"==> a{number}.md <==\n{text}" for number, text in enumerate(lessons)))
    *others, last = files
    kept, anew = open_census(Census(others, TODAY), last), Census(files, TODAY)
    for name in ("by_id", "tags", "units", "superseded_by", "outdated", "by_title", "by_answer", "by_name", "by_stem"):
        assert getattr(kept, name) == getattr(anew, name), name
    found = {location: copies for location, copies in kept.copies.items() if copies}
    assert {location: [(one.block, set(one.others)) for one in copies] for location, copies in found.items()} == {
        location: [(one.block, set(one.others)) for one in copies] for location, copies in anew.copies.items()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_library(tmp_path / "base")


class Editing:
    """One open document of a library."""

    def __init__(self, path: Path, text: str) -> None:
        self.desk = Desk(lambda: TODAY)
        self.desk.open("it", path, 1, text)

    def found(self) -> list[str]:
        checked = self.desk.check("it")
        assert checked
        return [checked.problem] if checked.problem else [finding.code for finding in checked.findings]


def test_what_is_typed_is_checked_and_not_what_is_saved(root: Path) -> None:
    editing = Editing(root / "lessons" / "labels.md", "---\nstatus: validatd\n---\n# Wrong labels\n")
    assert "structure.choice" in editing.found()
    end = Position(1, len("status: validatd"))
    editing.desk.change("it", 2, [(Range(Position(1, 0), end), "status: draft")])
    assert "structure.choice" not in editing.found()


def test_what_others_change_on_disk_is_seen(root: Path) -> None:
    editing = Editing(root / "lessons" / "new.md", "---\nstatus: draft\nsupersedes: [later]\n---\n# Titles\n")
    assert "structure.dead-id" in editing.found()
    (root / "lessons" / "later.md").write_text("# Something later\n", "utf-8")
    assert "structure.dead-id" not in editing.found()
    (root / "kb.toml").write_text('[check]\nignore = ["retrievability"]\n', "utf-8")
    assert not [code for code in editing.found() if code.startswith("retrievability")]


def test_a_broken_configuration_is_said_until_it_is_put_right(root: Path) -> None:
    editing = Editing(root / "lessons" / "new.md", "# New\n")
    before = editing.found()
    for broken in ("[check\n", "[check]\nselect = ['nothing.at-all']\n", "[corpuss]\n"):
        (root / "kb.toml").write_text(broken, "utf-8")
        (problem,) = editing.found()
        assert problem.startswith(f"{root / 'kb.toml'}: ")
    (root / "kb.toml").write_text("", "utf-8")
    assert editing.found() == before


@pytest.mark.parametrize("name", ["README.md", "lessons/notes.txt", "people.md", "lessons/.hidden.md", "../outside.md"])
def test_a_file_that_is_no_lesson_is_left_alone(root: Path, name: str) -> None:
    editing = Editing((root / name).resolve(), "---\nstatus: wrong\n---\n")
    assert editing.found() == []
    assert editing.desk.lesson("it") is None


def test_a_document_that_is_no_file_is_left_alone() -> None:
    desk = Desk(lambda: TODAY)
    desk.open("untitled:1", None, 1, "---\nstatus: wrong\n---\n")
    checked = desk.check("untitled:1")
    assert checked
    assert (checked.findings, checked.problem) == ((), "")


def test_links_below_the_root_are_not_followed_and_a_root_that_is_a_link_is_the_users_own(root: Path) -> None:
    private = root.parent / "private"
    private.mkdir()
    (root / "lessons" / "away").symlink_to(private)
    assert Editing(root / "lessons" / "away" / "a.md", "---\nstatus: wrong\n---\n").found() == []
    (root / "lessons" / "again").symlink_to(root / "lessons")
    assert Editing(root / "lessons" / "again" / "a.md", "---\nstatus: wrong\n---\n").found() == []
    other = root.parent / "other"
    other.symlink_to(root)
    editing = Editing(other / "lessons" / "labels.md", "---\nstatus: wrong\n---\n# a\n")
    assert "structure.choice" in editing.found()
    lesson = editing.desk.lesson("it")
    assert lesson
    assert lesson.shown(root.resolve() / "lessons" / "routes.md") == other / "lessons" / "routes.md"


def test_each_document_belongs_to_the_knowledge_base_around_it(root: Path) -> None:
    inner = make_library(root / "lessons" / "inner")
    (inner / "kb.toml").write_text('[check]\nselect = ["secrets"]\n', "utf-8")
    text = "---\nstatus: wrong\n---\n# a\n"
    assert Editing(root / "lessons" / "a.md", text).found()
    assert Editing(inner / "lessons" / "a.md", text).found() == []


def test_a_text_that_is_no_lesson_is_said(root: Path) -> None:
    (problem,) = Editing(root / "lessons" / "a.md", "%PDF-1.7\n" + "\x01" * 50).found()
    assert "PDF" in problem


def test_a_text_that_is_too_long_is_not_followed_any_more_until_it_is_replaced(root: Path) -> None:
    editing = Editing(root / "lessons" / "a.md", "x" * MOST_CHARACTERS)
    editing.desk.change("it", 2, [(Range(Position(0, 0), Position(0, 0)), "xx")])
    (problem,) = editing.found()
    assert problem == "longer than 2,000,000 characters, so it is not checked here; run `kb check a.md`"
    editing.desk.change("it", 3, [(Range(Position(0, 0), Position(0, 2)), "")])
    assert editing.found() == [problem]
    editing.desk.change("it", 4, [(None, "# Short\n")])
    assert "structure" not in "".join(editing.found())


def test_a_document_that_is_opened_again_is_checked_anew(root: Path) -> None:
    path = root / "lessons" / "a.md"
    editing = Editing(path, "---\nstatus: draft\n---\n# One\n")
    assert "structure.choice" not in editing.found()
    editing.desk.open("it", path, 1, "---\nstatus: odd\n---\n# One\n")
    assert "structure.choice" in editing.found()


def test_a_change_that_comes_too_late_or_of_nothing_changes_nothing(root: Path) -> None:
    editing = Editing(root / "lessons" / "a.md", "# One\n")
    editing.desk.change("it", 5, [(None, "# Five\n")])
    editing.desk.change("it", 4, [(None, "# Four\n")])
    lesson = editing.desk.check("it")
    assert lesson
    assert lesson.lesson
    assert lesson.lesson.text.raw == "# Five\n"
    assert not editing.desk.change("other", 1, [(None, "")])
    editing.desk.close("it")
    assert editing.desk.check("it") is None


def test_the_day_of_a_check_is_the_day_on_which_it_runs(root: Path) -> None:
    today = [date(2026, 1, 1)]
    desk = Desk(lambda: today[0])
    desk.open("it", root / "lessons" / "a.md", 1, "---\nreview_by: 2026-06-01\n---\n# a\n")
    assert not overdue(desk)
    today[0] = date(2026, 7, 1)
    assert overdue(desk)


def overdue(desk: Desk) -> list[Finding]:
    checked = desk.check("it")
    assert checked
    return [one for one in checked.findings if one.code.startswith("staleness")]
