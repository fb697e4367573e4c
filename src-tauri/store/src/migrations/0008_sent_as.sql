-- A provider may send a letter under a Message-ID of its own; what comes back names that one.
ALTER TABLE submission ADD COLUMN sent_message_id TEXT /* where it is another one than ours */;
CREATE INDEX submission_sent_as ON submission (sent_message_id) WHERE sent_message_id IS NOT NULL;
CREATE INDEX submission_taken_as ON submission (account_id, provider_ref) WHERE provider_ref IS NOT NULL;
