"""What the tests share: small real models, throw-away knowledge bases, and the command line in this process."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything reads them: no test may touch the network or the user's own caches.
os.environ["HF_HUB_OFFLINE"] = "1"
# A test may import transformers before kb does, which silences it; it reads this only then.
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ.pop("KB_ROOT", None)
os.environ.pop("NO_COLOR", None)
# The tests start hundreds of processes: what is compiled is kept, also where a container's image says otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from kb.doctor.areas import installation
from kb.doctor.checkup import CHECKS, Check
from kb.doctor.diagnosis import Area, Diagnosis
from kb.doctor.site import Site
from kb.knowledge_base import KnowledgeBase
from kb.main import main
from search.models import bundled
from search.ranking import elsewhere
from tests.examples import examples
from tests.models import BERT, PROJECT, STATIC, made_once, put_into_cache
from tests.printed_json import check_printed
from tests.runner import Runner

LESSONS = Path(__file__).parent.parent / "lessons"

sys.dont_write_bytecode = False
settings.register_profile("suite", max_examples=examples(100), deadline=None)
settings.load_profile("suite")


@dataclass(frozen=True)
class Outcome:
    """What one call of the program did."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
Make = Callable[..., Path]


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark the tests that need a model, so that `make quick` can leave them out."""
    for item in items:
        if {"prepared", "default_model"} & {*item.fixturenames}:
            item.add_marker(pytest.mark.model)


@pytest.fixture(autouse=True)
def _torch_only_where_it_is_said(request: pytest.FixtureRequest) -> Iterator[None]:
    """See that no test loads torch, which takes longer than most tests, and is left in `make quick`."""
    before = "torch" in sys.modules
    yield
    if "torch" in sys.modules and not before:
        markers = {marker.name for marker in request.node.iter_markers()}
        assert markers & {"model", "slow"}, "it loads torch: mark it as `model`"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Exported models are kept for the whole session, in a folder of its own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def _states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not there yet, one for each test; only those that are used are made."""
    folder = tmp_path_factory.mktemp("states")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    """See that no test leaves the next one in another folder, perhaps in one that all programs may write to."""
    before = Path.cwd()
    yield
    now = Path.cwd()
    if now != before:
        os.chdir(before)
        pytest.fail(f"it leaves the process in {now}")


