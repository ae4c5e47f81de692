"""Write `search/data/english.txt`: the terms of the most frequent English words, the most frequent first.

    python benchmarks/common_words.py

The vocabulary of BERT (bert-base-uncased, Apache-2.0) lists whole words in the order of how often they stand in
English books and in the English Wikipedia; the bundled model brings it along. Words that share a term keep the
place of the most frequent one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from search.lexical.language import FILE, MOST_COMMON
from search.models.bundled import folder
from search.query import terms


def main() -> None:
    vocabulary = json.loads((folder() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    words = [word for word in sorted(vocabulary, key=vocabulary.__getitem__) if word.isalnum()]
    found = dict.fromkeys(term for word in words if len(term := "".join(terms(word))) > 1)
    FILE.write_text("\n".join(list(found)[:MOST_COMMON]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
