"""Makes a knowledge base of a test collection in BEIR's layout; it is kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.files.reason import reason_of
from ingest.files.tree import remove_tree
from kb.config import FILE_NAME
from kb.errors import CannotWrite
from kb.evaluation.files import Files
from kb.system.disk import size_of
from kb.system.user_cache import collections_folder
from search.errors import EvaluationError
from search.evaluation import Line, lines_of, without_surrogates
from search.storage import folder_beside, remove_leftovers

_EXPECTED = 'a document, an object with "_id", "text" and perhaps "title", all of them text'
# YAML reads JSON strings as JSON does, except for these characters, which must be escaped in YAML.
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Document:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder with `corpus.jsonl`, `queries.jsonl` and `qrels/`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.absolute().name

    @property
    def queries(self) -> Path:
        return self.folder / "queries.jsonl"

    @property
    def judgements(self) -> Path:
        """`qrels/test.tsv`, or the only file in `qrels/`; raises `EvaluationError`."""
        folder = self.folder / "qrels"
        if (folder / "test.tsv").is_file():
            return folder / "test.tsv"
        files = sorted(folder.glob("*.tsv"))
        if len(files) != 1:
            found = ", ".join(path.name for path in files) or "none"
            raise EvaluationError(f"{folder}: expected test.tsv, or only one .tsv file, found {found}")
        return files[0]

    @property
    def files(self) -> Files:
        """Its queries and judgements; raises the same errors as `judgements`."""
        return Files(self.name, self.queries, self.judgements)

    def prepared(self) -> Path:
        """Return the root of the collection's knowledge base, with one lesson per document; make it if it is missing.

        Changed documents lead to another root. Raises `EvaluationError` for a broken corpus, and `CannotWrite`.
        """
        documents = self.folder / "corpus.jsonl"
        root = collections_folder() / f"{self.name}-{_digest_of(documents)}"
        if not (root / FILE_NAME).is_file():
            try:
                _make(root, documents)
            except OSError as error:
                raise CannotWrite(f"{error.filename or root}: {reason_of(error)}") from error
        return root


def collections_size() -> int:
    """Return the size of all prepared collections in bytes."""
    return size_of(collections_folder())


def remove_collections() -> None:
    """Remove all prepared collections, as far as permissions allow."""
    remove_tree(collections_folder())


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        raise EvaluationError(
            f"{path}: {reason_of(error)}; a collection has corpus.jsonl, queries.jsonl and qrels/"
        ) from error


def _make(root: Path, documents: Path) -> None:
    """Write the knowledge base to a temporary folder and rename it when it is complete."""
    root.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(root.parent)
    with folder_beside(root) as aside:
        making = aside / root.name
        (making / "lessons").mkdir(parents=True)
        for number, document in enumerate(_documents_in(documents)):
            # Numbered, because an id may not be a valid file name.
            (making / "lessons" / f"{number:06d}.md").write_bytes(_lesson_of(document))
        (making / FILE_NAME).touch()
        try:
            os.replace(making, root)
        except OSError:
            if not (root / FILE_NAME).is_file():  # otherwise another process has made it meanwhile
                raise


def _documents_in(path: Path) -> Iterator[_Document]:
    seen: set[str] = set()
    for line in lines_of(path):
        document = _document_of(line)
        if document.id in seen:
            raise EvaluationError(f"{path}:{line.number}: the document {document.id!r} is there already")
        seen.add(document.id)
        yield document
    if not seen:
        raise EvaluationError(f"{path}: no documents in it")


def _document_of(line: Line) -> _Document:
    record = line.record(_EXPECTED)
    id_, title, text = record.get("_id"), record.get("title") or "", record.get("text")
    if not (isinstance(id_, str) and isinstance(title, str) and isinstance(text, str)):
        raise line.error(_EXPECTED)
    document = _Document(id_, title, text)
    if not document.id or document.id != " ".join(document.id.split()):
        raise line.error("an id in one line, with single spaces if any")
    return document


def _lesson_of(document: _Document) -> bytes:
    title = f"title: {_quoted(document.title)}\n" if document.title else ""
    return f"---\nid: {_quoted(document.id)}\n{title}---\n\n{document.text}\n".encode("utf-8", "replace")


def _quoted(text: str) -> str:
    quoted = json.dumps(without_surrogates(text), ensure_ascii=False)
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)
