"""`kb promote`, `kb supersede`, `kb retire`, `kb review`."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Make, Run, write
from tests.git import git
from tests.permissions import like_anybody

TODAY = date.today().isoformat()
AHEAD = (date.today() + timedelta(days=400)).isoformat()
FULL = """\
---
# kept by the warehouse
id: {id}
title: 'Labels are wrong'   # as the dealers said it
status: draft  # until Joe has read it

people:
-   {{name: Joe Roe, role: contact, contact: "joe@example.org"}}   # in office 5
screening: {{strategic: "yes: dealers leave", reusable: "yes: any label"}}
impact:
  - area: cost
    design: none
    note: "not measured: nobody counted them before"
review_by: '2999-05-01'
# ours
habitat: {{where: [plain, 7]}}
---
# Labels are wrong

## Problem
Dealers send parcels back with the wrong label.

## What we learned
The printer skips lines of {id}.

## How we worked
We watched it for a day.
"""
HISTORY = "history:\n- date: {today}\n  what: {what}\n  by: Jane Doe <jane@example.org>\n"


def full(id_: str = "labels") -> str:
    return FULL.format(id=id_)


@pytest.fixture(autouse=True)
def jane(own_git: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git's user."""
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Jane Doe\nemail = jane@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))


@pytest.fixture
def base(make: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of three lessons, the working directory in it."""
    root = make({"labels.md": full(), "scanner.md": full("scanner"), "deep/bare.md": "# No front matter\n"})
    monkeypatch.chdir(root)
    return root


def text(root: Path, name: str = "labels.md") -> str:
    return (root / "lessons" / name).read_text("utf-8")


def because(reason: str) -> str:
    return f"  because: {reason}\n"


# What is written.


def test_a_draft_is_validated_and_only_the_lines_that_say_so_change(base: Path, kb: Run) -> None:
    done = kb(None, "promote", "labels")
    assert (done.code, done.out, done.err) == (0, "lessons/labels.md\n", "kb: labels is validated now; commit it\n")
    history = HISTORY.format(today=TODAY, what="validated")
    expected = full().replace("status: draft ", "status: validated ").replace("# ours\n", f"{history}# ours\n")
    assert text(base) == expected


def test_the_review_date_is_set_in_the_same_step(base: Path, kb: Run) -> None:
    write(base, "labels.md", full().replace("review_by: '2999-05-01'\n", ""))
    refused = kb(None, "promote", "labels")
    assert (refused.code, refused.out) == (1, "")
    assert "lessons/labels.md:1:1: completeness.review_by error: " in refused.err
    assert refused.err.endswith("; to be asked for what is missing: kb new --ask lessons/labels.md\n")
    assert "validated" not in text(base)
    assert kb(None, "promote", "labels", "--review-by", AHEAD).code == 0
    assert f"review_by: {AHEAD}\nhistory:\n" in text(base)


def test_a_lesson_without_status_is_promoted_too(base: Path, kb: Run) -> None:
    write(base, "labels.md", full().replace("status: draft  # until Joe has read it\n", ""))
    assert kb(None, "promote", "labels").code == 0
    assert "# as the dealers said it\nstatus: validated\n\npeople:\n" in text(base)


def test_errors_stand_at_the_lines_of_the_file_as_it_is(base: Path, kb: Run) -> None:
    write(base, "labels.md", full().replace("design: none", "design: guessed"))
    done = kb(None, "promote", "labels")
    assert (done.code, done.out) == (1, "")
    assert "lessons/labels.md:12:13: structure." in done.err
    assert text(base) == full().replace("design: none", "design: guessed")


def test_what_the_library_ignores_does_not_keep_a_lesson_from_being_promoted(
    make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = full().replace("review_by: '2999-05-01'\n", "")
    root = make({"labels.md": bad}, '[check]\nignore = ["completeness.review_by"]\n')
    assert kb(root, "promote", "labels").code == 0
    write(root, "labels.md", bad.replace("# kept", "# kb: allow completeness.review_by: it lasts\n# kept"))
    (root / "kb.toml").write_text("")
    assert kb(root, "promote", "labels").code == 0


def test_where_warnings_count_as_errors_they_do_so_here(base: Path, kb: Run) -> None:
    (base / "kb.toml").write_text("[check]\nstrict = true\n")
    done = kb(None, "promote", "labels")
    assert (done.code, " structure.unknown-key warning: " in done.err) == (1, True), done.err
    assert text(base) == full()


def test_both_sides_of_a_succession_are_written(base: Path, kb: Run) -> None:
    done = kb(None, "supersede", "labels", "lessons/scanner.md")
    assert (done.code, done.out) == (0, "lessons/scanner.md\nlessons/labels.md\n")
    assert done.err == "kb: labels is superseded by scanner now; commit both\n"
    assert text(base, "scanner.md") == full("scanner").replace("'\n# ours", "'\nsupersedes: [labels]\n# ours")
    history = HISTORY.format(today=TODAY, what="superseded") + because("replaced by scanner")
    expected = full().replace("status: draft ", "status: superseded ").replace("# ours\n", f"{history}# ours\n")
    assert text(base) == expected
    again = kb(None, "supersede", "labels", "scanner")
    assert (again.code, again.out) == (0, "")
    assert again.err == "kb: labels is superseded by scanner already; nothing was changed\n"
    assert text(base) == expected


def test_what_is_missing_of_a_succession_is_written(base: Path, kb: Run) -> None:
    write(base, "scanner.md", full("scanner").replace("# ours", "supersedes:\n  - 'labels' # they fade\n# ours"))
    assert kb(None, "supersede", "labels", "scanner").out == "lessons/labels.md\n"
    assert "status: superseded " in text(base)
    assert "supersedes:\n  - 'labels' # they fade\n" in text(base, "scanner.md")


def test_a_lesson_may_be_replaced_by_a_second_one(base: Path, kb: Run) -> None:
    write(base, "third.md", full("third"))
    kb(None, "supersede", "labels", "scanner")
    done = kb(None, "supersede", "labels", "third", "--because", "two  of\nthem")
    assert done.err == "kb: labels is superseded by third now, as by scanner; commit both\n"
    assert text(base).count("  what: superseded\n") == 2
    assert because('"replaced by third: two of them"') in text(base)


def test_a_retired_lesson_says_why(base: Path, kb: Run) -> None:
    done = kb(None, "retire", "deep/bare", "--because", "the printer:  it's gone # now")
    assert (done.code, done.out) == (0, "lessons/deep/bare.md\n")
    said = text(base, "deep/bare.md")
    assert said.startswith("---\nstatus: retired\nhistory:\n  - date:")
    assert said.endswith('    because: "the printer: it\'s gone # now"\n---\n# No front matter\n')
    assert kb(None, "retire", "deep/bare", "--because", "x").err == (
        "kb: deep/bare is retired already; nothing was changed\n"
    )


def test_a_review_moves_the_date_and_says_who_looked(base: Path, kb: Run) -> None:
    assert kb(None, "review", "labels", "--until", AHEAD).code == 0
    history = HISTORY.format(today=TODAY, what="reviewed")
    assert text(base) == full().replace("'2999-05-01'\n", f"'{AHEAD}'\n{history}")
    kb(None, "review", "labels", "--until", "2999")
    assert text(base).count("\n- date: ") == 2
    assert "review_by: '2999'\n" in text(base)


def test_line_ends_and_the_mark_at_the_beginning_stay(base: Path, kb: Run) -> None:
    path = write(base, "labels.md", b"\xef\xbb\xbf" + full().replace("\n", "\r\n").encode())
    assert kb(None, "promote", "labels").code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n# kept")
    assert data.count(b"\n") == data.count(b"\r\n") == full().count("\n") + 4


def test_quiet_is_quiet(base: Path, kb: Run) -> None:
    done = kb(None, "-q", "retire", "labels", "--because", "x")
    assert (done.out, done.err) == ("lessons/labels.md\n", "")


# Who did it.


def by(base: Path, kb: Run) -> str:
    assert kb(base, "retire", "labels", "--because", "x").code == 0
    return next((row.strip() for row in text(base).split("\n") if row.startswith("  by: ")), "")


def test_without_a_user_of_git_the_login_is_named(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("LOGNAME", "jdoe")
    assert by(base, kb) == "by: jdoe"


def test_without_git_the_login_is_named(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("LOGNAME", "jdoe")
    assert by(base, kb) == "by: jdoe"


def test_the_repository_of_the_lessons_says_who_its_user_is(base: Path, kb: Run, tmp_path: Path) -> None:
    git(base, "init", "-q")
    git(base, "config", "user.name", "Ann: Other")
    assert by(base, kb) == 'by: "Ann: Other <jane@example.org>"'


# What is refused: one line, and nothing is changed.

BAD: list[tuple[list[str], int, str]] = [
    (["promote", "label"], 2, "no lesson with the id 'label'; nearest: labels"),
    (["promote", "qqqq"], 2, "no lesson with the id 'qqqq'; `kb list` shows all"),
    (["promote", "../kb.toml"], 2, "'../kb.toml': no such file, and no lesson with that id; `kb list` shows all"),
    (["promote", "gone"], 2, "gone is retired: only a draft is promoted"),
    (
        ["promote", "sure", "--review-by", AHEAD],
        2,
        "sure is validated: only a draft is promoted; to move its review .*",
    ),
    (
        ["promote", "labels", "--review-by", TODAY],
        2,
        f"{TODAY} is not in the future: today is {TODAY}; give a later date",
    ),
    (["review", "labels", "--until", TODAY[:7]], 2, f"{TODAY[:7]} is not in the future: .*"),
    (["review", "labels", "--until", "31.12.2999"], 2, r"'31.12.2999' is not a date; did you mean 2999-12-31\?"),
    (["review", "labels", "--until", "2999-02-30"], 2, "'2999-02-30' is not a date; write it as 2027-05-31"),
    (["review", "labels"], 2, "missing option '--until'; see `kb review --help`"),
    (["review", "gone", "--until", AHEAD], 2, "gone is retired: nobody has to check whether it is still true"),
    (["retire", "labels"], 2, "missing option '--because'; see `kb retire --help`"),
    (["retire", "labels", "--because", " "], 2, r"why is labels retired\? Say it with --because"),
    (["supersede", "labels", "lessons/labels.md"], 2, "labels cannot supersede itself"),
    (["supersede", "newest", "labels"], 2, "newest supersedes labels, so it cannot be superseded by it"),
    (["supersede", "labels", "gone"], 2, "gone is retired itself, so it replaces nothing"),
    (["supersede", "labels", "newer"], 2, "newer is superseded itself, .*; name its successor newest"),
    (["retire", "twice", "--because", "x"], 2, "the id twice is used by lessons/one.md and lessons/two.md; .*"),
    (["supersede", "lessons/one.md", "labels"], 2, "the id twice is used by .*"),
    (
        ["retire", "broken", "--because", "x"],
        3,
        "lessons/broken.md:3: front matter is not YAML: .*; correct it first; .*",
    ),
    (
        ["retire", "lessons/odd.md", "--because", "x"],
        3,
        "lessons/odd.md:3: history is not a list; correct it first; .*",
    ),
    (["retire", "lessons/bytes.md", "--because", "x"], 3, "lessons/bytes.md:4: not valid UTF-8 .*"),
    (["promote", "toml"], 3, "lessons/toml.md:1: its front matter is TOML, which kb reads but does not write; .*"),
    (["retire", "lessons/null.md", "--because", "x"], 3, "lessons/null.md: not a text file .*; nothing was changed"),
]
MORE: dict[str, str | bytes] = {
    "gone.md": "---\nstatus: retired\n---\n# Gone\n",
    "sure.md": "---\nstatus: validated\n---\n# Sure\n",
    "newer.md": "---\nstatus: superseded\nsupersedes: [labels]\n---\n# Newer\n",
    "newest.md": "---\nsupersedes: newer\n---\n# Newest\n",
    "one.md": "---\nid: twice\n---\n# One\n",
    "two.md": "---\nid: twice\n---\n# Two\n",
    "broken.md": "---\nid: broken\ntags: [\n---\n# Broken\n",
    "odd.md": "---\nid: odd\nhistory: long\n---\n# Odd\n",
    "bytes.md": b"---\nid: bytes\n---\n\xff\n",
    "null.md": b"\0\1\0\1",
    "toml.md": '+++\ntitle = "Thin"\nstatus = "draft"\n+++\nNothing yet.\n',
}


@pytest.mark.parametrize(("arguments", "code", "said"), BAD, ids=lambda value: "" if isinstance(value, int) else None)
def test_what_cannot_be_done_is_said_in_one_line(
    base: Path, kb: Run, arguments: list[str], code: int, said: str
) -> None:
    for path, content in MORE.items():
        write(base, path, content)
    before = {path: path.read_bytes() for path in base.rglob("*.md")}
    done = kb(None, *arguments)
    assert (done.code, done.out) == (code, "")
    assert re.fullmatch(f"kb: {said}\n", done.err), done.err
    assert {path: path.read_bytes() for path in base.rglob("*.md")} == before


def test_one_of_two_lessons_with_one_id_is_named_by_its_file(base: Path, kb: Run) -> None:
    for path in ("one.md", "two.md"):
        write(base, path, MORE[path])
    assert kb(None, "retire", "lessons/two.md", "--because", "x").out == "lessons/two.md\n"


def test_from_elsewhere_the_file_is_named_so_that_it_is_found(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base / "lessons" / "deep")
    path = str(base / "lessons" / "labels.md")
    assert kb(base, "retire", "../labels.md", "--because", "x").out == f"{path}\n"
    assert kb(base, "retire", "lessons/scanner.md", "--because", "x").code == 0


def test_validated_is_validated(base: Path, kb: Run) -> None:
    kb(None, "promote", "labels")
    before = text(base)
    done = kb(None, "promote", "labels")
    assert (done.code, done.out, done.err) == (0, "", "kb: labels is validated already; nothing was changed\n")
    assert text(base) == before


# Files that cannot be written, or that others write.


def test_where_nothing_can_be_written_nothing_is_changed(base: Path, kb: Run) -> None:
    folder = base / "lessons"
    folder.chmod(0o555)
    try:
        with like_anybody():
            done = kb(None, "retire", "labels", "--because", "x")
    finally:
        folder.chmod(0o755)
    assert (done.code, done.out) == (3, "")
    assert done.err == "kb: lessons/labels.md: permission denied; nothing was written\n"
    assert text(base) == full()


def test_a_file_that_is_read_only_stays_as_it_is(base: Path, kb: Run) -> None:
    (base / "lessons" / "labels.md").chmod(0o444)
    with like_anybody():
        done = kb(None, "supersede", "labels", "scanner")
    assert (done.code, done.out) == (3, "")
    assert done.err == "kb: lessons/labels.md: permission denied; nothing was written\n"
    assert (text(base, "scanner.md"), text(base)) == (full("scanner"), full())


def test_when_the_second_file_cannot_be_written_the_first_is_taken_back(base: Path, kb: Run) -> None:
    (base / "lessons" / "labels.md").unlink()
    write(base, "locked/labels.md", full())
    folder = base / "lessons" / "locked"
    folder.chmod(0o555)
    try:
        with like_anybody():
            done = kb(None, "supersede", "labels", "scanner")
    finally:
        folder.chmod(0o755)
    assert (done.code, done.out) == (3, "")
    assert done.err == "kb: lessons/locked/labels.md: permission denied; nothing was written\n"
    assert (text(base, "scanner.md"), text(base, "locked/labels.md")) == (full("scanner"), full())
    assert {path.name for path in base.rglob("*") if path.name.startswith(".")} == set()


# What readers see afterwards.


def test_those_who_search_see_what_became_of_a_lesson(base: Path, kb: Run, make: Make) -> None:
    write(base, "third.md", full("third"))
    kb(None, "supersede", "labels", "scanner")
    kb(None, "retire", "third", "--because", "the printer is gone")
    assert kb(None, "reindex").code == 0
    found = json.loads(kb(None, "search", "--json", "--mode", "lexical", "wrong label").out)["hits"]
    assert [hit["id"] for hit in found[:3]] == ["scanner", "labels", "third"]
    assert [hit["superseded_by"] for hit in found[:3]] == [[], ["scanner"], []]
    assert [hit["status_because"] for hit in found[:3]] == [None, "replaced by scanner", "the printer is gone"]
    out = kb(None, "search", "--mode", "lexical", "wrong label").out
    assert "\n   superseded by: scanner\n" in out
    assert "\n   retired: the printer is gone\n" in out
    assert "the printer is gone" in kb(None, "show", "third", "--json").out
