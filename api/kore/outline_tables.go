package kore

import (
	"encoding/json"
	"slices"
	"strings"
)

// row is one row of a table, however it is wrapped.
func (o *outline) row(raw json.RawMessage, depth int) {
	r, ok := readRow(raw)
	if !ok {
		o.cells(raw)
		return
	}
	for _, key := range []string{"Values", "cells", "columns", "row", "data"} {
		if v, ok := r.find(key); ok && looksJSON(v) {
			o.cells(v)
			delete(r, key)
			for _, p := range o.parts(r) {
				if plainName(p.key) != plainName(key) {
					o.part(p, depth)
				}
			}
			return
		}
	}
	o.entry(raw, "- ", depth)
}

// mini is one table of a mini table: its head, then its rows.
func (o *outline) mini(raw json.RawMessage, depth int) {
	r, ok := readRow(raw)
	if !ok {
		o.cells(raw)
		return
	}
	for _, p := range o.parts(r) {
		if p.role == roleWords {
			for _, w := range o.words(p.raw, depth) {
				o.line(w)
			}
			continue
		}
		o.part(p, depth+1)
	}
}

// cells is one line of a table.
func (o *outline) cells(raw json.RawMessage) {
	if cells := cellTexts(raw); len(cells) > 0 {
		o.line(strings.Join(cells, " | "))
	}
}

// series is one row of values of a chart, under the names along its axis.
func (o *outline) series(raw json.RawMessage, depth int) {
	r, ok := readRow(raw)
	if !ok {
		o.list(raw, "- ", depth)
		return
	}
	values, _ := r.find("displayValues", "displayValue")
	if nothing(values) {
		values, _ = r.find("values", "data", "value")
	}
	title := r.text("title", "label", "name")
	shown := strings.Join(cellTexts(values), ", ")
	switch {
	case title != "" && shown != "":
		o.line(title + ": " + shown)
	case title+shown != "":
		o.line(title + shown)
	}
	for _, p := range o.parts(r) {
		switch plainName(p.key) {
		case "title", "label", "name", "displayvalues", "displayvalue", "values", "data", "value":
		default:
			if p.role == roleWords {
				p.role = roleEntries
			}
			o.part(p, depth)
		}
	}
}

// tabs are lists under names; the name of a tab is seen.
func (o *outline) tabs(raw json.RawMessage, depth int) {
	r, ok := readRow(raw)
	if !ok {
		o.list(raw, "- ", depth)
		return
	}
	names := make([]string, 0, len(r))
	for name := range r {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if nothing(r[name]) {
			continue
		}
		o.line(name + ":")
		o.list(r[name], "- ", depth+1)
	}
}

// cellTexts are the cells of a line. A cell may be a value, [value, alignment],
// or an object that wraps its words.
func cellTexts(raw json.RawMessage) []string {
	var out []string
	for _, one := range oneOrMore(raw) {
		if s := cellText(one, 0); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func cellText(raw json.RawMessage, depth int) string {
	if s := textOf(raw); s != "" || depth > outlineDepth {
		return s
	}
	if r, ok := readRow(raw); ok {
		if s := firstWords(r, "title", "text", "label", "name", "header", "displayValue", "value"); s != "" {
			return s
		}
		for _, key := range []string{"items", "cells", "contents", "value"} {
			if v, ok := r.find(key); ok && looksJSON(v) {
				return strings.Join(cellTexts(v), " ")
			}
		}
		return ""
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var words []string
	for i, one := range list {
		if s := cellText(one, depth+1); s != "" && (i == 0 || !alignment(s)) {
			words = append(words, s)
		}
	}
	return strings.Join(words, " ")
}

func alignment(s string) bool {
	switch strings.ToLower(s) {
	case "left", "right", "center", "centre", "justify":
		return true
	}
	return false
}
