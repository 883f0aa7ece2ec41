-- Rows of the platform's metrics as JSON, per type that was asked for: an answer
-- may hold rows of another. who and desk are the user's names.
CREATE TABLE metric (
  n INTEGER PRIMARY KEY,
  asked TEXT NOT NULL, developer INTEGER NOT NULL, id TEXT NOT NULL,
  at INTEGER NOT NULL,
  session TEXT NOT NULL, who TEXT NOT NULL, desk TEXT NOT NULL,
  value BLOB NOT NULL, fetched INTEGER NOT NULL,
  UNIQUE (asked, developer, id)
) STRICT;
CREATE INDEX metric_at ON metric (asked, developer, at);
CREATE INDEX metric_who ON metric (who);
CREATE INDEX metric_session ON metric (session) WHERE session <> '';

-- Entries of the bot's change log, as JSON.
CREATE TABLE changed (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
  who TEXT NOT NULL, mail TEXT NOT NULL,
  value BLOB NOT NULL, fetched INTEGER NOT NULL
) STRICT;
CREATE INDEX changed_at ON changed (at);
