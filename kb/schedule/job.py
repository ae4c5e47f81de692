"""The job that is run every night, independent of the scheduler."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from kb.config import Config
from kb.errors import ConfigError
from kb.index.store import FOLDER_NAME
from kb.system.user_cache import state_folder

_WAIT_SECONDS = 3600
"""How long the job waits for another writer, in seconds: longer than any run but the first one takes."""

CACHE_FOLDERS = ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE")
# A job does not read the user's login profile, so the locations of models are passed to it.
_ENVIRONMENT = (*CACHE_FOLDERS, "HF_ENDPOINT", "HF_HUB_OFFLINE")
_STATE_FOLDER = "XDG_STATE_HOME"


@dataclass(frozen=True, slots=True)
class Job:
    """The nightly update of one knowledge base at one time of day."""

    root: Path
    """Absolute and without symbolic links, so that each knowledge base has only one name."""
    corpus: tuple[str, ...]
    """The folders of the lessons, relative to the root."""
    at: time
    program: tuple[str, ...]
    environment: Mapping[str, str]
    state: Path | None = None
    """The user's folder with the record of the digests that were sent; None if none are sent."""

    @property
    def name(self) -> str:
        return name_of(self.root)

    @property
    def report(self) -> Path:
        return self.root / FOLDER_NAME / "report.md"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The complete command line, including the program."""
        wait = ("--wait", str(_WAIT_SECONDS))
        return (*self._begin, "reindex", *wait, "--report", str(self.report))

    @property
    def digest_arguments(self) -> tuple[str, ...]:
        """The command line that sends the digests afterwards; empty if none are sent."""
        return (*self._begin, "digest", "--send") if self.state else ()

    @property
    def _begin(self) -> tuple[str, ...]:
        return (*self.program, "--root", str(self.root), "-q")


def label_of(root: Path) -> str:
    """Return the root's name reduced to ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", root.name).encode("ascii", "ignore").decode().lower()
    return "kb-" + (re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40] or "lessons")


def name_of(root: Path) -> str:
    """Return the label with a hash of the path, so that roots of the same name differ."""
    return f"{label_of(root)}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:8]}"


def job_of(config: Config, at: time, *, digest: bool = False) -> Job:
    """Return the job, which with `digest` sends the digests as well.

    Raises `ConfigError` if a path has control characters, which no scheduler's file can hold.
    """
    environment = own_environment(*((_STATE_FOLDER,) if digest else ()))
    state = state_folder() if digest else None
    job = Job(config.root.resolve(), config.paths, at, own_program(), environment, state)
    require_text([*job.arguments, *environment.values(), *config.paths, str(state or "")])
    return job


def own_environment(*further: str) -> dict[str, str]:
    """Return the variables that say where models are, and `further` ones, as far as they are set."""
    return {name: os.environ[name] for name in (*_ENVIRONMENT, *further) if os.environ.get(name)}


def own_program() -> tuple[str, ...]:
    """Return the words with which another program starts this one."""
    script = Path(sysconfig.get_path("scripts")) / "kb"
    return (str(script),) if script.is_file() else (sys.executable, "-P", "-m", "kb")


def require_text(words: Iterable[str]) -> None:
    """Raise `ConfigError` if a word has control characters."""
    for word in words:
        if re.search("[\x00-\x1f\x7f\ud800-\udfff]", word):
            raise ConfigError(f"{word!r}: control characters cannot be scheduled; rename it")
