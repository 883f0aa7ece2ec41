package cache

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"korescope/api"
)

// Tag lists and string lists are stored as length-prefixed pieces: reading
// 100,000 rows then takes no JSON decoder. Each list is a count followed by
// its pieces.

func appendPiece[T string | json.RawMessage](b []byte, s T) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendTags(b []byte, tags []api.Tag) []byte {
	b = binary.AppendUvarint(b, uint64(len(tags)))
	for _, t := range tags {
		b = appendPiece(b, t.Name)
		b = appendPiece(b, t.Value)
	}
	return b
}

// packTags is nil when every list is empty.
func packTags(lists ...[]api.Tag) []byte {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	if n == 0 {
		return nil
	}
	b := make([]byte, 0, 32*n)
	for _, l := range lists {
		b = appendTags(b, l)
	}
	return b
}

// unpacker reads pieces; after a mistake ok stays false.
type unpacker struct {
	b     []byte
	bad   bool
	names *words
}

func (u *unpacker) count() int {
	n, size := binary.Uvarint(u.b)
	if size <= 0 || n > uint64(len(u.b)) {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[size:]
	return int(n)
}

func (u *unpacker) piece() []byte {
	n := u.count()
	if n > len(u.b) {
		u.bad, u.b = true, nil
		return nil
	}
	p := u.b[:n:n]
	u.b = u.b[n:]
	return p
}

func (u *unpacker) tags() []api.Tag {
	n := u.count()
	if n == 0 || u.bad {
		return nil
	}
	out := make([]api.Tag, 0, n)
	for range n {
		t := api.Tag{Name: u.names.of(u.piece())}
		if v := u.piece(); len(v) > 0 {
			t.Value = v
		}
		out = append(out, t)
	}
	return out
}

// tags reads one list that stands alone.
func (w *words) tags(b []byte) ([]api.Tag, error) {
	if len(b) == 0 {
		return nil, nil
	}
	u := unpacker{b: b, names: w}
	tags := u.tags()
	return tags, u.err()
}

func (u *unpacker) err() error {
	if u.bad || len(u.b) > 0 {
		return fmt.Errorf("list in a row: %w", errDamaged)
	}
	return nil
}

// words keeps one copy of strings that repeat from row to row.
type words struct{ seen map[string]string }

// maxKept bounds the table when a column turns out not to repeat.
const maxKept = 4096

func newWords() *words { return &words{seen: map[string]string{}} }

func (w *words) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := w.seen[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(w.seen) < maxKept {
		w.seen[s] = s
	}
	return s
}
