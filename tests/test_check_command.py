"""`kb check` as it is called: what it prints, its exit codes, and what it does with bad input."""

from __future__ import annotations

import gc
import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Make, Run, write
from tests.permissions import like_anybody

PASSWORD = "T4pe-l1ght" + "-Ra1n"
SECRET = f"# Wrong labels\n\npassword: {PASSWORD}\n"
ADDRESS = "# Wrong labels\n\nAsk walter@brightpaper.net.\n"
ONLY = ("--select", "secrets,privacy,allowance")


@pytest.fixture
def base(make: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make({"a.md": SECRET, "b.md": ADDRESS, "c.md": "# Right labels\n"})
    monkeypatch.chdir(root)
    return root


def test_each_finding_is_a_line_by_place_and_the_last_line_counts(base: Path, kb: Run) -> None:
    done = kb(None, "check", *ONLY)
    assert (done.code, done.err) == (1, "")
    first, second, last = done.out.splitlines()
    assert first.startswith("lessons/a.md:3:11: secrets.password error: looks like a password; ")
    assert second.startswith("lessons/b.md:3:5: privacy.email warning: ")
    assert last == "3 lessons: 1 error, 1 warning"


def test_paths_below_the_working_directory_are_relative_to_it(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base / "lessons")
    assert kb(None, "check", *ONLY, "a.md").out.startswith("a.md:3:11: ")
    monkeypatch.chdir(base.parent.parent)
    assert kb(base, "check", *ONLY).out.startswith(f"{base.relative_to(Path.cwd())}/lessons/a.md:3:11: ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("lessons/a.md",), 1),
        (("lessons/b.md",), 0),
        (("lessons/b.md", "--strict"), 1),
        (("lessons/c.md", "--strict"), 0),
        (("lessons/c.md", "lessons/a.md"), 1),
        (("--ignore", "secrets"), 0),
        (("--ignore", "secrets", "--strict"), 1),
        (("nothing.md",), 2),
        (("lessons/nothing",), 2),
    ],
)
def test_the_exit_code_tells_errors_from_warnings(base: Path, kb: Run, arguments: tuple[str, ...], code: int) -> None:
    assert kb(None, "check", *ONLY, *arguments).code == code


def test_what_is_not_there_is_named(base: Path, kb: Run) -> None:
    done = kb(None, "check", "lessons/nothing.md")
    assert (done.out, done.err) == ("", "kb: lessons/nothing.md: no such file or folder\n")


def test_what_may_never_end_is_not_read(base: Path, kb: Run) -> None:
    done = kb(None, "check", "/dev/zero")
    assert (done.code, done.err) == (2, "kb: /dev/zero: a device, no file or folder; name another\n")


def test_a_path_that_can_be_none_is_named(base: Path, kb: Run) -> None:
    Path("loop.md").symlink_to("loop.md")
    for name, why in (("loop.md", "a link below"), ("x" * 300, "file name too long"), ("lessons/a.md/b", "not a d")):
        done = kb(None, "check", name)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert why in done.err


def test_a_folder_below_what_is_named_that_cannot_be_looked_into_is_named(base: Path, kb: Run) -> None:
    for name in ("deep", "more"):
        write(base, f"{name}/d.md", ADDRESS)
    (base / "lessons" / "deep").chmod(0)
    with like_anybody():
        whole, below = kb(None, "check", *ONLY), kb(None, "check", *ONLY, "lessons")
        beside = kb(None, "check", *ONLY, "lessons/more")
    (base / "lessons" / "deep").chmod(0o700)
    assert (whole.code, below.code, beside.code) == (3, 3, 0)
    assert whole.err == below.err
    assert whole.err.startswith("kb: lessons/deep/: permission denied")


def test_of_a_folder_outside_the_library_all_markdown_is_checked(base: Path, kb: Run) -> None:
    (base / "drafts" / "deep").mkdir(parents=True)
    (base / "drafts" / "deep" / "new.md").write_text(SECRET)
    (base / "drafts" / "notes.txt").write_text(SECRET)
    done = kb(None, "check", *ONLY, "drafts")
    assert [row.split(": ")[0] for row in done.out.splitlines()] == ["drafts/deep/new.md:3:11", "1 lesson"]


