-- A base file, version 1. Times are milliseconds since 1970 UTC (*_at). Nothing in it belongs to a
-- person or a machine: no account, no password, no path.
--
-- The records of table N lie in the table tN, made when the table is:
--   id          INTEGER PRIMARY KEY   the record's number, never used again
--   uid         BLOB                  its name in every copy of the base, 16 random bytes
--   pos         REAL                  its place if a person moved it, else NULL: its id
--   version     INTEGER               grows with every change of the record
--   created_at, modified_at INTEGER
--   cP          one column per data_column.physical = P; NULL is an empty cell
-- Dates are seconds since 1970 of the wall clock, durations seconds, options their ids, lists JSON.

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,        -- id (ULID), language (of sorting), created_at, order (version of sort keys)
    value TEXT NOT NULL
) STRICT;

CREATE TABLE data_table (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- N of tN
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,  -- order in lists
    records INTEGER NOT NULL DEFAULT 0,   -- rows of tN, kept by every write
    rows_version INTEGER NOT NULL DEFAULT 0, -- grows when records come, go or move
    removed_at INTEGER                    -- set: removed, and undo brings it back
) STRICT;
CREATE UNIQUE INDEX data_table_name ON data_table(name COLLATE NOCASE) WHERE removed_at IS NULL;

CREATE TABLE data_column (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES data_table(id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- model::base::ColumnType
    settings TEXT NOT NULL DEFAULT '{}',  -- JSON, see src-tauri/base/src/column
    description TEXT NOT NULL DEFAULT '',
    width INTEGER NOT NULL DEFAULT 200,   -- pixels
    position INTEGER NOT NULL DEFAULT 0,  -- order in the table
    physical INTEGER REFERENCES physical(id), -- P of cP; another one after a change of type; NULL: no value of its own
    version INTEGER NOT NULL DEFAULT 0,   -- grows when its cells or settings change
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX data_column_name ON data_column(table_id, name COLLATE NOCASE) WHERE removed_at IS NULL;

-- Columns that exist in the tables of records, those of removed columns and former types included.
CREATE TABLE physical (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES data_table(id)
) STRICT;

CREATE TABLE data_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES data_table(id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- model::base::ViewKind
    position INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,                   -- JSON: the rest of model::base::View
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX data_view_name ON data_view(table_id, name COLLATE NOCASE) WHERE removed_at IS NULL;

-- What people did, to take back and to look up. One act is one undo.
CREATE TABLE act (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,                   -- the command, such as record.update
    session TEXT NOT NULL,                -- whose undo it is: one window or program
    at INTEGER NOT NULL,
    state TEXT NOT NULL                   -- done, undone, dropped (undone, then something else was done)
) STRICT;
CREATE INDEX act_session ON act(session, state, id);

CREATE TABLE step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act_id INTEGER NOT NULL REFERENCES act(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                   -- add, update, remove (records); table, column, view (their rows)
    table_id INTEGER NOT NULL,
    object_id INTEGER NOT NULL,           -- the record, table, column or view
    before TEXT,                          -- JSON: physical column or field to value
    after TEXT
) STRICT;
CREATE INDEX step_act ON step(act_id);
CREATE INDEX step_object ON step(table_id, object_id);

-- What commits tell everybody; bounded, read by every process that has the file open.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    noun TEXT NOT NULL,                   -- table or record
    id TEXT                               -- which one; NULL is any
) STRICT;

-- How far the outcomes of letters were written into the records, by run of a profile. Commits with
-- the cells it stands for; left out of copies.
CREATE TABLE writeback (
    run TEXT NOT NULL PRIMARY KEY,
    until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
