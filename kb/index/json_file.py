"""Reads JSON from an untrusted file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.files.regular_file import read_regular


def read_json(path: Path, most: int) -> Any:
    """Return the JSON value in a file of at most `most` bytes.

    Raises `OSError`, also for a symbolic link, or `ValueError` if it is not JSON or nested too deep.
    """
    try:
        return json.loads(read_regular(path, most, links=False))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
