"""Sets the number of threads of the linear algebra libraries."""

from __future__ import annotations

import os


def start_no_threads() -> None:
    """Keep numpy's linear algebra from starting threads: starting them takes longer than a search computes.

    Must be called before numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
