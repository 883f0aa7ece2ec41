package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// atMillis is a time that a column must have; the zero time is the beginning.
func atMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func columnTime(s *sqlite3.Stmt, i int) time.Time {
	if s.ColumnType(i) == sqlite3.NULL {
		return time.Time{}
	}
	return fromMillis(s.ColumnInt64(i))
}

func columnMaybe[T any](s *sqlite3.Stmt, i int, as func(int64) T) api.Maybe[T] {
	if s.ColumnType(i) == sqlite3.NULL {
		return api.Maybe[T]{}
	}
	return api.Known(as(s.ColumnInt64(i)))
}

func toInt(n int64) int     { return int(n) }
func toInt64(n int64) int64 { return n }

func maybeInt(m api.Maybe[int]) any {
	if !m.Known {
		return nil
	}
	return m.Value
}

func maybeInt64(m api.Maybe[int64]) any {
	if !m.Known {
		return nil
	}
	return m.Value
}

func maybeBool(m api.Maybe[bool]) any {
	if !m.Known {
		return nil
	}
	return m.Value
}

// columnBytes is nil for NULL and a copy otherwise.
func columnBytes(s *sqlite3.Stmt, i int) []byte {
	if s.ColumnType(i) == sqlite3.NULL {
		return nil
	}
	return s.ColumnBlob(i, []byte{})
}

func shortHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}
