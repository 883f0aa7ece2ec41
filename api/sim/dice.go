package sim

import "strconv"

// dice is a splitmix64 generator: two words of state, no allocation, and a
// stream for every (seed, place), which is what generating on demand needs.
type dice struct{ x uint64 }

func (d *dice) next() uint64 {
	d.x += 0x9e3779b97f4a7c15
	return scramble(d.x)
}

// below is a number in [0, n); 0 for n < 1.
func (d *dice) below(n int) int {
	if n < 1 {
		return 0
	}
	return int(d.next() % uint64(n))
}

// between is a number in [lo, hi].
func (d *dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true in pct of 100 throws.
func (d *dice) chance(pct int) bool { return d.below(100) < pct }

func (d *dice) pick(of []string) string { return of[d.below(len(of))] }

func scramble(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// blend hashes a place in the world to one number.
func blend(parts ...uint64) uint64 {
	h := uint64(0x243f6a8885a308d3)
	for _, p := range parts {
		h = scramble(h ^ scramble(p+0x9e3779b97f4a7c15))
	}
	return h
}

// share is a number in [0, 1) made from a hash.
func share(h uint64) float64 { return float64(h>>11) / (1 << 53) }

const hexDigits = "0123456789abcdef"

// uuid writes a version 5 looking identifier after the prefix; every id of the
// platform that is not an ObjectId has this shape.
func uuid(prefix string, h uint64) string {
	a, b := scramble(h), scramble(h^0xa5a5a5a5a5a5a5a5)
	out := make([]byte, 0, len(prefix)+36)
	out = append(out, prefix...)
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			out = append(out, '-')
		}
		word, at := a, i
		if i >= 16 {
			word, at = b, i-16
		}
		digit := byte(word >> (60 - 4*at) & 15)
		switch i {
		case 12:
			digit = 5
		case 16:
			digit = 8 | digit&3
		}
		out = append(out, hexDigits[digit])
	}
	return string(out)
}

// objectID is a 24 digit id whose first 8 digits are Unix seconds.
func objectID(sec int64, h uint64) string {
	out := make([]byte, 24)
	for i := range 8 {
		out[i] = hexDigits[sec>>(28-4*i)&15]
	}
	for i := range 16 {
		out[8+i] = hexDigits[h>>(60-4*i)&15]
	}
	return string(out)
}

// bornAt reads the seconds back; false when the id is no ObjectId.
func bornAt(id string) (int64, bool) {
	if len(id) != 24 {
		return 0, false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return 0, false
		}
	}
	sec, err := strconv.ParseInt(id[:8], 16, 64)
	return sec, err == nil
}
