"""`kb search --as-of`: the lessons as they stood, with an index of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.past.keeping import KEPT, keep_few
from kb.system.user_cache import past_folder
from search.storage import folder_beside
from tests.conftest import Make, Run, write
from tests.git import git
from tests.library import FORMS, LABELS, committed, repository

pytestmark = pytest.mark.usefixtures("own_git")
OLD, NEW = "2025-01-10", "2025-03-10"


@pytest.fixture(autouse=True)
def _own_past() -> None:
    shutil.rmtree(past_folder(), ignore_errors=True)


@pytest.fixture
def root(make: Make) -> Path:
    """A library of two commits: between them one lesson changed, one came, and one was removed."""
    root = repository(make())
    committed(root, OLD, {"labels.md": LABELS, "gone.md": "# Gone\n\nThe lift was stuck.\n"})
    later = LABELS.replace("We cleaned the boxes.", "We bought another printer.")
    committed(root, NEW, {"labels.md": later, "gone.md": None, "forms.md": FORMS})
    return root


def ids(kb: Run, root: Path, *arguments: str) -> list[str]:
    done = kb(root, "search", "--json", "--all", *arguments)
    return sorted(hit["id"] for hit in json.loads(done.out)["hits"])


def test_the_answer_is_that_of_the_lessons_of_then(root: Path, kb: Run) -> None:
    assert kb(root, "reindex").code == 0
    assert ids(kb, root, "parcels lift forms") == ["forms", "labels"]
    assert ids(kb, root, "--as-of", "2025-02", "parcels lift forms") == ["gone", "labels"]
    found = json.loads(kb(root, "search", "--as-of", "2025-02-01", "--json", "labels fell off").out)
    assert found["as_of"] == {"commit": git(root, "rev-parse", "HEAD~1"), "date": f"{OLD}T12:00:00Z"}
    assert json.loads(kb(root, "search", "--json", "labels fell off").out)["as_of"] is None


def test_one_line_says_of_which_commit_and_day_it_is(root: Path, kb: Run) -> None:
    done = kb(root, "search", "--as-of", "HEAD~1", "labels fell off")
    commit = git(root, "rev-parse", "HEAD~1")[:12]
    assert f"kb: answered from the lessons as of {OLD}, commit {commit}\n" in done.err


@pytest.mark.parametrize("when", ["2025-01-10", "2025-01", "2025-03-09", "10 January 2025", "HEAD~1", "main^", "first"])
def test_a_commit_is_meant_by_a_day_or_a_name(root: Path, kb: Run, when: str) -> None:
    git(root, "tag", "first", "HEAD~1")
    assert ids(kb, root, "--as-of", when, "lift") == ["gone", "labels"]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2024-12-31", "nothing was committed by the end of 2024-12-31; the first commit is of 2025-01-10"),
        ("nonsense", "'nonsense' is neither a date nor a commit that git knows here; write 2026-01-31, 2026-01, 'last"),
        ("--all", "'--all' is neither a date nor a commit"),
        ("2025-13-45", "'2025-13-45' is neither a date nor a commit"),
        ("HEAD~9", "'HEAD~9' is neither a date nor a commit"),
        ("", "'' is neither a date nor a commit"),
    ],
)
def test_what_is_neither_is_refused_in_one_line(root: Path, kb: Run, when: str, said: str) -> None:
    done = kb(root, "search", f"--as-of={when}", "lift")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"kb: {said}")


def test_a_tag_that_looks_like_a_date_is_named_as_a_tag(root: Path, kb: Run) -> None:
    git(root, "tag", "2025-03", "HEAD~1")
    assert ids(kb, root, "--as-of", "2025-03", "lift") != ids(kb, root, "--as-of", "tags/2025-03", "lift")
    assert ids(kb, root, "--as-of", "tags/2025-03", "lift") == ids(kb, root, "--as-of", "HEAD~1", "lift")


def test_without_git_there_is_no_past(make: Make, kb: Run) -> None:
    done = kb(make({"a.md": "# A\n"}), "search", "--as-of", "2025", "a")
    assert done.code == 2
    assert "not in a git repository, so there is no history; make one with `git init`" in done.err


def test_a_shallow_clone_says_how_to_get_the_rest(root: Path, kb: Run, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(tmp_path / "clone"))
    done = kb(tmp_path / "clone", "search", "--as-of", "2025-02", "a")
    assert done.code == 2
    assert "this clone is shallow: its history begins on 2025-03-10; fetch all of it with `git fetch --unshallow`" in (
        done.err
    )


def test_the_index_of_today_stays_as_it_is(root: Path, kb: Run) -> None:
    kb(root, "reindex")
    before = {path: path.stat() for path in (root / ".kb").rglob("*")}
    assert kb(root, "search", "--as-of", OLD, "lift").code in (0, 1)
    assert {path: path.stat() for path in (root / ".kb").rglob("*")} == before
    assert git(root, "status", "--porcelain", "--", "lessons", "kb.toml") == ""


def test_equal_lessons_are_indexed_once(root: Path, kb: Run) -> None:
    first = kb(root, "search", "--as-of", "2025-01-10", "lift")
    again = kb(root, "search", "--as-of", "2025-02-10", "lift")
    assert "building it first" in first.err
    assert "building it first" not in again.err
    assert len(list(past_folder().iterdir())) == 1


def test_the_lessons_of_today_save_work_for_those_of_then(root: Path, kb: Run) -> None:
    for number in range(20):
        write(root, f"{number}.md", f"# Lesson {number}\n\nThe same at all times, number {number}.\n")
    committed(root, "2025-04-01")
    committed(root, "2025-05-01", {"labels.md": "# Other labels\n\nThey stick.\n"})
    kb(root, "reindex")
    told = kb(root, "search", "--as-of", "2025-04-15", "number").err
    assert "building it first" in told
    assert "reading" not in told  # only one lesson differs from those of today
    assert ids(kb, root, "--as-of", "2025-04-15", "id:labels") == ["labels"]
    assert "another printer" in kb(root, "show", "--as-of", "2025-04-15", "labels").out


def test_filters_count_and_numbers_name_hits(root: Path, kb: Run) -> None:
    assert ids(kb, root, "--as-of", OLD, "status:validated") == ["labels"]
    kb(root, "search", "--as-of", OLD, "stuck lift")
    shown = kb(root, "show", "--as-of", OLD, "1")
    assert (shown.code, "The lift was stuck." in shown.out) == (0, True)
    assert "cleaned the boxes" in kb(root, "show", "--as-of", OLD, "labels").out
    assert kb(root, "reindex").code == 0
    assert "another printer" in kb(root, "show", "labels").out


def test_by_meaning_alone_and_by_words_alone(root: Path, kb: Run) -> None:
    for mode in ("semantic", "lexical", "hybrid"):
        found = json.loads(kb(root, "search", "--as-of", OLD, "--mode", mode, "--json", "lift stuck").out)
        assert (found["mode"], found["hits"][0]["id"]) == (mode, "gone")


def test_a_batch_and_why_not_answer_from_then_too(root: Path, kb: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": "1", "query": "lift stuck"}\n', "utf-8")
    done = kb(root, "search", "--as-of", OLD, "--batch", str(tmp_path / "queries.jsonl"))
    (line,) = map(json.loads, done.out.splitlines())
    assert (line["hits"][0]["id"], line["as_of"]["date"][:10]) == ("gone", OLD)
    why = kb(root, "search", "--as-of", OLD, "--why-not", "gone", "lift stuck")
    assert (why.code, why.out.splitlines()[0]) == (0, "gone is number 1 of 2: answers")


def test_refresh_is_for_today(root: Path, kb: Run) -> None:
    done = kb(root, "search", "--as-of", OLD, "--refresh", "lift")
    assert (done.code, "leave it out with --as-of" in done.err) == (2, True)


def test_who_opted_out_since_is_not_named(root: Path, kb: Run) -> None:
    person = "---\npeople:\n  - {name: Ann Left, role: contact, contact: ann@example.com}\n---\n# Pipes\n\nThey leak.\n"
    committed(root, "2025-04-01", {"pipes.md": person})
    committed(root, "2025-05-01", {"pipes.md": None})
    assert "Ann Left" in kb(root, "search", "--as-of", "2025-04-15", "--json", "pipes leak").out
    (root / "people.md").write_text("---\npeople:\n  - {name: Ann Left, opted_out: true}\n---\n", "utf-8")
    assert "Ann Left" not in kb(root, "search", "--as-of", "2025-04-15", "--json", "pipes leak").out
    shown = kb(root, "search", "--as-of", "2025-04-15", "--json", "Ann Left").out
    assert [hit["people"] for hit in json.loads(shown)["hits"] if hit["id"] == "pipes"] in ([], [[]])


def test_who_has_left_since_is_replaced(root: Path, kb: Run) -> None:
    person = "---\npeople:\n  - {name: Ann Gone, role: contact, contact: ann@example.com}\n---\n# Pipes\n\nThey leak.\n"
    committed(root, "2025-04-01", {"pipes.md": person})
    assert "ask: Ann Gone" in kb(root, "search", "--as-of", "2025-04-15", "pipes leak").out
    left = (
        "  - {name: Ann Gone, until: 2025-05-01, successor: Ben Next}\n  - {name: Ben Next, contact: ben@example.com}\n"
    )
    (root / "people.md").write_text(f"---\npeople:\n{left}---\n", "utf-8")
    assert "ask: Ben Next" in kb(root, "search", "--as-of", "2025-04-15", "pipes leak").out
    assert len(list(past_folder().iterdir())) == 1


def test_a_people_file_that_cannot_be_read_names_nobody(root: Path, kb: Run) -> None:
    person = "---\npeople:\n  - {name: Ann Left, role: contact, contact: ann@example.com}\n---\n# Pipes\n\nThey leak.\n"
    committed(root, "2025-04-01", {"pipes.md": person})
    (root / "people.md").symlink_to("/dev/null")
    assert "Ann Left" not in kb(root, "search", "--as-of", "2025-04-15", "--json", "pipes leak").out


def test_the_settings_of_then_say_what_was_a_lesson(make: Make, kb: Run) -> None:
    root = repository(make())
    model = (root / "kb.toml").read_text("utf-8")
    (root / "kb.toml").write_text(model + '[corpus]\npaths = ["docs"]\n', "utf-8")
    (root / "docs").mkdir()
    (root / "docs" / "lift.md").write_text("# Lift\n\nThe lift was stuck.\n", "utf-8")
    committed(root, OLD, {"labels.md": LABELS})
    (root / "kb.toml").write_text(model, "utf-8")
    committed(root, NEW, {"labels.md": LABELS + "\nMore.\n"})
    assert ids(kb, root, "--as-of", OLD, "stuck lift labels") == ["lift"]


def test_settings_that_could_not_be_read_then_are_those_of_today(make: Make, kb: Run) -> None:
    root = repository(make())
    good = (root / "kb.toml").read_text("utf-8")
    (root / "kb.toml").write_text("[[[", "utf-8")
    committed(root, OLD, {"labels.md": LABELS})
    (root / "kb.toml").write_text(good, "utf-8")
    committed(root, NEW)
    assert ids(kb, root, "--as-of", OLD, "labels") == ["labels"]


def test_a_knowledge_base_may_be_a_folder_of_its_repository(make: Make, kb: Run) -> None:
    root = make({"labels.md": LABELS}, name="top/library")
    repository(root.parent)
    committed(root, OLD)
    committed(root, NEW, {"labels.md": None})
    assert ids(kb, root, "--as-of", OLD, "labels") == ["labels"]


def test_a_library_that_had_no_lessons_yet(make: Make, kb: Run) -> None:
    root = repository(make())
    committed(root, OLD)
    committed(root, NEW, {"labels.md": LABELS})
    done = kb(root, "search", "--as-of", OLD, "labels")
    assert (done.code, done.out) == (1, "")
    assert "there were no lessons in lessons then" in done.err


def test_what_git_ignored_then_was_no_lesson(make: Make, kb: Run) -> None:
    root = repository(make({"labels.md": LABELS, "draft.md": "# Draft labels\n", "notes.txt": "labels"}))
    git(root, "add", "--force", "--all")
    (root / "lessons" / ".gitignore").write_text("draft.md\n", "utf-8")
    committed(root, OLD)
    assert ids(kb, root, "--as-of", OLD, "labels") == ["labels"]


def test_links_of_a_stranger_lead_nowhere(make: Make, kb: Run, tmp_path: Path) -> None:
    root = repository(make({"labels.md": LABELS}))
    secret = tmp_path / "secret.md"
    secret.write_text("# Labels\n\nprivate labels\n", "utf-8")
    (root / "lessons" / "link.md").symlink_to(secret)
    (root / "lessons" / "folder").symlink_to(tmp_path)
    committed(root, OLD)
    assert ids(kb, root, "--as-of", OLD, "private labels") == ["labels"]


def test_a_forged_tree_writes_nothing_elsewhere(make: Make, kb: Run, tmp_path: Path) -> None:
    root = repository(make({"labels.md": LABELS}))
    committed(root, OLD)
    blob = git(root, "rev-parse", "HEAD:lessons/labels.md")
    inner = _tree(root, f"100644 blob {blob}\tevil.md")
    for name in ("..", ".git", "."):
        hostile = _raw_tree(root, [(b"40000", name.encode(), inner), (b"100644", b"labels.md", blob)])
        top = _raw_tree(root, [(b"40000", b"lessons", hostile)])
        commit = git(root, "commit-tree", "-m", "x", top)
        assert ids(kb, root, "--as-of", commit, "labels") == ["labels"]
    assert not [*past_folder().glob("evil.md"), *past_folder().glob("*/evil.md"), *past_folder().glob("*/.git")]


def _tree(root: Path, entry: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), "mktree"], input=entry + "\n", capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _raw_tree(root: Path, entries: list[tuple[bytes, bytes, str]]) -> str:
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(id_) for mode, name, id_ in entries)
    command = ["git", "-C", str(root), "hash-object", "-t", "tree", "--literally", "-w", "--stdin"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().strip()


def test_the_last_few_stay(root: Path, kb: Run) -> None:
    for month in range(4, 9):
        committed(root, f"2025-{month:02}-01", {f"{month}.md": f"# Month {month}\n\nLabels.\n"})
    for month in range(4, 9):
        kb(root, "search", "--as-of", f"2025-{month:02}-15", "labels")
    assert len([path for path in past_folder().iterdir() if not path.name.startswith(".")]) == KEPT
    assert ids(kb, root, "--as-of", "2025-08-15", "month 8")[:1]


def test_one_that_is_being_read_stays(root: Path, kb: Run) -> None:
    base = KnowledgeBase(root).as_of(OLD)
    with base.open() as index:
        for month in range(4, 9):
            committed(root, f"2025-{month:02}-01", {f"{month}.md": f"# Month {month}\n\nLabels.\n"})
            kb(root, "search", "--as-of", f"2025-{month:02}-15", "labels")
        assert base.config.root.is_dir()
        assert index.searcher.files()
    keep_few(past_folder())
    assert not base.config.root.is_dir()


def test_two_at_once_get_the_same(root: Path) -> None:
    found: list[Path] = []

    def ask() -> None:
        found.append(KnowledgeBase(root).as_of(OLD).config.root)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in past_folder().iterdir()] == [found[0].name]


def test_an_interrupted_one_is_made_again(root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            KnowledgeBase(root).as_of(OLD)
    assert list(past_folder().iterdir()) == []
    assert ids(kb, root, "--as-of", OLD, "lift") == ["gone", "labels"]


def test_what_a_killed_one_left_is_removed_but_not_what_another_has_begun(root: Path, kb: Run) -> None:
    left = past_folder() / ".1234.kb-11111111"
    (left / "1234").mkdir(parents=True)
    with folder_beside(past_folder() / "5678") as begun:
        assert kb(root, "search", "--as-of", OLD, "lift").code == 0
        assert (left.exists(), begun.exists()) == (False, True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_cache_that_cannot_be_written_is_named(root: Path, kb: Run) -> None:
    past_folder().parent.mkdir(parents=True, exist_ok=True)
    past_folder().write_text("in the way", "utf-8")
    try:
        done = kb(root, "search", "--as-of", OLD, "lift")
    finally:
        past_folder().unlink()
    assert (done.code, str(past_folder()) in done.err, "the past lessons are not read" in done.err) == (3, True, True)


def test_a_read_only_clone_has_a_past_too(root: Path, kb: Run) -> None:
    for folder in (root, root / "lessons"):
        folder.chmod(0o555)
    try:
        assert ids(kb, root, "--as-of", OLD, "lift") == ["gone", "labels"]
        assert not (root / ".kb").exists()
    finally:
        for folder in (root, root / "lessons"):
            folder.chmod(0o755)
