"""Runs another program and returns its output."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Mapping
from types import MappingProxyType

from kb.wording import lasted


class ProgramFailed(Exception):
    """The program is not installed, failed, or took too long; with the first line of its error output, if any."""


def output_of(
    *command: str,
    seconds: float,
    unset: Collection[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the output of a command, run without the environment variables `unset` and with `variables`.

    Raises `ProgramFailed`.
    """
    return os.fsdecode(bytes_from(*command, seconds=seconds, unset=unset, variables=variables))


def bytes_from(
    *command: str,
    seconds: float,
    given: bytes = b"",
    unset: Collection[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the output of a command as bytes; `given` is its standard input. Otherwise as `output_of`."""
    environment = {name: value for name, value in os.environ.items() if name not in unset} | dict(variables)
    try:
        done = subprocess.run(command, capture_output=True, check=True, input=given, timeout=seconds, env=environment)
    except FileNotFoundError as error:
        raise ProgramFailed(f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        lines = os.fsdecode(error.stderr).strip().splitlines() or [f"{command[0]} failed"]
        raise ProgramFailed(lines[0].removeprefix("fatal: ")) from error
    except subprocess.TimeoutExpired as error:
        raise ProgramFailed(f"{command[0]} did not answer within {lasted(seconds)}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ProgramFailed(str(error)) from error
    return done.stdout


def output_or_none(*command: str, seconds: float) -> str | None:
    """Return the output of a command; None if it is not installed, fails, or takes more than `seconds`."""
    try:
        return output_of(*command, seconds=seconds)
    except ProgramFailed:
        return None
