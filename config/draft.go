package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"korescope/spell"
)

// A draft is a configuration in the making: what was understood so far, where
// it was written, and what was not understood.
type draft struct {
	src      Sources
	config   Config
	profiles map[string]*Profile
	from     map[string]string // full name of a setting to "file:line"
	lines    map[string]int    // the same, as a line
	refused  map[string]bool   // settings that were given and not understood: not missing
	issues   Issues
	unknown  map[string]bool // tables already complained about
	garbled  bool            // the file could not be read to its end: what lacks may be in it
}

func newDraft(src Sources) *draft {
	return &draft{src: src, config: defaults(), profiles: map[string]*Profile{}, from: map[string]string{}, lines: map[string]int{}, refused: map[string]bool{}, unknown: map[string]bool{}}
}

func (d *draft) base() string { return filepath.Dir(d.config.File) }

func (d *draft) say(line int, path []string, what, hint string) {
	d.issues = append(d.issues, Issue{File: d.config.File, Line: line, Path: dotted(path), What: what, Hint: hint})
}

// read takes in the text of the file.
func (d *draft) read(data []byte) {
	doc := parseDocument(data)
	d.garbled = doc.broken
	for _, i := range doc.issues {
		i.File = d.config.File
		d.issues = append(d.issues, i)
	}
	for _, t := range doc.tables {
		d.table(t)
	}
	for _, e := range doc.entries {
		d.entry(e)
	}
	d.crossCheck()
}

// table makes the profile a header names and refuses tables that mean nothing.
func (d *draft) table(t entry) {
	_, fixed := d.sections()[t.path[0]]
	switch {
	case t.path[0] == "profiles" && len(t.path) == 2:
		d.profile(t.path[1], t.line)
	case t.path[0] == "profiles" && len(t.path) == 3 && (t.path[2] == adminTable || t.path[2] == teamTable):
		d.profile(t.path[1], t.line)
	case t.path[0] == commandTable && d.newCommand(t):
	case t.path[0] == commandTable: // its settings are passed over, those of the others are not
		d.say(t.line, t.path, "unknown table", d.likeTable(t.path))
	case len(t.path) == 1 && (fixed && t.path[0] != "" || slices.Contains(openSections(), t.path[0])):
	case d.isField(t.path):
		d.say(t.line, t.path, "is a setting, not a table", "write "+t.path[len(t.path)-1]+" = …")
		d.mute(t.path)
	default:
		if d.underUnknown(t.path) {
			return
		}
		d.mute(t.path)
		d.say(t.line, t.path, "unknown table", d.likeTable(t.path))
	}
}

func (d *draft) isField(path []string) bool {
	section, name := "", path[0]
	if len(path) == 2 {
		section, name = path[0], path[1]
	}
	return len(path) <= 2 && slices.Contains(names(d.sections()[section]), name) ||
		len(path) == 3 && path[0] == "profiles" && slices.Contains(names(d.profileFields(&Profile{})), path[2])
}

func (d *draft) likeTable(path []string) string {
	if path[0] == commandTable {
		return "write [[" + commandTable + "]], once for each"
	}
	if slices.Contains(d.tableNames(), path[0]) && len(path) > 1 {
		return "nothing is nested that deep"
	}
	if n := spell.Nearest(path[0], d.tableNames()); n != "" {
		return "did you mean [" + strings.Join(append([]string{n}, quoteAll(path[1:])...), ".") + "]?"
	}
	return "known are " + strings.Join(d.tableNames(), ", ")
}

func quoteAll(path []string) []string {
	if len(path) == 0 {
		return nil
	}
	return []string{dotted(path)}
}

func (d *draft) tableNames() []string {
	out := openSections()
	for name := range d.sections() {
		if name != "" {
			out = append(out, name)
		}
	}
	out = append(out, commandTable)
	slices.Sort(out)
	return out
}

// deepest is the longest path that means something: profiles.NAME.admin.client_id.
const deepest = 4

// mute keeps a table that was complained about from being named once more for
// each setting in it.
func (d *draft) mute(table []string) {
	d.unknown[dotted(table[:min(len(table), deepest)])] = true
}

func (d *draft) underUnknown(path []string) bool {
	for n := 1; n <= min(len(path), deepest); n++ {
		if d.unknown[dotted(path[:n])] {
			return true
		}
	}
	return false
}

