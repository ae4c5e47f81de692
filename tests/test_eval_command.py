"""`kb eval`: what it measures over a live index, what it refuses, and the gates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Make, Outcome, Run

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Labels\n\nParcels came home, their label showed an old address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages, nobody compares.\n",
    "menus.md": "# Menus\n\nAn online menu replaced the brochure, and its errors.\n",
}
QUERIES = "home\tparcels came home crookedly\nplan\tforty plans\nmenu\tmenu of the brochure\nidle\tnothing\n"
QRELS = "query-id\tcorpus-id\tscore\nhome\twrong-labels\t1\nplan\tlessons/plans.md\t2\nmenu\tmenus\t1\nidle\tmenus\t0\n"


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    queries, qrels = tmp_path / "queries.tsv", tmp_path / "qrels.tsv"
    queries.write_text(QUERIES)
    qrels.write_text(QRELS)
    return str(queries), str(qrels)


def measured(done: Outcome, code: int = 0) -> dict[str, Any]:
    assert done.code == code, done.err
    (found,) = json.loads(done.out)["evaluations"]
    assert isinstance(found, dict)
    return found


def test_every_system_is_measured_in_the_same_run(base: Path, kb: Run, files: tuple[str, str]) -> None:
    done = kb(base, "eval", *files, "--json")
    found = measured(done)
    assert (found["name"], found["lessons"], found["queries"], found["depth"]) == ("base", 3, 3, 100)
    assert list(found["systems"]) == ["hybrid", "words only", "meaning only", "file grep"]
    for system in ("hybrid", "words only", "file grep"):
        assert found["systems"][system] == {
            **{"nDCG@10": 1, "R@100": 1, "RR@10": 1, "P@5": 0.2, "Success@5": 1, "AP": 1},
        }, system
    assert found["differences"]["words only"] == {"mean": 0, "low": 0, "high": 0, "p": 1}
    assert found["strata"]["few"]["queries"] + found["strata"]["many"]["queries"] == 3
    assert found["notes"] == ["1 judged query is without a relevant document: not counted"]
    assert done.err.splitlines()[-1] == "kb: 1 judged query is without a relevant document: not counted"


def test_the_table_has_a_row_for_each_system_and_what_the_hybrid_is_better_by(
    base: Path, kb: Run, files: tuple[str, str]
) -> None:
    lines = kb(base, "eval", *files).out.splitlines()
    assert lines[0] == "base: 3 lessons, 3 queries"
    assert lines[2].split() == ["nDCG@10", "R@100", "RR@10", "P@5", "Success@5", "AP"]
    assert lines[3].split() == ["hybrid", "1.000", "1.000", "1.000", ".200", "1.000", "1.000"]
    assert [line.split()[:2] for line in lines[4:7]] == [["words", "only"], ["meaning", "only"], ["file", "grep"]]
    assert lines[9].split()[:3] == ["nDCG@10", "(1", "query)"]
    assert lines[11].split() == ["words", "only", "1.000", "1.000", ".000", ".000", "…", ".000", "1.000"]
    assert not [line for line in lines if line != line.rstrip()]


def test_the_markdown_table_has_the_first_measure_with_the_best_in_bold(
    base: Path, kb: Run, files: tuple[str, str]
) -> None:
    done = kb(base, "eval", *files, "--markdown", "--measure", "P@5", "--measure", "AP")
    assert done.out.splitlines()[:2] == [
        "| collection | documents | queries | hybrid | words only | meaning only | file grep |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    assert done.out.splitlines()[2].startswith("| base | 3 | 3 | **.200** | **.200** | ")


def test_measures_can_be_chosen_and_baselines_left_out(base: Path, kb: Run, files: tuple[str, str]) -> None:
    done = kb(
        base, "eval", *files, "--json", "--no-baselines", "--measure", "R@200", "--measure", "P@1", "--depth", "1"
    )
    found = measured(done)
    assert found["systems"] == {"hybrid": {"R@200": 1, "P@1": 1}}
    assert (found["differences"], found["depth"]) == ({}, 200)


@pytest.mark.parametrize(("gate", "code"), [("nDCG@10>=0.99", 0), ("P@5>=0.2", 0), ("P@10>=0.11", 1)])
def test_a_gate_decides_the_exit_code(base: Path, kb: Run, files: tuple[str, str], gate: str, code: int) -> None:
    done = kb(base, "eval", *files, "--json", "--no-baselines", "--gate", gate, "--gate", "AP>=0.5")
    found = measured(done, code)
    value = found["systems"]["hybrid"][gate.split(">=")[0]]
    assert found["gates"][0] == {"gate": gate, "value": value, "passed": code == 0}
    assert ("kb: base: P@10 is 0.1000, the gate is P@10>=0.11" in done.err.splitlines()) == (code == 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gate", "nDCG@10"], "--gate 'nDCG@10': expected a measure, >= and a number"),
        (["--gate", "good>=1"], "no measure 'good'"),
        (["--measure", "nDCG@0"], "no measure 'nDCG@0'"),
        (["--depth", "1001"], "1001 is not in the range 1<=x<=1000"),
        (["--json", "--markdown"], "--json or --markdown, not both"),
        (["third"], "expected two files, QUERIES and QRELS, or --collection and folders"),
    ],
)
def test_wrong_usage_is_one_line(base: Path, kb: Run, files: tuple[str, str], arguments: list[str], said: str) -> None:
    done = kb(base, "eval", *files, *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("queries.tsv", "home parcels", "queries.tsv:1: expected a query's id and its text with a tab between"),
        ("qrels.tsv", "home\twrong-labels\t1\nhome\n", "qrels.tsv:2: expected query, document and grade"),
        ("qrels.tsv", "home\tlabels\t1\n", "no lesson of this index is judged relevant"),
        ("queries.tsv", "other\ttext\n", "the queries file has none of the judged queries (home, plan, menu)"),
    ],
)
def test_broken_files_are_named_before_anything_is_ranked(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str], name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    done = kb(base, "eval", *files)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


def test_without_an_index_or_with_an_empty_one_nothing_is_measured(make: Make, kb: Run, files: tuple[str, str]) -> None:
    root = make()
    done = kb(root, "eval", *files)
    assert (done.code, "there is no index" in done.err, "kb reindex" in done.err) == (5, True, True)
    assert kb(root, "reindex").code == 0
    done = kb(root, "eval", *files, "--gate", "AP>=0")
    assert (done.code, done.out) == (1, "")
    assert done.err == ("kb: the index holds no lesson, so nothing can be measured; write lessons, then `kb reindex`\n")


def test_unknown_documents_are_counted_and_the_relevant_ones_missed(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]
) -> None:
    (tmp_path / "qrels.tsv").write_text("home\twrong-labels\t1\nhome\tgone\t1\nlost\tmenus\t1\n")
    found = measured(kb(base, "eval", *files, "--json", "--no-baselines", "--measure", "R@10"))
    assert found["systems"]["hybrid"] == {"R@10": 0.5}
    assert found["notes"] == [
        "1 judged query is not in the queries file (lost): not counted",
        "1 judged document is not in the index (gone); what is relevant of them counts as not found",
    ]


def test_one_query_says_that_no_test_can_be_made(base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]) -> None:
    (tmp_path / "qrels.tsv").write_text("home\twrong-labels\t1\n")
    assert "With one query no significance test is possible" in kb(base, "eval", *files).out
    found = measured(kb(base, "eval", *files, "--json"))
    assert found["differences"]["file grep"] is None
    assert found["strata"]["many"] == {"queries": 0, "means": {}}


def test_a_querys_own_lesson_can_be_dropped(base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]) -> None:
    (tmp_path / "queries.tsv").write_text("wrong-labels\tparcels came home with an old address, online menu\n")
    (tmp_path / "qrels.tsv").write_text("wrong-labels\twrong-labels\t1\nwrong-labels\tmenus\t1\n")
    options = ("--json", "--measure", "RR@10", "--measure", "P@1")
    assert measured(kb(base, "eval", *files, *options))["systems"]["file grep"] == {"RR@10": 1, "P@1": 1}
    found = measured(kb(base, "eval", *files, *options, "--drop-self", "--run-out", str(tmp_path / "run")))
    assert found["systems"]["file grep"] == {"RR@10": 1, "P@1": 1}
    assert "\twrong-labels\tQ0\twrong-labels" not in (tmp_path / "run").read_text()


def test_a_run_is_saved_and_is_equal_to_itself(base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]) -> None:
    run = tmp_path / "before.run"
    first = measured(kb(base, "eval", *files, "--json", "--no-baselines", "--run-out", str(run)))
    rows = [line.split("\t") for line in run.read_text().splitlines()]
    assert [row[:4] + row[5:] for row in rows if row[3] == "1"] == [
        ["home", "Q0", "wrong-labels", "1", "kb"],
        ["plan", "Q0", "plans", "1", "kb"],
        ["menu", "Q0", "menus", "1", "kb"],
    ]
    again = measured(kb(base, "eval", *files, "--json", "--no-baselines", "--baseline", str(run)))
    assert again["systems"] == first["systems"]
    assert again["baseline"] == {
        **{"run": str(run), "mean": 1, "difference": {"mean": 0, "low": 0, "high": 0, "p": 1}},
        **{"better": 0, "worse": 0, "equal": 3, "changes": []},
    }
    assert list(tmp_path.glob(".*run*")) == []


def test_a_run_is_replaced_and_not_written_over(base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]) -> None:
    run, same = tmp_path / "before.run", tmp_path / "same.run"
    run.write_text("an older one")
    same.hardlink_to(run)
    assert kb(base, "eval", *files, "--no-baselines", "--run-out", str(run)).code == 0
    assert run.read_text().startswith("home\tQ0\twrong-labels\t1\t")
    assert same.read_text() == "an older one", "whoever reads it meanwhile has all of it"


SAVED = """\
home Q0 menus 1 3.0 x
home Q0 wrong-labels 2 3.0 x
home Q0 wrong-labels 3 1.0 x
plan Q0 plans 1 0.5 x
other Q0 plans 1 0.5 x
"""


def test_a_saved_run_with_ties_and_repeats_is_compared_query_by_query(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]
) -> None:
    run = tmp_path / "saved.run"
    run.write_text(SAVED)
    options = ("--no-baselines", "--measure", "RR@10", "--baseline", str(run))
    found = measured(kb(base, "eval", *files, "--json", *options))
    assert found["notes"][1:] == [
        f"{run}: documents twice under the same query, of which the best rank counts: 1",
        f"{run}: judged queries without a ranking, which count 0: 1",
    ]
    saved = found["baseline"]
    assert (saved["mean"], saved["better"], saved["worse"], saved["equal"]) == (0.5, 2, 0, 1)
    assert saved["changes"] == [
        {"query": "menu", "text": "menu of the brochure", "before": 0, "now": 1, "by": 1},
        {"query": "home", "text": "parcels came home crookedly", "before": 0.5, "now": 1, "by": 0.5},
    ]
    assert saved["difference"] == {"mean": 0.5, "low": 0, "high": 1, "p": 0.5}
    shown = kb(base, "eval", *files, *options)
    assert "RR@10 was .500, is 1.000: +.500 (95 % interval .000 … +1.000, p .500)" in shown.out
    assert "2 better, 0 worse, 1 equal" in shown.out
    assert "plan   1.000" not in shown.out
    assert "plan   1.000" in kb(base, "eval", *files, *options, "--per-query").out


@pytest.mark.parametrize(
    ("content", "said"),
    [("home Q0 menus", ":1: expected the six columns of a TREC run"), ("x Q0 a 1 1 x", ": ranks nothing for any")],
)
def test_a_saved_run_that_says_nothing_is_named(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str], content: str, said: str
) -> None:
    (tmp_path / "saved.run").write_text(content)
    done = kb(base, "eval", *files, "--baseline", str(tmp_path / "saved.run"))
    assert (done.code, done.err.count("\n"), f"saved.run{said}" in done.err) == (2, 1, True)


@pytest.mark.parametrize("place", ["absent/run", "device"])
def test_a_run_that_cannot_be_written_is_named_and_nothing_is_left(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str], place: str
) -> None:
    (tmp_path / "device").symlink_to("/dev/null")
    done = kb(base, "eval", *files, "--no-baselines", "--run-out", str(tmp_path / place))
    assert (done.code, done.out, f"{place}: " in done.err.splitlines()[-1]) == (3, "", True)
    assert (tmp_path / "device").is_symlink()


def test_each_query_is_shown_on_request_the_worst_first(
    base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]
) -> None:
    (tmp_path / "qrels.tsv").write_text("home\twrong-labels\t1\nplan\tgone\t1\n")
    options = ("--no-baselines", "--per-query", "--measure", "RR@10")
    lines = kb(base, "eval", *files, *options).out.splitlines()
    assert [line.split() for line in lines[-2:]] == [
        ["plan", ".000", "forty", "plans"],
        ["home", "1.000", "parcels", "came", "home", "crookedly"],
    ]
    assert measured(kb(base, "eval", *files, *options, "--json"))["per_query"] == [
        {"query": "home", "text": "parcels came home crookedly", "systems": {"hybrid": {"RR@10": 1}}},
        {"query": "plan", "text": "forty plans", "systems": {"hybrid": {"RR@10": 0}}},
    ]


def test_the_text_of_a_query_is_taken_as_it_is(base: Path, kb: Run, tmp_path: Path, files: tuple[str, str]) -> None:
    (tmp_path / "queries.tsv").write_text('home\ttag:x -parcels "came home" ( "\nplan\t?!\nmenu\tmenu\x00\x1b\n')
    found = measured(kb(base, "eval", *files, "--json", "--measure", "Success@5", "--per-query"))
    words = {row["query"]: row["systems"]["words only"]["Success@5"] for row in found["per_query"]}
    assert words == {"home": 1, "plan": 0, "menu": 1}


def test_changes_since_the_index_was_built_are_said(base: Path, kb: Run, files: tuple[str, str]) -> None:
    (base / "lessons" / "menus.md").unlink()
    done = kb(base, "eval", *files)
    assert "kb: 1 lesson has changed since the index was built; run `kb reindex` to measure" in done.err
    assert done.code == 0
