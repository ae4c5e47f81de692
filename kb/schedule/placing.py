"""Installs and uninstalls schedules: systemd units and the git hook."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kb.schedule import hook
from kb.schedule.job import Job
from kb.schedule.systemd import timer_of, units_of
from kb.schedule.user_manager import Command, left_of, reloading, remove_units, starting, stopping, write_units


@dataclass(frozen=True, slots=True)
class Placement:
    """What was installed or uninstalled."""

    wrote: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    remark: str = ""
    """What the user must know about it."""
    left: Sequence[Command] = ()
    """The systemctl commands that failed or were not run."""


def install_units(job: Job) -> Placement:
    """Write the units and start the timer; raises `CannotWrite`."""
    if job.state:  # the service may write there, but not create it
        with suppress(OSError):  # the service says so
            job.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    wrote = tuple(write_units(units_of(job)))
    remark = "a user's timers do not run while the user is not logged in; `loginctl enable-linger` lets them run always"
    return Placement(wrote, remark=remark, left=left_of(starting(timer_of(job))))


def uninstall_units(job: Job) -> Placement:
    """Stop the timer and remove the units; raises `CannotWrite`."""
    left_of(stopping(timer_of(job)))  # failing is fine: a timer that does not run need not be stopped
    removed = tuple(remove_units((f"{job.name}.service", timer_of(job))))
    if not removed:
        return Placement(remark=f"nothing is installed for {job.root}")
    return Placement(removed=removed, left=left_of(reloading()))


def install_hook(job: Job) -> Placement:
    """Write the hook; raises the same errors as `hook.install`."""
    path = hook.install(job)
    return Placement((path,)) if path else Placement(remark="it is there already")


def uninstall_hook(job: Job) -> Placement:
    """Remove the hook; raises the same errors as `hook.uninstall`."""
    path = hook.uninstall(job)
    return Placement(removed=(path,)) if path else Placement(remark=f"no hook is installed for {job.root}")
