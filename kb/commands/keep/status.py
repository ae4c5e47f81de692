"""`kb status`."""

from __future__ import annotations

from datetime import timedelta

import click

from kb.errors import Exit
from kb.options.common import json_option
from kb.options.times import age
from kb.output.form import Form
from kb.output.upkeep.status import print_status
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb status
  kb status --max-age 26h       for monitoring: exit code 5 if the nightly job did not do its work
  kb status --json
""",
)
@click.option("--max-age", metavar="AGE", callback=age, help="How old the last good run may be: 30m, 26h, 2d.")
@json_option
@click.pass_obj
def status(session: Session, max_age: timedelta | None, form: Form) -> int:
    """Show whether the index is up to date, what it holds, and the last runs of the job.

    A run is good when it published an index, or found nothing changed. It counts from when it began.

    Exit code 5: there is no index, or none that can be read; the live one is damaged; or the last good
    run is older than --max-age, or dated in the future.
    """
    found = session.knowledge_base().upkeep.status(max_age, servers=True)
    print_status(found, form)
    if found.freshness.alarm:
        session.warn(found.freshness.alarm)
        return Exit.NO_INDEX
    return Exit.DONE
