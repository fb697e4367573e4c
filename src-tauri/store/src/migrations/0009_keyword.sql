-- Names that a message has at its server besides its flags (Graph: categories).
ALTER TABLE message ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]' /* JSON, as shown: the server's, then local acts not yet replayed */;
ALTER TABLE message ADD COLUMN server_keywords TEXT NOT NULL DEFAULT '[]' /* JSON, as the server last told */;
ALTER TABLE operation ADD COLUMN names TEXT /* JSON {add, remove} of an act on keywords */;
