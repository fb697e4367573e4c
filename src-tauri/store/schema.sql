CREATE TRIGGER hidden_at_first AFTER INSERT ON message BEGIN
    INSERT INTO hidden VALUES (NEW.id);
END;

CREATE TRIGGER hidden_at_last AFTER DELETE ON message BEGIN
    DELETE FROM hidden WHERE message_id = OLD.id;
END;

CREATE TRIGGER hidden_by_move AFTER UPDATE OF mailbox_id, message_id ON placement
    WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.message_id <> NEW.message_id BEGIN
    DELETE FROM hidden WHERE message_id = NEW.message_id AND NEW.mailbox_id IS NOT NULL;
    INSERT OR IGNORE INTO hidden SELECT id FROM message WHERE id IN (OLD.message_id, NEW.message_id)
        AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = message.id AND p.mailbox_id IS NOT NULL);
END;

CREATE TRIGGER hidden_by_removal AFTER DELETE ON placement WHEN OLD.mailbox_id IS NOT NULL BEGIN
    INSERT OR IGNORE INTO hidden SELECT id FROM message WHERE id = OLD.message_id
        AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = OLD.message_id AND p.mailbox_id IS NOT NULL);
END;

CREATE TRIGGER hidden_no_more AFTER INSERT ON placement WHEN NEW.mailbox_id IS NOT NULL BEGIN
    DELETE FROM hidden WHERE message_id = NEW.message_id;
END;

CREATE TRIGGER message_seen AFTER UPDATE OF flags ON message WHEN OLD.flags & 1 <> NEW.flags & 1 BEGIN
    UPDATE mailbox SET unread = unread + CASE WHEN NEW.flags & 1 THEN -1 ELSE 1 END
        * (SELECT count(*) FROM placement p WHERE p.message_id = NEW.id AND p.mailbox_id = mailbox.id)
    WHERE id IN (SELECT mailbox_id FROM placement WHERE message_id = NEW.id);
END;

CREATE TRIGGER placement_added AFTER INSERT ON placement WHEN NEW.mailbox_id IS NOT NULL BEGIN
    UPDATE mailbox SET messages = messages + 1,
        unread = unread + (SELECT flags & 1 = 0 FROM message WHERE id = NEW.message_id)
    WHERE id = NEW.mailbox_id;
END;

CREATE TRIGGER placement_moved AFTER UPDATE OF mailbox_id, message_id ON placement
    WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.message_id <> NEW.message_id BEGIN
    UPDATE mailbox SET messages = messages - 1,
        unread = unread - coalesce((SELECT flags & 1 = 0 FROM message WHERE id = OLD.message_id), 0)
    WHERE id = OLD.mailbox_id;
    UPDATE mailbox SET messages = messages + 1,
        unread = unread + (SELECT flags & 1 = 0 FROM message WHERE id = NEW.message_id)
    WHERE id = NEW.mailbox_id;
END;

CREATE TRIGGER placement_removed AFTER DELETE ON placement WHEN OLD.mailbox_id IS NOT NULL BEGIN
    UPDATE mailbox SET messages = messages - 1,
        unread = unread - coalesce((SELECT flags & 1 = 0 FROM message WHERE id = OLD.message_id), 0)
    WHERE id = OLD.mailbox_id;
END;

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE, -- shown name
    email TEXT NOT NULL,                   -- main address
    kind TEXT NOT NULL,                    -- model::account::AccountKind
    sender_name TEXT NOT NULL DEFAULT '',  -- display name of the main identity
    color TEXT NOT NULL,                   -- #rrggbb
    position INTEGER NOT NULL DEFAULT 0,   -- order in lists
    paused INTEGER NOT NULL DEFAULT 0,     -- neither syncs nor sends
    outbox_paused INTEGER NOT NULL DEFAULT 0, -- its lane stands still
    since_at INTEGER,                      -- nothing older is fetched
    sync_minutes INTEGER NOT NULL DEFAULT 5, -- poll where nothing is pushed
    imap TEXT,                             -- JSON ServerSettings
    smtp TEXT,                             -- JSON ServerSettings
    ca_pem TEXT,                           -- own certificate authorities
    probe TEXT,                            -- JSON ProbeReport
    sync_phase TEXT NOT NULL DEFAULT 'new', -- model::account::SyncPhase
    sync_done INTEGER NOT NULL DEFAULT 0,  -- messages fetched in this round
    sync_total INTEGER NOT NULL DEFAULT 0, -- messages to fetch in this round
    sync_mailbox TEXT,                     -- path being worked on
    sync_ok_at INTEGER,                    -- last time in step
    sync_error TEXT,                       -- JSON Error
    sync_wanted_at INTEGER,                -- somebody asked for a round; taken by the process that syncs
    sync_full INTEGER NOT NULL DEFAULT 0,  -- the next round trusts no cursor
    sync_stop INTEGER NOT NULL DEFAULT 0,  -- somebody asked the round to end
    created_at INTEGER NOT NULL
