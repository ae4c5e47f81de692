"""Where a process of `kb` begins and ends. It imports next to nothing, because Ctrl-C may come before all else."""

import os
import sys

# As `kb.errors.Exit` has them, which need not be there yet.
_INTERRUPTED, _TERMINATED = 130, 143


def run() -> None:
    """Run the program; an interrupted one ends at once."""
    try:
        from kb.main import main

        main()
    except KeyboardInterrupt:  # while the program itself was being imported, or after its end
        sys.stderr.write("kb: interrupted; nothing is left half done\n")
        _end(_INTERRUPTED)
    except SystemExit as stopped:
        if stopped.code in (_INTERRUPTED, _TERMINATED):
            _end(int(stopped.code))
        raise


def _end(code: int) -> None:
    """End without waiting for threads: one may wait for an import that the interrupt has left locked."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
