"""JSON in a file that somebody else may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.files.regular_file import read_regular


def read_json(path: Path, most: int) -> Any:
    """Return what a file of at most so many bytes says; raises `OSError`, or `ValueError` for what is no JSON.

    No link is followed, and what is nested too deep to be read is none either.
    """
    try:
        return json.loads(read_regular(path, most, links=False))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