def test_python_looks_for_circles_of_objects_again_afterwards(base: Path, kb: Run) -> None:
    for code, arguments in ((1, ()), (2, ("gone.md",))):
        assert kb(None, "check", *ONLY, *arguments).code == code
        assert gc.isenabled()


def test_the_quiet_read_findings_only(base: Path, kb: Run) -> None:
    assert kb(None, "-q", "check", *ONLY, "lessons/a.md").out.count("\n") == 1
    assert kb(None, "-q", "check", *ONLY, "lessons/c.md").out == ""
    assert kb(None, "check", *ONLY, "lessons/c.md").out == "1 lesson: nothing wrong\n"


def test_what_many_lessons_have_is_one_line_unless_all_is_asked_for(base: Path, kb: Run) -> None:
    for number in range(7):
        write(base, f"more/{number}.md", ADDRESS)
    rows = kb(None, "check", *ONLY).out.splitlines()
    assert [row.split(":")[0] for row in rows[:4]] == [
        "lessons/a.md",
        *(f"lessons/{name}.md" for name in ("b", "more/0", "more/1")),
    ]
    assert rows[4:] == [
        "",
        "privacy.email warning: 8 lessons hold e-mail addresses of people they do not name; "
        "take it out, or name the person",
        "10 lessons: 1 error, 8 warnings; --all shows each",
    ]
    every = kb(None, "check", *ONLY, "--all").out.splitlines()
    assert (len(every), every[-1]) == (10, "10 lessons: 1 error, 8 warnings")


def test_what_a_terminal_would_obey_is_only_shown(make: Make, kb: Run) -> None:
    root = make({"a\x1b[31m.md": '---\n"\\e]0;x\\n": y\n---\n'})
    [row, _] = kb(root, "check", "--select", "structure").out.splitlines()
    assert row.startswith(f"{root}/lessons/a\\x1b[31m.md:2:1: ")
    assert row.endswith(r'[check] keys = ["\x1b]0;x\n"]')


def test_only_what_is_selected_is_looked_for(base: Path, kb: Run) -> None:
    def codes(*arguments: str) -> list[str]:
        said = json.loads(kb(None, "check", "--format", "json", *arguments).out)
        return [finding["code"] for finding in said["findings"]]

    assert codes("--select", "secrets.password") == ["secrets.password"]
    assert codes("--select", "secrets", "--select", "privacy.email, allowance") == ["secrets.password", "privacy.email"]
    assert codes(*ONLY, "--ignore", "privacy") == ["secrets.password"]
    (base / "kb.toml").write_text('[check]\nselect = ["secrets", "privacy"]\nignore = ["privacy.email"]\n')
    assert codes() == ["secrets.password"]
    assert codes("--select", "privacy") == []
    assert codes("--select", "privacy.email") == ["privacy.email"]
    (base / "kb.toml").write_text('[check]\nignore = ["privacy"]\nstrict = true\n')
    assert codes("--select", "privacy") == codes("--select", "privacy.email") == ["privacy.email"]
    assert kb(None, "check", "--select", "privacy").code == 1


def test_a_code_that_is_none_is_named_with_the_nearest(base: Path, kb: Run) -> None:
    done = kb(None, "check", "--select", "secrets,privcy")
    assert (done.code, done.err) == (2, "kb: no check has the code 'privcy'; did you mean privacy?\n")
    (base / "kb.toml").write_text('[check]\nignore = ["privcy"]\n')
    done = kb(None, "check")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"kb: {base}/kb.toml: check.ignore: no check has the code 'privcy'; did you mean privacy?\n"


