"""Notes fill the draft; secrets in them are not taken in."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run, write
from tests.new.conftest import LABELS, LABELS_FILE, TODAY, only_lesson


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
    assert (
        f"\ndate: {TODAY} # kb: proposed: today, because the notes do not name the day" in only_lesson(base).read_text()
    )
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
        == "kb: notes.txt:1: not valid UTF-8 (byte 0xe9); read as Windows-1252; check whether all letters are right"
    )
    assert head == "kb: this is how it will look when it is found:"
    assert hit[0] == "1. 40 caf\u00e9s get the wrong menu [draft]"
    assert f"   {done.out.strip()}:" in done.err
    assert "kb: 3 proposals to confirm, one by one: kb new --ask 'lessons/" in done.err
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert kb(None, "-q", "new", "--from", "notes.txt").err == ""
