-- What the platform says about a message beside its words. Milliseconds; NULL is
-- "not sent". reading is the version of the reader that made the row out of raw.
ALTER TABLE message ADD COLUMN more INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN task TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN took INTEGER;
ALTER TABLE message ADD COLUMN took_asr INTEGER;
ALTER TABLE message ADD COLUMN took_bot INTEGER;
ALTER TABLE message ADD COLUMN took_tts INTEGER;
ALTER TABLE message ADD COLUMN alt BLOB;
ALTER TABLE message ADD COLUMN stamped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_reading ON message (reading);
-- What a list of sessions is filtered by; holds all of the columns asked for.
CREATE INDEX message_spoke ON message (session, task, took) WHERE task <> '' OR took IS NOT NULL;

-- altText of a session, as JSON, also of rows that were read before.
ALTER TABLE session ADD COLUMN alt TEXT;
UPDATE session SET alt = (
  SELECT json_extract(CAST(raw AS TEXT), '$.tags.altText') FROM session_raw r
  WHERE r.id = session.id AND json_type(CAST(raw AS TEXT), '$.tags.altText') = 'array'
    AND json_array_length(CAST(raw AS TEXT), '$.tags.altText') > 0
) WHERE id IN (SELECT id FROM session_raw WHERE instr(raw, 'altText') > 0 AND json_valid(CAST(raw AS TEXT)));
