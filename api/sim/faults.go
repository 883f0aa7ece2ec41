package sim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A fault list reads like
//
//	limit(5,100),status(503)@op=getSessions;nth=2,slow(2s),hostile-text
//
// Names are those of FaultNames. Behind an @ stand the aims, split by
// semicolons: op= only this call (a name of the endpoint table), nth= only the
// n-th request, every= each n-th, p= a seeded share between 0 and 1, after= not
// the first n, for= at most n times. Counting is per fault, among the requests
// that op= lets through.

// Fault is one misbehaviour with its aim, as read by ParseFaults.
type Fault struct {
	Name string
	Args []string
	Aim  Aim
}

// Aim says which requests a fault hits; the zero value hits all.
type Aim struct {
	Op         string
	Nth, Every int
	P          float64 // 0 means not asked for
	After, For int
}

// FaultName is one row of the fault menu.
type FaultName struct {
	Name string
	Args string // how the arguments are written, "" for none
	Line string // what it does
}

// FaultNames lists the menu in the order of the manual.
func FaultNames() []FaultName {
	var out []FaultName
	for _, k := range faultKinds() {
		out = append(out, FaultName{k.name, k.args, k.line})
	}
	return out
}

// effect is what a fault does at the stations of a request. Nil stations are skipped.
type effect struct {
	world  func(*World)                                  // once, when the world is made; such a fault has no aim
	aim    func(*call)                                   // before the platform's code: mark the call
	before func(*call) *reply                            // answer instead of the platform
	after  func(*call, *reply)                           // change the answer's tree or status
	bytes  func(*call, *reply)                           // change its bytes
	send   func(*call, http.ResponseWriter, *reply) bool // write it another way; false when it did not
}

type faultKind struct {
	name, args, line string
	make             func(args []string) (effect, error)
}

// armed is a fault in use, with its count of requests.
type armed struct {
	Fault
	effect effect
	mu     sync.Mutex
	seen   int
	fired  int
}

// ParseFaults reads a fault list; "" is no fault. An unknown name is answered
// with the known ones.
func ParseFaults(list string) ([]Fault, error) {
	var out []Fault
	for _, part := range splitOutside(list, ',') {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		f, err := parseFault(part)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", part, err)
		}
		out = append(out, f)
	}
	return out, nil
}

func parseFault(part string) (Fault, error) {
	head, aims, aimed := cutOutside(part, '@')
	f := Fault{Name: head}
	if open := strings.IndexByte(head, '('); open >= 0 {
		if !strings.HasSuffix(head, ")") {
			return f, fmt.Errorf("the bracket is not closed")
		}
		f.Name = head[:open]
		for _, a := range strings.Split(head[open+1:len(head)-1], ",") {
			f.Args = append(f.Args, strings.TrimSpace(a))
		}
	}
	kind, err := kindNamed(f.Name)
	if err != nil {
		return f, err
	}
	e, err := kind.make(f.Args)
	if err != nil {
		return f, fmt.Errorf("%w (written %s%s)", err, kind.name, kind.args)
	}
	if aimed && e.world != nil {
		return f, fmt.Errorf("it changes the whole world and cannot be aimed")
	}
	if aimed {
		f.Aim, err = parseAim(aims)
	}
	return f, err
}

func kindNamed(name string) (faultKind, error) {
	var known []string
	for _, k := range faultKinds() {
		if k.name == name {
			return k, nil
		}
		known = append(known, k.name)
	}
	return faultKind{}, fmt.Errorf("unknown; known are %s", strings.Join(known, ", "))
}

func parseAim(s string) (Aim, error) {
	var a Aim
	for _, pair := range strings.Split(s, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		n, err := strconv.Atoi(value)
		if key != "op" && key != "p" && (err != nil || n < 1) {
			return a, fmt.Errorf("aim %q needs a number from 1 up", pair)
		}
		switch key {
		case "op":
			if !slices.ContainsFunc(routes(), func(r route) bool { return r.name == value }) {
				return a, fmt.Errorf("no call is named %q", value)
			}
			a.Op = value
		case "nth":
			a.Nth = n
		case "every":
			a.Every = n
		case "after":
			a.After = n
		case "for":
			a.For = n
		case "p":
			if a.P, err = strconv.ParseFloat(value, 64); err != nil || a.P <= 0 || a.P > 1 {
				return a, fmt.Errorf("aim %q needs a share over 0 and at most 1", pair)
			}
		default:
			return a, fmt.Errorf("unknown aim %q; known are op, nth, every, p, after, for", key)
		}
	}
	return a, nil
}

// arm builds the effects of the faults.
func (w *World) arm(faults []Fault) error {
	for _, f := range faults {
		kind, err := kindNamed(f.Name)
		if err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
		e, err := kind.make(f.Args)
		if err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
		if e.world != nil {
			e.world(w)
			continue
		}
		w.armed = append(w.armed, &armed{Fault: f, effect: e})
	}
	return nil
}

// pick returns the faults that hit this request, in the order of the list.
func (w *World) pick(c *call) []*armed {
	var out []*armed
	for i, f := range w.armed {
		if !f.hits(c.op(), uint64(i)) {
			continue
		}
		out = append(out, f)
		if f.effect.aim != nil {
			f.effect.aim(c)
		}
	}
	return out
}

func (f *armed) hits(op string, no uint64) bool {
	if f.Aim.Op != "" && f.Aim.Op != op {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen++
	a := f.Aim
	switch {
	case a.Nth > 0 && f.seen != a.Nth,
		a.Every > 0 && f.seen%a.Every != 0,
		a.P > 0 && share(blend(no, 0xfa, uint64(f.seen))) >= a.P,
		f.seen <= a.After,
		a.For > 0 && f.fired >= a.For:
		return false
	}
	f.fired++
	return true
}

func splitOutside(s string, sep byte) []string {
	var out []string
	for {
		head, rest, more := cutOutside(s, sep)
		out = append(out, head)
		if !more {
			return out
		}
		s = rest
	}
}

// cutOutside cuts at the first separator that is not in brackets.
func cutOutside(s string, sep byte) (head, rest string, found bool) {
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')':
			depth--
		case s[i] == sep && depth == 0:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
