package payload

import "bytes"

// tailFrom is how long a list is at least that is shortened, in bytes.
const tailFrom = 64_000

// tailDepth is how many records deep a list is looked for.
const tailDepth = 4

// Tail is a document with no more than the last elements of each long list that
// stands under names alone: of a conversation, what was said last. All else is
// kept in the order sent. It reads brackets and quotes, not what is between them,
// so that it is quick where [Read] takes its time, and it is no judge of what is
// no JSON. cut is false when nothing was left out; the document is then raw.
func Tail(raw []byte, keep int) (short []byte, cut bool) {
	v := value(bytes.TrimSpace(raw))
	out, cut := tail(nil, v, keep, tailDepth)
	if !cut {
		return raw, false
	}
	return out, true
}

func tail(out []byte, v value, keep, depth int) ([]byte, bool) {
	switch {
	case len(v) < tailFrom || depth == 0:
	case v.kind() == list:
		return lastOf(out, v, keep)
	case v.kind() == record:
		return tailOfRecord(out, v, keep, depth)
	}
	return append(out, v...), false
}

func tailOfRecord(out []byte, v value, keep, depth int) ([]byte, bool) {
	cut, done := false, 0
	for i := blanks(v, 1); i < len(v) && v[i] == '"'; {
		from := blanks(v, pass(v, i))
		if from >= len(v) || v[from] != ':' {
			break
		}
		if from = blanks(v, from+1); from >= len(v) {
			break
		}
		end := pass(v, from)
		out = append(out, v[done:from]...)
		var some bool
		out, some = tail(out, v[from:end:end], keep, depth-1)
		cut, done = cut || some, end
		if i = blanks(v, end); i < len(v) && v[i] == ',' {
			i = blanks(v, i+1)
		}
	}
	return append(out, v[done:]...), cut
}

// lastOf is a list with its last elements alone.
func lastOf(out []byte, v value, keep int) ([]byte, bool) {
	begins := make([]int, 0, keep) // of the last elements, in a ring
	n := 0
	for i := blanks(v, 1); i < len(v) && v[i] != ']'; n++ {
		if len(begins) < keep {
			begins = append(begins, i)
		} else {
			begins[n%keep] = i
		}
		end := pass(v, i)
		if i = blanks(v, end); i < len(v) && v[i] == ',' {
			i = blanks(v, i+1)
		} else if i == end && end == begins[n%keep] {
			break // nothing was passed: no JSON
		}
	}
	if n <= keep {
		return append(out, v...), false
	}
	return append(append(out, '['), v[begins[n%keep]:]...), true
}
