-- A list by sender, subject or size is read from its index, as one by date is.
CREATE INDEX thread_mailbox_from ON thread_mailbox(mailbox_id, sort_from, last_at DESC, thread_id DESC);
CREATE INDEX thread_mailbox_subject ON thread_mailbox(mailbox_id, sort_subject, last_at DESC, thread_id DESC);
CREATE INDEX thread_mailbox_size ON thread_mailbox(mailbox_id, size, last_at, thread_id);
