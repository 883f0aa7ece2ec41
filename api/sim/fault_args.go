package sim

import (
	"fmt"
	"strconv"
	"time"
)

// arguments reads the values in a fault's brackets; the first mistake stays.
type arguments struct {
	given []string
	most  int
	err   error
}

func argsOf(given []string, most int) *arguments {
	a := &arguments{given: given, most: most}
	if len(given) > most {
		a.err = fmt.Errorf("takes at most %d arguments, has %d", most, len(given))
	}
	return a
}

func (a *arguments) word(i int, fallback string) string {
	if i >= len(a.given) || a.given[i] == "" {
		return fallback
	}
	return a.given[i]
}

func (a *arguments) number(i, fallback, lo, hi int) int {
	s := a.word(i, "")
	if s == "" {
		return fallback
	}
	n, err := strconv.Atoi(s)
	if a.err == nil && (err != nil || n < lo || n > hi) {
		a.err = fmt.Errorf("argument %d is %q, wanted a number from %d to %d", i+1, s, lo, hi)
	}
	return n
}

func (a *arguments) span(i int, fallback time.Duration) time.Duration {
	s := a.word(i, "")
	if s == "" {
		return fallback
	}
	d, err := time.ParseDuration(s)
	if a.err == nil && err != nil {
		a.err = fmt.Errorf("argument %d is %q, wanted a duration such as 2s", i+1, s)
	}
	return d
}

func (a *arguments) oneOf(i int, fallback string, set ...string) string {
	s := a.word(i, fallback)
	for _, known := range set {
		if s == known {
			return s
		}
	}
	if a.err == nil {
		a.err = fmt.Errorf("argument %d is %q, known are %v", i+1, s, set)
	}
	return s
}
