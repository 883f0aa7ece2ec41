package text

import (
	"errors"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Int(0).String(), "0"},
		{Int(int8(-128)).String(), "-128"},
		{Int(uint64(1<<64 - 1)).String(), "18446744073709551615"},
		{Count(0).String(), "0"},
		{Count(999).String(), "999"},
		{Count(1000).String(), "1,000"},
		{Count(12310).String(), "12,310"},
		{Count(1234567).String(), "1,234,567"},
		{Count(-123456).String(), "-123,456"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

func TestJoin(t *testing.T) {
	a, b := Clean("a\x1b"), Clean("b\x07")
	for _, c := range []struct {
		got    Safe
		want   string
		hidden int
	}{
		{Join(", "), "", 0},
		{Join(", ", a), "a␛", 1},
		{Join(", ", a, b), "a␛, b^G", 2},
		{Join("", Clean("👩"), Clean("x")), "👩x", 0},
		{Join("", Clean("क्"), Clean("ष")), "क्\u200cष", 0},
	} {
		if c.got.String() != c.want || c.got.Hidden() != c.hidden {
			t.Errorf("%+q hidden %d, want %+q hidden %d", c.got, c.got.Hidden(), c.want, c.hidden)
		}
	}
}

func TestFormat(t *testing.T) {
	type name string
	type level int
	for _, c := range []struct {
		got    Safe
		want   string
		hidden int
	}{
		{Format("%d of %d", 2, int64(5)), "2 of 5", 0},
		{Format("%s: %s", Clean("a\x1b"), "b\x07"), "a␛: b^G", 2},
		{Format("%v", errors.New("x\x1b]52;c;eA==\x07")), "x␛]52;c;eA==^G", 2},
		{Format("%v", name("\u202e")), "<U+202E>", 1},
		{Format("%v", []string{"\x1b"}), "[␛]", 1},
		{Format("%s", []byte("\x9b")), "\ufffd", 0},
		{Format("%.1f %t %v", 9.84, true, nil), "9.8 true <nil>", 0},
		{Format("%03d %v", level(7), 90*time.Second), "007 1m30s", 0},
		{Format("%c", 0x1b), "␛", 1},
	} {
		if c.got.String() != c.want || c.got.Hidden() != c.hidden {
			t.Errorf("%+q hidden %d, want %+q hidden %d", c.got, c.got.Hidden(), c.want, c.hidden)
		}
	}
}
