"""Units for systemd: by its own verifier, by its rules of quoting, and put in place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ConfigError
from kb.schedule.systemd import timer_of, units_of
from tests.conftest import Make, Run
from tests.scheduling import ODD, executable, job_at

texts = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/"), min_size=1)
analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def values(text: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def without_specifiers(text: str) -> str:
    assert "%" not in text.replace("%%", ""), "systemd would put something of its own here"
    return text.replace("%%", "%")


def words_of(command: str) -> list[str]:
    """Read a command as systemd does: words in double quotes, a backslash makes the next character one of the word."""
    words = re.findall(r'"((?:\\.|[^"\\])*)"(?: |$)', command)
    assert " ".join(f'"{word}"' for word in words) == command
    return [without_specifiers(re.sub(r"\\(.)", r"\1", word)) for word in words]


def paths_of(value: str) -> list[str]:
    """Read a list of paths as systemd does: either quote, and a backslash is a character like others."""
    words, quote = [""], ""
    for character in value:
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        elif not quote and character == " ":
            words.append("")
        else:
            words[-1] += character
    assert not quote
    return [without_specifiers(word) for word in words]


@given(texts, texts)
def test_the_command_is_the_jobs_whatever_the_root_is_called(name: str, cache: str) -> None:
    job = job_at(Path("/srv") / name, HF_HOME=f"/{cache}")
    service = units_of(job)[0].text
    (command,) = values(service, "ExecStart")
    assert command.startswith(":")
    assert words_of(command[1:]) == list(job.arguments)
    assert words_of(values(service, "Environment")[0]) == [f"HF_HOME=/{cache}"]
    assert paths_of(values(service, "ReadWritePaths")[0]) == [f"-{job.root}", f"-/{cache}"]
    assert paths_of(values(service, "ReadOnlyPaths")[0]) == [
        f"-{job.root}/{path}" for path in (".git", "kb.toml", "lessons")
    ]


@analyze
def test_systemds_verifier_is_content(tmp_path: Path) -> None:
    program = executable(tmp_path / "a $HOME %h é" / "kb", "#!/bin/sh\n")
    root = tmp_path / ODD
    for unit in units_of(job_at(root, str(program), XDG_CACHE_HOME=str(tmp_path))):
        (tmp_path / unit.name).write_text(unit.text)
        done = verify(tmp_path / unit.name)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


@analyze
def test_systemds_verifier_would_see_a_path_that_was_not_escaped(tmp_path: Path) -> None:
    program = executable(tmp_path / "a %h" / "kb", "#!/bin/sh\n")
    service = units_of(job_at(tmp_path, str(program)))[0]
    (tmp_path / service.name).write_text(service.text.replace("%%", "%"))
    assert "not executable" in verify(tmp_path / service.name).stderr


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(unit.parent)}
    command = ["systemd-analyze", "--user", "verify", str(unit)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@analyze
@pytest.mark.parametrize("at", [time(0, 0), time(2, 17), time(23, 59)])
def test_the_timer_elapses_every_day_at_the_time(at: time) -> None:
    (calendar,) = values(units_of(job_at(Path("/srv/kb"), at=at))[1].text, "OnCalendar")
    done = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=True)
    assert re.search(rf"Normalized form: \*-\*-\* {at:%H:%M}:00$", done.stdout, re.MULTILINE)


def test_two_knowledge_bases_of_one_name_have_two_units() -> None:
    names = [timer_of(job_at(Path(root))) for root in ("/a/Our Lessons", "/b/Our Lessons", "/a/课")]
    assert [re.sub("[0-9a-f]{8}", "HASH", name) for name in names] == [
        "kb-our-lessons-HASH.timer",
        "kb-our-lessons-HASH.timer",
        "kb-lessons-HASH.timer",
    ]
    assert len(set(names)) == 3


def test_a_private_tmp_hides_no_knowledge_base() -> None:
    assert values(units_of(job_at(Path("/srv/kb")))[0].text, "PrivateTmp") == ["true"]
    assert values(units_of(job_at(Path("/tmp/kb")))[0].text, "PrivateTmp") == []


def test_a_corpus_that_is_the_root_leaves_room_for_the_index() -> None:
    service = units_of(replace(job_at(Path("/srv/kb")), corpus=(".",)))[0].text
    assert paths_of(values(service, "ReadOnlyPaths")[0]) == ["-/srv/kb/.git", "-/srv/kb/kb.toml"]


def test_a_program_that_systemd_would_not_start_is_refused() -> None:
    with pytest.raises(ConfigError, match="install kb elsewhere"):
        units_of(job_at(Path("/srv"), '/opt/"kb"/kb'))


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes down what it is told; returns where."""
    told = tmp_path / "told"
    executable(tmp_path / "bin" / "systemctl", f'#!/bin/sh\necho "$@" >> "{told}"\n')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return told


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's units."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "systemd" / "user"


