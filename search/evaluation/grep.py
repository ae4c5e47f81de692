"""The baseline of `kb eval`: search for the query's words in the files, as a person without kb does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

_PUNCTUATION = ".,;:!?()[]{}<>\"'`\u201c\u201d\u2018\u2019\u2026*"


class Grep:
    """Ranks files by how many different words of a query they contain, then by how often; case is ignored.

    A word may be part of a longer one, as with `grep -i`. No word contains white space, so each different string
    between white space is searched once for all files.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are the contents of the files; an index is a file's number."""
        counts = [Counter(text.casefold().split()) for text in texts]
        strings = list(dict.fromkeys(string for count in counts for string in count))
        numbers = {string: number for number, string in enumerate(strings)}
        string_of = np.fromiter((numbers[string] for count in counts for string in count), np.int64)
        file_of = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
        times_of = np.fromiter((times for count in counts for times in count.values()), np.float64)
        by_string = np.argsort(string_of, kind="stable")
        self._files = len(texts)
        self._all = "\n".join(strings)
        self._starts = np.array([0, *accumulate(len(string) + 1 for string in strings)][:-1], np.int64)
        self._file_of, self._times_of = file_of[by_string], times_of[by_string]
        self._first_of = np.searchsorted(string_of[by_string], np.arange(len(strings) + 1))
        self._occurrences = cache(self._count)

    def rank(self, query: str, limit: int) -> list[tuple[int, float]]:
        """Return (file number, number of the query's words in the file), the best first."""
        words = {word for part in query.casefold().split() if (word := part.strip(_PUNCTUATION))}
        if not words or not self._files:
            return []
        occurrences = np.array([self._occurrences(word) for word in words])
        found, times = np.count_nonzero(occurrences, axis=0), occurrences.sum(axis=0)
        order = np.lexsort((np.arange(self._files), -times, -found))[:limit]
        return [(int(number), float(found[number])) for number in order if found[number]]

    def _count(self, word: str) -> NDArray[np.float64]:
        """Return how often a word occurs in each file, shape (files,)."""
        places = np.fromiter((match.start() for match in re.finditer(re.escape(word), self._all)), np.int64)
        strings, times_in = np.unique(np.searchsorted(self._starts, places, "right") - 1, return_counts=True)
        first, after = self._first_of[strings], self._first_of[strings + 1]
        entries = np.concatenate([np.arange(0), *map(np.arange, first, after)])
        times = np.repeat(times_in, after - first) * self._times_of[entries]
        return np.bincount(self._file_of[entries], weights=times, minlength=self._files).astype(np.float64)
