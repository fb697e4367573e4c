-- Whether a content is needed is asked by its hash.
CREATE INDEX draft_attachment_content ON draft_attachment(content);
CREATE INDEX submission_content ON submission(content);
