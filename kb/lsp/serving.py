"""Runs the language server until its editor ends it, or its input ends."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from kb.errors import Exit
from kb.lsp.frames import BrokenFrame, Writer, read_frame
from kb.lsp.protocol import note
from kb.lsp.server import Server


def serve() -> Exit:
    """Serve an editor over standard input and output; anything else that is printed goes to standard error.

    Returns `USAGE` if the input is not a stream of messages; raises `SystemExit` when the editor ends it, with 1 if it
    did not ask to shut down first, as the protocol wants.
    """
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # `note` says what matters
    with _stdout_for_messages() as stream:
        server = Server()
        server.protocol.set_writer(Writer(stream))
        try:
            while (body := read_frame(sys.stdin.buffer)) is not None:
                server.protocol.receive(body)
        except BrokenFrame as error:
            note(f"standard input is no stream of messages: {error}; it is for editors, see docs/editors.md")
            return Exit.USAGE
        except BrokenPipeError:
            note("the editor is gone")
        return Exit.DONE


@contextmanager
def _stdout_for_messages() -> Iterator[BinaryIO]:
    """Yield standard output as bytes, and let all that is printed there meanwhile go to standard error."""
    sys.stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(own, "wb") as stream:
            yield stream
    finally:
        sys.stdout.flush()
