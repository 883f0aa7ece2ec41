-- Who counted the tokens, and which version of the reader of payloads said what
-- is stored of them (reread_calls.go).
ALTER TABLE call ADD COLUMN tokens_from TEXT NOT NULL DEFAULT '';
ALTER TABLE call ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
CREATE INDEX call_reading ON call (reading);
