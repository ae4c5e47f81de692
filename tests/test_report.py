"""The report of a run for people: what it says, that nothing a lesson says breaks it, and where it is written."""

from __future__ import annotations

import json
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.problem import Problem
from kb.acceptance.regression import Regression
from kb.errors import CannotWrite
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.pages.markdown_line import code, escaped, one_line
from kb.reindex.ledger import JobRun, Ledger, Outcome
from kb.reindex.reporting.report import Report
from kb.reindex.reporting.report_text import markdown, write_report
from tests.conftest import Make, write
from tests.conftest import Run as Call

HERE = Writer("night", 4711, 1.0, "anna", "2026-11-22T02:17:00+00:00")
REPORT = Report(
    added=1,
    changed=2,
    removed=3,
    unchanged=2094,
    failed=2,
    lessons=2102,
    passages=11_479,
    encoded=5,
    seconds=75.5,
    snapshot="20261122T021700Z-abcdef",
    published=True,
    problems=(Problem("lessons/odd.md", "not valid UTF-8", 3), Problem("lessons/gone", "permission denied")),
    asked=6,
    lost=1,
    regressions=(Regression("labels", "wrong *labels*", 2, ("plans", "forms")),),
    model="all-MiniLM-L6-v2",
    commit="0123456789abcdef",
    stages={"reading": 0.52, "encoding passages": 61.0},
)
PUBLISHED = JobRun(
    "", "2026-11-22T02:17:00+00:00", HERE, Outcome.PUBLISHED, "2026-11-22T02:18:15.500+00:00", report=REPORT
)
ROOT = Path("/srv/our-lessons")
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(text: str) -> list[Token]:
    """Return the block tokens."""
    return PARSER.parse(text)


# What it says.


def test_the_report_of_a_good_run_says_all_there_is_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    said = markdown(PUBLISHED, ROOT)
    when = said.split("**when:** ")[1].split("\n")[0]
    assert when.endswith("took 1 min 16 s")
    assert (
        said.replace(when, "WHEN")
        == """\
# our-lessons: a new index is published; 2 files could not be read, or only in part; 1 answer no longer found

- **when:** WHEN
- **by:** anna on night, process 4711
- **knowledge base:** `/srv/our-lessons`
- **commit:** `0123456789abcdef`
- **model:** `all-MiniLM-L6-v2`
- **live snapshot:** `20261122T021700Z-abcdef`

| lessons | added | changed | removed | unchanged | failed | passages | encoded |
| --: | --: | --: | --: | --: | --: | --: | --: |
| 2,102 | 1 | 2 | 3 | 2,094 | 2 | 11,479 | 5 |

## Could not be read, or only in part (2)

- `lessons/odd.md`, line 3: not valid UTF-8
- `lessons/gone`: permission denied

## No longer found (1)

- lesson `labels` is no longer found for “wrong \\*labels\\*” (was 2); instead: `plans`, `forms`

| stage | seconds | share |
| --- | --: | --: |
| reading | 0.5 | 1% |
| encoding passages | 61.0 | 99% |

## What to do next

- Search for the questions above: is what is found instead as good? If not, add to the lost lesson.
- Correct the files above. Until then a search finds them by what could be read of them, now or earlier.

The week on one page, with what to review, to write and to merge: `kb weekly`.
"""
    )


GOOD = replace(REPORT, problems=(), failed=0, regressions=(), lost=0)


