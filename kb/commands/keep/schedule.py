"""`kb schedule`."""

from __future__ import annotations

from datetime import datetime

import click

from kb.errors import Exit
from kb.options.times import TimeOfDay
from kb.output.upkeep.schedule import print_change, print_overview, print_proposal
from kb.schedule.kinds import KINDS
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb schedule                        the schedules, and which fit here
  kb schedule systemd --install      every night at 02:17, by systemd
  kb schedule systemd --at 04:41 --install
  (crontab -l; kb -q schedule cron) | crontab -
  kb schedule github > .github/workflows/kb.yml
  kb schedule systemd --digest --install    and `kb digest --send` after it
  kb schedule hook --install         after each `git pull` as well
""",
)
@click.argument("kind", required=False, metavar=f"[{'|'.join(KINDS)}]", type=click.Choice([*KINDS]))
@click.option("--at", metavar="HH:MM", type=TimeOfDay(), default="02:17", show_default=True, help="The time of day.")
@click.option("--digest", is_flag=True, help="Send the digests to the subscriptions afterwards: systemd and cron only.")
@click.option("--install", is_flag=True, help="Install it: systemd and hook only.")
@click.option("--uninstall", is_flag=True, help="The opposite.")
@click.pass_obj
def schedule(session: Session, kind: str | None, at: datetime, digest: bool, install: bool, uninstall: bool) -> int:
    """Print or install a schedule that runs `kb reindex` every night.

    Without a kind: which kinds there are, which fit this machine, and which are installed.

    Exit code 3: installed, but systemd could not be called; the commands that are left to run are named.
    """
    if install and uninstall:
        raise click.UsageError("--install and --uninstall are opposites")
    made = session.knowledge_base().schedule(at.time(), digest=digest)
    if kind is None:
        if install or uninstall:
            raise click.UsageError(f"name a schedule: {', '.join(KINDS)}")
        print_overview(made.overview())
    elif install or uninstall:
        return print_change(made.install(kind) if install else made.uninstall(kind), session.notify, session.warn)
    else:
        print_proposal(made.proposal(kind), session.notify)
    return Exit.DONE
