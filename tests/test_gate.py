"""The gate: nothing is published that is not sound, or that no longer finds what lessons say they answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kb.acceptance.known_items import read_known_items
from kb.index.snapshot import KNOWN_ITEMS
from kb.index.soundness import defects
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from kb.reindex.reindex import Orders
from kb.reindex.reporting.report import Report
from kb.retrieval.request import Request
from search.query.mode import Mode
from tests.conftest import Make, Run, write
from tests.index_state import answering

SENTENCE = "parcels come back because the address is wrong"
STRICT = "[reindex]\nmax_regressions = 0\n"
NO_GATE = Orders(gate=False)


def own(answer: str = SENTENCE) -> str:
    return f"---\nanswers: [{answer}]\n---\n# Labels\n\nSome text on labels.\n"


def crowd(root: Path) -> None:
    """Add lessons that answer the sentence better than the one that says so."""
    for number in range(6):
        title = f"{SENTENCE.capitalize()} {number}"
        write(root, f"crowd-{number}.md", f"---\nanswers: [{SENTENCE}]\n---\n# {title}\n\n{SENTENCE}. {SENTENCE}.\n")


def published(make: Make, config: str = "", orders: Orders | None = None) -> Path:
    root = make({"own.md": own(), "plans.md": "# Plans\n\nForty teams plan.\n"}, config)
    assert KnowledgeBase(root).reindex(orders).published
    return root


def lost(report: Report) -> list[tuple[str, str, int]]:
    return [(regression.lesson, regression.question, regression.before) for regression in report.regressions]


def found(root: Path, query: str) -> list[str]:
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher
    with closing(searcher):
        answer = searcher.ask(Request(query, mode=Mode.LEXICAL, limit=50))
        return [result.lesson.id for result in answer.results]


# Asked for its own answers.


@pytest.mark.parametrize("words_only", [False, True])
def test_a_lesson_that_is_no_longer_found_for_its_own_answer_is_named(make: Make, words_only: bool) -> None:
    orders = Orders(words_only=words_only)
    root = published(make, orders=orders)
    crowd(root)
    report = KnowledgeBase(root).reindex(orders)
    assert (report.published, report.refusal, report.asked) == (True, "", 7)
    assert lost(report) == [("own", SENTENCE, 1)]
    assert len(report.regressions[0].ahead) == 5
    assert all(id_.startswith("crowd-") for id_ in report.regressions[0].ahead)


def test_what_was_lost_is_said_once(make: Make) -> None:
    root = published(make)
    crowd(root)
    assert lost(KnowledgeBase(root).reindex())
    write(root, "more.md", "# More\n\nMore.\n")
    assert lost(KnowledgeBase(root).reindex()) == []


def test_more_than_max_regressions_leave_the_old_index_live(make: Make) -> None:
    root = published(make, STRICT)
    live = answering(root).manifest.id
    crowd(root)
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.snapshot, lost(report)) == (False, live, [("own", SENTENCE, 1)])
    assert "reindex.max_regressions allows (0)" in report.refusal
    assert "kb reindex --no-gate" in report.refusal
    assert found(root, SENTENCE) == ["own"]
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [live], "nothing is left of it"
    assert Ledger(SnapshotStore(root).ledger).runs()[-1].outcome is Outcome.REFUSED


def test_what_was_refused_is_refused_again_and_published_when_it_is_mended(make: Make) -> None:
    root = published(make, STRICT)
    crowd(root)
    first, second = KnowledgeBase(root).reindex(), KnowledgeBase(root).reindex()
    assert (first.refusal, first.encoded > 0) == (second.refusal, True)
    assert second.encoded == 0
    for number in range(3):
        (root / "lessons" / f"crowd-{number}.md").unlink()
    assert KnowledgeBase(root).reindex().published


def test_without_the_gate_it_is_published_and_asked_the_next_time(make: Make) -> None:
    root = published(make, STRICT, NO_GATE)
    assert read_known_items(answering(root).folder / KNOWN_ITEMS) is None
    crowd(root)
    report = KnowledgeBase(root).reindex()
    assert (report.published, lost(report)) == (False, [("own", SENTENCE, 1)]), "the live one was asked now"
    report = KnowledgeBase(root).reindex(NO_GATE)
    assert (report.published, report.asked, lost(report)) == (True, 0, [])
    assert len(found(root, SENTENCE)) == 7


def test_a_lesson_that_is_gone_is_not_lost(make: Make) -> None:
    root = published(make, STRICT)
    crowd(root)
    (root / "lessons" / "own.md").unlink()
    report = KnowledgeBase(root).reindex()
    assert (report.published, lost(report)) == (True, [])


def test_answers_in_other_words_are_not_lost(make: Make) -> None:
    root = published(make, STRICT)
    crowd(root)
    write(root, "own.md", own("forty valves leaked"))
    report = KnowledgeBase(root).reindex()
    assert (report.published, lost(report)) == (True, [])


def test_what_was_never_found_is_not_lost(make: Make) -> None:
    root = published(make, STRICT)
    crowd(root)
    assert KnowledgeBase(root).reindex(NO_GATE).published
    write(root, "plans.md", "# Plans\n\nFifty teams plan.\n")
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.asked, lost(report)) == (True, 7, [])


@pytest.mark.parametrize("gate", [True, False])
def test_another_model_is_held_against_what_the_old_one_found(make: Make, cls_model: Path, gate: bool) -> None:
    root = published(make, STRICT, Orders(gate=gate))
    crowd(root)
    (root / "kb.toml").write_text(f'{STRICT}[model]\nname = "{cls_model}"\n')
    report = KnowledgeBase(root).reindex()
    assert (report.published, lost(report)) == (False, [("own", SENTENCE, 1)])
    assert KnowledgeBase(root).upkeep.status().model != str(cls_model)


def test_a_live_index_whose_model_is_gone_cannot_be_searched_and_that_is_said(
    make: Make, kb: Run, cls_model: Path, static_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shutil.copytree(cls_model, tmp_path / "model")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = published(make, f'{STRICT}[model]\nname = "{model}"\n', NO_GATE)
    crowd(root)
    shutil.rmtree(model)
    shutil.rmtree(tmp_path / "cache")
    (root / "kb.toml").write_text(f'{STRICT}[model]\nname = "{static_model}"\n')
    done = kb(root, "reindex")
    assert (done.code, len(found(root, SENTENCE))) == (0, 7)
    assert "the live index cannot be searched" in done.err


def test_an_index_where_no_lesson_says_what_it_answers_is_published(make: Make) -> None:
    root = make({"plans.md": "# Plans\n\nForty teams plan.\n"}, STRICT)
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.asked) == (True, 0)
    assert read_known_items(answering(root).folder / KNOWN_ITEMS) == []


def test_known_items_are_covered_by_the_manifest(make: Make) -> None:
    root = published(make)
    snapshot = answering(root)
    assert KNOWN_ITEMS in snapshot.manifest.files
    assert defects(snapshot) == []


# Sound or not.


class Damaging:
    """Does harm to the snapshot that is about to be checked."""

    def __init__(self, root: Path, harm: Callable[[Path], object]) -> None:
        self._snapshots, self._harm = root / ".kb" / "snapshots", harm

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        if name == "checking":
            (building,) = self._snapshots.glob(".building-*")
            self._harm(building)

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


HARMS = {
    "a byte of the vectors": lambda folder: flip(folder / "vectors" / "rows.npy"),
    "a byte of the catalogue": lambda folder: flip(folder / "catalogue.sqlite"),
    "a file that is gone": lambda folder: (folder / "postings" / "docs.npy").unlink(),
    "a file that is cut off": lambda folder: (folder / "vectors" / "keys.npy").write_bytes(b""),
    "a file of nobody": lambda folder: (folder / "postings" / "more").write_text("more"),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_what_is_not_sound_is_refused(make: Make, harm: Callable[[Path], object]) -> None:
    root = published(make)
    live = answering(root).manifest.id
    write(root, "new.md", "# New\n\nNews.\n")
    report = KnowledgeBase(root, Damaging(root, harm)).reindex()
    assert (report.published, report.snapshot) == (False, live)
    assert report.refusal.startswith("the new index is not sound (")
    assert (found(root, "news"), found(root, SENTENCE)) == ([], ["own"])
    assert [path.name for path in (root / ".kb" / "snapshots").iterdir()] == [live]
    report = KnowledgeBase(root).reindex()
    assert (report.published, found(root, "news")) == (True, ["new"])


def test_a_first_index_that_is_not_sound_is_refused_too(make: Make) -> None:
    root = make({"own.md": own()})
    report = KnowledgeBase(root, Damaging(root, HARMS["a byte of the catalogue"])).reindex()
    assert (report.published, report.snapshot) == (False, None)
    assert KnowledgeBase(root).index.searcher() is None


def test_a_first_index_whose_vectors_are_not_sound_leaves_one_that_answers_by_words(make: Make) -> None:
    root = make({"own.md": own()})

    def harm(building: Path) -> None:
        if (building / "vectors").is_dir():
            flip(building / "vectors" / "rows.npy")

    report = KnowledgeBase(root, Damaging(root, harm)).reindex()
    assert (report.published, report.snapshot) == (False, report.words_snapshot)
    assert report.refusal.startswith("the new index is not sound (")
    assert found(root, SENTENCE) == ["own"]
    assert KnowledgeBase(root).reindex().published


# At the command line.


def test_a_refusal_ends_with_3_names_what_is_lost_and_says_why(make: Make, kb: Run) -> None:
    root = published(make, STRICT)
    crowd(root)
    done = kb(root, "reindex")
    assert done.code == 3
    assert "up to date" not in done.out
    named = [line for line in done.err.splitlines() if line.startswith(f"kb: own is no longer found for {SENTENCE!r}")]
    assert len(named) == 1
    assert "reindex.max_regressions" in done.err


def test_a_refusal_is_in_the_report(make: Make, kb: Run) -> None:
    root = published(make, STRICT)
    crowd(root)
    done = kb(root, "-q", "reindex", "--json")
    report = json.loads(done.out)
    assert (done.code, report["published"], report["asked"]) == (3, False, 7)
    assert report["refusal"]
    (regression,) = report["regressions"]
    assert (regression["lesson"], regression["question"], regression["before"]) == ("own", SENTENCE, 1)


def test_a_regression_within_the_limit_is_named_and_published(make: Make, kb: Run) -> None:
    root = published(make)
    crowd(root)
    done = kb(root, "reindex")
    assert done.code == 0
    assert f"kb: own is no longer found for {SENTENCE!r}" in done.err


def test_no_gate_at_the_command_line(make: Make, kb: Run) -> None:
    root = published(make, STRICT)
    crowd(root)
    assert kb(root, "reindex").code == 3
    assert kb(root, "reindex", "--no-gate").code == 0
    assert len(found(root, SENTENCE)) == 7


def test_a_search_that_refreshes_answers_from_the_old_index_with_the_reason(make: Make, kb: Run) -> None:
    root = published(make, STRICT)
    crowd(root)
    done = kb(root, "search", "--refresh", "--json", SENTENCE)
    assert (done.code, [hit["id"] for hit in json.loads(done.out)["hits"]][:1]) == (0, ["own"])
    assert "reindex.max_regressions allows (0)" in done.err


def test_a_full_run_is_held_against_the_old_one_too(make: Make) -> None:
    root = published(make, STRICT)
    crowd(root)
    report = KnowledgeBase(root).reindex(Orders(full=True))
    assert (report.published, lost(report)) == (False, [("own", SENTENCE, 1)])
