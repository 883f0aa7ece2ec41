package config

import (
	"errors"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A document is a file as written: every setting with its full path and line,
// inline tables spread out. Mistakes of syntax are collected; reading goes on at
// the next line that looks like a setting or a table.
type document struct {
	entries []entry
	tables  []entry // headers, without a value
	issues  Issues

	seen   map[string]int // path to the line that set it
	lines  []int          // offset of the start of each line
	broken bool           // something was no TOML
	within []string       // the table being read
	skip   bool           // that table is none of ours
	lists  map[string]int // how often a list of tables had a member
}

type entry struct {
	path  []string
	line  int
	value value
}

// value is what stands after the equals sign.
type value struct {
	kind unstable.Kind
	text string // strings without quotes; other values as written
	list []value
}

// tooMany stops a file that is no TOML at all from filling the screen.
const tooMany = 20

func parseDocument(data []byte) *document {
	d := &document{seen: map[string]int{}, lists: map[string]int{}, lines: []int{0}}
	for i, b := range data {
		if b == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	start := regexp.MustCompile(`(?m)^[ \t]*(\[|[A-Za-z0-9_."'-]+[ \t]*=)`)
	for from := 0; from < len(data) && len(d.issues) < tooMany; {
		stopped, ok := d.parse(data, from)
		if ok {
			break
		}
		next := d.line(stopped) // lines count from 1: this is the index of the next one
		if next >= len(d.lines) {
			break
		}
		found := start.FindIndex(data[d.lines[next]:])
		if found == nil {
			break
		}
		from = d.lines[next] + found[0]
	}
	return d
}

// parse reads from an offset to the end or to a mistake, and says where that is.
func (d *document) parse(data []byte, from int) (stopped int, ok bool) {
	var p unstable.Parser
	chunk := slices.Clip(data[from:])
	p.Reset(chunk)
	for p.NextExpression() {
		d.expression(p.Expression(), from)
	}
	err := p.Error()
	if err == nil {
		return len(data), true
	}
	stopped = len(data)
	var mistake *unstable.ParserError
	if errors.As(err, &mistake) {
		if off := cap(chunk) - cap(mistake.Highlight); mistake.Highlight != nil && off >= 0 && off <= len(chunk) {
			stopped = from + off
		}
	}
	d.broken = true
	if strings.HasPrefix(strings.TrimSpace(string(data[d.lines[d.line(stopped)-1]:stopped])), "[") {
		d.skip = true // whose settings follow is not known
	}
	hint := ""
	if strings.Contains(err.Error(), "start of value") {
		hint = "texts stand in quotation marks"
	}
	what := "this is not TOML: " + err.Error()
	if odd := misprint(letterAt(data, stopped)); odd != "" {
		what, hint = odd, ""
	}
	d.say(d.line(stopped), "", what, hint)
	return stopped, false
}

// line is the line of an offset, from 1.
func (d *document) line(offset int) int {
	return sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > offset })
}

func (d *document) say(line int, path, what, hint string) {
	d.issues = append(d.issues, Issue{Line: line, Path: path, What: what, Hint: hint})
}

func (d *document) expression(n *unstable.Node, from int) {
	keys, line := d.key(n, from)
	switch n.Kind {
	case unstable.Table:
		d.within, d.skip = keys, false
		d.table(keys, line)
	case unstable.ArrayTable:
		if dotted(keys) == commandTable {
			d.lists[commandTable]++
			d.within, d.skip = []string{commandTable, strconv.Itoa(d.lists[commandTable])}, false
			d.table(d.within, line)
			return
		}
		d.within, d.skip = keys, true
		d.say(line, dotted(keys), "a list of tables [[…]] is used nowhere here", "write [ ] once")
	case unstable.KeyValue:
		if !d.skip {
			d.add(slices.Concat(d.within, keys), line, n.Value(), from)
		}
	}
}

func (d *document) key(n *unstable.Node, from int) (keys []string, line int) {
	for it := n.Key(); it.Next(); {
		if line == 0 {
			line = d.line(from + int(it.Node().Raw.Offset))
		}
		keys = append(keys, string(it.Node().Data))
	}
	return keys, line
}

func (d *document) table(path []string, line int) {
	if d.once("["+dotted(path)+"]", path, line) {
		d.tables = append(d.tables, entry{path: path, line: line})
	}
}

// once records where a path was written and complains about the second time.
func (d *document) once(key string, path []string, line int) bool {
	if first, twice := d.seen[key]; twice {
		d.say(line, dotted(path), "is written twice", "first on line "+strconv.Itoa(first))
		return false
	}
	d.seen[key] = line
	return true
}

func (d *document) add(path []string, line int, n *unstable.Node, from int) {
	if n.Kind == unstable.InlineTable {
		d.table(path, line)
		for it := n.Children(); it.Next(); {
			keys, at := d.key(it.Node(), from)
			d.add(slices.Concat(path, keys), at, it.Node().Value(), from)
		}
		return
	}
	if d.once(dotted(path), path, line) {
		d.entries = append(d.entries, entry{path: path, line: line, value: valueOf(n)})
	}
}

func valueOf(n *unstable.Node) value {
	v := value{kind: n.Kind, text: string(n.Data)}
	if n.Kind == unstable.Array {
		for it := n.Children(); it.Next(); {
			v.list = append(v.list, valueOf(it.Node()))
		}
	}
	return v
}

// dotted is a path as TOML writes it, quoted where it has to be.
func dotted(path []string) string {
	parts := make([]string, len(path))
	for i, p := range path {
		if parts[i] = p; p == "" || strings.ContainsFunc(p, notBare) {
			parts[i] = strconv.Quote(p)
		}
	}
	return strings.Join(parts, ".")
}

func notBare(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
}
