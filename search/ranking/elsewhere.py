"""Questions from elsewhere: from all areas of life, such that no library of an organisation's lessons answers them.

They are asked of every library when it is indexed, to measure what evidence is found by chance. A person who adds some
writes them as users type them, in any language, one per line of the file.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.with_name("data") / "elsewhere.txt"


def questions() -> list[str]:
    """Return the questions; none if the file is missing or damaged, and then the default thresholds apply."""
    try:
        return FILE.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
