-- Accounts that sign in by OAuth, and providers entered from scratch.
ALTER TABLE account ADD COLUMN provider TEXT /* name of the OAuth provider it signs in through; NULL: a password, or none */;
ALTER TABLE account ADD COLUMN signed_in_as TEXT /* address of the person who signed in; a shared mailbox has another one */;
ALTER TABLE account ADD COLUMN shared_mailbox TEXT /* address of the shared mailbox this account is; NULL: the person's own */;
ALTER TABLE identity ADD COLUMN provided INTEGER NOT NULL DEFAULT 0 /* an alias that the provider named */;
ALTER TABLE provider ADD COLUMN title TEXT /* of an own provider */;
ALTER TABLE provider ADD COLUMN imap TEXT /* JSON ServerSettings of an own provider */;
ALTER TABLE provider ADD COLUMN smtp TEXT /* JSON ServerSettings of an own provider */;
