"""What each part of whoosh does and costs, beside kb's own part.

    python benchmarks/whoosh_parts.py FOLDER_OF_LESSONS

Prints a table for each part: import, analysis, index, search by words and by phrases, spelling, snippets, stemmers.
Both indexes are built from the same terms. Times are of the processor, so that other work on the machine disturbs
little; compare only numbers of one run. NASA's 2,102 lessons take about five minutes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.processes import in_new_process, peak_megabytes, timed
from benchmarks.whoosh_answers import print_answers, print_snippets
from benchmarks.whoosh_questions import questions

if TYPE_CHECKING:
    from search.analysis.lesson_terms import LessonTerms

# What a part needs is imported in its own process: at its start it is charged with the memory of its parent.

MODULES = (
    *("whoosh.lang.porter", "whoosh.lang.stopwords", "whoosh.analysis", "whoosh.index", "whoosh.qparser"),
    *("whoosh.highlight", "whoosh.spelling", "whoosh.lang.snowball", "search.analysis.analyzer"),
    *("search.lexical.array_index", "search.query.query", "search.ranking.snippet", "search.query.slips"),
)
_IMPORT = """
import sys, time, tracemalloc
sys.path.insert(0, sys.argv[2])
before = len(sys.modules)
if sys.argv[3] == "memory":
    tracemalloc.start()
started = time.process_time()
__import__(sys.argv[1])
took = time.process_time() - started
memory = tracemalloc.get_traced_memory()[0] if tracemalloc.is_tracing() else 0
print(1000 * took, len(sys.modules) - before, memory / 1e6)
"""
_IMPORTS = 7
STEMMERS = ("porter", "en", "de", "fr", "es")

Chain = Callable[[str], Iterator[object]]
"""Returns the terms of a text."""


class Building(NamedTuple):
    """What it took to build an index."""

    seconds: float
    megabytes: float
    peak: float
    """The memory of the whole process, in megabytes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", type=Path, help="a folder of Markdown files")
    folder = parser.parse_args().lessons
    with tempfile.TemporaryDirectory() as scratch:
        terms, asked = Path(scratch) / "terms.jsonl", Path(scratch) / "questions.json"
        print(in_new_process(prepare, folder, terms, asked))
        print_imports()
        print_analyzers(folder)
        print_indexes(terms, Path(scratch))
        print_answers(asked, Path(scratch))
        print_snippets(folder, Path(scratch) / "kb")
        print_stemmers(terms)


def prepare(folder: Path, terms: Path, asked: Path) -> str:
    """Write the terms and the questions of a folder of lessons; returns what it holds."""
    from benchmarks.whoosh_engine import read_entries, write_terms

    entries = list(read_entries(folder))
    write_terms(entries, terms)
    asked.write_text(json.dumps(questions(entries)), "utf-8")
    words = sum(len(found) for entry in entries for found in entry.terms.passages)
    return f"{len(entries):,} lessons, {words:,} terms in bodies"


def print_imports() -> None:
    print(f"\n{'import':42}{'ms':>9}{'modules':>9}{'MB':>8}")
    for module in MODULES:
        figures = [_imported(module, "time") for _ in range(_IMPORTS)]
        megabytes = _imported(module, "memory")[2]
        print(f"{module:42}{median(figure[0] for figure in figures):9.1f}{figures[0][1]:9.0f}{megabytes:8.1f}")


def _imported(module: str, measured: str) -> tuple[float, ...]:
    command = [sys.executable, "-c", _IMPORT, module, str(Path(__file__).parents[1]), measured]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(map(float, done.stdout.split()))


def print_analyzers(folder: Path) -> None:
    print(f"\n{'analysis':42}{'words/s':>9}{'terms':>17}")
    for name in CHAINS:
        words, terms, seconds = in_new_process(analyzed, folder, name)
        print(f"{name:42}{words / seconds:9,.0f}{terms:17,}")


def analyzed(folder: Path, name: str) -> tuple[int, int, float]:
    """Return the number of words (between white space), of terms, and the seconds."""
    texts = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.md"))]
    chain = CHAINS[name]()
    terms, ms = timed(lambda every: sum(1 for text in every for _ in chain(text)), texts)
    return sum(len(text.split()) for text in texts), terms, ms / 1000


def _standard() -> Chain:
    from whoosh.analysis import StandardAnalyzer

    chain: Chain = StandardAnalyzer()
    return chain


def _stemming() -> Chain:
    from whoosh.analysis import StemmingAnalyzer

    chain: Chain = StemmingAnalyzer()
    return chain


def _without_accents() -> Chain:
    from whoosh.analysis import CharsetFilter, StandardAnalyzer, StemFilter
    from whoosh.lang.stopwords import stoplists
    from whoosh.support.charset import accent_map

    chain: Chain = StandardAnalyzer(stoplist=stoplists["en"], minsize=1) | CharsetFilter(accent_map) | StemFilter()
    return chain


def _for_index() -> Chain:
    from search.analysis.analyzer import indexed

    return lambda text: iter(indexed(text).words)


def _for_marking() -> Chain:
    from search.analysis.analyzer import terms_in_place

    return lambda text: iter(terms_in_place(text))


CHAINS: dict[str, Callable[[], Chain]] = {
    "whoosh, StandardAnalyzer": _standard,
    "whoosh, StemmingAnalyzer": _stemming,
    "whoosh, with kb's stop words and accents": _without_accents,
    "kb, for the index": _for_index,
    "kb, with places, for marking": _for_marking,
}


def print_indexes(terms: Path, scratch: Path) -> None:
    print(f"\n{'index':42}{'s':>9}{'MB':>9}{'peak MB':>8}")
    for name in ("neither", "whoosh", "kb"):
        built = in_new_process(build, name, terms, scratch / name)
        print(f"{name:42}{built.seconds:9.1f}{built.megabytes:9.1f}{built.peak:8.0f}")


def build(name: str, terms: Path, folder: Path) -> Building:
    """Build an index, or with `neither` only read the terms."""
    from benchmarks.whoosh_engine import BUILDERS, read_terms

    builder = BUILDERS[name](folder)

    def add(lesson: tuple[str, LessonTerms]) -> None:
        builder.add(*lesson)

    ms = sum(timed(add, lesson)[1] for lesson in read_terms(terms)) + timed(lambda made: made.write(), builder)[1]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Building(ms / 1000, size / 1e6, peak_megabytes())


def print_stemmers(terms: Path) -> None:
    print(f"\n{'stemmer':42}{'words/s':>9}")
    for name in STEMMERS:
        shown = name if name == "porter" else f"snowball, {name}"
        print(f"{shown:42}{in_new_process(stemmed, terms, name):9,.0f}")


def stemmed(terms: Path, name: str) -> float:
    """Return how many different words of the lessons a stemmer takes in a second, whatever their language."""
    from whoosh.lang.porter import stem
    from whoosh.lang.snowball import classes

    from benchmarks.whoosh_engine import read_terms

    words = sorted({word for _, found in read_terms(terms) for word in found.spellings})
    stemmer = stem if name == "porter" else classes[name]().stem
    _, ms = timed(lambda every: [stemmer(word) for word in every], words)
    return 1000 * len(words) / ms


if __name__ == "__main__":
    main()
