"""`kb check`."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kb.errors import Exit
from kb.options.check import CheckOptions, check_options
from kb.output.findings import print_checked, print_explained, print_fixes
from kb.progress import Silent
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb check                                   every lesson
  kb check lessons/wrong-labels.md           one of them
  kb check --select structure,secrets        only what is in these groups
  kb check --changed origin/main             what a pull request changes
  kb check --fix                             fix what has only one right answer, and show it
  kb check --ask                             is each lesson found first, and is none a duplicate?
  kb check --explain rigour.target           what a code means, and what to do
  kb check --format gitlab > kb.json         for a merge request, as a Code Quality report
""",
)
@check_options
@click.pass_obj
def check(session: Session, /, **given: Any) -> int:
    """Check lessons: what is wrong, where, and what to do.

    Prints a line for each finding, `path:line:column: code severity: message`. If a code is found in more than five
    lessons, or more than fifty times, only its first three findings are shown, and a line that sums up all of them.
    The last line has the totals; `kb -q check` leaves it out. All this goes to stdout; files that cannot be read
    are named on stderr.

    A comment allows one code at one place, with a reason: `<!-- kb: allow CODE: reason -->` on the line or above the
    block that it is about, `# kb: allow CODE: reason` in the front matter.

    The index is used to check whether a lesson is found first for what it `answers`, and whether another lesson
    says the same; for this up to 50 changed lessons are added to it. If this is not possible, a line says so, and
    all other checks are made.

    Exit code 0: no errors; 1: errors were found; 3: some files could not be read or fixed.
    """
    options = CheckOptions(**given)
    if options.explain is not None:
        return print_explained(options.explain)
    base, request, today = session.knowledge_base(Silent()), options.request(), date.today()
    fixes = base.fix(request, today) if options.fix else None
    if fixes:
        print_fixes(fixes, notify=session.notify, warn=session.warn)
    checked = base.check(request, today, session.notify)
    if request.changed and not checked.files:
        session.notify(f"no lesson has changed since {request.changed}")
    print_checked(checked, options.form, every=options.every, quiet=session.quiet, warn=session.warn)
    return Exit.PARTLY_FAILED if fixes and fixes.failed else checked.exit_code
