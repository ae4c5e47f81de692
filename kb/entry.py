"""Where a process of `kb` begins and ends."""

from kb.stopping import SAID, Stopping, end


def run() -> None:
    """Run the program; one that is told to stop ends at once, whether it is still being imported or ending already."""
    stopping = Stopping(at_work=False).listen()
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
