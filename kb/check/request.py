"""What one run of `kb check` is asked for: which lessons, and which rules over what `kb.toml` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.check.rules import Selection, rules_named
from kb.config import FILE_NAME, Config
from kb.errors import ConfigError, UnknownCode


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is to be checked, and by what."""

    paths: tuple[Path, ...] = ()
    """Files and folders; none is every lesson."""
    changed: str | None = None
    """Only lessons that have changed since this branch, tag or commit."""
    lessons_only: bool = False
    """Whether files that are named and are no lessons are left out."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Codes and groups of rules, as `selection` takes them."""
    strict: bool = False
    """Whether warnings count as errors, whatever `kb.toml` says."""
    ask: bool | None = None
    """About which lessons the index is asked: True is all, False none, None those that have changed, as git sees it."""


def selection(config: Config, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Selection:
    """Return what is wanted; each text may name several codes or groups, with commas between them.

    What is selected now is wanted though `kb.toml` ignores it; but of a group that is selected now, what `kb.toml`
    ignores by its code stays ignored. Raises `UnknownCode`, and `ConfigError` for a code in `kb.toml`.
    """
    _check_configured(config)
    chosen, unwanted = _names(select), _names(ignore)
    asked_for = {*chosen, *(name.partition(".")[0] for name in chosen)}
    kept = [name for name in config.ignore if name not in asked_for]
    return Selection(chosen or config.select, (*unwanted, *kept))


def _names(given: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for part in given for name in part.split(",") if name.strip())
    for name in names:
        rules_named(name)
    return names


def _check_configured(config: Config) -> None:
    for key, names in (("select", config.select), ("ignore", config.ignore)):
        for name in names:
            try:
                rules_named(name)
            except UnknownCode as error:
                raise ConfigError(f"{config.root / FILE_NAME}: check.{key}: {error}") from error
