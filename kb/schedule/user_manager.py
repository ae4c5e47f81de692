"""The systemd instance of a user: the folder of its units, and the commands that make it read them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite
from kb.schedule.systemd import Unit
from kb.system.durable import replace_text
from kb.system.program import output_or_none

Command = tuple[str, ...]


def unit_folder() -> Path:
    """Return the folder for unit files written by the user."""
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(configuration) / "systemd" / "user"


def enabling_link(timer: str) -> Path:
    """Return the link whose existence shows that a timer is enabled."""
    return unit_folder() / "timers.target.wants" / timer


def write_units(units: Sequence[Unit]) -> list[Path]:
    """Write the units whose files are missing or different, and return their paths; raises `CannotWrite`."""
    paths = {unit_folder() / unit.name: unit.text for unit in units}
    try:
        unit_folder().mkdir(parents=True, exist_ok=True)
        changed = [path for path, text in paths.items() if not path.is_file() or path.read_bytes() != text.encode()]
        for path in changed:
            replace_text(path, paths[path])
    except OSError as error:
        raise _cannot_write(error) from error
    return changed


def remove_units(names: Sequence[str]) -> list[Path]:
    """Remove units and the links that enable them; return the removed paths. Raises `CannotWrite`."""
    paths = [path for name in names for path in (enabling_link(name), unit_folder() / name)]
    there = [path for path in paths if path.is_symlink() or path.exists()]
    try:
        for path in there:
            path.unlink()
    except OSError as error:
        raise _cannot_write(error) from error
    return there


def starting(timer: str) -> tuple[Command, ...]:
    """Return the commands that enable and start a timer, or restart it with another time."""
    systemctl = ("systemctl", "--user")
    return (*reloading(), (*systemctl, "enable", timer), (*systemctl, "restart", timer))


def stopping(timer: str) -> tuple[Command, ...]:
    """Return the commands that stop a timer."""
    return (("systemctl", "--user", "disable", "--now", timer),)


def reloading() -> tuple[Command, ...]:
    """Return the commands that make systemd read changed unit files."""
    return (("systemctl", "--user", "daemon-reload"),)


def left_of(commands: Sequence[Command]) -> Sequence[Command]:
    """Run commands in order until one fails; return that one and those after it."""
    for number, command in enumerate(commands):
        if output_or_none(*command, seconds=60) is None:
            return commands[number:]
    return ()


def _cannot_write(error: OSError) -> CannotWrite:
    return CannotWrite(f"{error.filename or unit_folder()}: {reason_of(error)}")
