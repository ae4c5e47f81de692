"""Draws the pictures of the README: the pages of a brief and of an impact report, as headless Chromium shows them.

Run it as `make pictures`. It needs Chromium (`apt install chromium`, or name another browser in $CHROMIUM).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDTH = 820
COLOURS = 32
"""Of a page in few colours; more make a file larger, and nothing more to be seen."""

LESSONS = ROOT / "examples" / "company"
PAGES = {
    "brief": (("brief", "--html", "dealers send parcels back because the size is wrong"), 1010),
    "impact": (("impact", "--html"), 1560),
}
"""For each picture the command that makes the page, and how many rows of pixels are shown."""


def draw(name: str, folder: Path) -> None:
    """Draw one picture; `folder` is for what is needed on the way."""
    command, height = PAGES[name]
    base = copytree(LESSONS, folder / name, ignore=ignore_patterns(".kb"))
    page, shot = folder / f"{name}.html", folder / f"{name}.png"
    kb = (sys.executable, "-m", "kb", "--root", str(base), "-q")
    subprocess.run([*kb, "reindex"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*kb, *command, "--out", str(page)], check=True)
    browser = os.environ.get("CHROMIUM", "chromium")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{height}")
    subprocess.run([browser, *options, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
    with Image.open(shot) as picture:
        picture.convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for name in PAGES:
            draw(name, Path(folder))
            print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
