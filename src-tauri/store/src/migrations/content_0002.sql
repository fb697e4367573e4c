-- Contents put here lately: the row that needs one may be about to be written, so the sweep spares
-- them, those that were here before too.
CREATE TABLE recent (
    hash BLOB NOT NULL PRIMARY KEY,
    put_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
