"""What another program answers, where it is there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Mapping
from types import MappingProxyType


class ProgramFailed(Exception):
    """There is no such program, or it failed, or took too long; said in its own last line if it said any."""


def output_of(
    *command: str,
    seconds: float,
    unset: Collection[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return what a command prints that is run without some variables and with others; raises `ProgramFailed`."""
    environment = {name: value for name, value in os.environ.items() if name not in unset} | dict(variables)
    try:
        done = subprocess.run(
            command, capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=seconds, env=environment
        )
    except FileNotFoundError as error:
        raise ProgramFailed(f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        said = os.fsdecode(error.stderr).strip().splitlines() or [f"{command[0]} failed"]
        raise ProgramFailed(said[0].removeprefix("fatal: ")) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ProgramFailed(str(error)) from error
    return os.fsdecode(done.stdout)


def output_or_none(*command: str, seconds: float) -> str | None:
    """Return what a command prints; None where there is no such program, or it fails or takes too long."""
    try:
        return output_of(*command, seconds=seconds)
    except ProgramFailed:
        return None
