"""Groups of commands, each of which is imported only when it is needed, so that none waits for the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import ClassVar

import click


class LazyCommands(Mapping[str, click.Command]):
    """Commands by name; each is an object of its module that is named like that."""

    def __init__(self, folders: Mapping[str, str]) -> None:
        """`folders`: for each command, the package of its module."""
        self._folders = folders

    def __getitem__(self, name: str) -> click.Command:
        module = name.replace("-", "_")
        found = vars(import_module(f"{self._folders[name]}.{module}"))
        command = found.get(module) or found[f"{module}_"]  # `list_`, because `list` is a Python built-in
        assert isinstance(command, click.Command)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


class LazyGroup(click.Group):
    """A group that lists its commands without importing them, which takes longer than all else that `--help` does."""

    summaries: ClassVar[Mapping[str, str]] = {}
    """Command → the first sentence of its help."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = {name: click.Command(name, help=summary) for name, summary in self.summaries.items()}
        click.Group(commands=listed).format_commands(ctx, formatter)