// entry finds the setting a line means and reads its value.
func (d *draft) entry(e entry) {
	if d.underUnknown(e.path) {
		return
	}
	section, name := "", e.path[0]
	if len(e.path) > 1 {
		section, name = e.path[0], e.path[1]
	}
	fields, fixed := d.sections()[section]
	switch {
	case len(e.path) == 1 && slices.Contains(d.tableNames(), name):
		d.say(e.line, e.path, "is a table, not a setting", "write "+heading(name)+" and its settings below")
	case section == "profiles" && len(e.path) > 1:
		d.profileEntry(e, name)
	case section == "keys" && len(e.path) == 2:
		d.open(e, d.config.Keys)
	case section == aliasTable && len(e.path) == 2:
		d.alias(e)
	case section == commandTable && len(e.path) > 1:
		d.commandEntry(e)
	case section == "columns" && len(e.path) == 2:
		d.open(e, d.config.Columns)
	case fixed && (len(e.path) == 1 || len(e.path) == 2 && section != ""):
		d.set(e, fields, name)
	default:
		d.unknownEntry(e)
	}
}

// profileEntry is entry for what stands under a profile.
func (d *draft) profileEntry(e entry, name string) {
	switch {
	case len(e.path) == 2:
		d.say(e.line, e.path, "is a table, not a setting", "write ["+dotted(e.path)+"] and its settings below")
	case len(e.path) == 3:
		if p := d.profile(name, e.line); p != nil {
			d.set(e, d.profileFields(p), e.path[2])
		}
	case len(e.path) == 4 && e.path[2] == adminTable:
		if p := d.profile(name, e.line); p != nil {
			d.set(e, d.adminFields(p), e.path[3])
		}
	case len(e.path) == 4 && e.path[2] == teamTable:
		if p := d.profile(name, e.line); p != nil {
			d.set(e, d.teamFields(p), e.path[3])
		}
	default:
		d.unknownEntry(e)
	}
}

// open reads a list under a name that comes from elsewhere.
func (d *draft) open(e entry, to map[string][]string) {
	var list []string
	if err := words(&list)(e.value); err != nil {
		d.say(e.line, e.path, err.Error(), "")
		return
	}
	to[e.path[1]] = list
	d.at(e)
}

func (d *draft) at(e entry) {
	d.lines[dotted(e.path)] = e.line
	d.from[dotted(e.path)] = clean(d.config.File) + ":" + strconv.Itoa(e.line)
}

func (d *draft) set(e entry, fields []field, name string) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		d.unknownEntry(e)
		return
	}
	if err := fields[i].set(e.value); err != nil {
		d.refused[dotted(e.path)] = true
		d.say(e.line, e.path, err.Error(), "")
		return
	}
	d.at(e)
}

func (d *draft) unknownEntry(e entry) {
	if len(e.path) > 1 && !slices.Contains(d.tableNames(), e.path[0]) {
		d.mute(e.path[:1])
		d.say(e.line, e.path, "unknown table", d.likeTable(e.path[:1]))
		return
	}
	hint, here := d.like(e.path)
	if here != "" {
		d.refused[dotted(append(slices.Clone(e.path[:len(e.path)-1]), here))] = true
	}
	d.say(e.line, e.path, "unknown setting", hint)
}

// like names the setting that was probably meant, first in the same table, then
// in the others; here is its name when it is in the same table.
func (d *draft) like(path []string) (hint, here string) {
	name := path[len(path)-1]
	other := otherWords()[strings.ToLower(name)]
	sections := d.sections()
	sections["profiles.NAME"] = d.profileFields(&Profile{})
	sections["["+commandTable+"]"] = d.commandFields(&Command{})
	table := ""
	switch {
	case path[0] == "profiles":
		table = "profiles.NAME"
	case path[0] == commandTable:
		table = "[" + commandTable + "]"
	case len(path) > 1:
		table = path[0]
	}
	known := names(sections[table])
	if slices.Contains(known, other) {
		return meant(other), other
	}
	if n := spell.Nearest(name, known); n != "" {
		return meant(n), n
	}
	for _, s := range slices.Sorted(maps.Keys(sections)) {
		there := names(sections[s])
		for _, try := range []string{name, other, spell.Nearest(name, there)} {
			if slices.Contains(there, try) {
				return try + " belongs " + place(s), ""
			}
		}
	}
	return "known are " + strings.Join(known, ", "), ""
}

func place(section string) string {
	if section == "" {
		return "at the top of the file, before the first table"
	}
	return "in [" + section + "]"
}
