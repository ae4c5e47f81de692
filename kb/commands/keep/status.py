"""`kb status`."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from kb.errors import Exit
from kb.session import Session
from kb.visible import json_text

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _age(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    if value is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", value)
    if not found:
        raise click.BadParameter(f"expected minutes, hours or days, as 30m, 26h or 2d, got {value!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.command(
    epilog="""\b
Examples:
  kb status
  kb status --max-age 26h       for monitoring: exit code 5 if the nightly job did not do its work
  kb status --json
""",
)
@click.option("--max-age", metavar="AGE", callback=_age, help="How old the last good run may be: 30m, 26h, 2d.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(session: Session, max_age: timedelta | None, as_json: bool) -> int:
    """Show whether the index is fresh, how it stands, and the last runs of the job.

    A run is good when it published an index, or found nothing changed. It counts from when it began.

    Exit code 5: there is no index, or none that can be read; the live one is damaged; or the last good
    run is older than --max-age, or dated in the future.
    """
    found = session.knowledge_base().status(max_age)
    if as_json:
        click.echo(json_text(found.as_json()))
    else:
        from kb.terminal.status import print_status

        print_status(found)
    if found.freshness.alarm:
        click.echo(f"kb: {found.freshness.alarm}", err=True)
        return Exit.NO_INDEX
    return Exit.DONE
