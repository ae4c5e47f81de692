"""Many lessons are read by several processes: what they read is what one reads, and none outlives its reader."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from ingest.files.corpus import Corpus, FoundFile
from ingest.kinds import KindTable
from kb.reading.lesson_reader import LessonReader
from kb.reading.processes import read_lessons
from search.models.windows import OF_NO_MODEL
from search.storage.parallel import usable_cores

pytestmark = pytest.mark.skipif(usable_cores() < 2, reason="one core reads by itself")
SENTENCES = "The brochure had errors.  Two readers with a list found them before the print. " * 300
LESSONS = 60
"""More than a megabyte together."""
SECONDS_TO_END = 20


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    (root / "lessons").mkdir()
    for number in range(LESSONS):
        front = f"---\nanswers: [how are errors of brochure {number} found]\n---\n"
        (root / "lessons" / f"{number:02}.md").write_text(f"{front}# Lesson {number}\n\n{SENTENCES}\n")
    (root / "lessons" / "07.md").write_bytes(b"\x7fELF\x00\x01" * 50)
    for file in (root / "lessons").iterdir():
        os.utime(file, (time.time() - 3600,) * 2)  # the state of a file that was just written is another a moment later
    return root


@pytest.fixture
def reader(root: Path) -> LessonReader:
    return LessonReader(Corpus(root, ("lessons",), ("**/*.md",)), KindTable({}), OF_NO_MODEL)


def files_of(reader: LessonReader) -> Sequence[FoundFile]:
    return reader.corpus.find().files


@pytest.fixture(scope="module", autouse=True)
def others() -> list[psutil.Process]:
    """The processes that other tests have started, and that do not end before all tests do."""
    OTHERS[:] = psutil.Process().children()
    return OTHERS


OTHERS: list[psutil.Process] = []


def helpers() -> list[psutil.Process]:
    """Return the processes that read for this one, and have not ended."""
    children = [child for child in psutil.Process().children() if child not in OTHERS]
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]


def test_several_processes_read_what_one_reads(reader: LessonReader) -> None:
    files = files_of(reader)
    with closing(read_lessons(reader, files)) as found:
        read = [next(found)]
        assert len(helpers()) > 1
        read += found
    assert not helpers()
    assert read == [reader.read(file) for file in files]
    assert [one.path for one in read if one.unreadable] == ["lessons/07.md"]


def test_a_few_lessons_are_read_without_further_processes(reader: LessonReader) -> None:
    files = files_of(reader)[:3]
    with closing(read_lessons(reader, files)) as found:
        assert next(found).path == files[0].path
        assert not helpers()


def test_what_a_killed_process_leaves_is_read_here(reader: LessonReader) -> None:
    files = files_of(reader)
    with closing(read_lessons(reader, files)) as found:
        read = [next(found)]
        helpers()[-1].kill()
        read += found
    assert [one.path for one in read] == [file.path for file in files]
    assert all(one.content for one in read if not one.unreadable)


def test_a_caller_that_stops_early_leaves_no_process_behind(reader: LessonReader) -> None:
    with closing(read_lessons(reader, files_of(reader))) as found:
        next(found)
        began = helpers()
    assert began
    assert not any(process.is_running() for process in began)


READS_ONE = """
import sys, psutil
from ingest.files.corpus import Corpus
from ingest.kinds import KindTable
from kb.reading.lesson_reader import LessonReader
from kb.reading.processes import read_lessons
from pathlib import Path
from search.models.windows import OF_NO_MODEL
reader = LessonReader(Corpus(Path(sys.argv[1]), ("lessons",), ("**/*.md",)), KindTable({}), OF_NO_MODEL)
found = read_lessons(reader, reader.corpus.find().files)
next(found)
print(*(child.pid for child in psutil.Process().children()), flush=True)
sys.stdin.read()
"""


def test_processes_end_when_the_one_that_started_them_is_killed(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READS_ONE, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        began = [psutil.Process(int(number)) for number in process.stdout.readline().split()]
        process.kill()
        assert len(began) > 1
        _, alive = psutil.wait_procs(began, SECONDS_TO_END)
    assert not alive


def test_nothing_of_the_folder_in_which_kb_is_called_is_imported(
    reader: LessonReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pickle", "kb", "gc"):
        (tmp_path / f"{name}.py").write_text(f"open('{name}.run', 'w')\n")
    monkeypatch.chdir(tmp_path)
    with closing(read_lessons(reader, files_of(reader))) as found:
        next(found)
        assert helpers()
    assert not list(tmp_path.glob("*.run"))
