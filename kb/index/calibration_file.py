"""The file of a snapshot that holds its calibration."""

from __future__ import annotations

import json
from pathlib import Path

from kb.index.json_file import read_json
from kb.index.snapshot import CALIBRATION
from search.engine import Calibration

_MOST_BYTES = 100_000


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write a calibration into a snapshot that is being built."""
    (folder / CALIBRATION).write_text(json.dumps(calibration.as_json(), indent=1) + "\n", "utf-8")


def read_calibration(folder: Path) -> Calibration:
    """Return a snapshot's calibration; the default if there is none or it is not valid."""
    try:
        return Calibration.from_json(read_json(folder / CALIBRATION, _MOST_BYTES))
    except (OSError, ValueError):
        return Calibration()
