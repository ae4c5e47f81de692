"""`kb check`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.errors import Exit
from kb.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.check.request import CheckRequest
    from kb.check.run import Checked
    from kb.knowledge_base import KnowledgeBase

_FORMATS = ("text", "json", "github", "sarif", "gitlab")


@click.command(
    epilog="""\b
Examples:
  kb check                                   every lesson
  kb check lessons/wrong-labels.md           one of them
  kb check --select structure,secrets        only what is in these groups
  kb check --changed origin/main             what a pull request changes
  kb check --fix                             mend what has one right answer, and show it
  kb check --ask                             is each lesson found first, and told only once?
  kb check --explain rigour.target           what a code means, and what to do
  kb check --format gitlab > kb.json         for a merge request, as a Code Quality report
""",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--select", multiple=True, metavar="CODES", help="Only these codes or groups; several with commas.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these codes or groups.")
@click.option(
    "--changed",
    is_flag=False,
    flag_value="HEAD",
    metavar="[BASE]",
    help="Only lessons that are not as in git's HEAD, or that changed since the branch left BASE.",
)
@click.option("--lessons-only", is_flag=True, help="Leave alone what is named and is no lesson of the library.")
@click.option(
    "--ask/--no-ask",
    default=None,
    help="Ask the index about every lesson that is checked, or about none. Default: about those that changed.",
)
@click.option("--all", "every", is_flag=True, help="Show each finding, also of what is found in many lessons.")
@click.option("--fix", is_flag=True, help="Mend what has exactly one right answer, and show it as a diff.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    help="How to write it: github annotates a pull request, gitlab (a Code Quality report) a merge request.",
)
@click.option(
    "--explain",
    is_flag=False,
    flag_value="all",
    metavar="[CODE]",
    help="Explain a code or a group, with an example; without one, list all codes.",
)
@click.pass_obj
def check(
    session: Session,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    changed: str | None,
    lessons_only: bool,
    ask: bool | None,
    every: bool,
    fix: bool,
    strict: bool,
    form: str,
    explain: str | None,
) -> int:
    """Check lessons: what is wrong, where, and what to do.

    A line for each finding, `path:line:column: code severity: message`; of what is found in more than five lessons, or
    more than fifty times, the first three, and one line for all. The last line says how many; `kb -q check` leaves it
    out. All this is the result and goes to stdout; files that cannot be read are named on stderr.

    A comment allows one code at one place, with a reason: `<!-- kb: allow CODE: reason -->` on the line or above the
    block that it is about, `# kb: allow CODE: reason` in the front matter.

    The index is asked whether a lesson is found first for what it `answers`, and whether another says the same; for
    that up to 50 changed lessons are taken into it. Where that cannot be done, a line says so and the rest counts.

    Exit code 0: no errors; 1: errors were found; 3: some files could not be read, or not be mended.
    """
    from kb.check.request import CheckRequest
    from kb.progress import Silent

    if explain is not None:
        return _explain(explain)
    knowledge_base = session.knowledge_base(Silent())
    request = CheckRequest(paths, changed or None, lessons_only, select, ignore, ask)
    mended = not fix or _mend(session, knowledge_base, request, form)
    checked = knowledge_base.check(request, date.today(), session.say)
    if changed and not checked.files:
        session.say(f"no lesson has changed since {changed}")
    _print(session, checked, form, every=every)
    return _exit_code(checked, strict=strict or knowledge_base.config.strict) if mended else Exit.PARTLY_FAILED


def _mend(session: Session, knowledge_base: KnowledgeBase, request: CheckRequest, form: str) -> bool:
    """Mend what can be mended and print the diffs; return whether all of it could be written."""
    from kb.wording import counted

    if form != "text":
        raise click.UsageError("--fix prints a diff, which is no --format; mend first, then write the report")
    mending = knowledge_base.mend(request, date.today())
    for file in mending.files:
        for row in file.diff:
            click.echo(row)
    if mending.files:
        found = sum(len(file.findings) for file in mending.files)
        session.say(f"mended {counted(found, 'finding')} in {counted(len(mending.files), 'file')}")
    for problem in mending.failed:
        click.echo(f"kb: {problem}", err=True)
    return not mending.failed


def _explain(name: str) -> int:
    from kb.check.explaining import explained

    click.echo(explained(name))
    return Exit.DONE


def _print(session: Session, checked: Checked, form: str, *, every: bool) -> None:
    """Print the result, and name what could not be read: an error, which is said to the quiet too."""
    if form == "text":
        from kb.check.summary import summarised, tally
        from kb.terminal.findings import print_findings

        last = "" if session.quiet else tally(checked)
        print_findings(summarised(checked.findings, every=every), last)
    else:
        click.echo(_written(checked, form, every=every))
    for problem in checked.failed:
        click.echo(f"kb: {problem}", err=True)


def _written(checked: Checked, form: str, *, every: bool) -> str:
    """Return what was found as another program reads it."""
    from kb.check.formats import github, gitlab, json, sarif

    if form == "github":
        return github.written(checked, every=every)
    writers: dict[str, Callable[[Checked], str]] = {
        "json": json.written,
        "sarif": sarif.written,
        "gitlab": gitlab.written,
    }
    return writers[form](checked)


def _exit_code(checked: Checked, *, strict: bool) -> Exit:
    from kb.check.severity import Severity

    if checked.failed:
        return Exit.PARTLY_FAILED
    wrong = checked.count(Severity.ERROR) + strict * checked.count(Severity.WARNING)
    return Exit.NOTHING if wrong else Exit.DONE
