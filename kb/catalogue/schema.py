"""The tables of a catalogue."""

from __future__ import annotations

from kb.catalogue.fact_table import SCHEMA as SCHEMA_OF_FACTS

SCHEMA = f"""
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT, problems TEXT
) WITHOUT ROWID;
CREATE TABLE lessons (
    path TEXT PRIMARY KEY, id TEXT, own_id TEXT, title TEXT, date TEXT, metadata TEXT,
    passages INTEGER, statements INTEGER, impact TEXT
);
CREATE TABLE passages (
    path TEXT, ordinal INTEGER, origin TEXT, kind TEXT, headings TEXT,
    line INTEGER, end_line INTEGER, text TEXT, context TEXT, terms INTEGER, readable TEXT,
    PRIMARY KEY (path, ordinal)
);
CREATE INDEX sections ON passages (kind, path, ordinal) WHERE origin = 'body';
{SCHEMA_OF_FACTS}"""
OUTLINE = "SELECT path, rowid, statements FROM lessons ORDER BY path"
