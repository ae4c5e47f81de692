"""`kb init`: a new knowledge base, without a scratch to what was there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.config import Config, read_config
from tests.conftest import Outcome, Run
from tests.git import git

TEMPLATES = ("templates/after-action-review.md", "templates/experiment.md", "templates/post-mortem.md")
MADE = (".gitattributes", ".gitignore", "kb.toml", "lessons/example.md", "reuse/.gitattributes", *TEMPLATES)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def uncommented(text: str) -> str:
    """Return the configuration with every key that stands in a comment switched on."""
    return re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE)


def test_it_makes_config_lessons_and_gitignore_and_names_them(tmp_path: Path, kb: Run) -> None:
    root = tmp_path / "new" / "base"
    done = kb(None, "init", str(root))
    assert done == Outcome(
        0,
        f"made {root}/lessons/example.md\n"
        f"made {root}/templates/after-action-review.md\n"
        f"made {root}/templates/experiment.md\n"
        f"made {root}/templates/post-mortem.md\n"
        f"made {root}/.gitignore\n"
        f"made {root}/reuse/.gitattributes\n"
        f"made {root}/.gitattributes\n"
        f"made {root}/kb.toml\n",
        "kb: write lessons with `kb new`, then ask: kb search ...\n",
    )
    assert sorted(contents(root)) == sorted(MADE)
    assert (root / ".gitignore").read_text().splitlines()[-1] == ".kb/"


def test_without_a_folder_it_is_the_working_directory(tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kb(None, "init").code == 0
    assert sorted(contents(tmp_path)) == sorted(MADE)


def test_without_a_folder_the_root_that_is_named_is_made(tmp_path: Path, kb: Run) -> None:
    assert kb(tmp_path / "named", "init").code == 0
    assert sorted(contents(tmp_path / "named")) == sorted(MADE)


def test_the_config_means_the_defaults_as_it_is(tmp_path: Path, kb: Run) -> None:
    kb(None, "init", str(tmp_path))
    assert read_config(tmp_path) == Config(tmp_path)


def test_the_config_shows_every_key_with_its_default(tmp_path: Path, kb: Run) -> None:
    kb(None, "init", str(tmp_path))
    file = tmp_path / "kb.toml"
    written = file.read_text()
    shown = uncommented(written)
    for key in ("paths", "include", "exclude", "name", "limit"):
        assert len(re.findall(rf"^{key} = ", shown, re.MULTILINE)) == 1, key
    file.write_text(shown)
    config = read_config(tmp_path)
    assert config == Config(tmp_path, sections={"method": ("Recommendations",)})
    # What [sections] shows as an example changes nothing either.
    assert KindTable(config.sections).kind_of(["Recommendations"]) == KindTable().kind_of(["Recommendations"])


def test_the_example_is_a_lesson_without_problems_and_with_a_section_of_each_kind(tmp_path: Path, kb: Run) -> None:
    kb(None, "init", str(tmp_path))
    reading = read_lesson((tmp_path / "lessons" / "example.md").read_bytes(), "example.md", "example", KindTable())
    assert not reading.problems
    assert len(reading.answers) == 3
    assert {section.kind.value for section in reading.sections} == {
        *("problem", "case", "knowledge", "method", "tool", "failure", "impact", "applicability", "people"),
        "other",
    }


def test_it_refuses_to_overwrite_a_knowledge_base(tmp_path: Path, kb: Run) -> None:
    (tmp_path / "kb.toml").write_text("[search]\nlimit = 3\n")
    before = contents(tmp_path)
    done = kb(None, "init", str(tmp_path))
    assert done == Outcome(2, "", f"kb: {tmp_path / 'kb.toml'} exists already; nothing was changed\n")
    assert contents(tmp_path) == before


def test_a_second_time_changes_nothing(tmp_path: Path, kb: Run) -> None:
    kb(None, "init", str(tmp_path))
    (tmp_path / "lessons" / "example.md").unlink()
    before = contents(tmp_path)
    assert kb(None, "init", str(tmp_path)).code == 2
    assert contents(tmp_path) == before


def test_what_is_there_is_kept_and_no_example_is_added(tmp_path: Path, kb: Run) -> None:
    (tmp_path / "lessons" / "2006").mkdir(parents=True)
    (tmp_path / "lessons" / "2006" / "own.md").write_text("# Our own lesson\n")
    (tmp_path / ".gitignore").write_text("*.tmp\n")
    for template in TEMPLATES:
        (tmp_path / template).parent.mkdir(exist_ok=True)
        (tmp_path / template).write_text("ours")
    (tmp_path / "reuse").mkdir()
    (tmp_path / "reuse" / ".gitattributes").write_text("ours")
    before = contents(tmp_path)
    done = kb(None, "init", str(tmp_path))
    assert (done.code, done.out) == (0, f"made {tmp_path}/kb.toml\n")
    after = contents(tmp_path)
    assert after.pop("kb.toml")
    assert after == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, kb: Run) -> None:
    (tmp_path / "file").touch()
    done = kb(None, "init", str(tmp_path / "file" / "base"))
    assert (done.code, done.out) == (3, "")
    assert re.fullmatch(rf"kb: {re.escape(str(tmp_path / 'file'))}.*: not a directory\n", done.err)


def test_a_file_in_place_of_the_folder_is_wrong_usage(tmp_path: Path, kb: Run) -> None:
    (tmp_path / "file").write_text("mine")
    done = kb(None, "init", str(tmp_path / "file"))
    said = f"kb: invalid value for '[DIR]': Directory '{tmp_path / 'file'}' is a file; see `kb init --help`\n"
    assert done == Outcome(2, "", said)
    assert (tmp_path / "file").read_text() == "mine"


def test_attributes_that_are_there_are_left_as_they_are(tmp_path: Path, kb: Run) -> None:
    (tmp_path / ".gitattributes").symlink_to(tmp_path / "elsewhere")
    assert kb(None, "init", str(tmp_path)).code == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_link_that_came_with_a_repository_is_not_followed_and_a_users_own_is(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, work = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    work.mkdir()
    (work / "docs").symlink_to(outside)
    monkeypatch.chdir(work)
    git(work, "init", "-q")
    refused = kb(None, "init", "docs")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"kb: docs: a link below {work}, which is not followed; name what it leads to\n"
    assert not list(outside.iterdir())
    shutil.rmtree(work / ".git")
    assert kb(None, "init", "docs").code == 0
    assert (outside / "kb.toml").is_file()


def test_quiet_says_only_what_was_made(tmp_path: Path, kb: Run) -> None:
    done = kb(None, "-q", "init", str(tmp_path))
    assert done.err == ""
    assert done.out.splitlines()[-1] == f"made {tmp_path}/kb.toml"


@pytest.mark.usefixtures("default_model")
def test_the_new_knowledge_base_can_be_searched(tmp_path: Path, kb: Run) -> None:
    kb(None, "init", str(tmp_path))
    done = kb(tmp_path, "search", "--json", "parcels come back because the address is wrong")
    assert done.code == 0
    answer = json.loads(done.out)
    assert answer["mode"] == "hybrid"
    assert [hit["id"] for hit in answer["hits"]] == ["example"]


@pytest.mark.usefixtures("default_model")
def test_what_is_derived_ignores_itself_in_git_whatever_gitignore_says(tmp_path: Path, kb: Run) -> None:
    (tmp_path / ".gitignore").write_text("*.tmp\n")
    kb(None, "init", str(tmp_path))
    kb(tmp_path, "search", "--mode", "lexical", "label")
    assert "*" in (tmp_path / ".kb" / ".gitignore").read_text().splitlines()
