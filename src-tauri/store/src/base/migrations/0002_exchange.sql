-- A base file, version 2: files of cells, what other programs' files hold beyond what Tabella knows,
-- names of accounts, comments.

-- Contents of cells' files, each once: a cell names them by hash.
CREATE TABLE file (
    hash BLOB NOT NULL PRIMARY KEY,       -- BLAKE3 of the content
    size_bytes INTEGER NOT NULL,          -- of the content
    packed INTEGER NOT NULL,              -- 1: bytes are compressed (zstd)
    bytes BLOB NOT NULL
) STRICT;

-- What a .dtable file held that has no place of its own here, for the way back.
CREATE TABLE kept (
    place TEXT NOT NULL PRIMARY KEY,      -- base, table:N, column:N, view:N, or entry:PATH of the archive
    body TEXT NOT NULL,                   -- JSON; of an entry the hash of its file, in hex
    source TEXT NOT NULL DEFAULT ''       -- of which import, where several came in
) STRICT, WITHOUT ROWID;
CREATE TABLE kept_record (
    table_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    body TEXT NOT NULL,                   -- JSON: {"cells": {key: [as it stood, as we would have written it]}, "rest": {...}}
    PRIMARY KEY (table_id, record_id)
) STRICT, WITHOUT ROWID;

-- The names under which buttons and rules of this base send. Which account that is, the profile says.
CREATE TABLE account_name (
    name TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    position INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE comment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    resolved_at INTEGER
) STRICT;
CREATE INDEX comment_record ON comment(table_id, record_id, id);
