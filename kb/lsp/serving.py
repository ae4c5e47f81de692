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
    with _streams() as (incoming, outgoing):
        server = Server()
        server.protocol.set_writer(Writer(outgoing))
        try:
            while (body := read_frame(incoming)) is not None:
                server.protocol.receive(body)
        except BrokenFrame as error:
            note(f"standard input is no stream of messages: {error}; it is for editors, see docs/editors.md")
            return Exit.USAGE
        except BrokenPipeError:
            note("the editor is gone")
        finally:
            server.end()
        return Exit.DONE


@contextmanager
def _streams() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Yield standard input and output as bytes; all that is printed meanwhile goes to standard error."""
    sys.stdout.flush()
    with os.fdopen(os.dup(0), "rb") as incoming, os.fdopen(os.dup(1), "wb") as outgoing:
        os.dup2(2, 1)
        try:
            yield incoming, outgoing
        finally:
            sys.stdout.flush()
            os.dup2(outgoing.fileno(), 1)
