"""Templates, and drafts that cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.new.conftest import LABELS, LABELS_FILE
from tests.permissions import like_anybody
from tests.test_bad_worlds import files_up_to


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
    assert text.startswith("---\nteam: blue\nstatus: draft\ntags: [ours]\n")
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
