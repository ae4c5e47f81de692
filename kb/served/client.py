"""Asks a running server to answer a command, so that this process needs neither index nor model.

If there is no server, or it is busy, older, or cannot answer this command, the process answers it itself, and nobody
notices. Only the standard library is imported, and little of it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = frozenset({"search", "show", "similar", "brief", "who"})
"""What only reads, and prints the same in any process."""
_NAMING_FILES = frozenset({"show", "similar"})
_FLAGS = frozenset({"--json", "--html", "--all", "--exact", "--explain"})
_WITH_VALUE = frozenset({"-n", "--limit", "--tag", "--kind", "--since", "--until", "--where", "--mode", "--section"})
_GLOBAL = frozenset({"-q", "--quiet", "-v", "--verbose"})
_ENVIRONMENT = (
    *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "LANG", "LC_ALL", "TZ"),
)
_SECONDS_TO_ANSWER = 1.5
OFF = "KB_NO_SERVER"


def answered_by_server(arguments: list[str], page: Callable[[str], None]) -> int | None:
    """Print what a server answers to a command line, and return its exit code; None if none answers.

    `page` shows a text in the pager.
    """
    if not _may_be_asked(arguments):
        return None
    try:
        root = _root_of(arguments)
    except OSError:  # the working directory is gone
        return None
    if root is None:
        return None
    from kb.served.place import is_private, socket_of

    path = socket_of(root)
    if path is None or not is_private(os.path.dirname(path)) or not os.path.exists(path):
        return None
    return _asked(path, root, arguments, page)


def _may_be_asked(arguments: list[str]) -> bool:
    """Return whether a command line names nothing of this process: no file, no standard input."""
    if os.environ.get(OFF) or not _streams_are_plain():
        return False
    place = command_at(arguments)
    if place is None or arguments[place] not in COMMANDS:
        return False
    return _is_plain(arguments[place], arguments[place + 1 :])


def _streams_are_plain() -> bool:
    streams = (sys.stdout, sys.stderr)
    plain = all(stream is not None and stream.encoding.lower() == "utf-8" for stream in streams)
    return plain and os.environ.get("TERM") not in ("dumb", "unknown")


def command_at(arguments: list[str]) -> int | None:
    """Return the position of the command, behind the global options; None if there is none."""
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        if argument == "--root":
            place += 2
        elif argument in _GLOBAL or argument.startswith("--root="):
            place += 1
        else:
            return None if argument.startswith("-") else place
    return None


def _is_plain(command: str, arguments: list[str]) -> bool:
    """Return whether all options of a command are known here, and none of its arguments is a file."""
    values = iter(arguments)
    for argument in values:
        name = argument.partition("=")[0]
        if argument in _WITH_VALUE:
            next(values, None)
        elif argument in _FLAGS or name in _WITH_VALUE:
            continue
        elif argument.startswith("-"):  # `-errors` is a word to leave out, all else an option that is not known here
            if len(argument) < 3 or not argument[1:3].isalpha():
                return False
        elif command in _NAMING_FILES and _may_be_a_file(argument):
            return False
    return True


def _may_be_a_file(name: str) -> bool:
    return "/" in name or ".md" in name.casefold() or os.path.lexists(name.partition(":")[0])


def _root_of(arguments: list[str]) -> str | None:
    """Return the folder of the knowledge base, found as `kb.config.root_from` does; None if there is none."""
    named = ""
    before_command = iter(arguments[: command_at(arguments)])
    for argument in before_command:
        if argument == "--root":
            named = next(before_command)
        elif argument.startswith("--root="):
            named = argument.partition("=")[2]
    if named := named or os.environ.get("KB_ROOT", ""):
        return os.path.abspath(os.path.expanduser(named))
    folder = os.getcwd()
    while not os.path.isfile(os.path.join(folder, "kb.toml")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    return folder


def _asked(path: str, root: str, arguments: list[str], page: Callable[[str], None]) -> int | None:
    import json

    from kb.served.exchange import answer_of

    body = json.dumps(_request(root, arguments)).encode("utf-8", "surrogatepass")
    try:
        answer = answer_of(path, "/command", body, _SECONDS_TO_ANSWER)
        pieces, code = _printed(json.loads(answer or b"null"))
    except (OSError, ValueError, RecursionError):
        return None
    return _print(pieces, code, page)


def _request(root: str, arguments: list[str]) -> dict[str, object]:
    from kb.served.caller import terminal_session

    columns, lines = _size()
    return {
        "root": os.path.realpath(root),
        "arguments": arguments,
        "environment": {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        "session": terminal_session(),
        "terminals": [sys.stdin is not None and sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty()],
        "columns": columns,
        "lines": lines,
    }


def _size() -> tuple[int, int]:
    """Return columns and lines of the terminal as rich finds them; zeros if there is none."""
    for descriptor in (0, 1, 2):
        try:
            size = os.get_terminal_size(descriptor)
        except OSError:
            continue
        return size.columns, size.lines
    return 0, 0


def _printed(answer: object) -> tuple[list[tuple[str, str]], int]:
    """Return the pieces of an answer, each with its stream, and its exit code; raises `ValueError` for any other."""
    if isinstance(answer, dict) and answer.keys() == {"pieces", "code"}:
        pieces, code = answer["pieces"], answer["code"]
        if isinstance(pieces, list) and all(map(_is_piece, pieces)) and type(code) is int:
            return [(stream, text) for stream, text in pieces], code
    raise ValueError


def _is_piece(piece: object) -> bool:
    match piece:
        case ["stdout" | "stderr" | "pager", str()]:
            return True
    return False


def _print(pieces: list[tuple[str, str]], code: int, page: Callable[[str], None]) -> int:
    """Write each piece to its stream, in order, and return the exit code, as `kb.main` does if nobody reads."""
    try:
        for stream, text in pieces:
            _write(stream, text, page)
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        from ingest.files.reason import reason_of

        sys.stderr.write(f"kb: the output cannot be written: {reason_of(error)}\n")
        return 3
    return code


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _write(stream: str, text: str, page: Callable[[str], None]) -> None:
    if stream == "pager":
        page(text)
        return
    out = sys.stderr if stream == "stderr" else sys.stdout
    out.write(text)
    out.flush()
