"""`kb new`: a draft with all that is known, its path on stdout, and whatever happens in one line."""

from __future__ import annotations

import base64
import os
import re
import stat
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run, write
from tests.permissions import like_anybody
from tests.test_bad_worlds import files_up_to

TODAY = date.today().isoformat()
LABELS = "Orders left with the wrong label"
LABELS_FILE = f"lessons/{TODAY}-orders-left-with-the-wrong-label.md"
KNOWN = {
    "labels.md": """\
        ---
        title: Parcels come back because of wrong labels
        unit: Warehouse North
        people: [{name: Ann Roe, role: team, contact: ann@example.org}]
        ---
        Parcels come back, the label on them is wrong.
        """,
    "plans.md": "---\ntitle: Nobody agrees on budgets\n---\nBudgets take nine weeks.\n",
}


@pytest.fixture
def base(make: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base that is the working directory of Jane Doe, without a terminal."""
    root = make()
    monkeypatch.chdir(root)
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jane@example.org")
    return root


def only_lesson(root: Path) -> Path:
    (path,) = (root / "lessons").iterdir()
    return path


# What is known already


def test_a_draft_has_all_that_is_known_and_only_its_path_is_printed(base: Path, kb: Run) -> None:
    done = kb(None, "new", LABELS)
    assert done == Outcome(0, f"{LABELS_FILE}\n", "")
    text = (base / LABELS_FILE).read_text()
    assert text.startswith(f"---\nid: {TODAY}-orders-left-with-the-wrong-label\ntitle: {LABELS}\nsummary: # kb: ")
    assert f"\ndate: {TODAY}\nstatus: draft\n" in text
    person = "people:\n  - name: Jane Doe\n    role: learning-professional\n    contact: jane@example.org\n"
    assert person in text
    assert f"\n# {LABELS}\n\n## Problem\n\n<!-- kb: What went wrong" in text
    assert stat.S_IMODE((base / LABELS_FILE).stat().st_mode) & 0o444


@pytest.mark.parametrize("template", ["lesson", "after-action-review", "post-mortem", "experiment"])
def test_a_fresh_draft_has_no_errors(base: Path, kb: Run, template: str) -> None:
    kb(None, "new", "--template", template, LABELS)
    checked = kb(None, "check")
    assert checked.code == 0, checked
    assert " error: " not in checked.out
    assert " warning: " not in checked.out


def test_words_need_no_quotes_and_a_dash_is_no_option_behind_two(base: Path, kb: Run) -> None:
    kb(None, "new", "--", "-5", "degrees:", "#1", "cause")
    assert 'title: "-5 degrees: #1 cause"' in only_lesson(base).read_text()


def test_a_title_of_300_characters_is_whole_in_the_file(base: Path, kb: Run) -> None:
    title = "wrong label " * 25
    done = kb(None, "new", title)
    assert len(Path(done.out.strip()).name) < 80
    assert f"title: {title.strip()}\n" in only_lesson(base).read_text()


def test_a_lesson_that_is_there_is_never_overwritten(base: Path, kb: Run) -> None:
    write(base, Path(LABELS_FILE).name, "mine")
    assert kb(None, "new", LABELS).out == LABELS_FILE.replace(".md", "-2.md") + "\n"
    assert (base / LABELS_FILE).read_text() == "mine"
    assert f"\nid: {TODAY}-orders-left-with-the-wrong-label-2\n" in (
        "\n" + (base / LABELS_FILE.replace(".md", "-2.md")).read_text()
    )


def test_it_goes_into_the_first_folder_which_is_made(make: Make, base: Path, kb: Run) -> None:
    root = make(config='[corpus]\npaths = ["library/drafts", "lessons"]\n', name="other")
    assert kb(root, "new", LABELS).out == str(root / "library" / "drafts" / Path(LABELS_FILE).name) + "\n"


def test_the_unit_is_that_of_ones_own_last_lesson(base: Path, kb: Run) -> None:
    for number, (unit, name) in enumerate([("South", "Jane Doe"), ("East", "Jane Doe"), ("North", "Ann Roe")]):
        path = write(base, f"{unit}.md", f"---\nunit: {unit}\npeople: [{{name: {name}}}]\n---\nText.\n")
        os.utime(path, (number, number))
    kb(None, "new", LABELS)
    assert "\nunit: East\n" in (base / LABELS_FILE).read_text()


def test_the_unit_of_somebody_else_is_a_proposal(base: Path, kb: Run) -> None:
    write(base, "labels.md", KNOWN["labels.md"])
    kb(None, "new", LABELS)
    assert "\nunit: Warehouse North # kb: proposed, as in lessons/labels.md\n" in (base / LABELS_FILE).read_text()


def test_tags_in_use_that_fit_are_proposed(base: Path, kb: Run) -> None:
    write(base, "labels.md", "---\ntags: [wrong-label, labels, dealers]\n---\nText.\n")
    kb(None, "new", LABELS)
    assert "\ntags: # kb: in use, and may fit: [wrong-label, labels]\n" in (base / LABELS_FILE).read_text()


def test_nothing_is_taken_from_the_example_of_a_new_knowledge_base(base: Path, kb: Run, tmp_path: Path) -> None:
    root = tmp_path / "new"
    kb(None, "init", str(root))
    title = "Shipping: an example of orders in the warehouse"
    drafted = [Path(kb(root, "new", title).out.strip()).read_text()]
    kb(root, "reindex")
    drafted.append(Path(kb(root, "new", title).out.strip()).read_text())
    assert [("North" in text, "[shipping" in text.replace("such as [shipping", "")) for text in drafted] == [
        (False, False)
    ] * 2
    example = root / "lessons" / "example.md"
    example.write_text(example.read_text().replace("An example. Labels", "Labels"))
    kb(root, "reindex")
    assert "unit: Warehouse North\n" in Path(kb(root, "new", title).out.strip()).read_text()


def test_where_there_is_an_index_all_its_lessons_are_asked_for_tags(base: Path, kb: Run) -> None:
    old = write(base, "labels.md", "---\ntags: [labels]\nunit: North\ndate: 2006\n---\nText.\n")
    kb(None, "reindex")
    os.utime(old, (0, 0))
    for number in range(31):
        write(base, f"{number}.md", "---\ndate: 2007\n---\nText.\n")
    kb(None, "new", LABELS)
    assert "\ntags: # kb: in use, and may fit: [labels]\nunit: North # kb: proposed" in (base / LABELS_FILE).read_text()


def test_without_a_name_in_git_that_is_said(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    said = "git does not know who you are (`git config --global user.name`), so nobody is named yet under `people`"
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", f"kb: {said}\n")
    assert "\npeople: # kb: whom to ask" in (base / LABELS_FILE).read_text()


def test_without_git_that_is_said(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(base))
    said = "kb: git is not there, so nobody is named yet under `people`\n"
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", said)
    assert kb(None, "-q", "new", LABELS).err == ""


# What cannot be


def test_without_a_title_and_a_terminal_it_says_what_to_do(base: Path, kb: Run) -> None:
    for title in ([], [" \n"]):
        done = kb(None, "new", *title)
        assert (done.code, done.out) == (2, "")
        assert (
            done.err == 'kb: a lesson needs a title: the problem in one line, as in `kb new "Orders left unlabelled"`\n'
        )
    assert list((base / "lessons").iterdir()) == []


def test_a_folder_that_may_only_be_read(base: Path, kb: Run) -> None:
    (base / "lessons").chmod(0o500)
    try:
        with like_anybody():
            done = kb(None, "new", LABELS)
    finally:
        (base / "lessons").chmod(0o700)
    assert done == Outcome(3, "", f"kb: {base / LABELS_FILE}: permission denied; nothing was written\n")
    assert list((base / "lessons").iterdir()) == []


def test_a_disk_that_is_full(base: Path, kb: Run) -> None:
    with files_up_to(500):
        done = kb(None, "new", LABELS)
    assert done == Outcome(3, "", f"kb: {base / LABELS_FILE}: file too large; nothing was written\n")
    assert list((base / "lessons").iterdir()) == []


# Templates


def test_a_template_of_the_knowledge_base_wins_and_its_keys_stay(base: Path, kb: Run) -> None:
    (base / "templates").mkdir()
    own = "---\nteam: blue\nstatus: validated\ntags: [ours]\nunit: # kb: which?\n---\n## Problem\n\n<!-- kb: So? -->\n"
    (base / "templates" / "lesson.md").write_text(own)
    kb(None, "new", LABELS)
    text = (base / LABELS_FILE).read_text()
    assert text.startswith("---\nteam: blue\nstatus: draft\ntags:\n  - ours\n")
    assert "\nunit: # kb: which?\n" in text
    assert text.endswith(f"\n# {LABELS}\n\n## Problem\n\n<!-- kb: So? -->\n")


def test_an_unknown_template_is_answered_with_those_there_are(base: Path, kb: Run) -> None:
    (base / "templates").mkdir()
    (base / "templates" / "ours.md").write_text("## Problem\n")
    said = "there is no template 'x/../lesson'; there are after-action-review, experiment, lesson, ours, post-mortem"
    assert kb(None, "new", "--template", "x/../lesson", LABELS) == Outcome(2, "", f"kb: {said}\n")
    assert kb(None, "new", "--template", "ours", LABELS).code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"---\na: [\n---\n", "templates/ours.md:2: front matter is not YAML"),
        (b"\0\0\0\0", "templates/ours.md: not a text file"),
    ],
    ids=["YAML", "binary"],
)
def test_a_broken_template_is_named(base: Path, kb: Run, text: bytes, said: str) -> None:
    (base / "templates").mkdir()
    (base / "templates" / "ours.md").write_bytes(text)
    done = kb(None, "new", "--template", "ours", LABELS)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


def test_a_new_knowledge_base_has_the_templates_to_change(tmp_path: Path, kb: Run) -> None:
    made = kb(None, "init", str(tmp_path)).out
    names = ["after-action-review.md", "experiment.md", "post-mortem.md"]
    assert sorted(path.name for path in (tmp_path / "templates").iterdir()) == names
    assert all(f"made {tmp_path}/templates/{name}\n" in made for name in names)


# The editor


def script(base: Path, text: str) -> str:
    """Make a program that gets a file's path."""
    path = base / "my editor"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return f"'{path}'"


def test_the_editor_opens_the_draft_and_answered_prompts_vanish(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = """\
        [ "$1" = --wait ] && sed -i \
            -e 's/^## Problem/&\\n\\nParcels came back./' \
            -e 's/^<!-- kb: What did the team do.*-->/& We walked./' -e 's/^tags: #/tags: [labels] #/' "$2"
        """
    monkeypatch.setenv("VISUAL", script(base, answers) + " --wait")
    monkeypatch.setenv("EDITOR", "false")
    done = on_terminal("new", LABELS)
    assert (done.code, done.out) == (0, f"{LABELS_FILE}\n")
    text = (base / LABELS_FILE).read_text()
    assert (
        "## Problem\n\nParcels came back.\n\n## What was done\n\nWe walked.\n\n## What we learned\n\n<!-- kb: " in text
    )
    assert "\ntags: [labels]\nunit: # kb: " in text


def test_after_the_editor_its_findings_are_named(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", script(base, """sed -i 's/^status: .*/status: drafty/' "$1\""""))
    done = on_terminal("new", LABELS)
    assert done.code == 0
    assert re.search(rf"^{LABELS_FILE}:\d+:\d+: structure\.\w+ error: .*drafty", done.err, re.MULTILINE)


def test_of_many_findings_the_worst_are_named(base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", script(base, """sed -i 's/^status: .*/status: validated/' "$1\""""))
    *lines, last = on_terminal("new", LABELS).err.splitlines()
    named = [line for line in lines if line.startswith(LABELS_FILE)]
    assert re.fullmatch(rf"kb: and \d+ more: kb check {LABELS_FILE}", last)
    assert len(named) == 8
    severities = [line.split(": ")[1].split()[1] for line in named]
    assert severities == sorted(severities)


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("sh -c 'exit 4'", "the editor 'sh' failed (exit code 4)"),
        ("sh -c 'kill -9 $$'", "the editor 'sh' failed (signal 9)"),
        ("no-such-editor -w", "the editor 'no-such-editor' cannot be started: no such file or directory"),
        ("'unclosed", 'the editor "\'unclosed" cannot be started: no such file or directory'),
    ],
)
def test_an_editor_that_fails_leaves_the_draft(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch, editor: str, said: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    done = on_terminal("new", LABELS)
    assert (done.code, done.err) == (3, f"kb: {said}; the file is {base / LABELS_FILE}\n")
    assert "<!-- kb: What went wrong" in (base / LABELS_FILE).read_text()


def test_an_editor_that_returns_at_once_is_told_of(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    done = on_terminal("new", LABELS)
    said = "kb: nothing has been written; an editor that is open still must be told to wait, as `code --wait`\n"
    assert (done.code, done.err) == (0, said)


def test_without_an_editor_it_says_so(base: Path, on_terminal: Run) -> None:
    done = on_terminal("new", LABELS)
    said = "kb: neither $VISUAL nor $EDITOR is set; open the draft yourself, or: kb new --ask"
    assert (done.code, done.err, done.out) == (0, f"{said} {LABELS_FILE}\n", f"{LABELS_FILE}\n")


def test_no_editor_is_opened_where_none_is_wanted(
    base: Path, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "false")
    assert on_terminal("new", "--no-edit", LABELS).code == 0


def test_no_editor_is_opened_where_there_is_no_terminal(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "false")
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", "")


# What is close


def test_the_lessons_that_are_close_are_named_once_there_is_an_index(base: Path, kb: Run) -> None:
    for name, text in KNOWN.items():
        write(base, name, text)
    there_is_no_index = kb(None, "new", "Wrong labels: parcels come back")
    assert there_is_no_index.err == ""
    Path(there_is_no_index.out.strip()).unlink()
    kb(None, "reindex")
    done = kb(None, "new", "--no-edit", "Wrong labels: parcels come back again")
    assert done.err == (
        "kb: close to this one; would it be better to update one of these?\n"
        "    Parcels come back because of wrong labels\n    lessons/labels.md\n"
    )
    assert kb(None, "-q", "new", "--no-edit", "Wrong labels: parcels come back again").err == ""
    assert kb(None, "new", "--no-edit", "Hippopotamus").err == ""


def test_an_index_that_is_damaged_stops_nobody(base: Path, kb: Run) -> None:
    write(base, "labels.md", KNOWN["labels.md"])
    kb(None, "reindex")
    for path in (base / ".kb" / "snapshots").rglob("postings/*"):
        path.write_bytes(b"")
    done = kb(None, "new", "--no-edit", LABELS)
    assert (done.code, done.out) == (0, f"{LABELS_FILE}\n")


# Notes


def test_notes_fill_the_draft(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "notes.md").write_text("# Labels were wrong\n\n## Root cause\n\nOld addresses.\n\n## Weather\n\nRain.\n")
    done = kb(None, "new", "--from", "notes.md")
    assert (done.code, done.out) == (0, f"lessons/{TODAY}-labels-were-wrong.md\n")
    text = only_lesson(base).read_text()
    assert "\ntitle: Labels were wrong\n" in text
    assert "Old addresses." in text.partition("## What we learned")[2].partition("\n## ")[0]
    assert "Rain." in text.partition("## Notes")[2]
    with (base / "notes.md").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert kb(None, "new", "--from", "-", LABELS).out == f"{LABELS_FILE}\n"


def test_today_is_only_proposed_for_notes_that_name_no_day(base: Path, kb: Run) -> None:
    (base / "notes.md").write_text("# Labels were wrong\n\nEnd: 03/04/2026\n")
    kb(None, "new", "--from", "notes.md")
    assert f"\ndate: {TODAY} # kb: proposed: today, because the notes name no day" in only_lesson(base).read_text()
    only_lesson(base).unlink()
    for said in ("---\ndate: 2026-04-28\n---\n# Labels", "# Labels\n\nEnd: 28 April 2026"):
        (base / "notes.md").write_text(said)
        kb(None, "new", "--from", "notes.md")
        assert "today" not in only_lesson(base).read_text()
        only_lesson(base).unlink()


def test_notes_that_are_only_a_table_need_a_title(base: Path, kb: Run) -> None:
    (base / "n.md").write_text("| Measure | Before | After |\n|---|---|---|\n| returns | 30 | 2 |\n")
    done = kb(None, "new", "--from", "n.md")
    asked = 'kb: a lesson needs a title: the problem in one line, as in `kb new --from n.md "Orders left unlabelled"`\n'
    assert (done.code, done.err) == (2, asked)
    assert kb(None, "new", "--from", "n.md", LABELS).code == 0


def test_what_is_said_beside_a_value_goes_with_it(base: Path, kb: Run) -> None:
    write(base, "old.md", "---\nunit: South\n---\nText.\n").touch()
    (base / "notes.md").write_text("---\nunit: East\n---\n# Labels\n")
    path = base / kb(None, "new", "--from", "notes.md").out.strip()
    assert "\nunit: East\n" in path.read_text()


def test_notes_that_never_end_are_refused(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/zero").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert kb(None, "new", "--from", "-") == Outcome(2, "", "kb: standard input: larger than 64 MB\n")
    assert list((base / "lessons").iterdir()) == []


def test_notes_that_are_not_there_are_named(base: Path, kb: Run) -> None:
    assert kb(None, "new", "--from", "no.md") == Outcome(2, "", "kb: no.md: no such file or directory\n")


def test_notes_with_a_secret_are_not_taken_in_and_it_is_not_repeated(base: Path, kb: Run) -> None:
    value = "Tr0ub4" + "dor-9q"
    (base / "notes.md").write_text(f"# Wrong labels\n\nThe password for the vault was: {value}\n\npwd={value}\n")
    done = kb(None, "new", "--from", "notes.md")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: notes.md:3: looks like a password (and more on line 5); nothing is written: ")
    assert done.err.count("\n") == 1
    assert value[:5] not in done.err
    assert list((base / "lessons").iterdir()) == []


def test_the_first_line_with_a_secret_is_named_first_and_of_many_the_next_five(base: Path, kb: Run) -> None:
    password, token = "Tr0ub4" + "dor-9q", "gh" + "p_q7Zt4Lw9Xe2Rk8Vb5Nm1Hc6Jd3Fg0Psq7Zt4"
    (base / "few.md").write_text(f"# Wrong labels\n\npassword: {password}, or {token}\n\nIt was {token} then.\n")
    assert kb(None, "new", "--from", "few.md").err.startswith(
        "kb: few.md:3: looks like a password (and more on line 5); nothing is written: "
    )
    (base / "many.md").write_text("# Wrong labels\n\n" + f"password: {password}\n" * 7)
    done = kb(None, "new", "--from", "many.md")
    assert done.err.startswith("kb: many.md:3: looks like a password (and more on line 4, 5, 6, 7, 8 …); ")


def test_a_secret_in_an_encoded_mail_is_seen(base: Path, kb: Run) -> None:
    said = base64.encodebytes(b"The vault was open.\n\nThe password was: " + b"Tr0ub4" + b"dor-9q\n").decode()
    head = "From: a@b.example\nSubject: The vault\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n"
    (base / "mail.eml").write_text(f"{head}\n{said}")
    done = kb(None, "new", "--from", "mail.eml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: mail.eml (decoded):8: looks like a password; nothing is written: ")
    assert list((base / "lessons").iterdir()) == []


def test_what_notes_allow_as_no_secret_is_taken_in(base: Path, kb: Run) -> None:
    said = "<!-- kb: allow secrets.password: made up -->\nThe password was: " + "Tr0ub4" + "dor-9q"
    (base / "notes.md").write_text(f"# Wrong labels\n\n{said}\n")
    assert kb(None, "new", "--from", "notes.md").code == 0


def test_personal_data_in_notes_is_only_warned_of(base: Path, kb: Run) -> None:
    (base / "notes.md").write_text("# Wrong labels\n\nAsk walter.keane@brightpaper.net, not the depot.\n")
    done = kb(None, "new", "--from", "notes.md")
    assert done.code == 0
    assert "privacy.email warning" in done.err


# From notes


def test_a_draft_is_shown_as_it_will_be_found_and_how_its_notes_were_read(base: Path, kb: Run) -> None:
    (base / "notes.txt").write_bytes("Problem: 40 caf\u00e9s get the wrong menu\n\nSponsor: Ann Roe\n".encode("cp1252"))
    done = kb(None, "new", "--from", "notes.txt")
    remark, head, *hit = done.err.splitlines()
    assert (
        remark
        == "kb: notes.txt:1: not valid UTF-8 (byte 0xe9); read as Windows-1252; look whether all letters are right"
    )
    assert head == "kb: this is how it will look when it is found:"
    assert hit[0] == "1. 40 caf\u00e9s get the wrong menu [draft]"
    assert f"   {done.out.strip()}:" in done.err
    assert "kb: 3 proposals to confirm, one by one: kb new --ask 'lessons/" in done.err
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert kb(None, "-q", "new", "--from", "notes.txt").err == ""
