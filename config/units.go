package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var (
	errSpan = errors.New("is no length of time (write 30m, 24h, 7d, 2w or 1d12h)")
	errSize = errors.New("is no size (write 500MB, 1GB or 256MiB)")
)

// ParseSpan reads a length of time: whole numbers with s, m, h, d or w, one
// after the other as in "1d12h". A day is 24 hours. Never negative.
func ParseSpan(text string) (time.Duration, error) {
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	rest := strings.TrimSpace(text)
	if rest == "" {
		return 0, errSpan
	}
	var sum time.Duration
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits == 0 || digits == len(rest) {
			return 0, errSpan
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		unit := units[rest[digits]]
		if err != nil || unit == 0 || n > (math.MaxInt64-int64(sum))/int64(unit) {
			return 0, errSpan
		}
		sum += time.Duration(n) * unit
		rest = rest[digits+1:]
	}
	return sum, nil
}

// ParseSize reads a number of bytes: "500MB" is 500 million, "1GiB" is 2^30, a
// bare number is bytes. Case and a blank before the unit do not matter.
func ParseSize(text string) (int64, error) {
	units := map[string]int64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
		"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	}
	text = strings.ToLower(strings.TrimSpace(text))
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	n, err := strconv.ParseInt(text[:digits], 10, 64)
	unit, known := units[strings.TrimSpace(text[digits:])]
	if err != nil || !known || n > math.MaxInt64/unit {
		return 0, errSize
	}
	return n * unit, nil
}

// span writes a length of time the way ParseSpan reads it.
func span(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if n := int64(d / u.size); n > 0 {
			b.WriteString(strconv.FormatInt(n, 10) + u.name)
			d %= u.size
		}
	}
	return b.String()
}

// size writes a number of bytes in the largest unit that loses nothing.
func size(n int64) string {
	for _, u := range []struct {
		name string
		size int64
	}{{"GB", 1e9}, {"GiB", 1 << 30}, {"MB", 1e6}, {"MiB", 1 << 20}, {"kB", 1e3}} {
		if n > 0 && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}
