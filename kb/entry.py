"""Where a process of `kb` begins and ends."""

import sys

from kb.stopping import SAID, Stopping, end


def run() -> None:
    """Run the program; one that is told to stop ends at once."""
    with Stopping(at_work=False) as stopping:
        try:
            from kb.main import main

            main()
        except KeyboardInterrupt:  # where click no longer hears it
            end(stopping.code, SAID)
        except SystemExit:
            stopping.note(at_work=False)
            if stopping.code:
                end(stopping.code)
            sys.stdout.flush()
            raise
