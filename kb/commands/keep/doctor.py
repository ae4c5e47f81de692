"""`kb doctor`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kb.errors import CannotWrite, Exit, Locked
from kb.session import Session
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.upkeep.finding import Finding
    from kb.upkeep.site import Site


@click.command(
    epilog="""\b
Examples:
  kb doctor                     a line for each area, and what mends each problem
  kb -v doctor                  everything that was looked at
  kb doctor --fix               mend what can be mended safely, then look again
""",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without losing anything, and say what was done.")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def doctor(session: Session, fix: bool, wait: float, as_json: bool) -> int:
    """Look whether installation, configuration, index, vector cache and schedule are in order.

    Each problem is named with the one command that mends it. --fix removes what stopped runs have left and what is
    damaged and can be made again, and makes the newest sound snapshot live if the live one is damaged.

    Exit code 0: nothing is wrong, though there may be warnings; 5: the index is missing or damaged; 3: the last
    run failed, or lessons could not be read; 1: something else is wrong.
    """
    from kb.upkeep.checkup import check_up
    from kb.upkeep.finding import Level
    from kb.upkeep.site import Site

    site = Site.at(session.root)
    done, failed = _mended(session, site, wait) if fix else ([], [])
    findings = [*check_up(site), *failed]
    wrong = {finding.area.exit_code for finding in findings if finding.level is Level.ERROR}
    if as_json:
        said = {"sound": not wrong, "done": done, "findings": [asdict(finding) for finding in findings]}
        click.echo(json_text(said))
    else:
        from kb.terminal.checkup import print_checkup

        print_checkup(done, findings, verbose=session.verbose)
    return max(wrong, default=Exit.DONE)


def _mended(session: Session, site: Site, wait: float) -> tuple[list[str], list[Finding]]:
    """Return what was done, or why nothing could be."""
    from kb.upkeep.finding import Area, Finding, Level, parted
    from kb.upkeep.repairs import mend

    try:
        return mend(site, session.progress(), wait), []
    except (Locked, CannotWrite) as error:
        what, cure = parted(error, "let who may write there run kb doctor --fix")
        return [], [Finding(Area.INDEX, Level.ERROR, f"nothing was mended: {what}", cure)]
