-- content.db, version 1: immutable contents by hash.
CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,             -- BLAKE3 of what the content stands for (32 bytes)
    codec INTEGER NOT NULL,                -- 0 plain, 1 zstd; +2: a skeleton that names further blobs
    size INTEGER NOT NULL,                 -- bytes of the content before compression
    data BLOB NOT NULL
) STRICT;
