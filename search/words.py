"""The one module that knows whoosh's index: the fields of every lesson, with positions, kept up to date in place.

It answers what only positions and fields can: phrases today. Free text is ranked by `postings`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import Or, Phrase

from search import analyzer
from search.errors import DamagedIndex
from search.postings import Field, LessonTerms

_FIELDS = {field: field.name.lower() for field in Field}
# With less, the terms of some thousand lessons go through files first: a tenth of what a first index by words takes.
_WRITER_MEGABYTES = 128


def _schema() -> Schema:
    # Texts come as lists of terms, from one analyzer for everything; whoosh only cuts at white space.
    texts = {name: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True) for name in _FIELDS.values()}
    return Schema(path=ID(unique=True, stored=True), **texts)


class _Folder(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """whoosh's folder, made without an error.

    Its own makes a folder that exists by catching an error, which it keeps in a reference cycle with every caller.
    What these have open, such as a snapshot, would be held until the garbage collector runs.
    """

    def create(self) -> _Folder:
        Path(self.folder).mkdir(parents=True, exist_ok=True)
        return self

    def temp_storage(self, name: str) -> _Folder:
        return _Folder(str(Path(self.folder) / name)).create()


class WordIndex:
    """A folder with whoosh's index, one document for each lesson, known by its path.

    Its files hold pickles: open it only when the manifest's digests vouch for them.
    """

    def __init__(self, index: FileIndex) -> None:
        self._index = index

    @classmethod
    def create(cls, folder: Path) -> WordIndex:
        folder.mkdir(parents=True)
        return cls(_Folder(str(folder)).create_index(_schema()))

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Open a folder; raises `DamagedIndex`."""
        try:
            return cls(_Folder(str(folder)).open_index())
        except Exception as error:  # whoosh raises anything, from its own types to struct.error
            raise DamagedIndex(f"{folder}: {error}") from error

    def writer(self) -> WordWriter:
        return WordWriter(self._index)

    def __len__(self) -> int:
        return int(self._index.doc_count())

    def paths(self) -> list[str]:
        """Return the paths of all lessons, sorted."""
        with self._index.searcher() as searcher:
            return sorted(str(fields["path"]) for fields in searcher.all_stored_fields())

    def paths_with_phrase(self, phrase: str) -> set[str]:
        """Return the paths of the lessons in which the words of a phrase follow each other in one field."""
        terms = analyzer.terms(phrase)
        if not terms:
            return set()
        with self._index.searcher() as searcher:
            query = Or([Phrase(name, terms) for name in _FIELDS.values()])
            return {str(searcher.stored_fields(number)["path"]) for number in query.docs(searcher)}


class WordWriter:
    """Takes lessons out and puts lessons in; whoosh writes a new segment and leaves the others."""

    def __init__(self, index: FileIndex) -> None:
        self._writer = index.writer(limitmb=_WRITER_MEGABYTES)
        self._open = True

    def commit(self) -> None:
        self._writer.commit()
        self._open = False

    def cancel(self) -> None:
        """Drop what was not committed; after a commit this does nothing."""
        if self._open:
            self._open = False
            with suppress(OSError, ValueError):  # where it could not write it cannot tidy up either
                self._writer.cancel()

    def remove(self, path: str) -> None:
        self._writer.delete_by_term("path", path)

    def add(self, path: str, terms: LessonTerms) -> None:
        # Lists of terms are taken as they are: nothing is analyzed twice.
        fields = {_FIELDS[field]: list(found) for field, found in terms.fields.items() if found}
        body = [term for passage in terms.passages for term in passage]
        self._writer.add_document(path=path, **fields, **({_FIELDS[Field.BODY]: body} if body else {}))