@pytest.fixture(autouse=True)
def _own_state(_here: None, _states: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has used the program before, whatever other tests have done."""
    monkeypatch.setenv("XDG_STATE_HOME", str(next(_states)))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made once for all processes that run tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def prepared(shared: Path, _own_cache: None) -> Path:
    """The small models; in this process's cache they are prepared."""
    folder = made_once(shared / "models")
    put_into_cache(folder)
    return folder


@pytest.fixture(scope="session")
def default_model(shared: Path, _own_cache: None) -> str:
    """The name of the default model; in this process's cache it is prepared."""
    put_into_cache(made_once(shared / "default", "default"))
    return bundled.NAME


@pytest.fixture(scope="session")
def project(shared: Path, default_model: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own lessons, indexed with the default model, to be searched and left as they are."""
    return shutil.copytree(shared / "default" / PROJECT, tmp_path_factory.mktemp("own") / PROJECT)


@pytest.fixture(scope="session")
def static_model(prepared: Path) -> Path:
    """A static-embedding model: a text's vector is the mean of its words' vectors."""
    return prepared / STATIC


@pytest.fixture(scope="session")
def cls_model(prepared: Path) -> Path:
    """A small BERT of another make than the default: CLS pooling, prompts, no normalization of its own."""
    return prepared / BERT


@pytest.fixture
def few_questions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index is calibrated with a twentieth of the questions from elsewhere, which take longer than all else.

    Tests with the marker `all_questions` ask all of them.
    """
    if not request.node.get_closest_marker("all_questions"):
        few = elsewhere.questions()[::20]
        monkeypatch.setattr(elsewhere, "questions", lambda: few)


@pytest.fixture
def make(tmp_path: Path, static_model: Path, few_questions: None) -> Make:
    """Make a knowledge base in a folder: `make({"a.md": "text", "b.md": b"bytes"}, config="...")`.

    Its model is the static one, which is quick; a `config` with a `[model]` of its own wins.
    """

    def make(files: dict[str, str | bytes] | None = None, config: str = "", name: str = "base") -> Path:
        root = tmp_path / name
        (root / "lessons").mkdir(parents=True)
        model = "" if "[model]" in config else f'[model]\nname = "{static_model}"\n'
        (root / "kb.toml").write_text(model + textwrap.dedent(config), "utf-8")
        for path, content in (files or {}).items():
            write(root, path, content)
        return root

    return make


@pytest.fixture(scope="session")
def _indexes() -> dict[str, Path]:
    """Knowledge bases that were indexed before, by files and configuration."""
    return {}


@pytest.fixture
def indexed(make: Make, _indexes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a knowledge base as `make` does, and index it; of equal ones the index is made once and copied."""

    def indexed(files: dict[str, str | bytes], config: str = "", name: str = "base") -> Path:
        root = make(files, config, name)
        same = repr((sorted(files.items()), config))
        if same in _indexes:
            shutil.rmtree(root)
            shutil.copytree(_indexes[same], root, symlinks=True)
        else:
            assert KnowledgeBase(root).reindex().published
            _indexes[same] = shutil.copytree(root, tmp_path_factory.mktemp("indexed") / name, symlinks=True)
        return root

    return indexed


def write(root: Path, path: str, content: str | bytes) -> Path:
    """Write a lesson below `lessons/`; text is dedented."""
    file = root / "lessons" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
    return file


@pytest.fixture
def kb(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program in this process: `kb(root, "search", "words")`; `root` None means the working directory.

    JSON that it prints must have its published form, whatever the test is about.
    """

    def run(root: Path | None, *arguments: str, stdin: str = "") -> Outcome:
        capfd.readouterr()
        options = ["--root", str(root)] if root else []
        with pytest.raises(SystemExit) as stopped:
            main([*options, *arguments])
        captured = capfd.readouterr()
        code = stopped.value.code
        assert isinstance(code, int), code
        check_printed(arguments, captured.out)
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def installation_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the doctor reads of the installation, 90 MB and the list of every package's files, is read once."""
    slow = (installation.requirements, installation.bundled_model, installation.collisions)
    checks = tuple(once(check) if check in slow else check for check in CHECKS[Area.INSTALLATION])
    monkeypatch.setitem(CHECKS, Area.INSTALLATION, checks)


@cache
def once(check: Check) -> Check:
    """Return a check that looks the first time, and then repeats what it found."""
    found: list[Diagnosis] = []

    def checked(site: Site) -> Iterator[Diagnosis]:
        if not found:
            found.extend(list(check(site)))
        yield from found

    return checked


@pytest.fixture
def on_terminal(kb: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program with a terminal as stdin and stdout: `on_terminal("show", "2")`."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)

    def run(*arguments: str) -> Outcome:
        ours, theirs = pty.openpty()
        with monkeypatch.context() as patch, os.fdopen(theirs, "r") as stdin, os.fdopen(os.dup(theirs), "w") as stdout:
            patch.setattr(sys, "stdin", stdin)
            patch.setattr(sys, "stdout", stdout)
            done = kb(None, *arguments)
            stdout.flush()
            os.set_blocking(ours, False)
            written = b""
            with suppress(BlockingIOError):  # that is all
                while data := os.read(ours, 65536):
                    written += data
        os.close(ours)
        # A pager writes to the process's own standard output.
        return Outcome(done.code, written.decode().replace("\r\n", "\n") + done.out, done.err)

    return run


@pytest.fixture
def kb_process() -> Callable[..., list[str]]:
    """Return the command line that starts the program as a process of its own."""
    return lambda *arguments: [sys.executable, "-P", "-m", "kb", *arguments]


@pytest.fixture(scope="session", autouse=True)
def _obeying_ctrl_c() -> None:
    """Whoever starts the tests in the background lets them, and all that they start, ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's settings of git count, nor that the tests may themselves run in a hook."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Runs the job in processes that may be killed."""
    runner = Runner()
    yield runner
    runner.close()