, provider TEXT /* name of the OAuth provider it signs in through; NULL: a password, or none */, signed_in_as TEXT /* address of the person who signed in; a shared mailbox has another one */, shared_mailbox TEXT /* address of the shared mailbox this account is; NULL: the person's own */, bulk_imap INTEGER NOT NULL DEFAULT 0 /* the letters of a first sync are read by IMAP */) STRICT;

CREATE TABLE base (
    id TEXT NOT NULL PRIMARY KEY,          -- ULID in the file
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    path TEXT NOT NULL UNIQUE,             -- its file; relative paths are inside the profile
    color TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE base_account (
    base_id TEXT NOT NULL REFERENCES base(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    PRIMARY KEY (base_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again, so a reader's place stays valid
    noun TEXT NOT NULL,                    -- model::Noun
    id TEXT,                               -- which one; NULL is any
    base TEXT,                             -- the base of a table or record
    arrived INTEGER NOT NULL DEFAULT 0     -- new incoming mail
) STRICT;

CREATE TABLE correspondent (
    email TEXT NOT NULL PRIMARY KEY,       -- lower case
    name TEXT NOT NULL,                    -- last name seen
    folded TEXT NOT NULL,                  -- name and address folded, for completion
    written INTEGER NOT NULL DEFAULT 0,    -- letters we sent there
    received INTEGER NOT NULL DEFAULT 0,   -- letters from there
    last_at INTEGER NOT NULL,
    remote_allowed INTEGER NOT NULL DEFAULT 0 -- remote images of this sender are loaded
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    identity_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                    -- model::draft::DraftKind
    original INTEGER,                      -- the message it answers or forwards
    in_reply_to TEXT,                      -- Message-ID of what it answers
    refs TEXT NOT NULL DEFAULT '[]',       -- JSON, References, oldest first
    provider_thread TEXT,                  -- the provider's conversation it belongs to
    recipients TEXT NOT NULL DEFAULT '{}', -- JSON {to, cc, bcc}
    subject TEXT NOT NULL DEFAULT '',
    html TEXT,                             -- NULL in plain text mode
    text TEXT NOT NULL DEFAULT '',
    quote INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL,
    copy_at INTEGER,                       -- a copy goes to the server's Drafts not before this; NULL: nothing to copy
    copy_attempts INTEGER NOT NULL DEFAULT 0,
    submission_id INTEGER                  -- frozen into this letter; comes back if that is cancelled
, discarded_at INTEGER) STRICT;

CREATE TABLE draft_attachment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    content_id TEXT,                       -- inline image
    content BLOB NOT NULL                  -- BLAKE3 in content.db
) STRICT;

CREATE TABLE draft_copy (
    message_id TEXT NOT NULL PRIMARY KEY,  -- without angle brackets
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    draft_id INTEGER,                      -- NULL: to be removed from the server
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0     -- not before
) STRICT, WITHOUT ROWID;

CREATE TABLE hidden (message_id INTEGER PRIMARY KEY) STRICT;

CREATE TABLE identity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',         -- display name
    email TEXT NOT NULL,                   -- address
    main INTEGER NOT NULL DEFAULT 0        -- the account's own address
, provided INTEGER NOT NULL DEFAULT 0 /* an alias that the provider named */) STRICT;

CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    key TEXT NOT NULL,                     -- the server's own name
    path TEXT NOT NULL,                    -- Unicode, parts joined by /
    role TEXT,                             -- model::mailbox::MailboxRole
    selectable INTEGER NOT NULL DEFAULT 1, -- holds messages
    on_server INTEGER,                     -- messages the server says it has
    cursor TEXT,                           -- the protocol's place to go on from
    messages INTEGER NOT NULL DEFAULT 0,   -- placements shown here
    unread INTEGER NOT NULL DEFAULT 0,     -- of these not seen
    local_only INTEGER NOT NULL DEFAULT 0, -- made here, not yet on the server; key is its path until then
    UNIQUE (account_id, key)
) STRICT;

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    thread_id INTEGER NOT NULL REFERENCES thread(id),
    content BLOB,                          -- BLAKE3 of the raw message in content.db; NULL while only the header is here
    message_id TEXT NOT NULL,              -- header, without angle brackets, may be empty
    subject TEXT NOT NULL,
    sort_subject TEXT NOT NULL,            -- base subject, folded
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    sort_from TEXT NOT NULL,               -- name or address, folded
    people TEXT NOT NULL,                  -- JSON {sender, reply_to, to, cc, bcc}
    date_at INTEGER NOT NULL,              -- Date header, or received_at where that is missing or absurd
    received_at INTEGER NOT NULL,          -- the server's time of arrival
    size INTEGER NOT NULL,                 -- bytes
    snippet TEXT NOT NULL DEFAULT '',
    attachments TEXT NOT NULL DEFAULT '[]', -- JSON Vec<Attachment>
    has_attachments INTEGER NOT NULL DEFAULT 0, -- any that is not inline
    has_html INTEGER NOT NULL DEFAULT 0,
    unreadable TEXT,                       -- why it could not be parsed
    remote_images INTEGER,                 -- NULL until its HTML was looked at
    deceptive_links INTEGER NOT NULL DEFAULT 0,
    remote_allowed INTEGER NOT NULL DEFAULT 0, -- the user allowed remote images here
    unsubscribe TEXT,                      -- from List-Unsubscribe
    provider_thread TEXT,                  -- the provider's conversation id
    flags INTEGER NOT NULL DEFAULT 0,      -- as shown: the server's, then local acts not yet replayed
    flags_set INTEGER NOT NULL DEFAULT 0,  -- by local acts not yet replayed
    flags_cleared INTEGER NOT NULL DEFAULT 0 -- by local acts not yet replayed
