"""The entry point of a `kb` process."""

import os
import sys

from kb.stopping import INTERRUPTED_MESSAGE, Stopping, end


def run() -> None:
    """Run the program; if a signal stops it while modules are imported or after the work, it ends at once."""
    stopping = Stopping(at_work=False).listen()
    _open_closed_streams()
    try:
        from kb.served.client import answered_by_server

        if (code := answered_by_server(sys.argv[1:], _page)) is not None:
            sys.exit(code)
        from kb.main import main

        main()
    except KeyboardInterrupt:  # outside of click, which handles it otherwise
        end(stopping.code, INTERRUPTED_MESSAGE)
    except SystemExit:
        stopping.note(at_work=False)
        if stopping.code:
            end(stopping.code)
        raise


def _open_closed_streams() -> None:
    """Connect closed standard streams to the null device: else the next opened file would get their descriptor."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None and os.open(os.devnull, os.O_RDWR) == number:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _page(text: str) -> None:
    from kb.session import Session  # imports what a search with a server does not need

    Session(None).page(text)
