"""How long `kb impact` takes over many lessons.

    python benchmarks/impact.py [--lessons 10000] [--runs 3]

Makes a library of lessons with two impact entries each, of all designs and in ten currencies, some with a series or a
number of cases, and indexes its words. Then each form is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.latency import measure
from ingest.format import DESIGNS, MEASURES
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders

METRICS = {
    "revenue": ("sales", "profit"),
    "cost": ("costs of printing", "scrap"),
    "cycle-time": ("days from order to delivery", "lead time"),
    "customer-satisfaction": ("complaints a month", "share of customers who are satisfied"),
    "employee-productivity": ("hours saved", "share of teams that use it"),
}
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CHF", "INR", "BRL", "SEK", "CAD", "AUD")
PERIODS = ("per year", "per month", "once", "2019 to 2021")
FORMS = ((), ("--json",), ("--csv",), ("--html",), ("evidence:>=B", "--by", "year"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lessons", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, options.lessons)
        started = time.perf_counter()
        KnowledgeBase(root).reindex(Orders(words_only=True))
        print(f"{options.lessons:,} lessons indexed by words in {time.perf_counter() - started:.1f} s")
        for form in FORMS:
            seconds = [timed(root, form) for _ in range(options.runs)]
            print(f"{statistics.median(seconds):.2f} s  kb impact {' '.join(form)}")


def timed(root: Path, form: tuple[str, ...]) -> float:
    return measure([sys.executable, "-m", "kb", "--root", str(root), "impact", *form]).seconds


def write(root: Path, lessons: int) -> None:
    (root / "kb.toml").touch()
    (root / "lessons").mkdir()
    chance = random.Random(1)  # noqa: S311 - nothing secret
    for number in range(lessons):
        cost = {"amount": chance.randint(1000, 99_999), "currency": chance.choice(CURRENCIES)}
        front = {
            "unit": f"Unit {number % 40}",
            "date": f"{2005 + number % 20}-0{1 + number % 9}",
            "cost": cost,
            "impact": [entry(chance), entry(chance)],
        }
        rows = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
        (root / "lessons" / f"{number:05}.md").write_text(f"---\n{rows}---\n# Lesson {number}\n\nText.\n")


def entry(chance: random.Random) -> dict[str, Any]:
    """Return an impact entry: money, a share, a series, two figures, or none."""
    area = chance.choice([*METRICS])
    metric, before = chance.choice(METRICS[area]), chance.randint(10, 999)
    after = round(before * chance.uniform(0.3, 1.6), 1)
    known: dict[str, Any] = {
        "area": area,
        "metric": metric,
        "kind": chance.choice(MEASURES),
        "design": chance.choice(DESIGNS),
        "compared_with": "the depot in Turin",
        "control": {"before": before, "after": before + 3},
        "target": after,
    }
    kind = chance.random()
    if kind < 0.1:
        return {**known, "note": "not measured: nobody counted"}
    if kind < 0.25:
        change = f"{chance.choice('+-')}{before * 100}"
        return {**known, "change": change, "unit": chance.choice(CURRENCIES), "period": chance.choice(PERIODS)}
    if metric.startswith("share"):
        return {**known, "before": before % 100, "after": after % 100, "unit": "% of cases", "n": before}
    if kind < 0.4:
        series = [[level + chance.randint(-9, 9) for _ in range(length)] for level, length in ((before, 8), (after, 4))]
        return {**known, "series": dict(zip(("before", "after"), series, strict=True))}
    return {**known, "before": before, "after": after, "unit": "days", "attributed": "60 %, 80 % sure"}


if __name__ == "__main__":
    main()
