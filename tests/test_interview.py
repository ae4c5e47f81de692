"""`kb new --ask`: one question after the other, each answer in the file before the next, and nothing else changed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.kinds import Kind, KindTable
from ingest.reading import read_lesson
from kb.codify.draft import Draft
from kb.codify.interview.answer_places import design_of
from kb.codify.interview.impact_words import impact_of
from kb.codify.interview.interview import FILING, QUESTIONS, open_questions, questions_for
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import Written, rewrite
from kb.codify.template import template_named
from kb.edit.edit import Edit, edited
from kb.edit.sections import Sections
from kb.errors import CannotWrite
from tests.conftest import Make, Outcome, Run
from tests.test_bad_worlds import files_up_to

KINDS = KindTable()
FRESH = template_named("lesson", Path("/nonexistent"), KINDS).filled(
    Draft({"title": "T", "people": [{"name": "Jane Doe", "role": "learning-professional"}]}), KINDS
)
ANSWERS = """\
Forty parcels a week came back.
# of complaints: 12

Ann Roe, ann@example.org
yes: every return costs 12 EUR

We walked along with ten parcels.

Labels were printed too early.

.
"""


@pytest.fixture
def ask(make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Outcome]:
    """Hold an interview with what stands in a file as stdin."""
    monkeypatch.chdir(make())
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jane@example.org")

    def ask(typed: str, *arguments: str) -> Outcome:
        (tmp_path / "typed").write_text(typed)
        with monkeypatch.context() as patch, (tmp_path / "typed").open() as stdin:
            patch.setattr(sys, "stdin", stdin)
            return kb(None, "new", "--ask", *arguments)

    return ask


def still_open(lesson: Written) -> list[int]:
    return open_questions(lesson, questions_for(lesson))


def only_lesson() -> Path:
    (path,) = Path("lessons").iterdir()
    return path


def test_answers_are_where_they_belong_and_the_rest_is_still_asked_for(ask: Callable[..., Outcome]) -> None:
    done = ask(ANSWERS, "Wrong labels")
    assert (done.code, done.out) == (0, f"lessons/{date.today()}-wrong-labels.md\n")
    assert "1 of 18  What was the problem?" in done.err
    assert "kb: 5 answers saved; to go on: kb new --ask lessons/" in done.err
    reading = read_lesson(only_lesson().read_bytes(), "a.md", "a", KINDS)
    assert not reading.problems
    sections = Sections(reading.text, KINDS)
    assert sections.said(Kind.PROBLEM) == "Forty parcels a week came back.\n\\# of complaints: 12"
    assert sections.said(Kind.CASE) == "We walked along with ten parcels."
    assert [(person.name, person.role, person.contact) for person in reading.lesson.people] == [
        ("Jane Doe", "learning-professional", "jane@example.org"),
        ("Ann Roe", "sponsor", "ann@example.org"),
    ]
    assert reading.lesson.metadata["screening"] == {"strategic": "yes: every return costs 12 EUR", "reusable": None}
    assert reading.text.count("<!-- kb:") == FRESH.count("<!-- kb:") - 3
    assert "strategic: # kb" not in reading.text


def test_it_goes_on_where_it_stopped_and_then_asks_what_was_skipped(ask: Callable[..., Outcome]) -> None:
    ask(ANSWERS, "Wrong labels")
    done = ask("Walking.\n\n.\n", str(only_lesson()))
    assert re.findall(r"^\S*(\d+) of 18", done.err, re.MULTILINE) == ["7", "8"]
    by_id = ask("", only_lesson().stem)
    assert (by_id.code, by_id.out) == (0, f"{only_lesson()}\n")
    assert "8 of 18" in by_id.err
    without_design = [number for number in range(7, 18) if number != 10]  # there is no figure yet
    assert still_open(Written(only_lesson().read_text(), KINDS, "")) == [*without_design, 3]


COMPLETE = """\
Parcels came back.

