"""Questions from all walks of life that no library of an organisation's lessons answers.

They are asked of every library when it is indexed, to see what evidence is found by chance. Whoever adds some
writes them as people type them, in any language, one on each line of the file.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.with_name("data") / "elsewhere.txt"


def questions() -> list[str]:
    """Return the questions; none where the file is absent or damaged, and the defaults serve."""
    try:
        return FILE.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
