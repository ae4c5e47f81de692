"""The calibration: what a library's questions make of its thresholds, and what nothing can make of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.index.calibration_file import read_calibration
from kb.index.snapshot import CALIBRATION, Snapshot
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.system.user_cache import questions_file
from search.query.mode import Mode
from search.ranking import elsewhere
from search.ranking.calibrate import WEIGHTS, OwnQuestion, calibrated, scale_of, thresholds_of
from search.ranking.calibration import AS_IT_IS, DEFAULT, DEFAULTS, LEXICAL_WEIGHT, Calibration
from tests.conftest import Make, Run, write

pytestmark = pytest.mark.all_questions

EVIDENCE = st.lists(st.floats(0, 1.25), max_size=60)
LABELS = "# Labels\n\nWrong labels on parcels, and packers who read them.\n"


def live(root: Path) -> Snapshot:
    snapshot = SnapshotStore(root).live()
    assert snapshot
    return snapshot


def calibration_of(root: Path) -> Calibration:
    return read_calibration(live(root).folder)


@given(st.sampled_from(list(Mode)), EVIDENCE, EVIDENCE)
def test_no_questions_move_a_threshold_far_from_its_default(mode: Mode, far: list[float], own: list[float]) -> None:
    found, default = thresholds_of(mode, far, own), DEFAULTS[mode]
    assert abs(found.may_help - default.may_help) <= 0.0601
    assert found.may_help < found.answers


def test_where_questions_from_elsewhere_find_much_more_is_asked() -> None:
    little, much = (thresholds_of(Mode.HYBRID, [high] * 100, []) for high in (0.2, 0.4))
    assert little.may_help < much.may_help
    assert little.answers < much.answers


def test_own_questions_that_would_be_hidden_lower_the_threshold() -> None:
    far, own = [0.36] * 100, [0.33] * 5 + [0.8] * 45
    assert thresholds_of(Mode.HYBRID, far, own).may_help <= 0.33 < thresholds_of(Mode.HYBRID, far, []).may_help


def test_a_models_scale_brings_what_is_usual_to_what_is_usual_with_the_default_model() -> None:
    nearest = [10 + number / 10 for number in range(101)]  # half of them from 15 on, one in twenty from 19.5 on
    scale = scale_of(nearest)
    assert scale.of(np.array([15, 19.5], np.float32)) == pytest.approx([0.2, 0.3])
    assert scale_of([]) == AS_IT_IS
    assert 0 < scale_of([3.0] * 10).unit < 1, "also where all are alike"


def test_few_own_questions_say_nothing() -> None:
    far = [0.36] * 100
    assert thresholds_of(Mode.HYBRID, far, [0.1] * 5) == thresholds_of(Mode.HYBRID, far, [])


def test_what_the_thresholds_get_wrong_is_counted() -> None:
    found = calibrated([{Mode.HYBRID: value} for value in [0.1] * 97 + [0.45] * 2 + [0.9]], [])
    assert (found.asked.far, found.asked.far_may_help, found.asked.far_answers) == (100, 2, 1)


def ranked(ranks: dict[float, float]) -> OwnQuestion:
    return OwnQuestion({Mode.HYBRID: 0.7}, {weight: ranks.get(weight, 0.5) for weight in WEIGHTS})


def test_another_weight_is_taken_when_it_is_clearly_better() -> None:
    far = [{Mode.HYBRID: 0.2}]
    assert calibrated(far, [ranked({WEIGHTS[0]: 1.0})] * 60).lexical_weight == WEIGHTS[0]
    assert calibrated(far, [ranked({WEIGHTS[0]: 1.0})] * 10).lexical_weight == LEXICAL_WEIGHT, "too few to say"
    chance = [ranked({WEIGHTS[0]: 1.0})] * 32 + [ranked({WEIGHTS[0]: 0.0})] * 28
    assert calibrated(far, chance).lexical_weight == LEXICAL_WEIGHT, "a difference that chance makes"
    assert calibrated(far, [ranked({WEIGHTS[0]: 0.505})] * 60).lexical_weight == LEXICAL_WEIGHT, "too small to matter"


def test_it_comes_back_from_its_file() -> None:
    found = calibrated([dict.fromkeys(Mode, 0.31)] * 5, [])
    assert Calibration.from_json(json.loads(json.dumps(found.as_json()))) == found


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**DEFAULT.as_json(), "lexical_weight": 7},
        {**DEFAULT.as_json(), "lexical_weight": "much"},
        {**DEFAULT.as_json(), "thresholds": {}},
        {**DEFAULT.as_json(), "thresholds": {mode: {"may_help": -1, "answers": 0.5} for mode in Mode}},
        {**DEFAULT.as_json(), "thresholds": {mode: {"may_help": "x", "answers": 0.5} for mode in Mode}},
        {**DEFAULT.as_json(), "thresholds": {mode: {"may_help": float("nan"), "answers": 0.5} for mode in Mode}},
        {**DEFAULT.as_json(), "asked": {"who": 1}},
        {key: value for key, value in DEFAULT.as_json().items() if key != "scale"},
        *({**DEFAULT.as_json(), "scale": {"offset": 0, "unit": unit}} for unit in (0, -1, 1e-300, float("nan"), "x")),
        *({**DEFAULT.as_json(), "scale": {"offset": offset, "unit": 1}} for offset in (float("inf"), "x", None)),
    ],
)
def test_what_is_no_calibration_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="not a calibration"):
        Calibration.from_json(data)


@pytest.mark.parametrize("damage", [None, "", "{", "[]", '{"thresholds": 3}'])
def test_a_snapshot_without_a_sound_one_has_the_defaults(tmp_path: Path, damage: str | None) -> None:
    if damage is not None:
        (tmp_path / CALIBRATION).write_text(damage)
    assert read_calibration(tmp_path) == DEFAULT


def test_every_index_is_calibrated_and_the_same_files_give_the_same(indexed: Make) -> None:
    answers = "---\nanswers: [customers get the wrong parcel, packers read old labels]\n---\n"
    root = indexed({"labels.md": answers + LABELS, "plans.md": "# Plans\n\nForty teams plan.\n"})
    first = calibration_of(root)
    assert first.asked.far == len(elsewhere.questions()) > 100
    assert 0 < first.asked.own <= 2
    write(root, "x.md", LABELS)
    KnowledgeBase(root).reindex()
    (root / "lessons/x.md").unlink()
    KnowledgeBase(root).reindex()
    assert calibration_of(root) == first


@pytest.mark.parametrize(
    "files",
    [
        {"one.md": LABELS},
        {"one.md": f"---\nanswers: [labels]\n---\n{LABELS}"},
        {"one.md": f"---\nanswers: [wrong labels, wrong labels, wrong labels]\n---\n{LABELS}"},
        {f"{number}.md": f"---\nanswers: [wrong labels]\n---\n{LABELS}" for number in range(30)},
        {"one.md": f"---\nanswers: ['the of', '?!', '\u2603']\n---\n{LABELS}"},
        {"one.md": f"---\nanswers: ['{'labels and parcels ' * 400}', labels]\n---\n{LABELS}"},
        {"one.md": ""},
    ],
)
def test_odd_libraries_are_calibrated_too(make: Make, files: dict[str, str | bytes]) -> None:
    root = make(files)
    assert KnowledgeBase(root).reindex().published
    assert set(calibration_of(root).thresholds) == set(Mode)


def test_two_thousand_equal_lessons_are_answered_in_order_and_each_is_as_good(indexed: Make, kb: Run) -> None:
    root = indexed({f"{number:04}.md": LABELS for number in range(2000)})
    found = json.loads(kb(root, "search", "--json", "--limit", "3", "wrong labels on parcels").out)
    assert [hit["id"] for hit in found["hits"]] == ["0000", "0001", "0002"]
    assert {(hit["score"], hit["relevance"]) for hit in found["hits"]} == {(found["hits"][0]["score"], "answers")}
    last = json.loads(kb(root, "search", "--json", "--why-not", "1999", "wrong labels on parcels").out)
    assert (last["rank"], last["lessons"], last["relevance"]) == (2000, 2000, "answers")


def test_a_library_without_a_lesson_has_the_defaults(indexed: Make) -> None:
    root = indexed({"one.md": LABELS})
    (root / "lessons/one.md").unlink()
    from kb.reindex.reindex import Orders

    assert KnowledgeBase(root).reindex(Orders(allow_removals=True)).published
    assert calibration_of(root) == DEFAULT


@pytest.mark.parametrize("content", [None, b"\xff\xfe broken \xff"])
def test_without_the_questions_from_elsewhere_the_defaults_serve(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "elsewhere.txt"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(elsewhere, "FILE", file)
    root = make({"one.md": LABELS})
    assert KnowledgeBase(root).reindex().published
    assert dict(calibration_of(root).thresholds) == dict(DEFAULTS)


@pytest.mark.parametrize("damage", ["a folder", "no database", "another table"])
def test_a_cache_of_the_questions_that_cannot_be_used_only_costs_time(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    questions_file().parent.mkdir(parents=True)
    if damage == "a folder":
        questions_file().mkdir()
    elif damage == "no database":
        questions_file().write_bytes(b"no database" * 100)
    else:
        with closing(sqlite3.connect(questions_file())) as other:
            other.execute("CREATE TABLE vectors (something)")
    root = make({"one.md": LABELS})
    assert KnowledgeBase(root).reindex().published
    assert calibration_of(root).asked.far > 100
