-- What came back for letters of the ledger. A row may come before the letter's own answer is
-- recorded (a fast server); the letter's state follows from both.
CREATE TABLE submission_response (
    submission_id INTEGER NOT NULL REFERENCES submission(id) ON DELETE CASCADE,
    email TEXT NOT NULL,                   -- the recipient as in the letter; empty: of the letter, nobody knows whose
    state TEXT NOT NULL,                   -- bounced, replied
    code INTEGER,                          -- SMTP reply code of a bounce
    answer TEXT,                           -- the server's words of a bounce
    message_id INTEGER REFERENCES message(id) ON DELETE SET NULL, -- the message that says so
    at INTEGER NOT NULL,
    PRIMARY KEY (submission_id, email, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_response_message ON submission_response(message_id);
