"""`kb.toml`: the configuration of a knowledge base."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.files.corpus import Corpus
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.kinds import Kind
from kb.errors import ConfigError
from kb.limit import Limit, read_limit
from kb.wording import meant_by

FILE_NAME = "kb.toml"
PEOPLE_FILE = "people.md"
GAPS_FILE = "gaps.md"
_MOST_BYTES = 1_000_000
MAX_REMOVED = Limit(0.25)
MAX_REGRESSIONS = Limit(0.1)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one knowledge base, with defaults. None of them is a command, so a cloned file is safe."""

    root: Path
    paths: tuple[str, ...] = ("lessons",)
    include: tuple[str, ...] = ("**/*.md", "**/*.MD", "**/*.markdown", "**/*.mdx")
    exclude: tuple[str, ...] = ()
    model: str = "all-MiniLM-L6-v2"
    limit: int = 5
    max_removed: Limit = MAX_REMOVED
    max_regressions: Limit = MAX_REGRESSIONS
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    own_keys: tuple[str, ...] = ()
    strict: bool = False
    record_demand: bool = False
    """Whether questions are noted, unless the user has chosen."""
    demand_days: int = 365
    whole_pages: bool = False
    """Whether of a page that was the question all is noted, and not only its informative words."""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subscriptions: tuple[Any, ...] = ()
    """The tables as written: a wrong one must not keep a search from answering; `kb digest` names it."""


def corpus_of(config: Config) -> Corpus:
    """Return the corpus that a configuration describes; `people.md` and `gaps.md` beside `kb.toml` are no lessons."""
    return Corpus(config.root, config.paths, config.include, (*config.exclude, f"/{PEOPLE_FILE}", f"/{GAPS_FILE}"))


def find_root(start: Path) -> Path:
    """Return the folder at or above `start` that holds `kb.toml`; raises `ConfigError`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    from kb.system.last_root import last_root  # imports platformdirs, needed only in this case

    used = last_root(FILE_NAME)
    last = f" (last used: {used})" if used else ""
    raise ConfigError(
        f"no {FILE_NAME} in {start} or above it; name the knowledge base with --root DIR or KB_ROOT{last}, "
        "or make one with `kb init`"
    )


def root_from(option: str | None) -> Path:
    """Return the root: the `--root` option, else `KB_ROOT`, else found upwards from the working directory."""
    named, origin = (option, "--root") if option else (os.environ.get("KB_ROOT", ""), "KB_ROOT")
    if not named:
        return find_root(Path.cwd())
    root = Path(named).expanduser().absolute()
    if not (root / FILE_NAME).is_file():
        raise ConfigError(f"{origin}: no {FILE_NAME} in {root}; make a knowledge base with `kb init {named}`")
    return root


def read_config(root: Path) -> Config:
    """Return the settings in `kb.toml`; raises `ConfigError`, naming the file, the key and what was expected."""
    file = root / FILE_NAME
    try:
        return config_in(root, read_regular(file, _MOST_BYTES))
    except OSError as error:
        raise ConfigError(f"{file}: {reason_of(error)}") from error


def config_in(root: Path, data: bytes) -> Config:
    """Return the settings in the bytes of a `kb.toml`; raises as `read_config` does."""
    file = root / FILE_NAME
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8; save it as UTF-8") from error
    except (ValueError, RecursionError) as error:  # tomllib's own error is a ValueError
        raise ConfigError(f"{file}: not TOML: {error}") from error
    settings: dict[str, Any] = {}
    settings["subscriptions"] = _subscriptions(file, tables.pop("subscriptions", []))
    for table, values in tables.items():
        read = _read_table(file, table, values)
        if table == "sections":
            settings["sections"] = read
        else:
            settings |= {_ATTRIBUTES.get((table, key), key): value for key, value in read.items()}
    config = Config(root, **settings)
    _check_folders(file, config)
    return config


def _subscriptions(file: Path, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise ConfigError(f"{file}: subscriptions: expected tables, each below [[subscriptions]], got {_show(values)}")
    return tuple(values)


def _read_table(file: Path, table: str, values: Any) -> dict[str, Any]:
    keys = _KEYS.get(table)
    if keys is None:
        raise ConfigError(f"{file}: unknown key {table}; {meant_by(table, (*_KEYS, 'subscriptions'))}")
    if not isinstance(values, dict):
        raise ConfigError(f"{file}: {table}: expected a table, [{table}], got {_show(values)}")
    read: dict[str, Any] = {}
    for key, value in values.items():
        if key not in keys:
            raise ConfigError(f"{file}: unknown key {table}.{key}; {meant_by(key, keys)}")
        read[key] = _read(value, keys[key])
        if read[key] is None:
            raise ConfigError(f"{file}: {table}.{key}: expected {_EXPECTED[keys[key]]}, got {_show(value)}")
    return read


_KEYS: Mapping[str, Mapping[str, str]] = {
    "corpus": {"paths": "folders", "include": "texts", "exclude": "texts"},
    "model": {"name": "text"},
    "search": {"limit": "count"},
    "reindex": {"max_removed": "limit", "max_regressions": "limit"},
    "check": {"select": "texts", "ignore": "texts", "keys": "texts", "strict": "truth"},
    "demand": {"record": "truth", "days": "days", "text": "truth"},
    "sections": {kind.value: "texts" for kind in Kind},
}
_ATTRIBUTES = {
    ("model", "name"): "model",
    ("check", "keys"): "own_keys",
    ("demand", "record"): "record_demand",
    ("demand", "days"): "demand_days",
    ("demand", "text"): "whole_pages",
}
_MOST = {"count": 1000, "days": 3650}
_EXPECTED = {
    "folders": "a list of one or more folders",
    "texts": "a list of texts",
    "text": "a text",
    "count": f"a whole number from 1 to {_MOST['count']}",
    "days": f"a whole number of days from 1 to {_MOST['days']}",
    "limit": "a share as 0.25, or a whole number",
    "truth": "true or false",
}


def _read(value: Any, expected: str) -> Any:
    if expected == "text":
        return value if isinstance(value, str) and value.strip() else None
    if most := _MOST.get(expected):
        return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most else None
    if expected == "limit":
        return read_limit(value)
    if expected == "truth":
        return value if isinstance(value, bool) else None
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        return None
    return tuple(value) if value or expected == "texts" else None


def _check_folders(file: Path, config: Config) -> None:
    for folder in config.paths:
        path = PurePosixPath(folder)
        below = not path.is_absolute() and ".." not in path.parts
        try:
            below = below and (config.root / folder).resolve().is_relative_to(config.root.resolve())
        except (OSError, RuntimeError):  # a cycle of links
            below = False
        if not below:
            raise ConfigError(f"{file}: corpus.paths: {folder!r} is not a folder below {config.root}")


def _show(value: Any) -> str:
    try:
        shown = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:  # Python converts no number of more than 4,300 digits to text
        return "a number of more than 4,300 digits"
    return shown if len(shown) <= 60 else shown[:57] + "..."