Max Boss, max@example.org
yes: dealers leave
yes: any label
We walked.

The printer skips lines.

Two workshops.

A checklist.

Reading twice.

labels a week: 40 -> 6
2 the months before
when labels are printed

parcels come back

Max Packer, 0221 1234

Fewer labels are wrong.
shipping, printing
y
y
"""


def test_who_answers_all_has_a_lesson_that_can_be_validated(ask: Callable[..., Outcome], kb: Run) -> None:
    Path("lessons/other.md").write_text("---\nunit: North\n---\nText.\n")
    done = ask(COMPLETE, "Wrong labels")
    id_ = f"{date.today()}-wrong-labels"
    assert (
        "\nkb: 18 answers saved\nkb: this is how it will look when it is found:\n1. Wrong labels [draft]\n" in done.err
    )
    assert done.err.endswith(f"\nkb: it says all that it must: kb promote {id_}\n")
    text = Path(f"lessons/{id_}.md").read_text()
    assert "kb:" not in text
    assert f"\ntags: [shipping, printing]\nunit: North\ndate: {date.today()}\n" in text
    assert f"\nreview_by: {date.today().year + 1}-" in text
    assert kb(None, "promote", id_).code == 0
    assert f"{id_}.md" not in kb(None, "check").out


def test_what_is_missing_for_promotion_is_named_in_one_line(ask: Callable[..., Outcome]) -> None:
    done = ask(ANSWERS, "Wrong labels")
    last = done.err.splitlines()[-1]
    saved = next(line for line in done.err.splitlines() if "saved" in line and line.startswith("kb: "))
    promote, again = f"kb promote {date.today()}-wrong-labels", f"kb new --ask {only_lesson()}"
    assert saved == f"kb: 5 answers saved; to go on: {again}"
    assert last == f"kb: before `{promote}` it must say: screening, impact, review_by, method"


@pytest.mark.parametrize(
    ("answer", "said", "after"),
    [
        ("y", "kept", "tags:\n  - a\npeople:\n  - name: Ann # mine\n# kb: proposed, too\nunit: North\n"),
        ("no", "deleted", "tags:\n  - a\n# mine\n# kb: proposed, too\nunit: North\n"),
    ],
)
def test_what_was_proposed_is_kept_or_deleted(answer: str, said: str, after: str) -> None:
    people = 'people:\n  # kb: proposed from line 3: "Ann"\n  - name: Ann # mine\n'
    lesson = Written(f"---\ntags:\n  - a\n{people}# kb: proposed, too\nunit: North\n---\nText.\n", KINDS, "")
    (first, *_), second = questions_for(lesson), questions_for(lesson)[-1]
    assert (first.asks, second.asks) == ("Is this right? people: Ann", "Is this right? unit: North")
    done = Written(edited(lesson.text, first.place.edits(lesson, answer)), KINDS, "")
    assert (done.text, first.place.said(done)) == (f"---\n{after}---\nText.\n", said)
    assert second.place.said(done) == ""
    for unclear in ("perhaps", "y es", "n Ann", "c", "c "):
        with pytest.raises(Unclear):
            first.place.edits(lesson, unclear)


FRONT = """\
title: Old # kb: proposed from line 1
tags: # kb: proposed from line 2: "a, b"
  - a
people:
  # kb: proposed from line 3: "Ann"
  - name: Ann
    role: team
date: 2026-05-01 # kb: proposed from line 4
impact:
  # kb: proposed from line 5: "40 -> 6"
  - area:
    before: 40
    after: 6
    design:
