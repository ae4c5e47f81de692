"""Asks a running server to answer a command, so that this process needs neither index nor model.

If there is no server, or it is busy, older, or cannot answer this command, the process answers it itself, and nobody
notices. Only the standard library is imported, and little of it.
"""

from __future__ import annotations

import os
import sys

_COMMANDS = frozenset({"search", "show", "similar", "brief", "who"})
_NAMING_FILES = frozenset({"show", "similar"})
_FLAGS = frozenset({"--json", "--html", "--all", "--exact", "--explain"})
_WITH_VALUE = frozenset({"-n", "--limit", "--tag", "--kind", "--since", "--until", "--where", "--mode", "--section"})
_GLOBAL = frozenset({"-q", "--quiet", "-v", "--verbose"})
_ENVIRONMENT = (
    *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "LANG", "LC_ALL", "TZ"),
)
_SECONDS_TO_CONNECT = 0.2
_SECONDS_TO_ANSWER = 1.5
OFF = "KB_NO_SERVER"

Printed = tuple[list[tuple[str, str]], int]
"""Pieces, each the name of a stream (`stdout`, `stderr`, or `pager`) and a text, in order; and the exit code."""


def answered_by_server(arguments: list[str]) -> Printed | None:
    """Return what a server answers to a command line; None if none answers."""
    if not _may_be_asked(arguments):
        return None
    root = _root_of(arguments)
    if root is None:
        return None
    from kb.served.place import is_private, socket_of

    path = socket_of(root)
    if path is None or not is_private(os.path.dirname(path)) or not os.path.exists(path):
        return None
    return _asked(path, root, arguments)


def _may_be_asked(arguments: list[str]) -> bool:
    """Return whether a command line names nothing of this process: no file, no standard input."""
    if os.environ.get(OFF) or not _streams_are_plain():
        return False
    place = _command_at(arguments)
    if place is None or arguments[place] not in _COMMANDS:
        return False
    return _is_plain(arguments[place], arguments[place + 1 :])


def _streams_are_plain() -> bool:
    streams = (sys.stdout, sys.stderr)
    plain = all(stream is not None and stream.encoding.lower() == "utf-8" for stream in streams)
    return plain and os.environ.get("TERM") not in ("dumb", "unknown")


def _command_at(arguments: list[str]) -> int | None:
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
        elif command in _NAMING_FILES and os.path.lexists(argument.partition(":")[0]):
            return False
    return True


def _root_of(arguments: list[str]) -> str | None:
    """Return the folder of the knowledge base, found as `kb.config.root_from` does; None if there is none."""
    for place, argument in enumerate(arguments):
        if argument == "--root":
            return os.path.abspath(os.path.expanduser(arguments[place + 1])) if place + 1 < len(arguments) else None
        if argument.startswith("--root="):
            return os.path.abspath(os.path.expanduser(argument.partition("=")[2]))
    if named := os.environ.get("KB_ROOT"):
        return os.path.abspath(os.path.expanduser(named))
    folder = os.getcwd()
    while not os.path.isfile(os.path.join(folder, "kb.toml")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    return folder


def _asked(path: str, root: str, arguments: list[str]) -> Printed | None:
    import json
    import socket

    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_SECONDS_TO_CONNECT)
        connection.connect(path)
        connection.settimeout(_SECONDS_TO_ANSWER)
        body = json.dumps(_request(root, arguments)).encode("utf-8", "surrogatepass")
        head = f"POST /command HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        answer = _body_of(b"".join(iter(lambda: connection.recv(65_536), b"")))
        printed = json.loads(answer) if answer is not None else None
    except (OSError, ValueError):
        return None
    finally:
        connection.close()
    return _read(printed)


def _request(root: str, arguments: list[str]) -> dict[str, object]:
    from kb.served.caller import terminal_session

    size = _size()
    return {
        "root": os.path.realpath(root),
        "arguments": arguments,
        "environment": {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        "session": terminal_session(),
        "terminals": [sys.stdin is not None and sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty()],
        "columns": size[0],
        "lines": size[1],
    }


def _size() -> tuple[int, int]:
    """Return columns and lines of the terminal as rich finds them; zeros if there is none."""
    for descriptor in (0, 1, 2):
        try:
            return tuple(os.get_terminal_size(descriptor))  # type: ignore[return-value]
        except OSError:
            continue
    return 0, 0


def _body_of(response: bytes) -> bytes | None:
    """Return the body of a response with status 200; None for any other, and for one that is not complete."""
    head, found, body = response.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not found or b" 200 " not in lines[0]:
        return None
    lengths = [line.partition(b":")[2] for line in lines[1:] if line.lower().startswith(b"content-length:")]
    return body if lengths and int(lengths[0]) == len(body) else None


def _read(printed: object) -> Printed | None:
    """Return what a server sent, if it has the form that was agreed."""
    if not isinstance(printed, dict):
        return None
    pieces, code = printed.get("pieces"), printed.get("code")
    if not isinstance(pieces, list) or type(code) is not int:
        return None
    if not all(isinstance(piece, list) and [type(part) for part in piece] == [str, str] for piece in pieces):
        return None
    return [(stream, text) for stream, text in pieces], code
