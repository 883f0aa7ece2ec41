package kore

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

const (
	outlineLines = 400 // of one message; what follows is counted
	outlineDepth = 24
)

// outline reads one template: what is said, then its lists, then its choices.
// Everything the one who looks at it would see is either a line, an option or
// counted in more.
type outline struct {
	f    *fold
	kind templateKind
}

type outlinePart struct {
	key  string
	role role
	rank int
	raw  json.RawMessage
}

// parts are the keys of an object in the order in which they are told.
func (o *outline) parts(r row) []outlinePart {
	order := wordKeys()
	out := make([]outlinePart, 0, len(r))
	_, shown := r.find("displayValue")
	typed := strings.HasPrefix(r.text("type"), "Input.")
	for key, raw := range r {
		p := outlinePart{key: key, role: o.kind.roleOf(key), raw: raw}
		// The value of a field is what it is preset to, and the value behind a
		// displayed one is not seen.
		if nothing(raw) || (shown || typed) && plainName(key) == "value" {
			continue
		}
		switch p.role {
		case roleWords:
			p.rank = slices.Index(order, plainName(key))
		case roleChoices: // what sends a choice stands below the choices
			if strings.HasSuffix(plainName(key), "buttons") || plainName(key) == "actions" {
				p.rank = 1
			}
		case roleFact:
			if strings.HasPrefix(plainName(key), "end") || strings.HasPrefix(plainName(key), "max") {
				p.rank = 1
			}
		case roleUnknown, roleHidden, rolePicture, roleEntries, roleBlocks, roleColumns, roleRows, roleMiniRows, roleAxis, roleSeries, roleTabs:
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b outlinePart) int {
		return cmp.Or(cmp.Compare(a.role.stage(), b.role.stage()), cmp.Compare(a.rank, b.rank), cmp.Compare(a.key, b.key))
	})
	return out
}

// stage is when a part is told: words, pictures, facts, lists, choices.
func (r role) stage() int {
	switch r {
	case roleHidden, roleWords, rolePicture:
		return 0
	case roleFact, roleAxis, roleColumns:
		return 1
	case roleChoices:
		return 3
	case roleUnknown:
		return 4
	case roleEntries, roleBlocks, roleRows, roleMiniRows, roleSeries, roleTabs:
	}
	return 2
}

// object tells an object whose words are lines of their own.
func (o *outline) object(r row, depth int) {
	for _, p := range o.parts(r) {
		if p.role == roleWords {
			for _, w := range o.words(p.raw, depth) {
				o.f.words(w)
			}
			continue
		}
		o.part(p, depth)
	}
}

// entry tells one element of a list: its words on one line, then what it holds.
func (o *outline) entry(raw json.RawMessage, bullet string, depth int) {
	r, ok := readRow(raw)
	if !ok {
		for _, one := range oneOrMore(raw) {
			if s := textOf(one); s != "" {
				o.line(bullet + s)
			} else if looksJSON(one) {
				o.entry(one, bullet, depth+1)
			}
		}
		return
	}
	if pressed(r.text("type")) {
		o.choice(raw)
		return
	}
	if o.picture(r) {
		return
	}
	if in, card := r.sub("content"), r.text("contentType"); in != nil && card != "" {
		(&outline{f: o.f, kind: kindNamed(card[strings.LastIndexByte(card, '.')+1:])}).object(in, depth+1)
		return
	}
	if strings.EqualFold(r.text("type"), adaptiveCard) {
		(&outline{f: o.f, kind: kindNamed(adaptiveCard)}).object(r, depth+1)
		return
	}
	parts := o.parts(r)
	var line []string
	for _, p := range parts {
		if p.role == roleWords {
			line = append(line, o.words(p.raw, depth+1)...)
		}
	}
	if line = slices.Compact(line); len(line) > 0 {
		o.line(bullet + strings.Join(line, ": "))
	}
	for _, p := range parts {
		if p.role != roleWords {
			o.part(p, depth+1)
		}
	}
}

// whole tells a template. One of which nothing can be told keeps what it shows a
// step deeper, or in a place that nobody knows: then that is counted.
func (o *outline) whole(payload row) {
	size := func() int { return len(o.f.lines) + len(o.f.options) + o.f.more }
	before := size()
	silent := func() bool { return size() == before }
	o.object(payload, 0)
	if in := payload.sub("payload"); in != nil && silent() {
		o.object(in, 1)
	}
	told := func(key string) bool { return plainName(key) != "templatetype" && !nothing(payload[key]) }
	if silent() && slices.ContainsFunc(slices.Collect(maps.Keys(payload)), told) {
		o.f.more++
	}
}

