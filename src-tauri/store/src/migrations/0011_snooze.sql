-- Messages put off: shown in a mailbox that no server has until a time, while their server has them
-- where it had them. One row an act and placement; of a placement one at most is in force.
CREATE TABLE snooze (
    operation_id INTEGER NOT NULL,         -- the act, for its undo
    placement_id INTEGER NOT NULL REFERENCES placement(id) ON DELETE CASCADE,
    until_at INTEGER NOT NULL,             -- when it comes back
    ended_by INTEGER,                      -- the later act that ended it; NULL while it is in force
    PRIMARY KEY (operation_id, placement_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX snooze_in_force ON snooze(placement_id) WHERE ended_by IS NULL;
CREATE INDEX snooze_placement ON snooze(placement_id);
CREATE INDEX snooze_until ON snooze(until_at);