def test_an_explanation_needs_no_knowledge_base(tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kb(None, "check", "--explain", "privacy.card").out.startswith("privacy.card (warning)\n  A payment card's")
    assert kb(None, "check", "--explain").out == kb(None, "check", "--explain", "all").out
    assert kb(None, "check", "--explain", "privacy.cart").err.endswith("did you mean privacy.card?\n")


@pytest.mark.parametrize("form", ["json", "github", "sarif", "gitlab"])
def test_a_report_is_all_that_stands_on_stdout(base: Path, kb: Run, form: str) -> None:
    done = kb(None, "check", *ONLY, "--format", form)
    assert (done.code, done.err) == (1, "")
    assert PASSWORD[:5] not in done.out
    if form != "github":
        json.loads(done.out)
    assert "lessons/a.md" in done.out


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(base: Path, kb: Run) -> None:
    (base / "lessons" / "b.md").chmod(0)
    (base / "lessons" / "d.md").write_bytes(b"\x89PNG\0\0\0\0\0\0\0\0")
    with like_anybody():
        done = kb(None, "-q", "check", *ONLY)
        alone = kb(None, "check", *ONLY, "lessons/a.md")
    assert (done.code, alone.code, alone.err) == (3, 1, "")
    assert done.out.startswith("lessons/a.md:3:11: ")
    assert [line.split(": ")[:2] for line in done.err.splitlines()] == [["kb", "lessons/b.md"], ["kb", "lessons/d.md"]]


def test_a_named_file_that_is_no_text_is_named_once(base: Path, kb: Run) -> None:
    (base / "picture.png").write_bytes(bytes(1000))
    done = kb(None, "check", "picture.png")
    assert (done.code, done.out, done.err.count("\n")) == (3, "0 lessons: nothing wrong; 1 file could not be read\n", 1)


def test_nothing_to_check_is_said(make: Make, kb: Run) -> None:
    root = make({})
    assert kb(root, "check").out == "no lessons to check\n"
    (root / "elsewhere").mkdir()
    assert kb(root, "check", str(root / "elsewhere")).out == "no lessons to check\n"
    write(root, "empty.md", "")
    assert kb(root, "check", *ONLY).out == "1 lesson: nothing wrong\n"


def test_whoever_reads_the_first_line_only_breaks_nothing(base: Path, kb_process: Callable[..., list[str]]) -> None:
    for number in range(60):
        write(base, f"more/{number}.md", ADDRESS * 20)
    command = " ".join(kb_process("check", "--all", *ONLY))
    done = subprocess.run(["sh", "-c", f"{command} | head -1"], cwd=base, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("lessons/a.md:3:11: ")
    assert done.stderr == ""


def test_ctrl_c_ends_it_with_130(base: Path, kb_process: Callable[..., list[str]]) -> None:
    process = subprocess.Popen(
        kb_process("new", "--from", "-"),
        cwd=base,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    # More than a pipe holds, in pieces: once all of it is gone the program reads, and waits for more.
    process.stdin.write("Labels came off.\n" * 10_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (130, "kb: interrupted; nothing is left half done")


def on_terminal(base: Path, command: list[str], **environment: str) -> str:
    """Return what a terminal of 60 columns is sent."""
    main, side = pty.openpty()
    env = {**os.environ, "COLUMNS": "60", "TERM": "xterm-256color", **environment}
    with os.fdopen(main, "rb", buffering=0) as terminal:
        subprocess.run(command, cwd=base, stdout=side, stderr=side, env=env, check=False)
        os.close(side)
        sent = b""
        try:
            while part := terminal.read(65_536):
                sent += part
        except OSError:  # the other side is closed
            pass
    return sent.decode()


def test_on_a_terminal_lines_are_wrapped_at_words_coloured_and_linked(
    base: Path, kb_process: Callable[..., list[str]]
) -> None:
    sent = on_terminal(base, kb_process("check", *ONLY))
    assert f"{(base / 'lessons' / 'a.md').as_uri()}\x1b\\" in sent
    assert "\x1b[1;31merror\x1b[0m" in sent
    rows = re.sub(r"\x1b(?:\[[\d;]*m|\][^\x1b]*\x1b\\)", "", sent).split("\r\n")
    assert rows[0].startswith("lessons/a.md:3:11: secrets.password error: ")
    assert rows[1].startswith("    ")
    assert all(len(row) <= 60 for row in rows)
    plain = on_terminal(base, kb_process("check", *ONLY), NO_COLOR="1")
    assert "31m" not in plain