// part tells everything that is no words.
func (o *outline) part(p outlinePart, depth int) {
	if depth > outlineDepth {
		o.f.more++
		return
	}
	switch p.role {
	case roleHidden, roleWords:
	case rolePicture:
		o.pictures(p.raw)
	case roleEntries:
		o.list(p.raw, "- ", depth)
	case roleBlocks:
		o.list(p.raw, "", depth)
	case roleChoices:
		o.choices(p.raw, depth)
	case roleColumns:
		o.cells(p.raw)
	case roleRows:
		for _, one := range oneOrMore(p.raw) {
			o.row(one, depth)
		}
	case roleMiniRows:
		for _, one := range oneOrMore(p.raw) {
			o.mini(one, depth)
		}
	case roleAxis:
		o.line(strings.Join(cellTexts(p.raw), ", "))
	case roleSeries:
		for _, one := range oneOrMore(p.raw) {
			o.series(one, depth)
		}
	case roleTabs:
		o.tabs(p.raw, depth)
	case roleFact:
		if s := strings.Join(cellTexts(p.raw), ", "); s != "" {
			o.line(p.key + ": " + s)
		}
	case roleUnknown:
		o.unknown(p.raw, depth)
	}
}

func (o *outline) line(s string) {
	if len(o.f.lines) >= outlineLines {
		o.f.more++
		return
	}
	o.f.words(s)
}

// words are the texts in a value: itself, or those of an object that wraps one.
func (o *outline) words(raw json.RawMessage, depth int) []string {
	if s := textOf(raw); s != "" {
		if inner, ok := readRow(json.RawMessage(strings.TrimSpace(s))); ok && len(s) <= maxInner && !tooDeep([]byte(s)) {
			return o.wrapped(inner, depth)
		}
		return []string{s}
	}
	if r, ok := readRow(raw); ok {
		return o.wrapped(r, depth)
	}
	var out []string
	for _, one := range oneOrMore(raw) {
		if textOf(one) != "" || depth < outlineDepth {
			out = append(out, o.words(one, depth+1)...)
		}
	}
	return out
}

// wrapped are the words of an object in place of a text, such as {"type":
// "plain_text", "text": "Pier 2"}; whatever else it holds follows the line.
func (o *outline) wrapped(r row, depth int) []string {
	if depth > outlineDepth {
		o.f.more++
		return nil
	}
	if o.picture(r) {
		return nil
	}
	var out []string
	for _, p := range o.parts(r) {
		if p.role == roleWords {
			out = append(out, o.words(p.raw, depth+1)...)
			continue
		}
		o.part(p, depth+1)
	}
	return out
}

func (o *outline) list(raw json.RawMessage, bullet string, depth int) {
	for _, one := range oneOrMore(raw) {
		o.entry(one, bullet, depth)
	}
}

// unknown looks into what no table names; a value in it that may be seen counts
// as a part that is not shown.
func (o *outline) unknown(raw json.RawMessage, depth int) {
	if looksJSON(raw) {
		for _, one := range oneOrMore(raw) {
			switch _, isRow := readRow(one); {
			case isRow:
				o.entry(one, "", depth+1)
			case looksJSON(one):
				o.unknown(one, depth+1)
			case seen(textOf(one)):
				o.f.more++
			}
		}
		return
	}
	if seen(textOf(raw)) {
		o.f.more++
	}
}

// seen reports a value that may stand on the customer's screen, unlike a switch
// or a colour.
func seen(s string) bool {
	switch strings.ToLower(s) {
	case "", "true", "false":
		return false
	}
	return !strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "rgb")
}

// picture reports an object that is an image or a recording, and counts it; a
// caption is told.
func (o *outline) picture(r row) bool {
	switch plainName(r.text("type")) {
	case "image", "video", "audio", "media", "imageset", "icon":
	default:
		return false
	}
	o.f.more++
	if s := r.text("altText", "alt_text", "title", "caption"); s != "" {
		o.line(s)
	}
	return true
}

func (o *outline) pictures(raw json.RawMessage) {
	for _, one := range oneOrMore(raw) {
		if r, ok := readRow(one); ok && !o.picture(r) {
			if s := r.text("altText", "alt", "alt_text", "title", "caption"); s != "" {
				o.line(s)
			}
			o.f.more++
		} else if !ok {
			o.f.more++
		}
	}
}

// nothing reports a value that holds nothing.
func nothing(raw json.RawMessage) bool { return len(raw) < 8 && hollow(raw) }
