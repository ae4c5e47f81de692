"""Queries, judgements and runs as people and other programs write them, broken ones too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation.judged import Judged, match
from search.errors import EvaluationError
from search.evaluation.judgements import Judgements, read_judgements, read_queries
from search.evaluation.runs import Ranking, Run, format_run, read_run

TOPICS = """\
<top>
<num> Number: 301
<title> International Organized Crime

<desc> Description:
Identify organizations.
</top>

<top>
<num>302</num>
<title>Poliomyelitis <3
and Post-Polio</title>
</top>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def written(file: Path, content: str | bytes) -> Path:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize(
    ("content", "queries"),
    [
        ('{"_id": "a b", "text": " Why? "}\n\n{"text": "How?", "_id": 2, "more": 1}', {"a b": "Why?", "2": "How?"}),
        ("\ufeffa b\tWhy?\r\nc\tHow\tso?\r\n", {"a b": "Why?", "c": "How\tso?"}),
        (TOPICS, {"301": "International Organized Crime", "302": "Poliomyelitis <3 and Post-Polio"}),
        ('{"_id": "a", "text": "cut \\ud83d"}', {"a": "cut ?"}),
        ('{"_id": "a", "text": "one\u2028line"}', {"a": "one\u2028line"}),
    ],
    ids=["JSON lines", "rows", "TREC topics", "half a character", "a line end that is none"],
)
def test_queries_come_in_three_forms(file: Path, content: str, queries: dict[str, str]) -> None:
    assert read_queries(written(file, content)) == queries


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("", "", "no queries in it"),
        (" \n\n", "", "no queries in it"),
        ("{\n", ":1", 'expected an object with "_id" and "text", got \'{\''),
        ('{"_id": "a", "text": "b"}\n[1]', ":2", 'expected an object with "_id" and "text"'),
        ('{"_id": "a"}', ":1", 'expected an object with "_id" and "text"'),
        ('{"_id": true, "text": "b"}', ":1", 'expected an object with "_id" and "text"'),
        ('{"_id": "a", "text": 3}', ":1", 'expected an object with "_id" and "text"'),
        ('{"_id": "a", "text": ""}', ":1", "neither of them empty"),
        ("a\tb\nno tab", ":2", "expected a query's id and its text with a tab between, got 'no tab'"),
        ("\tb", ":1", "neither of them empty"),
        ("a\tb\n\na\tc", ":3", "the query 'a' is there already"),
        (b"a\tb\nc\t\xff", ":2", "not UTF-8"),
        ("<top>\n<num> 1\n<title> a\n", ":1", "expected a </top> after this"),
        ("<top>\n<num> 1\n<title> a\n<top>", ":1", "expected a </top> before the next <top>"),
        ("<top>\n<num> 1\n</top>", ":1", "expected a topic with <num> and <title>"),
        ("<top>\n<num> 1\n<title>\n<desc> a\n</top>", ":1", "expected a topic with <num> and <title>"),
        ("<html>", "", "no queries in it"),
        ("{" * 100_000, ":1", "expected an object"),
    ],
)
def test_broken_queries_are_named_with_file_and_line(file: Path, content: str, where: str, what: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        read_queries(written(file, content))
    said = str(refused.value)
    assert said.startswith(f"{file}{where}: ")
    assert what in said
    assert len(said) - len(str(file)) < 200


@pytest.mark.parametrize(
    "content",
    [
        "query-id\tcorpus-id\tscore\nq\ta b\t2\nq\tc\t0\nr\ta b\t-1\n",
        "q\ta b\t2\nq\tc\t0\nr\ta b\t-1\nr\ta b\t-1",
        "q 0 a·b 2\nq Q0 c 0\n\nr 0 a·b -1\r\n",
    ],
    ids=["BEIR", "without a header", "TREC"],
)
def test_judgements_come_in_two_forms(file: Path, content: str) -> None:
    found = read_judgements(written(file, content))
    name = "a b" if "a b" in content else "a·b"
    assert found == {"q": {name: 2, "c": 0}, "r": {name: -1}}


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("", "", "no judgements in it"),
        ("query-id\tcorpus-id\tscore\n", "", "no judgements in it"),
        ("q\ta\t1\nq\ta", ":2", "expected query, document and grade"),
        ("q a b 0 1", ":1", "expected query, document and grade"),
        ("q\ta\t1\nq\tb\tyes", ":2", "the grade a whole number"),
        ("q\ta\t1\nq\tb\t0.5", ":2", "the grade a whole number"),
        ("q\ta\t2000000000", ":1", "the grade a whole number below 1000"),
        ("q\t\t1", ":1", "expected query, document and grade"),
        ("q\ta\t1\nq\ta\t2", ":2", "expected the grade 1, which this pair has on an earlier line"),
        (b"q\ta\t1\n\xfe", ":2", "not UTF-8"),
    ],
)
def test_broken_judgements_are_named_with_file_and_line(file: Path, content: str, where: str, what: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        read_judgements(written(file, content))
    assert str(refused.value).startswith(f"{file}{where}: ")
    assert what in str(refused.value)


@pytest.mark.parametrize("read", [read_queries, read_judgements, lambda path: read_run(path, {})])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(EvaluationError, match="absent: no such file"):
        read(tmp_path / "absent")
    with pytest.raises(EvaluationError, match="is a directory"):
        read(tmp_path)


def test_a_run_is_ordered_by_score_then_by_rank_and_keeps_the_best_of_repeats(file: Path) -> None:
    rows = [
        "q Q0 low 1 0.5 x",
        "q Q0 second 3 2.0 x",
        "q Q0 first 2 2.0 x",
        "q Q0 low 9 3.0 x",
        "r Q0 path.md 1 -1e3 x",
        "q Q0 third 3 2.0 x",
    ]
    saved = read_run(written(file, "\n".join(rows)), {"path.md": "its-id"})
    assert saved.run == {
        "q": [("low", 3.0), ("first", 2.0), ("second", 2.0), ("third", 2.0)],
        "r": [("its-id", -1000.0)],
    }
    assert saved.repeats == 1


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", ""),
        ("q Q0 a 1 0.5", ":1"),
        ("q Q0 a 1 0.5 x\nq Q0 b one 0.5 x", ":2"),
        ("q Q0 a 1 high x", ":1"),
        ("q Q0 a 1 nan x", ":1"),
        ("q\tQ0\t\t1\t1\tx", ":1"),
    ],
)
def test_a_broken_run_is_named_with_file_and_line(file: Path, content: str, where: str) -> None:
    with pytest.raises(EvaluationError, match="six columns of a TREC run") as refused:
        read_run(written(file, content), {})
    assert str(refused.value).startswith(f"{file}{where}: ")


IDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5)
SCORES = st.floats(-1e6, 1e6, width=32)
RUNS = st.dictionaries(IDS, st.dictionaries(IDS, SCORES, min_size=1, max_size=5), max_size=4)


def best_first(documents: dict[str, float]) -> Ranking:
    return sorted(documents.items(), key=lambda item: -item[1])


@given(RUNS.filter(bool))
def test_a_run_that_is_written_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, found: Run) -> None:
    run = {query: best_first(dict(documents)) for query, documents in found.items()}
    again = read_run(written(tmp_path_factory.mktemp("run") / "run", format_run(run, "kb")), {})
    assert again.repeats == 0
    assert {query: [name for name, _ in ranking] for query, ranking in again.run.items()} == {
        query: [name for name, _ in ranking] for query, ranking in run.items()
    }


def test_ids_with_blanks_go_into_a_run_and_those_with_tabs_do_not(file: Path) -> None:
    run: Run = {"a query": [("b c", 0.25), ("d", 0.25)]}
    assert read_run(written(file, format_run(run, "kb")), {}).run == run
    with pytest.raises(EvaluationError, match="no run can hold it"):
        format_run({"q": [("a\tb", 1.0)]}, "kb")


NAMES = {"a": "a", "b": "b", "lessons/b.md": "b"}
"""The lessons a and b, the second known by its path as well."""


def matched(queries: str, judgements: Judgements, *, drop_self: bool = False) -> Judged:
    return match({query: f"text of {query}" for query in queries}, judgements, NAMES, drop_self=drop_self)


def test_what_counts_has_a_text_and_a_relevant_document_and_the_rest_is_said() -> None:
    judged = matched(
        "pqrx",
        {"p": {"a": 1}, "q": {"b": 0, "a": -1}, "r": {"gone": 2, "lessons/b.md": 1}, "s": {"a": 1}, "t": {"b": 1}},
    )
    assert list(judged.queries) == ["p", "r"]
    assert judged.judgements == {"p": {"a": 1}, "r": {"gone": 2, "b": 1}}
    assert judged.notes == (
        "1 judged query is without a relevant document: not counted",
        "2 judged queries are not in the queries file (s, t): not counted",
        "1 judged document is not in the index (gone); what is relevant of them counts as not found",
    )
    assert judged.relevant("r") == ["gone", "b"]


def test_a_lesson_that_is_judged_by_id_and_by_path_has_the_better_grade() -> None:
    assert matched("p", {"p": {"lessons/b.md": 2, "b": 0}}).judgements == {"p": {"b": 2}}


def test_many_names_are_not_all_said() -> None:
    judged = matched("p", {"p": {"a": 1, **{f"x{number}": 1 for number in range(9)}}})
    assert judged.notes == (
        "9 judged documents are not in the index (x0, x1, x2, x3, x4 and 4 more); what is relevant of them counts "
        "as not found",
    )


@pytest.mark.parametrize(
    ("judgements", "what"),
    [
        ({"p": {"a": 0}}, "the judgements find no document relevant to any query"),
        ({"z": {"a": 1}}, r"the queries file has none of the judged queries \(z\)"),
        ({"p": {"gone": 1, "a": 0}}, "no lesson of this index is judged relevant"),
    ],
)
def test_when_nothing_can_be_measured_it_says_why(judgements: Judgements, what: str) -> None:
    with pytest.raises(EvaluationError, match=what):
        matched("p", judgements)


def test_a_query_that_is_a_lesson_can_be_dropped_from_judgements_and_rankings() -> None:
    judged = matched("abp", {"a": {"a": 3, "b": 1}, "b": {"b": 1}, "p": {"a": 1}}, drop_self=True)
    assert judged.judgements == {"a": {"b": 1}, "p": {"a": 1}}
    ranking: Ranking = [("a", 3.0), ("b", 2.0), ("c", 1.0)]
    assert judged.kept("a", ranking, 2) == [("b", 2.0), ("c", 1.0)]
    assert judged.kept("p", ranking, 2) == ranking[:2]
    assert matched("a", {"a": {"a": 1}}).kept("a", ranking, 1) == [("a", 3.0)], "only where it was asked for"
