-- Times are Unix milliseconds in UTC; NULL is "not sent".
-- at is where a row stands in lists: its start, or the best guess without one.
CREATE TABLE session (
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  bot TEXT NOT NULL, user TEXT NOT NULL, channel TEXT NOT NULL,
  start INTEGER, "end" INTEGER,
  langs TEXT NOT NULL, kind TEXT NOT NULL, containment TEXT NOT NULL, status TEXT NOT NULL,
  dev INTEGER, messages INTEGER, tasks INTEGER,
  tags BLOB,
  unreadable TEXT NOT NULL,
  settled INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  PRIMARY KEY (at DESC, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_user ON session (user, at);
CREATE INDEX session_open ON session (at, fetched) WHERE settled = 0;

CREATE TABLE session_raw (
  id TEXT PRIMARY KEY,
  raw BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- rid encodes the second of the row, so that newest first is rowid order.
CREATE TABLE message (
  rid INTEGER PRIMARY KEY,
  id TEXT NOT NULL, session TEXT NOT NULL,
  user TEXT NOT NULL, bot TEXT NOT NULL, direction TEXT NOT NULL,
  time INTEGER, stamp INTEGER NOT NULL,
  channel TEXT NOT NULL, channel_id TEXT NOT NULL, kind TEXT NOT NULL,
  text TEXT NOT NULL, template TEXT NOT NULL, options BLOB,
  trace TEXT NOT NULL, language TEXT NOT NULL, status TEXT NOT NULL,
  tags BLOB, raw BLOB, unreadable TEXT NOT NULL,
  fetched INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_id ON message (session, id);
CREATE INDEX message_order ON message (session, time, stamp);
CREATE INDEX message_user ON message (user);

-- A session stands here once all of its messages were read.
CREATE TABLE transcript (
  session TEXT PRIMARY KEY,
  fetched INTEGER NOT NULL,
  settled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE call (
  rid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session TEXT NOT NULL, joined TEXT NOT NULL,
  bot TEXT NOT NULL, user TEXT NOT NULL,
  at INTEGER NOT NULL, start INTEGER, "end" INTEGER, took INTEGER,
  status TEXT NOT NULL, code INTEGER,
  feature TEXT NOT NULL, prompt TEXT NOT NULL, integration TEXT NOT NULL,
  model TEXT NOT NULL, channel TEXT NOT NULL, task TEXT NOT NULL, description TEXT NOT NULL,
  request_tokens INTEGER, response_tokens INTEGER,
  finish TEXT NOT NULL, guards BLOB, problem TEXT NOT NULL, unreadable TEXT NOT NULL,
  fetched INTEGER NOT NULL
) STRICT;
CREATE INDEX call_at ON call (at);
CREATE INDEX call_session ON call (session);
CREATE INDEX call_user ON call (user);

-- request and response are places inside raw where they are part of it.
CREATE TABLE call_raw (
  rid INTEGER PRIMARY KEY,
  raw BLOB, request BLOB, response BLOB,
  request_at INTEGER, request_len INTEGER,
  response_at INTEGER, response_len INTEGER
) STRICT;

-- Spans that were read completely, per question; settled is where the part
-- begins that may still have changed since.
CREATE TABLE covered (
  what TEXT NOT NULL,
  "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
  settled INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (what, "from")
) STRICT, WITHOUT ROWID;

-- Which sessions a question found, for filters that no column answers.
CREATE TABLE member (
  what TEXT NOT NULL, session TEXT NOT NULL,
  PRIMARY KEY (what, session)
) STRICT, WITHOUT ROWID;

-- Requests on the wire, for all processes; they hold no content.
CREATE TABLE spent (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_key ON spent (key, at);
CREATE TABLE gate (
  key TEXT PRIMARY KEY, until INTEGER NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE observed (
  endpoint TEXT PRIMARY KEY, at INTEGER NOT NULL, status INTEGER NOT NULL, took INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers of the cache about itself, for example when it was tidied.
CREATE TABLE note (
  name TEXT PRIMARY KEY, value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'korescope'
);
