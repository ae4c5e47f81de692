"""What the index says of lessons: whether each is found first for what it answers, and told only once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.check.asking import MOST_CHANGED
from kb.check.rule import Rule
from kb.check.rules import RULES
from kb.index.store import SnapshotStore
from kb.index.writer import WriterLock
from kb.knowledge_base import KnowledgeBase
from tests.checking import write_example
from tests.conftest import Make, Run, write
from tests.git import commit, git

pytestmark = pytest.mark.usefixtures("own_git")

CROWD = {
    f"crowd-{number}.md": f"# Parcels come back {word}\n\nParcels come back from customers {word}.\n"
    for number, word in enumerate(("daily", "weekly", "monthly", "yearly", "often", "seldom"))
}
LOST = "---\nanswers:\n  - masts of the coast rust\n  - parcels come back\n---\n# Antennas\n\n" + "Masts rust. " * 40
LABELS = "Labels were wrong: the spooler kept a page, so each parcel had the address of the order before it."
SPARE = {f"spare-{number}.md": f"# {word}\n\nAbout {word}.\n" for number, word in enumerate(("Pumps", "Cranes", "Tax"))}
NOT_FOUND, CLOSE = "retrievability.not-found", "duplicates.close"


def found(kb: Run, root: Path, code: str, *options: str) -> list[tuple[str, int, str]]:
    """Return file, line and message of what the index says; it says nothing else."""
    done = kb(root, "check", "--format", "json", "--select", code, *options)
    assert (done.code, done.err) == (0, "")
    return [(Path(one["path"]).name, one["line"], one["message"]) for one in json.loads(done.out)["findings"]]


def indexed(root: Path) -> Path:
    KnowledgeBase(root).reindex()
    return root


def lost(*front: str) -> str:
    """Return a lesson that is found for the first of its answers and not for the second."""
    return LOST.replace("answers:", "\n".join([*front, "answers:"]))


def test_a_lesson_that_others_come_before_is_named_with_them(make: Make, kb: Run) -> None:
    root = indexed(make({**CROWD, "lost.md": lost()}))
    ((name, line, message),) = found(kb, root, NOT_FOUND, "--ask")
    assert (name, line) == ("lost.md", 4)
    searched = json.loads(kb(root, "search", "--json", "--all", "parcels come back").out)["hits"]
    ids = [hit["id"] for hit in searched]
    place = f"number {ids.index('lost') + 1}" if "lost" in ids else "not among the first 5"
    assert message.startswith(f"for 'parcels come back' this lesson is {place}, after {', '.join(ids[:3])}; ")


@pytest.mark.parametrize(
    ("front", "named"),
    [
        ("status: validated", True),
        ("status: draft", True),
        ("status: superseded", False),
        ("status: retired", False),
        ("id: replaced", False),
        ("id: twin", False),
    ],
)
def test_of_lessons_that_are_current_each_should_be_found(make: Make, kb: Run, front: str, named: bool) -> None:
    others = {"new.md": "---\nsupersedes: [replaced]\n---\n# Aerials\n\nPoles.\n", "twin.md": "# Twin\n\nTwo.\n"}
    root = indexed(make({**CROWD, **others, "lost.md": lost(front)}))
    assert [name for name, _, _ in found(kb, root, NOT_FOUND, "--ask")] == ["lost.md"] * named


def told(title: str, *front: str) -> str:
    return "\n".join(["---", "tags: [labels, parcels]", *front, "---", f"# {title}", "", LABELS, ""])


def test_lessons_that_say_the_same_name_each_other_and_what_they_share(make: Make, kb: Run) -> None:
    unit = "unit: Dispatch"
    root = indexed(make({**SPARE, "one.md": told("Wrong labels", unit), "two.md": told("Labels wrong", unit)}))
    one, two = found(kb, root, CLOSE, "--ask")
    assert [one[:2], two[:2]] == [("one.md", 1), ("two.md", 1)]
    assert one[2].startswith("two, 'Labels wrong', says much the same; both have the tags 'labels', 'parcels', ")
    assert "the unit 'Dispatch', the words 'address', " in one[2]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("unit: Dispatch", ["one.md", "two.md"]),
        ("related: one", []),
        ("supersedes: [one]", []),
        ("reused: [{lesson: one, outcome: helped}]", []),
        ("status: draft", ["one.md", "two.md"]),
        ("status: superseded", []),
        ("status: retired", []),
    ],
)
def test_who_names_the_other_knows_of_it_and_what_is_replaced_stands_in_nobodys_way(
    make: Make, kb: Run, said: str, named: list[str]
) -> None:
    root = indexed(make({**SPARE, "one.md": told("Wrong labels"), "two.md": told("Labels wrong", said)}))
    assert [name for name, _, _ in found(kb, root, CLOSE, "--ask")] == named


@pytest.fixture
def repository(make: Make) -> Path:
    """An index of lessons that git knows, one of them with something to find."""
    root = indexed(make({**CROWD, "lost.md": lost()}))
    git(root, "init", "-q")
    git(root, "branch", "-M", "main")
    commit(root)
    return root


def test_only_what_has_changed_is_asked_about(repository: Path, kb: Run) -> None:
    git(repository, "branch", "start")
    assert found(kb, repository, NOT_FOUND) == []
    write(repository, "lost.md", lost("unit: Coast"))
    assert [name for name, _, _ in found(kb, repository, NOT_FOUND)] == ["lost.md"]
    assert found(kb, repository, NOT_FOUND, "--no-ask") == []
    commit(repository)
    assert found(kb, repository, NOT_FOUND) == []
    assert [name for name, _, _ in found(kb, repository, NOT_FOUND, "--changed", "start")] == ["lost.md"]


def test_the_index_learns_what_has_changed_first(repository: Path, kb: Run) -> None:
    write(repository, "new.md", lost())
    (repository / "lessons/lost.md").unlink()
    assert [name for name, _, _ in found(kb, repository, NOT_FOUND)] == ["new.md"]
    assert KnowledgeBase(repository).find("new")[0].path == "lessons/new.md"


def test_where_nothing_has_changed_no_index_is_opened(repository: Path, kb: Run) -> None:
    (repository / ".kb/CURRENT").write_text("nonsense")
    assert found(kb, repository, NOT_FOUND) == []


def left_out(kb: Run, root: Path, *options: str) -> str:
    """Return the one line that says why the index was not asked; the check itself is well."""
    done = kb(root, "check", "--ask", "--select", "retrievability", *options)
    assert done.code == 0
    assert "title-repeated" in done.out
    (line,) = done.err.splitlines()
    assert line.startswith("kb: ")
    assert "not compared with the index" in line
    return line


PLAIN = {"a.md": "---\nanswers: [wrong labels on parcels]\n---\n# Wrong labels on parcels\n"}


def test_without_an_index_the_rest_is_checked(make: Make, kb: Run) -> None:
    root = make(PLAIN)
    assert "run `kb reindex`" in left_out(kb, root)
    assert not (root / ".kb").exists()


def test_an_index_far_behind_is_left_to_its_job(make: Make, kb: Run) -> None:
    root = indexed(make(PLAIN))
    for number in range(MOST_CHANGED + 1):
        write(root, f"new-{number}.md", f"# New {number}\n")
    assert f"{MOST_CHANGED + 1} lessons; run `kb reindex`" in left_out(kb, root)


def test_an_index_that_would_be_built_anew_is_left_to_its_job(make: Make, kb: Run) -> None:
    root = indexed(make({**PLAIN, **{f"{number}.md": f"# Lesson {number}\n" for number in range(MOST_CHANGED)}}))
    (root / "kb.toml").write_text((root / "kb.toml").read_text() + '[sections]\nmethod = ["How"]\n')
    write(root, "new.md", "# New\n")
    assert "run `kb reindex`" in left_out(kb, root)


def test_another_writer_is_named(make: Make, kb: Run) -> None:
    root = indexed(make(PLAIN))
    write(root, "new.md", "# New\n")
    with WriterLock(SnapshotStore(root).lock).held():
        assert "another" in left_out(kb, root) or "lock" in left_out(kb, root)


def test_an_index_by_words_only_is_named(make: Make, kb: Run) -> None:
    root = make(PLAIN, config='[model]\nname = "./nowhere"\n')
    kb(root, "search", "labels")
    assert "the meaning of 2 passages is not indexed yet; run `kb reindex`" in left_out(kb, root)


def test_a_damaged_index_is_named(make: Make, kb: Run) -> None:
    root = indexed(make(PLAIN))
    (snapshot,) = (root / ".kb/snapshots").iterdir()
    (snapshot / "catalogue.sqlite").write_bytes(b"nonsense")
    assert "damaged" in left_out(kb, root)


def test_a_file_that_is_no_lesson_of_the_library_is_not_asked_about(make: Make, kb: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(lost())
    assert found(kb, make(), NOT_FOUND, "--ask", str(draft)) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("# Valves\n", ["no-answers"]),
        ("---\nstatus: draft\n---\n# Valves\n", []),
        ("---\nstatus: retired\n---\n# Valves\n", []),
        ("---\nanswers: valves\n---\n# Valves\n", ["short-answer"]),
        ("---\nanswers: [old valves, 'our old valves leak!']\n---\n# Valves\n", ["short-answer"]),
        ("---\nanswers: [why do the valves leak]\n---\n# Why do the valves leak?\n", ["title-repeated"]),
        ("---\nanswers: ['The valves: LEAK!']\n---\n# Why do the valves leak?\n", ["title-repeated"]),
        ("---\nanswers: [why do the valves leak in winter]\n---\n# Why do the valves leak?\n", []),
        ("---\nanswers: [阀门在冬天漏水]\n---\n# Valves\n", []),
        ("---\nanswers: [漏水]\n---\n# Valves\n", ["short-answer"]),
        ("---\nanswers: ['???']\n---\n# Valves\n", ["short-answer"]),
    ],
)
def test_what_can_be_told_without_the_index(make: Make, kb: Run, text: str, codes: list[str]) -> None:
    done = kb(make({"a.md": text}), "check", "--no-ask", "--select", "retrievability", "--format", "json")
    assert [one["code"] for one in json.loads(done.out)["findings"]] == [f"retrievability.{code}" for code in codes]


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.asks], ids=lambda rule: rule.code)
def test_the_examples_of_the_rules_that_ask_are_bad_and_good(make: Make, kb: Run, rule: Rule) -> None:
    for name, text in (("bad", rule.bad), ("good", rule.good)):
        root = make(name=name)
        write_example(text, root / "lessons")
        named = {path for path, _, _ in found(kb, indexed(root), rule.code, "--ask")}
        assert ("lesson.md" in named) == (name == "bad")
