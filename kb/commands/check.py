"""`kb check`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kb.errors import Exit
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb check                                   every lesson
  kb check lessons/wrong-labels.md           one of them
  kb check --select structure,secrets        only what is in these groups
""",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--select", multiple=True, metavar="CODES", help="Only these codes or groups; several with commas.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these codes or groups.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.pass_obj
def check(
    session: Session, paths: tuple[Path, ...], select: tuple[str, ...], ignore: tuple[str, ...], strict: bool
) -> int:
    """Check lessons: what is wrong, where, and what to do.

    Exit code 0: no errors; 1: errors were found; 3: some files could not be read.
    """
    from kb.check.rule import Severity
    from kb.check.rules import Selection
    from kb.check.run import check as run
    from kb.config import read_config, root_from

    config = read_config(root_from(session.root))
    wanted = Selection(_codes(select) or config.select, _codes(ignore) or config.ignore)
    checked = run(config, paths, wanted, date.today())
    for finding in checked.findings:
        click.echo(str(finding))
    for problem in checked.failed:
        session.say(str(problem))
    wrong = checked.count(Severity.ERROR) + (strict or config.strict) * checked.count(Severity.WARNING)
    return Exit.PARTLY_FAILED if checked.failed else Exit.NOTHING if wrong else Exit.DONE


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    from kb.check.rules import rules_named

    names = tuple(name.strip() for part in given for name in part.split(",") if name.strip())
    for name in names:
        rules_named(name)
    return names