"""


@pytest.mark.parametrize(
    ("key", "answer", "before", "after"),
    [
        ("title", "c New: one", "title: Old #", 'title: "New: one"\n'),
        ("title", "change New", "# Old\n", "# New\n"),
        ("tags", "C b, c", "  - a\n", "  - b\n  - c\n"),
        ("people", "c Bo Roe, bo@x.org", "name: Ann", "name: Bo Roe\n    role: team\n    contact: bo@x.org\n"),
        ("date", "c 12 May 2026", "date: 2026-05-01", "date: 2026-05-12\n"),
        ("impact", "c returns: 41 -> 6", "before: 40", "before: 41\n    after: 6\n    design:\n    metric: returns\n"),
    ],
)
def test_what_was_proposed_is_changed(key: str, answer: str, before: str, after: str) -> None:
    lesson = Written(f"---\n{FRONT}---\n\n# Old\n\nText.\n", KINDS, "")
    proposal = next(one for one in questions_for(lesson) if one.asks.startswith(f"Is this right? {key}"))
    changed = Written(edited(lesson.text, proposal.place.edits(lesson, answer)), KINDS, "")
    assert before in lesson.text
    assert (before in changed.text, after in changed.text) == (False, True)
    assert proposal.place.said(changed) == "kept"
    assert changed.text.count("# kb: proposed") == lesson.text.count("# kb: proposed") - 1


def test_a_change_must_be_what_the_key_can_say() -> None:
    lesson = Written(f"---\n{FRONT}---\nText.\n", KINDS, "")
    date = next(one for one in questions_for(lesson) if "date:" in one.asks)
    with pytest.raises(Unclear, match="date"):
        date.place.edits(lesson, "c soon")


def test_proposals_are_confirmed_one_by_one_and_a_wrong_answer_is_asked_again(ask: Callable[..., Outcome]) -> None:
    Path("notes.md").write_text("# Wrong labels\n\nReturns: 40 -> 6 a week\nSponsor: Ann Roe\nDate: 1 May 2026\n")
    done = ask("perhaps\nc\n2 May 2026\nn\n", "--from", "notes.md")
    assert done.err.count("Is this right? date: 2026-05-01") == 2
    assert "  y keeps it, n deletes it, c changes it\n" in done.err
    assert "  What is right?\n" in done.err
    text = only_lesson().read_text()
    assert ("Ann Roe" in text.split("---")[1], "date: 2026-05-02\n" in text) == (False, True)
    assert 'proposed from line 3: "40 -> 6 a week"' in text
    assert "kb: 2 answers saved; to go on: " in done.err


def test_a_proposal_to_which_an_answer_has_added_is_still_asked_about() -> None:
    front = "impact:\n  # kb: proposed from line 3\n  - metric: labels\n    before: 12\n    area:\n"
    lesson = Written(f"---\n{front}---\nText.\n", KINDS, "")
    proposal = questions_for(lesson)[0]
    assert proposal.asks == "Is this right? impact: labels: 12 before"
    more = Written(edited(lesson.text, QUESTIONS[10].place.edits(lesson, "2")), KINDS, "")
    assert proposal.place.said(more) == ""
    assert "kb:" not in edited(more.text, proposal.place.edits(more, "y"))


def test_a_review_date_is_ahead() -> None:
    lesson = Written(FRESH, KINDS, "")
    with pytest.raises(Unclear, match="is not ahead"):
        FILING[-1].place.edits(lesson, "2006-05")


def test_tags_in_use_that_fit_are_offered() -> None:
    lesson = Written("---\ntags: # kb: in use, and may fit: [label, dealers]\n---\nText.\n", KINDS, "")
    tags = next(question for question in FILING if question.offer(lesson) == "label, dealers")
    after = edited(lesson.text, tags.place.edits(lesson, tags.offer(lesson)))
    assert after.startswith("---\ntags: [label, dealers] #")


def test_an_id_is_found_wherever_its_file_lies(ask: Callable[..., Outcome]) -> None:
    Path("lessons/2006").mkdir()
    Path("lessons/2006/a.md").write_text("---\nid: labels\nstatus: draft\n---\n# Labels\n")
    assert ask("", "labels").out == "lessons/2006/a.md\n"
    assert len(list(Path("lessons").iterdir())) == 1


@pytest.mark.parametrize("word", ["2026-11-26-inv", "2026-11-26-invoices-are-payed-twice", "invoices-are", "2026"])
def test_a_word_that_is_nearly_an_id_begins_no_lesson(ask: Callable[..., Outcome], word: str) -> None:
    id_ = "2026-11-26-invoices-are-paid-twice"
    for name, status in (("2026-11-26-invoices-are-old", "retired"), (id_, "draft")):
        Path(f"lessons/{name}.md").write_text(f"---\nid: {name}\nstatus: {status}\n---\n# Invoices\n")
    said = f"no draft has the id {word}; did you mean {id_}? for a new lesson give its title in words"
    assert ask("", word) == Outcome(2, "", f"kb: {said}\n")
    assert ask("", "Invoices").out == f"lessons/{date.today()}-invoices.md\n"


def test_a_question_mark_shows_the_keys_and_is_no_answer(ask: Callable[..., Outcome]) -> None:
    done = ask("?\nIt leaked.\n?\nA lot.\n\n?\nAnn\n.\n", "Wrong labels")
    assert done.err.count("Enter alone skips a question, < goes back, . stops, ? shows this again.") == 4
    lesson = Written(only_lesson().read_text(), KINDS, "")
    assert lesson.sections.said(Kind.PROBLEM) == "It leaked.\nA lot."
    assert "?" not in lesson.text.partition("people:")[2].partition("screening")[0]
    assert max(map(len, done.err.split("kb: ")[0].splitlines())) <= 80


def test_only_a_lesson_of_the_library_is_gone_on_with(ask: Callable[..., Outcome], kb: Run) -> None:
    Path("notes.md").write_text("Mine.\n")
    done = ask("Parcels.\n\n", "notes.md")
    said = "kb: notes.md: no lesson of this knowledge base; to begin one from it: kb new --from notes.md --ask\n"
    assert (done, Path("notes.md").read_text()) == (Outcome(2, "", said), "Mine.\n")
    assert kb(None, "new", "notes.md").code == 2
    draft = Path("lessons/a.md")
    draft.write_text("# A\n")
    assert "--from begins a new lesson" in ask("", "--from", "notes.md", str(draft)).err


def test_back_shows_what_was_said_and_the_new_answer_replaces_it(ask: Callable[..., Outcome]) -> None:
    done = ask("<\nOld.\n\n<\nNew.\n\nAnn\n<\n\n.\n", "Wrong labels")
    assert "so far: Old.; Enter keeps it" in done.err
    assert "so far: Ann; Enter keeps it" in done.err
    text = only_lesson().read_text()
    assert ("Old." in text, "New." in text, "- name: Ann\n    role: sponsor\n" in text) == (False, True, True)


def test_what_cannot_be_an_answer_is_asked_again(ask: Callable[..., Outcome]) -> None:
    done = ask("\n" * 9 + "parcels a week: 40 -> 6\nwell\n2 the months before\n.\n", "Wrong labels")
    assert done.err.count("11 of 18") == 2
    assert "  begin with 1, 2, 3 or 4\n" in done.err
    (impact,) = read_lesson(only_lesson().read_bytes(), "a.md", "a", KINDS).lesson.impact
    assert (impact.metric, impact.before, impact.after) == ("parcels a week", "40", "6")
    assert (impact.design, impact.compared_with) == ("pre-post", "the months before")


def test_the_first_line_is_the_title_where_none_was_given(ask: Callable[..., Outcome]) -> None:
    assert ask("Wrong labels\n.\n").code == 0
    assert "title: Wrong labels\n" in only_lesson().read_text()
    assert ask("").code == 2


def test_a_path_that_is_not_there_is_no_title(ask: Callable[..., Outcome]) -> None:
    done = ask("", "lessons/no.md")
    assert done == Outcome(
        2, "", "kb: lessons/no.md: no such file; give the path of a draft, or a title for a new one\n"
    )


def test_a_front_matter_that_cannot_be_read_is_said_before_the_first_question(ask: Callable[..., Outcome]) -> None:
    draft = Path("lessons/a.md")
    draft.write_text("---\nstatus: [draft\n---\n# A\n")
    done = ask("Parcels.\n\n", str(draft))
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.startswith("kb: lessons/a.md:2: front matter is not YAML")


def test_a_full_disk_leaves_the_draft_as_it_was(ask: Callable[..., Outcome]) -> None:
    ask("", "Wrong labels")
    before = only_lesson().read_bytes()
    with files_up_to(1000):
        done = ask("Parcels.\n\n", str(only_lesson()))
    assert done.code == 3
    assert done.err.splitlines()[-1] == f"kb: {only_lesson()}: file too large; nothing was written"
    assert only_lesson().read_bytes() == before


def test_ctrl_c_keeps_what_was_answered(ask: Callable[..., Outcome], kb_process: Callable[..., list[str]]) -> None:
    pipe = subprocess.PIPE
    command = kb_process("new", "--ask", "Wrong labels")
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("Parcels came back.\n\n")
        process.stdin.flush()
        said = ""
        while "2 of 18" not in said:
            said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert said.endswith(f"kb: 1 answer saved; to go on: kb new --ask {only_lesson()}\n")
    assert "Parcels came back." in only_lesson().read_text()


@pytest.mark.parametrize(
    ("typed", "prompt", "saved"),
    [
        ("", "1 of.*> ", 0),
        ("c\n", r"What is right\?.*> ", 0),
        ("y\n", "2 of.*> ", 1),
        ("y\nIt leaked.\n", r"2 of.*> It leaked\.", 1),
    ],
)
def test_ctrl_c_says_the_same_at_every_prompt_of_a_terminal(
    ask: Callable[..., Outcome], kb_process: Callable[..., list[str]], typed: str, prompt: str, saved: int
) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)
    Path("lessons/a.md").write_text("---\ntitle: A # kb: proposed\nstatus: draft\n---\n# A\n")
    ours, theirs = pty.openpty()
    command = kb_process("new", "--ask", "lessons/a.md")
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        said = read_until(ours, prompt)
        interrupt(process)
        said += read_until(ours)
    os.close(ours)
    answers = "1 answer" if saved == 1 else f"{saved} answers"
    assert process.returncode == 130, said
    assert said.replace("\r\n", "\n").endswith(f"\nkb: {answers} saved; to go on: kb new --ask lessons/a.md\n")
    assert "half done" not in said


def interrupt(process: subprocess.Popen[Any]) -> None:
    """Press Ctrl-C until the process ends: right before a prompt waits for a key, it is heard with the next one."""
    for _ in range(100):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.3)
            return
    process.kill()


def read_until(terminal: int, awaited: str = "") -> str:
    """Read from a terminal until something has come, or all there is."""
    said = ""
    with suppress(OSError):  # as Linux says that nobody writes there any more
        while data := os.read(terminal, 65536):
            said += data.decode(errors="replace")
            if awaited and re.search(awaited, said, re.DOTALL):
                return said
    return said


def test_ctrl_c_before_there_is_a_draft(ask: Callable[..., Outcome], kb_process: Callable[..., list[str]]) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(kb_process("new", "--ask"), stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        interrupt(process)
        said += process.stderr.read()
    assert (process.returncode, said.splitlines()[-1]) == (130, "kb: 0 answers saved; to go on: kb new --ask")


def test_what_somebody_else_writes_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(FRESH.replace("\n", "\r\n").encode())
    others = iter(["\r\nFirst.\r\n", "\r\nSecond.\r\n"])

    def edits(lesson: Written) -> list[Edit]:
        with path.open("ab") as file:  # between reading and writing
            file.write(next(others, "").encode())
        return QUESTIONS[0].place.edits(lesson, "Parcels came back.")

    rewrite(path, KINDS, edits)
    text = path.read_bytes().decode()
    assert text.endswith("\r\nFirst.\r\n\r\nSecond.\r\n")
    assert "## Problem\r\n\r\nParcels came back.\r\n\r\n## What was done\r\n" in text


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="no such file"):
        rewrite(tmp_path / "a.md", KINDS, lambda lesson: [])


# Where answers go


ALL = [*QUESTIONS, *FILING]


@given(st.sampled_from(range(len(ALL))), st.text("#*-=`~<>|:[]!. \tab1,@\n'\"", min_size=1))
def test_whatever_is_answered_keeps_headings_and_the_other_answers(number: int, answer: str) -> None:
    lesson = Written(FRESH, KINDS, "")
    answer = answer.strip()
    place = ALL[number].place
    try:
        after = Written(edited(FRESH, place.edits(lesson, answer)), KINDS, "")
    except Unclear:
        return
    assert not after.reading.problems
    assert [section.headings for section in after.reading.sections] == [
        section.headings for section in lesson.reading.sections
    ]
    for other, question in enumerate(ALL):
        if other != number and {other, number} != {9, 10}:
            assert question.place.said(after) == question.place.said(lesson)


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        ("returned parcels a week: 40 -> 6", {"metric": "returned parcels a week", "before": 40, "after": 6}),
        ("order time from 12 days to 7", {"metric": "order time", "before": 12, "unit": "days", "after": 7}),
        ("error rate: 9.5 % → 2 %", {"metric": "error rate", "before": "9.5 %", "after": "2 %"}),
        ("costs are down 48 %", {"metric": "costs", "change": "-48%"}),
        ("not measured: nobody counted", {"note": "not measured: nobody counted"}),
    ],
)
def test_what_changed_becomes_an_entry(answer: str, entry: dict[str, object]) -> None:
    assert impact_of(answer) == entry


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        ("1 region South", {"design": "natural-field-experiment", "compared_with": "region South"}),
        ("2", {"design": "pre-post"}),
        ("3: ten returns a week", {"design": "objectives-based", "target": "ten returns a week"}),
        ("none, nobody counted", {"design": "none", "note": "nobody counted"}),
        ("Pre-post the year before", {"design": "pre-post", "compared_with": "the year before"}),
    ],
)
def test_how_it_is_shown_is_a_number_or_a_name(answer: str, entry: dict[str, str]) -> None:
    assert design_of(answer) == entry


def test_an_answer_below_a_heading_that_is_not_there_brings_it() -> None:
    text = "---\ntitle: T\n---\n\n# T\n\nText."
    after = edited(text, Sections(text, KINDS).answer(Kind.TOOL, "A list."))
    assert after == "---\ntitle: T\n---\n\n# T\n\nText.\n\n## Tools\n\nA list.\n"


def test_what_is_allowed_at_a_place_stays_there() -> None:
    text = "## Tools\n\nOld.\n\n<!-- kb: allow secrets.key: invented -->\n\nMore.\n\n## Impact\n"
    after = edited(text, Sections(text, KINDS).answer(Kind.TOOL, "New."))
    assert after == "## Tools\n\nNew.\n\n<!-- kb: allow secrets.key: invented -->\n\n\n## Impact\n"


def test_a_question_is_bold_and_what_a_lesson_says_in_it_drives_no_terminal(
    ask: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("lessons/a.md").write_text('---\nunit: "No\\e[31mrth" # kb: proposed\nsummary: s\n---\n# A\n', "utf-8")
    done = ask("\n" * 18, "lessons/a.md")
    assert "\x1b[1m1 of 19  What was the problem?\x1b[0m\n" in done.err
    assert "Is this right? unit: No\u241b[31mrth" in done.err
