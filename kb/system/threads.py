"""How many threads the libraries of linear algebra start."""

from __future__ import annotations

import os


def start_no_threads() -> None:
    """Let numpy's linear algebra start none: one for each processor takes longer than a search has to compute.

    It reads this when it is loaded.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
