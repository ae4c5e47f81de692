"""Schedules that are put in place, and taken away: units of systemd, and the hook of git."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.schedule import hook
from kb.schedule.job import Job
from kb.schedule.systemd import timer_of, units_of
from kb.schedule.user_manager import Command, left_of, reloading, remove_units, starting, stopping, write_units


@dataclass(frozen=True, slots=True)
class Placement:
    """What was put in place or taken away."""

    wrote: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    remark: str = ""
    """What a person must know of it."""
    left: Sequence[Command] = ()
    """The commands that tell systemd of it, if they did not work."""


def install_units(job: Job) -> Placement:
    """Write the units and start the timer; raises `CannotWrite`."""
    wrote = tuple(write_units(units_of(job)))
    remark = "a user's timers rest while the user is not logged in; `loginctl enable-linger` lets them run always"
    return Placement(wrote, remark=remark, left=left_of(starting(timer_of(job))))


def uninstall_units(job: Job) -> Placement:
    """Stop the timer and remove the units; raises `CannotWrite`."""
    left_of(stopping(timer_of(job)))  # what was not running need not be stopped
    removed = tuple(remove_units((f"{job.name}.service", timer_of(job))))
    if not removed:
        return Placement(remark=f"nothing is installed for {job.root}")
    return Placement(removed=removed, left=left_of(reloading()))


def install_hook(job: Job) -> Placement:
    """Write the hook; raises as `hook.install` does."""
    path = hook.install(job)
    return Placement((path,)) if path else Placement(remark="it is there already")


def uninstall_hook(job: Job) -> Placement:
    """Remove the hook; raises as `hook.uninstall` does."""
    path = hook.uninstall(job)
    return Placement(removed=(path,)) if path else Placement(remark=f"no hook is installed for {job.root}")
