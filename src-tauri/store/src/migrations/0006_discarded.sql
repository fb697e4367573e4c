-- A discarded draft can be taken back, with its files, for a day.
ALTER TABLE draft ADD COLUMN discarded_at INTEGER; -- hidden since then
