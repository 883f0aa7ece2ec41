package kore

import (
	"encoding/json"
	"os"
	"testing"
)

func rowsOf(b *testing.B, file, key string) []json.RawMessage {
	b.Helper()
	raw, err := os.ReadFile("../../testdata/api/" + file)
	if err != nil {
		b.Fatal(err)
	}
	a, failed := parse(raw)
	if failed != nil {
		b.Fatal(failed)
	}
	if key == "" {
		return a.array
	}
	c, err := a.envelope("", key)
	if err != nil {
		b.Fatal(err)
	}
	return c.rows
}

func BenchmarkDecodeSession(b *testing.B) {
	rows := rowsOf(b, "replay-sessions.json", "sessions")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = decodeSession(rows[i%len(rows)])
	}
}

func BenchmarkDecodeMessage(b *testing.B) {
	rows := rowsOf(b, "replay-messages.json", "messages")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = decodeMessage(rows[i%len(rows)])
	}
}

func BenchmarkDecodeCall(b *testing.B) {
	rows := rowsOf(b, "replay-llm.json", "")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = decodeCall(rows[i%len(rows)])
	}
}
