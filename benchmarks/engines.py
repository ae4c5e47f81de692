"""The engines that `benchmarks/search.py` compares; what kb does not depend on is imported where it is used."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kb.config import read_config
from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from kb.reindex.reindex import Orders
from kb.retrieval.request import Request
from search.query import Mode

_SHOWN = 5
_TITLE_WEIGHT = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Document:
    """A lesson as it is given to every engine."""

    id: str
    path: str
    title: str
    text: str
    """Of its file."""


class Engine(Protocol):
    """Whatever ranks documents."""

    name: str

    def index(self, documents: Sequence[Document]) -> None: ...

    def search(self, text: str, limit: int) -> list[str]:
        """Return the ids of the best documents, the best first."""
        ...


class Kb:
    """The ranking, by words and meaning or by words alone, of an index built for the purpose."""

    def __init__(self, root: Path, *, words_only: bool = False) -> None:
        self.name = "kb words only" if words_only else "kb hybrid"
        self._knowledge_base = KnowledgeBase(root, ProgressLines())
        self._words_only = words_only

    def index(self, documents: Sequence[Document]) -> None:
        self._knowledge_base.reindex(Orders(full=True, words_only=self._words_only))
        searcher = self._knowledge_base.index.searcher()
        assert searcher is not None
        self.searcher = searcher

    def search(self, text: str, limit: int) -> list[str]:
        mode = Mode.LEXICAL if self._words_only else Mode.HYBRID
        return [ranked.id for ranked in self.searcher.ranking(text, mode=mode, limit=limit)]


class KbAnswer:
    """The answer as people get it, from the hybrid's index: what the budget of a query speaks of."""

    name = "kb whole answer"

    def __init__(self, hybrid: Kb) -> None:
        self._hybrid = hybrid

    def index(self, documents: Sequence[Document]) -> None:
        pass

    def search(self, text: str, limit: int) -> list[str]:
        answer = self._hybrid.searcher.ask(Request(text, is_page=True, limit=_SHOWN))
        return [result.lesson.id for result in answer.results]


class Fts5:
    """SQLite's full-text index."""

    name = "SQLite FTS5"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE documents USING fts5(id UNINDEXED, title, text, tokenize = 'porter')"
        )
        rank = f"bm25(0, {_TITLE_WEIGHT}, 1)"
        self._connection.execute("INSERT INTO documents(documents, rank) VALUES ('rank', ?)", [rank])

    def index(self, documents: Sequence[Document]) -> None:
        rows = ((document.id, document.title, document.text) for document in documents)
        with self._connection:
            self._connection.executemany("INSERT INTO documents VALUES (?, ?, ?)", rows)

    def search(self, text: str, limit: int) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in _words(text)) or '""'
        rows = self._connection.execute(
            "SELECT id FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?", [asked, limit]
        )
        return [id_ for (id_,) in rows]


class Bm25s:
    """Scores computed beforehand, in sparse matrices."""

    name = "bm25s"

    def __init__(self) -> None:
        import bm25s
        import Stemmer

        self._tokenize = bm25s.tokenize
        self._stemmer = Stemmer.Stemmer("english")
        self._retriever = bm25s.BM25()

    def index(self, documents: Sequence[Document]) -> None:
        self._ids = [document.id for document in documents]
        self._retriever.index(self._tokens([_weighted(document) for document in documents]), show_progress=False)

    def search(self, text: str, limit: int) -> list[str]:
        count = min(limit, len(self._ids))
        (numbers,), (scores,) = self._retriever.retrieve(self._tokens([text]), k=count, show_progress=False)
        return [self._ids[number] for number, score in zip(numbers, scores, strict=True) if score > 0]

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        tokens: list[list[str]] = self._tokenize(
            texts, stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return tokens


class Tantivy:
    """The Rust library that is modelled on Lucene."""

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("text", tokenizer_name="en_stem")
        self._document = tantivy.Document
        self._index = tantivy.Index(schema.build())

    def index(self, documents: Sequence[Document]) -> None:
        writer = self._index.writer()
        for document in documents:
            writer.add_document(self._document(id=document.id, text=_weighted(document)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str, limit: int) -> list[str]:
        # In lower case, no word is an operator.
        asked = " ".join(_words(text))
        query = self._index.parse_query(asked, ["text"])
        return [self._searcher.doc(address)["id"][0] for _, address in self._searcher.search(query, limit).hits]


class Ripgrep:
    """No index: all files are read for each query."""

    name = "ripgrep"

    def __init__(self, root: Path) -> None:
        program = shutil.which("rg")
        if program is None:
            raise ImportError("rg is not installed")
        options = "--no-config --no-ignore --only-matching --ignore-case --word-regexp --fixed-strings"
        shape = "--no-line-number --no-heading --with-filename --file -"
        self._command = [program, *options.split(), *shape.split(), *read_config(root).paths]
        self._root = root

    def index(self, documents: Sequence[Document]) -> None:
        self._ids = {document.path: document.id for document in documents}

    def search(self, text: str, limit: int) -> list[str]:
        asked = "\n".join(_words(text)).encode()
        done = subprocess.run(self._command, cwd=self._root, input=asked, stdout=subprocess.PIPE, check=False)
        lines = set(done.stdout.decode("utf-8", "replace").splitlines())
        found = {(path, word.lower()) for path, _, word in (line.rpartition(":") for line in lines)}
        words_in = Counter(path for path, _ in found)
        best = sorted(words_in, key=lambda path: (-words_in[path], path))
        return [self._ids[path] for path in best if path in self._ids][:limit]


def _words(text: str) -> list[str]:
    """Return the different words of a query, without anything that an engine may take for an operator."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def _weighted(document: Document) -> str:
    """Return a document's text for engines that have no fields, or only add up the scores of fields."""
    return " ".join([document.title] * _TITLE_WEIGHT + [document.text])
