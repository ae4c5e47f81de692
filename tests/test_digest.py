"""What is new in a library between two commits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kb.knowledge_base import KnowledgeBase
from kb.reuse.ledger import record
from kb.reuse.recorded import RecordedUse, new_key
from tests.conftest import Make, Run
from tests.git import git
from tests.library import FORMS, LABELS, committed, repository

pytestmark = pytest.mark.usefixtures("own_git")
OLD, NEW = "2025-01-10", "2025-03-10"
MOVED = [("changed", "sub/tale", "rewritten: Problem; moved from lessons/long.md")]
LONG = "# A long story\n\n## Problem\n\n" + "".join(f"It happened {number} times.\n" for number in range(40))


@pytest.fixture
def root(make: Make) -> Path:
    root = repository(make())
    committed(root, OLD, {"labels.md": LABELS, "forms.md": FORMS, "long.md": LONG})
    return root


def digest(kb: Run, root: Path, *arguments: str) -> dict[str, Any]:
    done = kb(root, "digest", "--json", *(arguments or ("--since", "2025-02-01")))
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def news(kb: Run, root: Path, *arguments: str) -> list[tuple[str, str, str]]:
    found = digest(kb, root, *arguments)["news"]
    return [(one["what"], one["id"], "; ".join(one["details"])) for one in found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"new.md": "---\nstatus: draft\n---\n# New\n"}, [("new", "new", "draft")]),
        ({"new.md": "---\nsupersedes: forms\n---\n# New\n"}, [("new", "new", "replaces forms")]),
        ({"labels.md": LABELS.replace("cleaned", "washed")}, [("changed", "labels", "rewritten: What we did")]),
        ({"labels.md": LABELS + "\n## Tools\n\nA cloth.\n"}, [("changed", "labels", "new section: Tools")]),
        ({"labels.md": LABELS.partition("## What")[0]}, [("changed", "labels", "left out: What we did")]),
        ({"labels.md": LABELS + "\n\n"}, [("changed", "labels", "small corrections")]),
        (
            {"labels.md": LABELS.replace("fall off", "stay", 1)},
            [("changed", "labels", "was called \u201cLabels that fall off\u201d")],
        ),
        (
            {"labels.md": LABELS.replace("validated", "draft")},
            [("changed", "labels", "now draft (was validated)")],
        ),
        (
            {"labels.md": LABELS.replace("status:", "review_by: 2027-01-01\nanswers: [a, b]\ntags: [x]\nstatus:")},
            [("changed", "labels", "reviewed, next review by 2027-01-01; found for 2 more questions; changed: tags")],
        ),
        ({"labels.md": None, "sub/labels.md": LABELS}, [("changed", "labels", "moved from lessons/labels.md")]),
        ({"long.md": None, "sub/tale.md": LONG + "Again.\n"}, MOVED),
        ({"forms.md": None}, [("removed", "forms", "")]),
        ({"notes.txt": "no lesson", ".hidden.md": "no lesson"}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_what_happened_to_a_lesson(
    root: Path, kb: Run, files: dict[str, str | None], expected: list[tuple[str, str, str]]
) -> None:
    committed(root, NEW, files)
    assert news(kb, root) == expected


def test_a_lesson_that_was_moved_and_written_anew_is_known_by_its_id(root: Path, kb: Run) -> None:
    anew = (
        "---\nid: labels\nstatus: validated\nsummary: All new.\n---\n# Labels that fall off\n\n" + "Other words. " * 90
    )
    committed(root, NEW, {"labels.md": None, "sub/other.md": anew})
    ((what, id_, details),) = news(kb, root)
    assert (what, id_, "moved from lessons/labels.md" in details) == ("changed", "labels", True)


def test_a_lesson_with_another_id_is_another_one_however_alike(root: Path, kb: Run) -> None:
    committed(root, NEW, {"labels.md": None, "tags.md": LABELS.replace("id: labels", "id: tags")})
    assert news(kb, root) == [("new", "tags", ""), ("removed", "labels", "")]


def test_a_lesson_may_get_another_id_where_it_stands(root: Path, kb: Run) -> None:
    committed(root, NEW, {"labels.md": LABELS.replace("id: labels", "id: tags")})
    assert news(kb, root) == [("changed", "tags", "its id was labels")]


def test_superseded_and_retired_lessons_say_why(root: Path, kb: Run) -> None:
    ended = "history:\n  - {date: 2025-03-01, what: retired, because: the printer is gone}\n"
    committed(
        root,
        NEW,
        {
            "labels.md": LABELS.replace("status: validated", f"status: retired\n{ended.rstrip()}"),
            "forms.md": f"---\nstatus: superseded\n---\n{FORMS}",
            "short.md": "---\nsupersedes: [forms]\n---\n# Short forms\n",
        },
    )
    assert news(kb, root) == [
        ("new", "short", "replaces forms"),
        ("superseded", "forms", "by short"),
        ("retired", "labels", "because the printer is gone"),
    ]


def test_newly_measured_impact_has_its_evidence(root: Path, kb: Run) -> None:
    measured = "impact:\n  - {metric: parcels back, before: 40, after: %d, design: pre-post}\n"
    entry = measured + "  - {metric: mood, note: better}\n"
    committed(root, "2025-02-10", {"labels.md": LABELS.replace("status:", entry % 10 + "status:")})
    committed(root, NEW, {"labels.md": LABELS.replace("status:", entry % 5 + "status:")})
    (first,) = digest(kb, root, "--since", "2025-01-11")["measured"]
    assert (first["id"], first["result"]) == ("labels", "parcels back down from 40 to 5")
    assert first["evidence"] == "C, fair: measured before and after"
    committed(root, "2025-04-10", {"labels.md": LABELS.replace("status:", entry % 5 + "unit: Store\nstatus:")})
    assert digest(kb, root, "--since", "2025-03-11")["measured"] == []


def test_what_helped_whom_is_told_once(root: Path, kb: Run) -> None:
    used = "---\nunit: Store\nreused:\n  - {lesson: labels, outcome: helped, note: saved a day}\n---\n# Boxes\n"
    committed(root, "2025-02-10", {"boxes.md": used})
    kb(root, "reindex")
    (use,) = digest(kb, root)["helped"]
    assert (use["lesson"]["title"], use["outcome"], use["note"]) == ("Labels that fall off", "helped", "saved a day")
    assert (use["user"]["id"], use["user"]["unit"]) == ("boxes", "Store")
    committed(root, NEW, {"boxes.md": used + "\nMore.\n"})
    assert digest(kb, root, "--since", "2025-02-11")["helped"] == []


def test_a_use_in_the_ledger_is_told_once_too(root: Path, kb: Run) -> None:
    use = RecordedUse(new_key(), "2025-02-10", "labels", "Depot East", "partly", saved="2 days")
    record(root, use)
    committed(root, "2025-02-10", {})
    kb(root, "reindex")
    (told,) = digest(kb, root)["helped"]
    assert (told["lesson"]["id"], told["user"]["title"], told["saved"]) == ("labels", "Depot East", "2 days")
    assert "helped in part in: Depot East" in kb(root, "digest", "--since", "2025-02-01").out
    record(root, use._replace(key=new_key(), where="Depot West"))
    (root / "reuse" / "2025-03.jsonl").write_text("no use\n", "utf-8")
    committed(root, NEW, {})
    assert [one["user"]["title"] for one in digest(kb, root, "--since", "2025-02-11")["helped"]] == ["Depot West"]


def test_who_opted_out_is_in_no_digest(root: Path, kb: Run) -> None:
    committed(root, NEW, {"labels.md": LABELS.replace("status:", "Ann Left: the boss\nstatus:")})
    assert news(kb, root) == [("changed", "labels", "changed: ann left")]
    (root / "people.md").write_text("---\npeople:\n  - {name: Ann Left, opted_out: true}\n---\n", "utf-8")
    assert news(kb, root) == [("changed", "labels", "small corrections")]
    record(root, RecordedUse(new_key(), "2025-03-10", "labels", "Ann Left's depot", "helped", "by Ann Left"))
    committed(root, NEW, {})
    (told,) = digest(kb, root)["helped"]
    assert (told["user"]["title"], told["note"]) == ("(not shown)", None)


def test_a_gap_that_three_people_share_is_told_to_everybody(root: Path, kb: Run) -> None:
    shared = [
        "<!-- kb gaps --share writes everything below this line -->",
        *(
            f"- {sharer * 8} 2025-01-01T00:00:00Z asked 2 unit - near labels meaning - words printers,jam"
            for sharer in "abc"
        ),
        *(f"- {sharer * 8} 2025-01-01T00:00:00Z asked 9 unit - near forms meaning - words salary" for sharer in "ab"),
    ]
    (root / "gaps.md").write_text("\n".join(shared), "utf-8")
    assert kb(root, "reindex").code == 0
    (gap,) = digest(kb, root, "--since", "2025-01-01")["gaps"]
    assert (gap["label"], gap["times"], [head["id"] for head in gap["closest"]]) == ("jam, printers", 6, ["labels"])
    text = kb(root, "digest", "--since", "2025-01-01").out
    assert "## Asked for, and not found\n\n- **jam, printers**\n  - asked 6 times\n  - closest: labels" in text


def test_the_working_tree_does_not_count(root: Path, kb: Run) -> None:
    (root / "lessons" / "new.md").write_text("# New\n", "utf-8")
    assert news(kb, root) == []


@pytest.mark.parametrize(
    ("since", "ids"),
    [
        ("2025-01-01", {"labels", "forms", "long", "b", "c"}),
        ("2025-01-10", {"labels", "forms", "long", "b", "c"}),  # from the beginning of that day on
        ("2025-01-11", {"b", "c"}),
        ("2025-03", {"c"}),
        ("HEAD~1", {"c"}),
        ("HEAD", set()),
        ("2099-01-01", set()),
    ],
)
def test_since_when(root: Path, kb: Run, since: str, ids: set[str]) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    committed(root, NEW, {"c.md": "# C\n"})
    assert {id_ for _, id_, _ in news(kb, root, "--since", since)} == ids


def test_without_a_time_it_is_a_week(root: Path) -> None:
    committed(root, "2025-03-01", {"b.md": "# B\n"})
    committed(root, NEW, {"c.md": "# C\n"})
    base = KnowledgeBase(root)
    for day, ids in (("2025-03-12", ["c"]), ("2025-03-05", ["b", "c"]), ("2025-06-01", [])):
        found = base.digests(datetime.fromisoformat(f"{day}T00:00:00+00:00")).for_everybody().digest
        assert found
        assert [one.head.id for one in found.news] == ids


def test_what_was_marked_as_read_is_not_told_again(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    assert [id_ for _, id_, _ in news(kb, root, "--since", "2025-02-01", "--mark")] == ["b"]
    assert news(kb, root, "--mark") == []
    committed(root, NEW, {"c.md": "# C\n"})
    for _ in range(2):  # reading alone marks nothing
        assert [id_ for _, id_, _ in news(kb, root, "--json")] == ["c"]


def test_a_rewritten_history_is_compared_as_it_stands(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    assert kb(root, "digest", "--mark").code == 0
    git(root, "reset", "-q", "--hard", "HEAD~1")
    committed(root, NEW, {"b.md": "# B\n", "c.md": "# C\n"})
    found = digest(kb, root, "--json")
    assert [one["id"] for one in found["news"]] == ["c"]
    assert "of the last digest is not in the history of this branch; compared with its lessons" in found["notes"][0]


def test_if_the_last_commit_is_gone_its_day_counts(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    assert kb(root, "digest", "--mark").code == 0
    git(root, "reset", "-q", "--hard", "HEAD~1")
    git(root, "reflog", "expire", "--expire=now", "--all")
    git(root, "gc", "-q", "--prune=now")
    committed(root, NEW, {"c.md": "# C\n"})
    found = digest(kb, root, "--json")
    assert ([one["id"] for one in found["news"]], "is gone; compared by its date" in found["notes"][0]) == (["c"], True)


def test_if_a_rewritten_history_has_the_same_times_nothing_is_told_twice(root: Path, kb: Run) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    assert kb(root, "digest", "--mark").code == 0
    git(root, "reset", "-q", "--soft", "HEAD~1")
    committed(root, "2025-02-10", {"other.txt": "so that the commit is another one"})
    git(root, "reflog", "expire", "--expire=now", "--all")
    git(root, "gc", "-q", "--prune=now")
    committed(root, NEW, {"c.md": "# C\n"})
    assert [id_ for _, id_, _ in news(kb, root, "--json")] == ["c"]


def test_a_clock_that_went_back_loses_nothing(root: Path, kb: Run) -> None:
    assert kb(root, "digest", "--mark").code == 0
    committed(root, "2024-06-01", {"b.md": "# B\n"})
    assert [id_ for _, id_, _ in news(kb, root, "--json")] == ["b"]


def test_a_damaged_record_counts_as_none(root: Path, kb: Run) -> None:
    assert kb(root, "digest", "--mark").code == 0
    record = KnowledgeBase(root).digests(datetime.now(UTC)).remembered.file
    assert record.stat().st_mode & 0o777 == 0o600
    for text in ("{", "[]", '{"readers": {"": ["x", 1]}}', '{"readers": {"": ["' + "a" * 40 + '", 1e99]}}', "[" * 9999):
        record.write_text(text, "utf-8")
        assert kb(root, "digest").code == 0


def test_a_shallow_clone_is_compared_with_what_it_has(root: Path, kb: Run, tmp_path: Path) -> None:
    committed(root, "2025-02-10", {"b.md": "# B\n"})
    committed(root, NEW, {"c.md": "# C\n"})
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", str(tmp_path / "clone"))
    found = digest(kb, tmp_path / "clone", "--since", "2025-01-01")
    assert [one["id"] for one in found["news"]] == ["c"]
    assert found["notes"] == ["this clone is shallow: compared with its first commit, of 2025-02-10"]


def test_fifty_branches_are_no_matter(root: Path, kb: Run) -> None:
    for number in range(50):
        git(root, "switch", "-q", "-c", f"b{number}", "main")
        if number < 3:
            committed(root, NEW, {f"b{number}.md": "# B\n"})
    git(root, "switch", "-q", "b1")
    assert [id_ for _, id_, _ in news(kb, root)] == ["b1"]


def test_a_folder_of_a_repository_tells_only_of_itself(make: Make, kb: Run) -> None:
    root = make({"labels.md": LABELS}, name="top/library")
    top = repository(root.parent)
    committed(root, OLD)
    (top / "lessons").mkdir()
    (top / "lessons" / "other.md").write_text("# Other\n", "utf-8")
    committed(root, NEW, {"new.md": "# New\n"})
    assert news(kb, root) == [("new", "new", "")]


def test_an_empty_library_has_no_news(make: Make, kb: Run) -> None:
    root = repository(make())
    committed(root, NEW)
    done = kb(root, "digest")
    assert (done.code, "nothing new" in done.out) == (0, True)
    assert done.err == "kb: nothing is new; --since reaches further back\n"
    whole = kb(root, "digest", "--since", "2020")
    assert (whole.code, whole.err) == (0, "kb: nothing is new\n")
    assert "\nnothing new; from the beginning until 2025-03-10 (" in whole.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "nonsense"], "'nonsense' is neither a date nor a commit"),
        (["--for", "x", "--all"], "leave one out"),
        (["--mail", "--html"], "a mail is text and HTML"),
        (["--all", "--atom"], "--atom is one page"),
        (["--for", "nobody"], "no subscription 'nobody'; kb.toml has none; add [[subscriptions]]"),
        (["--out", "lessons/x.md"], "would be a lesson there"),
    ],
)
def test_wrong_usage_is_one_line(
    root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(root)
    done = kb(None, "digest", *arguments)
    assert (done.code, done.out, said in done.err) == (2, "", True), done.err


def test_without_git_there_is_no_digest(make: Make, kb: Run) -> None:
    done = kb(make({"a.md": "# A\n"}), "digest")
    assert (done.code, "not in a git repository" in done.err) == (2, True)
