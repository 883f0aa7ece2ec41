-- Jobs and test runs. id is empty for a job whose start was never answered;
-- suite and verdict are taken out of the result of test runs. fetched is when
-- the row was last written here.
CREATE TABLE job (
  n INTEGER PRIMARY KEY,
  kind TEXT NOT NULL, id TEXT NOT NULL, question TEXT NOT NULL,
  suite TEXT NOT NULL, verdict TEXT NOT NULL,
  state TEXT NOT NULL, word TEXT NOT NULL, percent INTEGER,
  started INTEGER NOT NULL, changed INTEGER NOT NULL, expires INTEGER,
  result BLOB, failure TEXT NOT NULL,
  fetched INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_id ON job (kind, id) WHERE id <> '';
CREATE INDEX job_question ON job (kind, question, started);
CREATE INDEX job_started ON job (kind, started);
CREATE INDEX job_suite ON job (suite, started) WHERE suite <> '';

-- Reports as they came last, as JSON; shape is what besides the window makes a
-- question.
CREATE TABLE report (
  kind TEXT NOT NULL, shape TEXT NOT NULL,
  "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
  fetched INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (kind, shape, "from", "to")
) STRICT, WITHOUT ROWID;

-- Whole lists of the account, as JSON: who has which role, which bots.
CREATE TABLE account (
  what TEXT PRIMARY KEY, fetched INTEGER NOT NULL, value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- rid is made as for messages, in a space of its own. seq keeps the order of
-- lines of one millisecond.
CREATE TABLE debug (
  rid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time INTEGER, seq INTEGER NOT NULL,
  level TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, detail BLOB,
  channel TEXT NOT NULL, identity TEXT NOT NULL, session TEXT NOT NULL,
  raw BLOB, unreadable TEXT NOT NULL,
  fetched INTEGER NOT NULL
) STRICT;
CREATE INDEX debug_identity ON debug (identity);
CREATE INDEX debug_session ON debug (session) WHERE session <> '';

-- Which lines a question found: rows may name another identity than was asked.
CREATE TABLE debug_member (
  what TEXT NOT NULL, rid INTEGER NOT NULL,
  PRIMARY KEY (what, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX debug_member_rid ON debug_member (rid);

-- A table of its own: the last bit of a row id in words tells only two kinds.
CREATE VIRTUAL TABLE debug_words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'korescope'
);

-- at is where a row stands: its start, moved into the window that found it.
CREATE TABLE billed (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  bot TEXT NOT NULL, channel TEXT NOT NULL, user TEXT NOT NULL, channel_user TEXT NOT NULL,
  type TEXT NOT NULL, session TEXT NOT NULL,
  start INTEGER, "end" INTEGER, start_raw TEXT NOT NULL, end_raw TEXT NOT NULL,
  session_start INTEGER, unreadable TEXT NOT NULL,
  fetched INTEGER NOT NULL
) STRICT;
CREATE INDEX billed_at ON billed (at);
CREATE INDEX billed_user ON billed (user);
CREATE INDEX billed_session ON billed (session) WHERE session <> '';
