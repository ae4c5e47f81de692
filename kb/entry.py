"""Where a process of `kb` begins and ends."""

import os
import sys

from kb.stopping import SAID, Stopping, end


def run() -> None:
    """Run the program; one that is told to stop ends at once, whether it is still being imported or ending already."""
    stopping = Stopping(at_work=False).listen()
    _open_what_is_closed()
    try:
        from kb.main import main

        main()
    except KeyboardInterrupt:  # where click no longer hears it
        end(stopping.code, SAID)
    except SystemExit:
        stopping.note(at_work=False)
        if stopping.code:
            end(stopping.code)
        raise


def _open_what_is_closed() -> None:
    """Let a standard stream that is closed lead nowhere: else the next file that is opened is taken for it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None and os.open(os.devnull, os.O_RDWR) == number:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
