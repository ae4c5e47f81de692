"""The request for one run of `kb check`: the lessons, and the rules in addition to `kb.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.check.rules import Selection, rules_named
from kb.config import FILE_NAME, Config
from kb.errors import ConfigError, UnknownCode


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The lessons to be checked, and the rules."""

    paths: tuple[Path, ...] = ()
    """Files and folders; empty means every lesson."""
    changed: str | None = None
    """A branch, tag or commit; if given, only lessons changed since then are checked."""
    lessons_only: bool = False
    """Whether named files that are no lessons are left out."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Codes and groups of rules, as in `selection`."""
    strict: bool = False
    """Whether warnings count as errors, regardless of `kb.toml`."""
    ask: bool | None = None
    """Which lessons are checked with the index: True for all, False for none, None for those changed in git."""


def selection(config: Config, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Selection:
    """Return the wanted rules; each text may list several codes or groups, separated by commas.

    A code selected here is wanted even if `kb.toml` ignores it. If a whole group is selected here, its single codes
    that `kb.toml` ignores stay ignored. Raises `UnknownCode`, and `ConfigError` for a code in `kb.toml`.
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
