"""The settings under which past lessons are read: `kb.toml` as of then says what was a lesson, today's all else.

Which folders and files were lessons, and by which headings their sections are recognised, was written for the lessons
of that time. Model and limits are those of today: they say how the user searches now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kb.config import FILE_NAME, Config, config_in
from kb.errors import ConfigError
from kb.system.git_objects import contents, object_at

_MOST_BYTES = 1_000_000


def settings_as_of(today: Config, commit: str, place: str) -> Config:
    """Return the settings for the lessons of a commit; `place` is the knowledge base's folder in the repository.

    They are today's if there was no `kb.toml` then, or it cannot be read.
    """
    blob = object_at(today.root, commit, FILE_NAME if place == "." else f"{place}/{FILE_NAME}")
    for _, data in contents(today.root, [blob] if blob else [], _MOST_BYTES):
        try:
            then = config_in(today.root, data)
        except ConfigError:
            break
        return replace(today, paths=then.paths, include=then.include, exclude=then.exclude, sections=then.sections)
    return today


def text_of(config: Config) -> str:
    """Return the text of a `kb.toml` with the settings that the index and its answers depend on."""
    tables: Mapping[str, Mapping[str, str | int | Sequence[str]]] = {
        "corpus": {"paths": config.paths, "include": config.include, "exclude": config.exclude},
        "model": {"name": _model_of(config)},
        "search": {"limit": config.limit},
        "sections": config.sections,
    }
    return "\n".join(line for name, keys in tables.items() for line in _table(name, keys))


def _model_of(config: Config) -> str:
    """Return the name of the model; that of a folder is relative to the root, which is another one here."""
    try:
        folder = config.root / Path(config.model).expanduser()
    except RuntimeError:  # `~name` of an unknown user
        return config.model
    return str(folder.absolute()) if folder.is_dir() else config.model


def _table(name: str, keys: Mapping[str, str | int | Sequence[str]]) -> Iterator[str]:
    yield f"[{name}]"
    for key, value in keys.items():
        # JSON's texts, numbers and lists are TOML's, except that TOML escapes DEL.
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
