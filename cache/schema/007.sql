-- Conversations that are kept until somebody lets them go. body is opaque here;
-- person holds the names in it, so that an erasure finds it.
CREATE TABLE pin (
  session TEXT PRIMARY KEY,
  note TEXT NOT NULL, at INTEGER NOT NULL,
  user TEXT NOT NULL, started INTEGER NOT NULL, outcome TEXT NOT NULL,
  messages INTEGER NOT NULL, calls INTEGER NOT NULL, lines INTEGER NOT NULL, metrics INTEGER NOT NULL,
  missing TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE pin_person (
  session TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_person_name ON pin_person (name);