@pytest.mark.parametrize(
    ("run", "headline", "step"),
    [
        (replace(PUBLISHED, report=GOOD), "a new index is published", "Nothing."),
        (
            replace(PUBLISHED, outcome=Outcome.UNCHANGED, report=replace(GOOD, published=False)),
            "nothing changed, the index was up to date",
            "Nothing.",
        ),
        (
            replace(PUBLISHED, outcome=Outcome.REFUSED, report=replace(REPORT, problems=(), failed=0), reason="why"),
            "the new index was refused, the old one is as it was",
            "`kb reindex --no-gate`",
        ),
        (
            replace(PUBLISHED, outcome=Outcome.REFUSED, report=GOOD, reason="why"),
            "the new index was refused, the old one is as it was",
            "Do what **Why** says",
        ),
        (
            replace(PUBLISHED, outcome=Outcome.FAILED, report=None, reason="why"),
            "the run failed, nothing unfinished went live",
            "Remove the cause",
        ),
        (
            replace(PUBLISHED, outcome=Outcome.INTERRUPTED, report=None, reason="why"),
            "the run was interrupted, nothing unfinished went live",
            "Run `kb reindex` again",
        ),
        (
            replace(PUBLISHED, outcome=Outcome.NOT_RUN, report=None, reason="why"),
            "no run, another process is writing",
            "`kb status`",
        ),
    ],
    ids=lambda value: value.outcome if isinstance(value, JobRun) else "",
)
def test_the_first_line_is_the_verdict_and_the_end_says_what_to_do(run: JobRun, headline: str, step: str) -> None:
    said = markdown(run, ROOT)
    assert said.splitlines()[0] == f"# our-lessons: {headline}"
    assert step in said.split("## What to do next\n\n")[1]
    assert ("\n**Why:** why\n" in said) == bool(run.reason)


def test_all_problems_are_in_the_report_however_many() -> None:
    problems = tuple(Problem(f"lessons/{number}.md", "no") for number in range(2000))
    said = markdown(replace(PUBLISHED, report=replace(REPORT, problems=problems)), ROOT)
    assert all(f"- `lessons/{number}.md`: no\n" in said for number in range(2000))


def test_where_there_is_no_knowledge_base_the_program_has_its_name() -> None:
    run = replace(PUBLISHED, outcome=Outcome.FAILED, report=None, reason="no kb.toml")
    assert markdown(run, None).startswith("# kb reindex: the run failed")


# That nothing breaks it.

FRAGMENTS = [*"\\`*_[]<>&#|~!()-+.:=\"' \n\r\t\u2028\x1b\u202eaä1", "&lt;", "``", "**", "- ", "1. ", "kb"]
TRICKY = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)


def inline(text: str) -> Token:
    """Return the one inline token of a report's line that is one list item, one paragraph."""
    tokens = rendered(text)
    kinds = [token.type for token in tokens]
    item = ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]
    assert kinds == [*item, "paragraph_close", "list_item_close", "bullet_list_close"], text
    return tokens[3]


@given(text=TRICKY | st.text())
def test_text_stays_text(text: str) -> None:
    children = inline(f"- x: {escaped(text)} y").children or []
    assert {child.type for child in children} <= {"text", "code_inline"}
    shown = "".join(f"`{child.content}`" if child.type == "code_inline" else child.content for child in children)
    expected = f"x: {one_line(text)} y" if one_line(text) else "x:  y"
    assert shown.replace(" `", "`").replace("` ", "`") == expected.replace(" `", "`").replace("` ", "`")


@given(text=(TRICKY | st.text()).filter(lambda text: one_line(text)))
def test_a_name_is_one_code_span(text: str) -> None:
    children = inline(f"- {code(text)}: why").children or []
    assert [child.type for child in children] == ["code_inline", "text"]
    assert (children[0].content, children[1].content) == (one_line(text), ": why")


def test_commands_in_a_reason_are_still_code() -> None:
    assert escaped("2 are gone (a_b); run `kb reindex --x_y`") == "2 are gone (a_b); run `kb reindex --x_y`"
    assert escaped("_a_ *b* [c](d) <e> R&D &amp; ~f~") == r"\_a\_ \*b\* \[c\](d) \<e> R&D \&amp; \~f\~"


