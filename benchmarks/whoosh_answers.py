"""What whoosh's index and kb's answer, how long that takes, and how far they agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.processes import in_new_process, timed
from benchmarks.whoosh_questions import WORDS_OF_PAGE, Questions, drawn_from

if TYPE_CHECKING:
    from benchmarks.whoosh_engine import Entry

_SHOWN = 3
_LENGTH_OF_SNIPPET = 200

Timed = list[tuple[list[str], float]]
"""Answers, each with its milliseconds."""


class Answers(NamedTuple):
    """What an index answered; the parts are those of `Questions`."""

    opened: float
    """Milliseconds."""
    titles: Timed
    pages: Timed
    phrases: dict[str, Timed]
    slips: dict[str, Timed]


def answers(name: str, asked: Path, folder: Path) -> Answers:
    """Ask an index everything."""
    from benchmarks.whoosh_engine import INDEXES

    index, opened = timed(INDEXES[name], folder)
    found = Questions(*json.loads(asked.read_text("utf-8")))
    return Answers(
        opened,
        [timed(index.best, terms) for terms in found.titles],
        [timed(index.best, terms) for terms in found.pages],
        {words: [timed(index.having_phrase, terms) for terms in phrases] for words, phrases in found.phrases.items()},
        {drawn: [timed(index.suggested, slip) for slip, _ in slips] for drawn, slips in found.slips.items()},
    )


def print_answers(asked: Path, scratch: Path) -> None:
    whoosh, kb = (in_new_process(answers, name, asked, scratch / name) for name in ("whoosh", "kb"))
    print(f"\n{'median ms':42}{'whoosh':>9}{'kb':>9}{'ratio':>8}")
    _print_ratio("opening the index", whoosh.opened, kb.opened)
    pairs = {
        "BM25F, titles": (whoosh.titles, kb.titles),
        f"BM25F, {WORDS_OF_PAGE} words": (whoosh.pages, kb.pages),
        **{f"a phrase of {words} words": (whoosh.phrases[words], kb.phrases[words]) for words in kb.phrases},
        **{f"a misspelt word, drawn {drawn}": (whoosh.slips[drawn], kb.slips[drawn]) for drawn in kb.slips},
    }
    for name, (one, other) in pairs.items():
        _print_ratio(name, *(median(ms for _, ms in side) for side in (one, other)))
    print()
    for name in list(pairs)[:2]:
        print(f"{name}: {_same_order(*pairs[name])}")
    for words in kb.phrases:
        same = sum(one == other for (one, _), (other, _) in zip(whoosh.phrases[words], kb.phrases[words], strict=True))
        print(f"phrases of {words} words: the same lessons for {same} of {len(kb.phrases[words])}")
    for drawn, slips in Questions(*json.loads(asked.read_text("utf-8"))).slips.items():
        corrected = ", ".join(f"{name} {_corrected(slips, side.slips[drawn])}" for name, side in _named(whoosh, kb))
        print(f"words drawn {drawn}, of {len(slips)} misspelt ones the first suggestion (one of three): {corrected}")


def _named(whoosh: Answers, kb: Answers) -> tuple[tuple[str, Answers], ...]:
    return ("whoosh", whoosh), ("kb", kb)


def _print_ratio(name: str, whoosh: float, kb: float) -> None:
    print(f"{name:42}{whoosh:9.2f}{kb:9.2f}{whoosh / kb:8.1f}")


def _same_order(one: Timed, other: Timed) -> str:
    pairs = [(ours, theirs) for (theirs, _), (ours, _) in zip(one, other, strict=True) if ours or theirs]
    first = sum(ours[:1] == theirs[:1] for ours, theirs in pairs)
    common = fmean(len({*ours} & {*theirs}) / max(len(ours), len(theirs)) for ours, theirs in pairs)
    return f"the same first lesson for {first} of {len(pairs)}; {common:.0%} of the first ten in common"


def _corrected(slips: Sequence[tuple[str, str]], suggested: Timed) -> str:
    """Return how many suggestions have the term of the word that was meant."""
    from search.analysis.analyzer import term_of

    pairs = [
        (term_of(word), [term_of(one) for one in found]) for (_, word), (found, _) in zip(slips, suggested, strict=True)
    ]
    return f"{sum(term in found[:1] for term, found in pairs)} ({sum(term in found for term, found in pairs)})"


def print_snippets(folder: Path, kb: Path) -> None:
    print(f"\n{'snippet of a lesson for its title':42}{'ms':>9}")
    for name in ("whoosh", "kb"):
        ms, shown = in_new_process(snippets, name, folder, kb)
        print(f"{name:42}{ms:9.2f}", *shown, sep="\n    ")


def snippets(name: str, folder: Path, kb: Path) -> tuple[float, list[str]]:
    """Return the median of the milliseconds for a snippet, and some of them, with matching words in capitals."""
    from benchmarks.whoosh_engine import KbIndex, read_entries

    idf = KbIndex(kb).index.idf
    make = _by_whoosh() if name == "whoosh" else _by_kb(idf)
    made = [timed(make, entry) for entry in drawn_from(list(read_entries(folder))) if entry.sentences]
    return median(ms for _, ms in made), [" ".join(shown.split()) for shown, _ in made[:_SHOWN]]


def _by_whoosh() -> Callable[[Entry], str]:
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.highlight import ContextFragmenter, UppercaseFormatter, highlight

    analyzer = StemmingAnalyzer()

    def make(entry: Entry) -> str:
        terms = [token.text for token in analyzer(entry.title)]
        text = " ".join(entry.sentences)
        return str(highlight(text, terms, analyzer, ContextFragmenter(_LENGTH_OF_SNIPPET), UppercaseFormatter(), top=1))

    return make


def _by_kb(idf: Callable[[str], float]) -> Callable[[Entry], str]:
    from search.analysis.analyzer import terms
    from search.ranking.snippet import best_snippet

    def make(entry: Entry) -> str:
        found = best_snippet(entry.sentences, {term: idf(term) for term in terms(entry.title)}, _LENGTH_OF_SNIPPET)
        text = found.text
        for start, end in found.marks:
            text = text[:start] + text[start:end].upper() + text[end:]
        return text

    return make
