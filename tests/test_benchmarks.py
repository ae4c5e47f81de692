"""The benchmark beside other engines runs from end to end; how long anything takes is no matter here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import lost_words, reindex, search, slips
from benchmarks.engines import Bm25s, Document, Engine, Fts5, Ripgrep, Tantivy
from benchmarks.lost_words import Lost
from benchmarks.whoosh_engine import BUILDERS, INDEXES, read_entries, read_terms, write_terms
from benchmarks.whoosh_questions import questions
from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.evaluation.collection import Collection
from tests.conftest import Make

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
CORPUS = """\
{"_id": "7/1", "title": "Labels", "text": "Parcels came home, their label showed an old address."}
{"_id": "no", "text": "Forty teams plan in forty languages, nobody compares."}
{"_id": "menu", "title": "Menus: new", "text": "An online menu replaced the brochure, and its errors."}
"""
ALWAYS = ["kb hybrid", "kb whole answer", "kb words only", "SQLite FTS5"]
INSTALLED = [
    *(["bm25s"] if find_spec("bm25s") and find_spec("Stemmer") else []),
    *(["tantivy"] if find_spec("tantivy") else []),
    *(["ripgrep"] if shutil.which("rg") else []),
]


@pytest.fixture
def collection(tmp_path: Path, static_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(CORPUS)
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "parcels home"}\n{"_id": "2", "text": "(forty) -x"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7/1\t1\n2\tno\t1\n")
    (Collection(folder).prepared() / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["search.py", *map(str, arguments)])
    search.main()


def rows_of(printed: str) -> dict[str, list[str]]:
    """Return the cells of each engine."""
    lines = [line.strip("| ").split("|") for line in printed.splitlines()[4:]]
    return {name.strip(): [cell.strip() for cell in cells] for name, *cells in lines}


def test_a_collection_gives_a_row_for_each_installed_engine(
    collection: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, collection)
    printed = capsys.readouterr()
    assert printed.out.startswith("3 lessons, 3 passages; 2 queries (median 2 words), 3 pages\n")
    rows = rows_of(printed.out)
    assert list(rows) == ALWAYS + INSTALLED
    assert rows["kb hybrid"][4] == rows["kb hybrid"][7] == "1"
    quality = {name: cells[1] for name, cells in rows.items()}
    assert quality.pop("kb whole answer") == ""
    assert float(quality.pop("kb hybrid")) > 0.5
    assert set(quality.values()) == {"1.000"}
    assert printed.err.count("left out: ") == 3 - len(INSTALLED)


def test_an_engine_that_is_absent_is_named_and_left_out(
    collection: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    monkeypatch.setenv("PATH", "")
    run(monkeypatch, collection)
    printed = capsys.readouterr()
    assert list(rows_of(printed.out)) == ALWAYS
    left_out = [line for line in printed.err.splitlines() if line.startswith("left out: ")]
    assert [name in line for name, line in zip(("", "tantivy", "rg"), left_out, strict=True)] == [True] * 3


def test_a_library_is_measured_without_quality_and_stays_as_it_is(
    indexed: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = indexed({"labels.md": "# Labels\n\nParcels came home.\n", "plans.md": "# Plans\n\nForty plans.\n"})
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    queries = tmp_path / "queries.txt"
    queries.write_text("parcels home\n\nforty plans\n")
    run(monkeypatch, "--library", root, "--queries", queries)
    printed = capsys.readouterr().out
    assert printed.startswith("2 lessons, 2 passages; 2 queries (median 2 words), 2 pages\n")
    assert {cells[1] for cells in rows_of(printed).values()} == {""}
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected a collection, or --library and --queries"),
        (["a", "--library", "b", "--queries", "c"], "expected a collection, or --library and --queries"),
        (["--library", "b"], "expected a collection, or --library and --queries"),
        (["absent"], "corpus.jsonl: no such file or directory"),
    ],
)
def test_wrong_usage_is_named(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, *arguments)
    assert said in f"{stopped.value} {capsys.readouterr().err}"


@pytest.mark.parametrize("make_engine", [Fts5, Bm25s, Tantivy, Ripgrep], ids=lambda engine: engine.name)
def test_each_engine_joins_words_with_or_and_takes_no_operators(make_engine: Callable[..., Engine], make: Make) -> None:
    texts = {"lessons/A.md": "Parcels came home.", "lessons/b.md": "Forty teams; parcels.", "lessons/c.md": "Menus."}
    root = make({path.removeprefix("lessons/"): text for path, text in texts.items()})
    try:
        engine = make_engine(root) if make_engine is Ripgrep else make_engine()
    except ImportError:
        pytest.skip("not installed")
    engine.index([Document(path[-4], path, "", text) for path, text in texts.items()])
    assert engine.search('PARCELS: (home NOT "absent', 10) == ["A", "b"]
    assert engine.search("parcels home", 1) == ["A"]
    assert engine.search("elsewhere", 10) == []
    assert engine.search("?!", 10) == []


def test_nights_are_measured_over_a_larger_copy(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make({f"{name}.md": f"# {name}\n\nParcels of {name} came home.\n" for name in ("a", "b", "c")})
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    monkeypatch.setattr(sys, "argv", ["reindex.py", str(root), "--times", "2", "--runs", "1"])
    reindex.main()
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("6 lessons, 6 passages, whose vectors are 0.0 MB")
    nights = [
        "first search, no index",
        "nothing changed",
        "one lesson changed",
        "one lesson removed",
        "all read again (--full)",
    ]
    assert [line[:34].strip() for line in printed[2:]] == nights
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_what_a_passage_more_takes_is_set_beside_its_vector(capsys: pytest.CaptureFixture[str]) -> None:
    small, large = reindex.Size(10, 1000, 1.5), reindex.Size(30, 5000, 7.5)
    reindex.print_growth((small, {"night": 200.0}), (large, {"night": 212.0}))
    assert capsys.readouterr().out.splitlines()[1].split() == ["night", "3.00", "2.0x"]


@pytest.mark.parametrize("name", ["latency", "reindex", "search", "unanswerable", "whoosh_parts", "stemmers"])
def test_a_script_finds_the_package_search_and_not_its_neighbour(name: str, tmp_path: Path) -> None:
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_unknown_words_are_compared_with_made_up_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["slips.py", "--words", "300"])
    slips.main()
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == list(slips.ASKED)


def test_whooshs_index_and_kbs_are_of_the_same_terms(tmp_path: Path) -> None:
    lessons = {"labels": "The labels of parcels were old; parcels came home.", "plans": "Forty teams plan with AT&T."}
    for name, text in lessons.items():
        (tmp_path / f"{name}.md").write_text(f"---\nsummary: About {name}\n---\n# Of {name}\n\n{text}\n")
    write_terms(read_entries(tmp_path), tmp_path / "terms.jsonl")
    for name in INDEXES:
        builder = BUILDERS[name](tmp_path / name)
        for path, found in read_terms(tmp_path / "terms.jsonl"):
            builder.add(path, found)
        builder.write()
        index = INDEXES[name](tmp_path / name)
        assert index.best(["parcel", "home"]) == ["labels.md"]
        assert sorted(index.best(["parcel", "plan"])) == ["labels.md", "plans.md"]
        phrases = (["parcel", "came", "home"], ["parcel", "home"], ["team", "plan"], ["forti", "team", "plan"])
        assert list(map(index.having_phrase, phrases)) == [["labels.md"], [], ["plans.md"], ["plans.md"]]
        assert index.suggested("parcals")[0] == "parcels"


def test_what_both_indexes_are_asked_is_drawn_from_the_lessons(tmp_path: Path) -> None:
    (tmp_path / "labels.md").write_text("# Old labels\n\nThe labels of the parcels were old; parcels came home.\n")
    asked = questions(list(read_entries(tmp_path)))
    assert asked.titles == [["old", "label"]]
    assert all(" ".join(phrase) in "label parcel old parcel came home" for (phrase,) in asked.phrases.values())
    assert {word for slips in asked.slips.values() for _, word in slips} == {"labels", "parcels"}
    assert asked == questions(list(read_entries(tmp_path)))


def test_words_that_are_in_no_field_are_listed_with_their_reason(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = (
        "---\ntitle: Labels # zebra\nown: {deep: [ostrich]}\n---\n# Gone {#giraffe}\n\n## Below\n\nText<!-- lion -->.\n"
    )
    root = make({"a.md": lesson})
    monkeypatch.setattr(sys, "argv", ["lost_words.py", str(root)])
    assert lost_words.main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 file; 0 words without a reason",
        "        1 the name of a key of the format",
        "        1 in a comment of the front matter",
        "        1 the anchor of a heading, or the address of a link in one",
        "        1 in a comment, a script, a style, the data of a picture or the marker of a conflict",
    ]


def test_a_word_that_is_nowhere_in_what_was_read_has_no_reason() -> None:
    reading = read_lesson(b"# Labels\n\nText.\n", "a.md", "a", KindTable())
    assert list(lost_words.lost_words(reading, "# Labels\n\nText.\n\nA zebra.\n")) == [Lost("a.md", 5, "zebra", "")]