@given(path=TRICKY, reason=TRICKY, question=TRICKY, lesson=TRICKY, name=TRICKY)
def test_no_lesson_changes_the_shape_of_a_report(path: str, reason: str, question: str, lesson: str, name: str) -> None:
    def shape(run: JobRun, root: Path) -> list[str]:
        return [token.type for token in rendered(markdown(run, root))]

    report = replace(
        REPORT,
        problems=(Problem("a" + path, "b" + reason, 3),),
        regressions=(Regression("c" + lesson, "d" + question, 2, ("e" + lesson,)),),
        commit="f" + path,
        model="g" + path,
    )
    plain = replace(REPORT, problems=REPORT.problems[:1])
    tricky = replace(PUBLISHED, writer=replace(HERE, user="h" + name), report=report, reason="i" + reason)
    assert shape(tricky, Path("/j" + name.replace("/", ""))) == shape(
        replace(PUBLISHED, report=plain, reason="why"), ROOT
    )


# Where it is written.


def test_a_report_replaces_a_file_in_one_step_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    with (tmp_path / "real.md").open() as reader:
        write_report(tmp_path / "link.md", "new")
        assert reader.read() == "old", "whoever reads it reads it whole"
    assert (tmp_path / "real.md").read_text() == "new"
    assert (tmp_path / "link.md").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "real.md"]


