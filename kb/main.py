"""The command line: the command group, its options, and the conversion of errors to messages and exit codes."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import click

from ingest.files.reason import reason_of
from kb import __version__
from kb.commands.summaries import SUMMARIES
from kb.errors import GIVE_MEMORY, Exit, KbError, exit_code_of, message_of
from kb.options.lazily import LazyCommands, LazyGroup
from kb.session import Session
from kb.stopping import INTERRUPTED_MESSAGE, Terminated, stoppable, work_begins
from kb.visible import all_visible
from search.errors import SearchError
from search.storage import be_sparing, collect_seldom, is_lack_of_memory

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


class _Failure(click.ClickException):
    """An error with its line for stderr and its exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: Any = None) -> None:
        click.echo(f"kb: {self.format_message()}", err=True)


def _drop_output() -> None:
    """Discard buffered output: the reader of the pipe has ended, which is not an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_of_the_output(error: OSError) -> bool:
    """Return whether standard output could not be written; errors of files have a file name."""
    return error.filename is None and error.errno in _UNWRITABLE


def _unwritable(error: OSError) -> _Failure:
    _drop_output()
    return _Failure(f"the output cannot be written: {reason_of(error)}", Exit.PARTLY_FAILED)


class _Group(LazyGroup):
    summaries: ClassVar[Mapping[str, str]] = {
        name: summary for commands in SUMMARIES.values() for name, summary in commands.items()
    }

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)  # prints the output of `--help` and `--version`
        except BrokenPipeError:
            _drop_output()
            ctx.exit(Exit.DONE)
        except OSError as error:
            raise (_unwritable(error) if _is_of_the_output(error) else error) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        found = super().resolve_command(ctx, args)
        work_begins()
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done
        except click.UsageError as error:
            if error.ctx is None and ctx.invoked_subcommand:  # click's parser does not say for which command it reads
                error.ctx = click.Context(click.Command(None), parent=ctx, info_name=ctx.invoked_subcommand)
            raise
        except (KbError, SearchError) as error:
            raise _Failure(message_of(error), exit_code_of(error)) from error
        except BrokenPipeError:
            _drop_output()
            return Exit.DONE
        except OSError as error:
            if _is_of_the_output(error):
                raise _unwritable(error) from error
            if not isinstance(error, FileNotFoundError) or _has_working_directory():
                raise
            raise _Failure("the working directory is gone; change to one that is there (`cd`)", Exit.USAGE) from error
        except Exception as error:
            if not is_lack_of_memory(error):
                raise
            raise _Failure(f"not enough memory; {GIVE_MEMORY}", Exit.PARTLY_FAILED) from error


@click.group(
    cls=_Group,
    commands=LazyCommands({name: f"kb.commands.{room}" for room, names in SUMMARIES.items() for name in names}),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  kb search "brochure errors"          the prior lessons for a problem
  kb show on-demand-brochures          one lesson, whole
  kb --root ~/lessons reindex          bring another index up to date
""",
)
@click.option("--root", metavar="DIR", help="The knowledge base. Default: $KB_ROOT, or this folder or one above it.")
@click.option("-q", "--quiet", is_flag=True, help="Print only results and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print more about what is done.")
@click.version_option(__version__, "--version", prog_name="kb", message="%(prog)s %(version)s")
@click.pass_context
def kb(ctx: click.Context, root: str | None, quiet: bool, verbose: bool) -> None:
    """Find the lessons of earlier interventions: tools, methods, cases and people."""
    ctx.obj = Session(root, quiet=quiet, verbose=verbose, answer=_answered)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and exit with its code."""
    be_sparing()
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # without Unicode, print a question mark
    with all_visible():
        code = _run(arguments)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    """Run the program and return its exit code; every error becomes one line."""
    with stoppable() as stopping:
        try:
            code = _answered(arguments)
        except click.exceptions.Abort as abort:
            return _interrupted(Exit.TERMINATED if isinstance(abort.__cause__, Terminated) else Exit.INTERRUPTED)
        except Exception:
            if not stopping.code:
                raise
            return _interrupted(stopping.code)  # a library being imported may turn the interrupt into any error
        swallowed = stopping.code and code not in (Exit.INTERRUPTED, Exit.TERMINATED)
        return _interrupted(stopping.code) if swallowed else code


def _interrupted(code: int) -> int:
    click.echo(INTERRUPTED_MESSAGE, err=True, nl=False)
    return code


def _answered(arguments: Sequence[str] | None) -> int:
    try:
        # Without `color=True`, click removes what looks like colour codes, which may be part of a lesson's text.
        code = kb.main(arguments, prog_name="kb", standalone_mode=False, color=True)
    except click.UsageError as error:
        click.echo(f"kb: {_worded(error)}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.code if isinstance(error, _Failure) else error.exit_code
    return int(code or Exit.DONE)


def _worded(error: click.UsageError) -> str:
    """Return the message for wrong usage, with what to do."""
    if isinstance(error, click.NoSuchOption) and error.ctx and error.ctx.parent:
        name = error.option_name
        if found := next((parameter for parameter in kb.params if name in parameter.opts), None):
            value = f" {found.metavar}" if found.metavar else ""
            return f"{name} goes before the command: `kb {name}{value} {error.ctx.info_name}`"
    command = error.ctx.command_path if error.ctx else "kb"
    message = error.format_message().rstrip(".")
    return f"{message[:1].lower()}{message[1:]}; see `{command} --help`"


def _has_working_directory() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True
