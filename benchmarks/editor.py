"""How long an editor waits for `kb lsp`, as a client that types into one lesson of a library.

    python benchmarks/editor.py DIR            a knowledge base, such as one of NASA's lessons; nothing in it is changed

Prints the time to the answer to `initialize`, to the first findings (all lessons are read), and medians and the worst
of thirty changes: from a key to the findings (with the tenth of a second without a key), and for a completion of ids.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.lsp_client import Client

ROUNDS = 30


def main(root: Path) -> None:
    """Measure one library."""
    lesson = sorted((root / "lessons").rglob("*.md"))[0]
    text = lesson.read_text("utf-8")
    last = text.count("\n")
    end = {"line": last, "character": 0}
    with Client(root) as client:
        print(f"start to `initialize`  {timed(client.start):.2f} s")
        uri = lesson.as_uri()
        print(f"open to findings       {timed(lambda: client.diagnostics(client.open(lesson))):.2f} s")

        def type_a_key() -> None:
            client.diagnostics(uri, client.change(uri, "x", {"start": end, "end": end}))

        report("a key to findings", [timed(type_a_key) for _ in range(ROUNDS)])
        client.change(uri, "[[", {"start": end, "end": end})
        place = (uri, last, 2)
        report(
            "completion of ids", [timed(lambda: client.at("textDocument/completion", *place)) for _ in range(ROUNDS)]
        )


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def report(what: str, seconds: list[float]) -> None:
    """Print median and maximum in milliseconds."""
    print(f"{what:22} {statistics.median(seconds) * 1000:.0f} ms, at most {max(seconds) * 1000:.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
