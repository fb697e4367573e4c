-- A base file, version 3: links between records, locked records, hidden tables.
--
-- The links of `link` N lie in the table lN, made when the link is:
--   a, b     INTEGER, primary key     record a of table_a is linked with record b of table_b
--   pa, pb   INTEGER                  the place of b in the cell of a, and of a in the cell of b
-- A link column's settings name its link and its side: {"link": N, "side": "a" or "b", ...}.

CREATE TABLE link (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- N of lN
    table_a INTEGER NOT NULL REFERENCES data_table(id),
    table_b INTEGER NOT NULL REFERENCES data_table(id),
    version INTEGER NOT NULL DEFAULT 0    -- grows when links come, go or move
) STRICT;

-- Records that refuse edits.
CREATE TABLE record_lock (
    table_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    locked_at INTEGER NOT NULL,
    PRIMARY KEY (table_id, record_id)
) STRICT, WITHOUT ROWID;

-- 1: not shown in lists of tables until a person asks for hidden ones.
ALTER TABLE data_table ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
