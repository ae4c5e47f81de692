"""`kb doctor`."""

from __future__ import annotations

import click

from kb.options.common import json_option, wait_option
from kb.output.form import Form
from kb.output.upkeep.checkup import print_checkup
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb doctor                     a line for each area, and how to repair each problem
  kb -v doctor                  everything that was checked
  kb doctor --fix               repair what can be repaired safely, then check again
""",
)
@click.option(
    "--fix", is_flag=True, help="Repair what can be repaired without losing anything, and list what was done."
)
@wait_option
@json_option
@click.pass_obj
def doctor(session: Session, fix: bool, wait: float, form: Form) -> int:
    """Check whether installation, configuration, index, vector cache and schedule are in order.

    Each problem is named with the one command that repairs it. --fix removes what stopped runs have left and what
    is damaged and can be made again, and makes the newest sound snapshot live if the live one is damaged.

    Exit code 0: nothing is wrong, though there may be warnings; 5: the index is missing or damaged; 3: the last
    run failed, or lessons could not be read; 1: something else is wrong.
    """
    from kb.doctor.doctor import examine

    checkup = examine(session.root, session.progress(), fix=fix, wait=wait)
    print_checkup(checkup, form, verbose=session.verbose)
    return checkup.exit_code