, keywords TEXT NOT NULL DEFAULT '[]' /* JSON, as shown: the server's, then local acts not yet replayed */, server_keywords TEXT NOT NULL DEFAULT '[]' /* JSON, as the server last told */) STRICT;

CREATE VIRTUAL TABLE message_text USING fts5(
    subject, author, recipients, copies, body, files,
    content = '', contentless_delete = 1, prefix = '3',
    tokenize = "ascii"
);

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,      -- such as profile_id, passphrase (salt, parameters, check)
    value TEXT NOT NULL                 -- text or JSON
) STRICT;

CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL,             -- one act of the user
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                    -- flag, move, delete, create_mailbox
    mailbox_id INTEGER REFERENCES mailbox(id) ON DELETE SET NULL, -- where to, or which to make
    state TEXT NOT NULL DEFAULT 'pending', -- pending, replaying, done, refused, undone
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,    -- not before
    error TEXT,                            -- JSON Error
    subject TEXT NOT NULL DEFAULT '',      -- of the first message, for people
    created_at INTEGER NOT NULL,
    done_at INTEGER                        -- when the server had done it
, names TEXT /* JSON {add, remove} of an act on keywords */) STRICT;

CREATE TABLE operation_target (
    operation_id INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE,
    placement_id INTEGER NOT NULL,         -- may be gone by now
    message_id INTEGER NOT NULL,
    set_flags INTEGER NOT NULL DEFAULT 0,  -- flags it set that were clear
    cleared_flags INTEGER NOT NULL DEFAULT 0, -- flags it cleared that were set
    before_mailbox_id INTEGER,             -- where a move took it from
    void_by INTEGER,                       -- the later act that made this one needless before it was replayed
    PRIMARY KEY (operation_id, placement_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE placement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    mailbox_id INTEGER REFERENCES mailbox(id) ON DELETE CASCADE,        -- NULL: deleted here, not yet there
    server_mailbox_id INTEGER REFERENCES mailbox(id) ON DELETE CASCADE, -- NULL: not yet on the server
    key TEXT,                              -- UID or id on the server; NULL while not known
    uid INTEGER,                           -- the key as a number, for IMAP
    date_at INTEGER NOT NULL,              -- the message's, for lists
    server_flags INTEGER NOT NULL DEFAULT 0, -- as the server last told
    stale INTEGER NOT NULL DEFAULT 0,      -- its key was voided by a change of UIDVALIDITY; adopted or gone soon
    moved_at INTEGER,                      -- the server moved it and did not tell the new key
    UNIQUE (server_mailbox_id, key)
) STRICT;

CREATE TABLE provider (
    name TEXT NOT NULL PRIMARY KEY,        -- google, microsoft or own
    client_id TEXT NOT NULL DEFAULT '',
    secret_expires_at INTEGER,             -- as noted by the user
    tenant TEXT,                           -- Microsoft
    endpoints TEXT NOT NULL DEFAULT '{}',  -- JSON, name to address
    scopes TEXT NOT NULL DEFAULT '[]'      -- JSON
, title TEXT /* of an own provider */, imap TEXT /* JSON ServerSettings of an own provider */, smtp TEXT /* JSON ServerSettings of an own provider */) STRICT;

CREATE TABLE reference (
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    ref TEXT NOT NULL,                     -- Message-ID without angle brackets
    thread_id INTEGER NOT NULL REFERENCES thread(id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,                   -- model::bulk::RunState
    base_id TEXT NOT NULL,
    table_id INTEGER NOT NULL,
    template TEXT NOT NULL,                -- JSON Template as it was
    account_id INTEGER NOT NULL,
    args TEXT NOT NULL,                    -- JSON BulkArgs
    letters TEXT NOT NULL,                 -- JSON, record and recipient of each letter, fixed at the begin
    total INTEGER NOT NULL DEFAULT 0,      -- letters in all
    made INTEGER NOT NULL DEFAULT 0,       -- of these, how many were looked at and frozen where they can be
    active_at INTEGER NOT NULL DEFAULT 0,  -- its last letter was claimed; the pace counts from here
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE run_letter (
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    record_id INTEGER NOT NULL,
    recipient TEXT NOT NULL,               -- address, lower case
    submission_id INTEGER NOT NULL REFERENCES submission(id) ON DELETE CASCADE,
    UNIQUE (run_id, record_id, recipient)
) STRICT;

CREATE TABLE secret (
    owner TEXT NOT NULL,                   -- 'account:ID' or 'provider:NAME'
    field TEXT NOT NULL,                   -- 'password', 'smtp_password', 'refresh_token', 'client_secret'
    sealed BLOB NOT NULL,                  -- version, nonce and ciphertext
    set_at INTEGER NOT NULL,
    PRIMARY KEY (owner, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE set_aside (
    mailbox_id INTEGER NOT NULL REFERENCES mailbox(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (mailbox_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,      -- 'settings' holds model::setting::Settings
    value TEXT NOT NULL                 -- JSON
) STRICT;

CREATE TABLE snooze (
    operation_id INTEGER NOT NULL,         -- the act, for its undo
    placement_id INTEGER NOT NULL REFERENCES placement(id) ON DELETE CASCADE,
    until_at INTEGER NOT NULL,             -- when it comes back
    ended_by INTEGER,                      -- the later act that ended it; NULL while it is in force
    PRIMARY KEY (operation_id, placement_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    state TEXT NOT NULL,                   -- model::submission::SubmissionState
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,       -- ours, without angle brackets
    content BLOB NOT NULL,                 -- BLAKE3 of the frozen bytes in content.db
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    send_at INTEGER NOT NULL,              -- not before
    state_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,                      -- next try, or next search for evidence
    evidence INTEGER NOT NULL DEFAULT 0,   -- searches for evidence so far
    answer TEXT,                           -- the server's words
    error TEXT,                            -- JSON Error
    filed INTEGER NOT NULL DEFAULT 0,      -- the Sent copy is in place
    file_at INTEGER,                       -- it is filed not before this; NULL: nothing to file
    file_attempts INTEGER NOT NULL DEFAULT 0,
    provider_ref TEXT,                     -- the provider's id
    provider_thread TEXT,                  -- the provider's conversation
    original INTEGER,                      -- message it answers or forwards
    original_kind TEXT,                    -- reply, reply_all, forward
    run_id INTEGER REFERENCES run(id),     -- bulk run
    base_id TEXT,                          -- and the record it was written for
    table_id INTEGER,
    record_id INTEGER
, sent_message_id TEXT /* where it is another one than ours */) STRICT;

CREATE TABLE submission_recipient (
    submission_id INTEGER NOT NULL REFERENCES submission(id) ON DELETE CASCADE,
    email TEXT NOT NULL,                   -- envelope recipient
    kind TEXT NOT NULL,                    -- to, cc, bcc
    state TEXT NOT NULL,                   -- model::submission::SubmissionState
    code INTEGER,                          -- SMTP reply code
    answer TEXT,
    PRIMARY KEY (submission_id, email)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE sync_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    unreadable INTEGER NOT NULL DEFAULT 0,
    error TEXT                             -- JSON Error
) STRICT;

CREATE TABLE template (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    subject TEXT NOT NULL,
    html TEXT,
    text TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE thread (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    base_subject TEXT NOT NULL,            -- without Re: and Fwd:, folded; the last resort of threading
    last_at INTEGER NOT NULL,              -- newest message
    messages INTEGER NOT NULL DEFAULT 0    -- that are shown in any mailbox
) STRICT;

CREATE TABLE thread_mailbox (
    mailbox_id INTEGER NOT NULL REFERENCES mailbox(id) ON DELETE CASCADE,
    thread_id INTEGER NOT NULL REFERENCES thread(id) ON DELETE CASCADE,
    last_at INTEGER NOT NULL,              -- newest message of the thread in this mailbox
    matching INTEGER NOT NULL,             -- messages of the thread in this mailbox
    unread INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    has_attachments INTEGER NOT NULL,
    size INTEGER NOT NULL,                 -- largest message
    sort_from TEXT NOT NULL,               -- of the newest message
    sort_subject TEXT NOT NULL,
    PRIMARY KEY (mailbox_id, thread_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_attachment_content ON draft_attachment(content);

CREATE INDEX draft_attachment_draft ON draft_attachment(draft_id);

CREATE INDEX draft_copy_draft ON draft_copy(draft_id);

CREATE INDEX draft_copy_due ON draft(account_id, copy_at);

CREATE INDEX identity_account ON identity(account_id);

CREATE INDEX mailbox_role ON mailbox(role, account_id);

CREATE INDEX message_content ON message(content);

CREATE INDEX message_date ON message(date_at, id);

CREATE INDEX message_from ON message(from_email, date_at);

CREATE INDEX message_hit ON message(id, date_at, thread_id);

CREATE INDEX message_message_id ON message(account_id, message_id);

CREATE INDEX message_thread ON message(thread_id, date_at);

CREATE INDEX operation_group ON operation(group_id);

CREATE INDEX operation_pending ON operation(account_id, state, id);

CREATE INDEX operation_target_message ON operation_target(message_id);

CREATE INDEX operation_target_placement ON operation_target(placement_id);

CREATE INDEX placement_list ON placement(mailbox_id, date_at, message_id);

CREATE INDEX placement_message ON placement(message_id, mailbox_id);

CREATE INDEX placement_stale ON placement(server_mailbox_id) WHERE stale;

CREATE INDEX reference_thread ON reference(thread_id);

CREATE INDEX run_letter_submission ON run_letter(submission_id);

CREATE UNIQUE INDEX snooze_in_force ON snooze(placement_id) WHERE ended_by IS NULL;

CREATE INDEX snooze_placement ON snooze(placement_id);

CREATE INDEX snooze_until ON snooze(until_at);

CREATE INDEX submission_content ON submission(content);

CREATE INDEX submission_due ON submission(account_id, state, run_id, send_at);

CREATE INDEX submission_file ON submission(account_id, file_at) WHERE file_at IS NOT NULL;

CREATE INDEX submission_response_message ON submission_response(message_id);

CREATE INDEX submission_run ON submission(run_id);

CREATE INDEX submission_sent_as ON submission (sent_message_id) WHERE sent_message_id IS NOT NULL;

CREATE INDEX submission_taken_as ON submission (account_id, provider_ref) WHERE provider_ref IS NOT NULL;

CREATE INDEX sync_log_account ON sync_log(account_id, id);

CREATE INDEX thread_last ON thread(account_id, last_at) WHERE messages > 0;

CREATE INDEX thread_mailbox_from ON thread_mailbox(mailbox_id, sort_from, last_at DESC, thread_id DESC);

CREATE INDEX thread_mailbox_last ON thread_mailbox(mailbox_id, last_at);

CREATE INDEX thread_mailbox_size ON thread_mailbox(mailbox_id, size, last_at, thread_id);

CREATE INDEX thread_mailbox_subject ON thread_mailbox(mailbox_id, sort_subject, last_at DESC, thread_id DESC);

CREATE INDEX thread_mailbox_thread ON thread_mailbox(thread_id);

CREATE INDEX thread_subject ON thread(account_id, base_subject, last_at);