def test_install_writes_enables_and_starts(make: Make, kb: Run, systemctl: Path, units: Path) -> None:
    root = make()
    done = kb(root, "schedule", "systemd", "--install")
    service, timer = sorted(units.iterdir())
    assert (done.code, done.out) == (0, f"wrote {service}\nwrote {timer}\n")
    assert "enable-linger" in done.err
    assert systemctl.read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable {timer.name}",
        f"--user restart {timer.name}",
    ]
    assert f'"--root" "{root}"' in service.read_text()
    assert "OnCalendar=*-*-* 02:17:00" in timer.read_text()


def test_install_can_be_repeated_and_writes_what_changed(make: Make, kb: Run, systemctl: Path, units: Path) -> None:
    root = make()
    kb(root, "schedule", "systemd", "--install")
    assert kb(root, "schedule", "systemd", "--install").out == ""
    changed = kb(root, "schedule", "systemd", "--at", "4:41", "--install")
    (timer,) = units.glob("*.timer")
    assert changed.out == f"wrote {timer}\n"
    assert "OnCalendar=*-*-* 04:41:00" in timer.read_text()
    assert sorted(path.suffix for path in units.iterdir()) == [".service", ".timer"]


def test_uninstall_is_the_opposite(make: Make, kb: Run, systemctl: Path, units: Path) -> None:
    root = make()
    kb(root, "schedule", "systemd", "--install")
    (timer,) = units.glob("*.timer")
    (units / "timers.target.wants").mkdir()
    (units / "timers.target.wants" / timer.name).symlink_to(timer)
    systemctl.unlink()
    done = kb(root, "schedule", "systemd", "--uninstall")
    assert (done.code, len(done.out.splitlines())) == (0, 3)
    assert [path for path in units.rglob("*") if not path.is_dir()] == []
    assert systemctl.read_text().splitlines() == [f"--user disable --now {timer.name}", "--user daemon-reload"]
    again = kb(root, "schedule", "systemd", "--uninstall")
    assert (again.code, again.out, again.err) == (0, "", f"kb: nothing is installed for {root}\n")


def test_a_systemd_that_cannot_be_told_leaves_the_commands_to_be_run(
    make: Make, kb: Run, systemctl: Path, units: Path, tmp_path: Path
) -> None:
    executable(tmp_path / "bin" / "systemctl", '#!/bin/sh\n[ "$2" = daemon-reload ]\n')
    done = kb(make(), "schedule", "systemd", "--install")
    (timer,) = units.glob("*.timer")
    assert done.code == 3
    assert done.err.splitlines()[-1] == (
        f"kb: systemd could not be called; run: systemctl --user enable {timer.name} && "
        f"systemctl --user restart {timer.name}"
    )


def test_units_that_cannot_be_written_are_one_line(make: Make, kb: Run, units: Path) -> None:
    units.parent.mkdir(parents=True)
    units.write_text("a file where a folder should be")
    done = kb(make(), "schedule", "systemd", "--install")
    assert (done.code, done.out, done.err) == (3, "", f"kb: {units}: file exists\n")
