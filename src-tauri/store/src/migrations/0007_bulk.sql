-- Gmail's letters can come by IMAP, which costs nothing of the API's quota.
ALTER TABLE account ADD COLUMN bulk_imap INTEGER NOT NULL DEFAULT 0 /* the letters of a first sync are read by IMAP */;
