"""`kb schedule`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from kb.errors import Exit
from kb.session import Session

if TYPE_CHECKING:
    from kb.schedule.job import Job
    from kb.schedule.user_manager import Command


class _TimeOfDay(click.DateTime):
    def __init__(self) -> None:
        super().__init__(["%H:%M"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no time of day; write one from 00:00 to 23:59", param, ctx)


_KINDS = ("systemd", "cron", "github", "gitlab", "hook")


@click.command(
    epilog="""\b
Examples:
  kb schedule                        what there is, and what fits here
  kb schedule systemd --install      every night at 02:17, by systemd
  kb schedule systemd --at 04:41 --install
  (crontab -l; kb -q schedule cron) | crontab -
  kb schedule github > .github/workflows/kb.yml
  kb schedule hook --install         after each `git pull` as well
""",
)
@click.argument("kind", required=False, metavar="[systemd|cron|github|gitlab|hook]", type=click.Choice(_KINDS))
@click.option("--at", metavar="HH:MM", type=_TimeOfDay(), default="02:17", show_default=True, help="The time of day.")
@click.option("--install", is_flag=True, help="Put it in place: systemd and hook.")
@click.option("--uninstall", is_flag=True, help="The opposite.")
@click.pass_obj
def schedule(session: Session, kind: str | None, at: datetime, install: bool, uninstall: bool) -> int:
    """Print what runs `kb reindex` every night, made for this knowledge base.

    Without a kind: which there are, which fit this machine, and which are there.

    Exit code 3: put in place, but systemd could not be told; the commands that tell it are named.
    """
    from kb.config import read_config, root_from
    from kb.schedule.job import job_of

    if install and uninstall:
        raise click.UsageError("--install and --uninstall are opposites")
    job = job_of(read_config(root_from(session.root)), at.time())
    if kind is None:
        if install or uninstall:
            raise click.UsageError(f"which one? Known are {', '.join(_KINDS)}")
        _print_overview(job)
        return Exit.DONE
    if kind == "systemd" and (install or uninstall):
        return _install_units(session, job) if install else _uninstall_units(session, job)
    if kind == "hook" and (install or uninstall):
        return _change_hook(session, job, install=install)
    _print_text(session, job, kind, refused="--install" if install else "--uninstall" if uninstall else "")
    return Exit.DONE


def _print_text(session: Session, job: Job, kind: str, refused: str) -> None:
    from kb.schedule.kinds import KINDS
    from kb.schedule.requirement import TO_BE_SET, requirement

    place = KINDS[kind].place(job)
    if refused:
        raise click.UsageError(f"{refused} knows systemd and hook; for {kind}: {place}")
    click.echo(KINDS[kind].text(job), nl=False)
    session.say(place)
    if kind not in ("github", "gitlab"):
        return
    if requirement() == TO_BE_SET:
        session.say("before you commit it, put into KB_REQUIREMENT the git address that you have kb from")
    if job.at.minute % 15 == 0:
        session.say("at this minute most others start too; an odd one, such as 17, is seldom late")


def _print_overview(job: Job) -> None:
    from kb.schedule.fitting import fitting_kinds
    from kb.schedule.found import schedules_of
    from kb.schedule.kinds import KINDS

    fitting = fitting_kinds(job.root)
    for name, kind in KINDS.items():
        click.echo(f"{name:7}  {'fits here' if name in fitting else '':9}  {kind.purpose}")
    for found in schedules_of(job.root):
        click.echo(f"there already: {found.kind}, {found.where}{'' if found.runs else ' (does not run)'}")


def _install_units(session: Session, job: Job) -> int:
    from kb.schedule.systemd import timer_of, units_of
    from kb.schedule.user_manager import left_of, starting, write_units

    for path in write_units(units_of(job)):
        click.echo(f"wrote {path}")
    session.say("a user's timers rest while the user is not logged in; `loginctl enable-linger` lets them run always")
    return _tell_what_is_left(session, left_of(starting(timer_of(job))))


def _uninstall_units(session: Session, job: Job) -> int:
    from kb.schedule.systemd import timer_of
    from kb.schedule.user_manager import left_of, reloading, remove_units, stopping

    left_of(stopping(timer_of(job)))  # what was not running need not be stopped
    removed = remove_units((f"{job.name}.service", timer_of(job)))
    for path in removed:
        click.echo(f"removed {path}")
    if not removed:
        session.say(f"nothing is installed for {job.root}")
        return Exit.DONE
    return _tell_what_is_left(session, left_of(reloading()))


def _tell_what_is_left(session: Session, commands: Sequence[Command]) -> int:
    if not commands:
        return Exit.DONE
    click.echo(f"kb: systemd could not be told; run: {' && '.join(map(shlex.join, commands))}", err=True)
    return Exit.PARTLY_FAILED


def _change_hook(session: Session, job: Job, *, install: bool) -> int:
    from kb.schedule import hook

    changed = hook.install(job) if install else hook.uninstall(job)
    if changed:
        click.echo(f"{'wrote' if install else 'removed'} {changed}")
    else:
        session.say("it is there already" if install else f"no hook is installed for {job.root}")
    return Exit.DONE
