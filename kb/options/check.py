"""The options of `kb check`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.options.common import group
from kb.output.findings import FORMS, TEXT

if TYPE_CHECKING:
    from kb.check.request import CheckRequest

check_options = group(
    click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]..."),
    click.option("--select", multiple=True, metavar="CODES", help="Only these codes or groups; several with commas."),
    click.option("--ignore", multiple=True, metavar="CODES", help="Not these codes or groups."),
    click.option(
        "--changed",
        is_flag=False,
        flag_value="HEAD",
        metavar="[BASE]",
        help="Only lessons that differ from git's HEAD, or changed since the branch left BASE.",
    ),
    click.option("--lessons-only", is_flag=True, help="Skip named files that are not lessons of the library."),
    click.option(
        "--ask/--no-ask",
        default=None,
        help="Compare every checked lesson with the index, or none. Default: those that changed.",
    ),
    click.option("--all", "every", is_flag=True, help="Show each finding, even where many lessons have it."),
    click.option("--fix", is_flag=True, help="Fix what has exactly one right answer, and show it as a diff."),
    click.option("--strict", is_flag=True, help="Let warnings count as errors."),
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default=TEXT,
        help="Output format: github annotates a pull request, gitlab (a Code Quality report) a merge request.",
    ),
    click.option(
        "--explain",
        is_flag=False,
        flag_value="all",
        metavar="[CODE]",
        help="Explain a code or a group, with an example; without one, list all codes.",
    ),
)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options given to `kb check`; raises `click.UsageError` if they contradict each other."""

    paths: tuple[Path, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    changed: str | None
    lessons_only: bool
    ask: bool | None
    every: bool
    fix: bool
    strict: bool
    form: str
    explain: str | None

    def __post_init__(self) -> None:
        if self.fix and self.form != TEXT:
            raise click.UsageError("--fix prints a diff, not a --format; fix first, then write the report")

    def request(self) -> CheckRequest:
        """Return which files are to be checked, and by which rules."""
        from kb.check.request import CheckRequest

        changed = self.changed or None
        return CheckRequest(self.paths, changed, self.lessons_only, self.select, self.ignore, self.strict, self.ask)