def test_in_a_folder_of_all_a_report_is_not_everybodys_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    before = os.umask(0o022)
    try:
        write_report(tmp_path / "report.md", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.md").stat().st_mode) == 0o644


def test_a_report_goes_down_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_report(pipe, "down")
    reader.join(10)
    assert (read, pipe.is_fifo()) == (["down"], True)


@pytest.mark.parametrize("place", ["no/such/folder/report.md", "."])
def test_a_report_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(CannotWrite, match="the report is not written"):
        write_report(tmp_path / place, "text")


# The command.


def test_a_report_is_written_beside_the_line(make: Make, kb: Call) -> None:
    root = make({"one.md": "# One\n", "two.md": "---\ntitle: a: b\n---\nTwo.\n"})
    done = kb(root, "reindex", "--report", str(root / "report.md"))
    assert done.code == 3
    assert done.out.startswith(
        "1 added, 0 changed, 0 removed, 0 unchanged, 1 failed; 2 lessons, 2 passages (2 encoded)"
    )
    said = (root / "report.md").read_text("utf-8")
    assert said.startswith("# base: a new index is published; 1 file could not be read, or only in part\n")
    assert "- `lessons/two.md`, line 2: front matter is not YAML" in said


def test_on_the_standard_output_the_report_stands_alone(make: Make, kb: Call) -> None:
    root = make({"one.md": "# One\n"})
    done = kb(root, "-q", "reindex", "--report", "-")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# base: a new index is published\n")
    assert "1 added" not in done.out


def test_json_and_a_report_go_together_unless_both_want_the_standard_output(make: Make, kb: Call) -> None:
    root = make({"one.md": "# One\n"})
    done = kb(root, "reindex", "--json", "--report", "-")
    assert (done.code, done.out, (root / ".kb").exists()) == (2, "", False)
    assert done.err.startswith("kb: --json and --report - both write to standard output; name a file")
    done = kb(root, "reindex", "--json", "--report", str(root / "report.md"))
    assert (done.code, json.loads(done.out)["added"]) == (0, 1)
    assert (root / "report.md").exists()


@pytest.mark.parametrize(
    ("place", "reason"), [("none/report.md", "none/report.md: no such file or directory"), ("", ".: is a directory")]
)
def test_a_report_that_cannot_be_written_is_exit_3_and_the_index_is_published(
    make: Make, kb: Call, monkeypatch: pytest.MonkeyPatch, place: str, reason: str
) -> None:
    root = make({"one.md": "# One\n"})
    monkeypatch.chdir(root)
    done = kb(None, "-q", "reindex", "--report", place)
    assert (done.code, done.err) == (3, f"kb: {reason}; the report is not written, the run is on record\n")
    assert SnapshotStore(root).live()
    assert Ledger(SnapshotStore(root).ledger).runs()[-1].outcome is Outcome.PUBLISHED


def test_what_failed_first_is_what_the_exit_code_says(make: Make, kb: Call) -> None:
    root = make({"one.md": "# One\n"}, '[model]\nname = "./none"\n')
    done = kb(root, "reindex", "--report", str(root / "none" / "report.md"))
    assert (done.code, done.out) == (5, "")
    assert [line.split(";")[0].split(": ")[-1] for line in done.err.splitlines()] == [
        "no such file or directory",
        f"no folder {root / 'none'}",
    ]


@pytest.mark.parametrize(
    ("config", "code", "why"),
    [
        ('[model]\nname = "./none"\n', 5, "the model './none' cannot be loaded: no folder"),
        ("[serach]\n", 2, "unknown key serach; did you mean search?"),
    ],
)
def test_a_run_that_failed_is_reported_too(make: Make, kb: Call, config: str, code: int, why: str) -> None:
    root = make({"one.md": "# One\n"}, config)
    if "[model]" not in config:
        (root / "kb.toml").write_text(config)
    done = kb(root, "reindex", "--report", "-")
    assert done.code == code
    assert done.out.startswith("# base: the run failed, nothing unfinished went live\n\n**Why:** ")
    assert why in done.out
    assert why in done.err


def test_where_another_writes_there_is_no_run_and_the_report_says_who(make: Make, kb: Call) -> None:
    root = make({"one.md": "# One\n"})
    (root / ".kb").mkdir()
    with WriterLock(SnapshotStore(root).lock).held():
        done = kb(root, "reindex", "--report", "-")
    assert done.code == 4
    assert done.out.startswith("# base: no run, another process is writing\n")
    assert f"is already running: process {os.getpid()} of" in done.out
    assert Ledger(SnapshotStore(root).ledger).runs() == []


def test_a_refused_run_is_one_line_of_why_also_when_quiet(indexed: Make, kb: Call) -> None:
    root = indexed({f"{number}.md": f"# {number}\n" for number in range(4)}, "[reindex]\nmax_removed = 2\n")
    for number in range(3):
        (root / "lessons" / f"{number}.md").unlink()
    done = kb(root, "-q", "reindex", "--report", str(root / "report.md"))
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.startswith("kb: 3 of 4 lessons are gone")
    assert "; not published" in done.out
    said = (root / "report.md").read_text("utf-8")
    assert said.startswith("# base: the new index was refused, the old one is as it was\n\n**Why:** 3 of 4 lessons")
    assert Ledger(SnapshotStore(root).ledger).runs()[-1].outcome is Outcome.REFUSED


def test_lessons_that_are_no_longer_found_are_named(indexed: Make, kb: Call) -> None:
    zebra = "---\nanswers: [striped horse]\n---\n# Zebra\n\nA striped horse.\n"
    root = indexed({"zebra.md": zebra, "other.md": "# Other\n\nNothing of it.\n"})
    for number in range(6):
        write(root, f"{number}.md", "---\nanswers: [striped horse]\n---\n# Striped horse\n\nStriped horse.\n")
    write(root, "zebra.md", zebra.replace("# Zebra\n\nA striped horse.\n", "# Quagga\n\n" + "An animal of old. " * 30))
    done = kb(root, "reindex", "--report", str(root / "report.md"))
    assert done.code == 0
    assert "kb: zebra is no longer found for 'striped horse' (was 1); instead: " in done.err
    assert "- lesson `zebra` is no longer found for “striped horse” (was 1); instead: `" in (
        root / "report.md"
    ).read_text("utf-8")


@pytest.mark.parametrize(("count", "said"), [(1, "1 lesson, 1 passage (1 encoded)"), (2, "2 lessons, 2 passages")])
def test_one_of_a_kind_is_not_told_as_many(make: Make, kb: Call, count: int, said: str) -> None:
    root = make({f"{number}.md": f"# {number}\n" for number in range(count)})
    assert f"; {said}" in kb(root, "reindex").out
