package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Command is a program of the person's own that the dashboard runs.
type Command struct {
	Name  string   // the word after ":"
	Keys  []string // key sequences; none: it is run by its name alone
	Where []string // scopes of the keymap; none: everywhere
	Run   []string // program first, no shell reads it
	Help  string   // what it does, for the list of keys; may be ""
	Stay  bool     // what it printed is not waited upon when it ends
}

// HandProblem is something wrong with an alias or a command of the person's own.
type HandProblem struct {
	Path []string // the setting to blame
	What string
	Hint string
}

// The tables of what is a person's own. [[commands]] is the one list of tables;
// its members are counted from 1 in what is said about them.
const (
	aliasTable   = "aliases"
	commandTable = "commands"
)

// heading is how a table begins in the file.
func heading(table string) string {
	if table == commandTable {
		return "[[" + table + "]]"
	}
	return "[" + table + "]"
}

// longestWord is how long a word after ":" may be.
const longestWord = 40

// ownWord refuses names that cannot be typed after ":" as one word.
func ownWord(name string) error {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	if name == "" || len(name) > longestWord || strings.Trim(name, allowed) != "" || strings.HasPrefix(name, "-") {
		return fmt.Errorf("%s is no word for after : (small letters, digits, dots and dashes; at most %d)", quote(name), longestWord)
	}
	return nil
}

// alias reads a setting of [aliases].
func (d *draft) alias(e entry) {
	var line string
	if err := errors.Join(ownWord(e.path[1]), text(&line)(e.value)); err != nil {
		d.say(e.line, e.path, firstLine(err.Error()), "")
		return
	}
	d.config.Aliases[e.path[1]] = line
	d.at(e)
}

// newCommand begins the next command of the file; false when the number is not
// that of the next one.
func (d *draft) newCommand(t entry) bool {
	if len(t.path) != 2 || t.path[1] != strconv.Itoa(len(d.config.Commands)+1) {
		return false
	}
	d.config.Commands = append(d.config.Commands, Command{})
	d.lines[dotted(t.path)] = t.line
	return true
}

// commandEntry reads a setting of [[commands]].
func (d *draft) commandEntry(e entry) {
	n, err := strconv.Atoi(e.path[1])
	if len(e.path) != 3 || err != nil || n < 1 || n > len(d.config.Commands) {
		return // the table was named already
	}
	d.set(e, d.commandFields(&d.config.Commands[n-1]), e.path[2])
}

func (d *draft) commandFields(c *Command) []field {
	return []field{
		{"name", func(v value) error {
			if err := text(&c.Name)(v); err != nil {
				return err
			}
			return ownWord(c.Name)
		}},
		{"key", words(&c.Keys)},
		{"where", words(&c.Where)},
		{"run", func(v value) error {
			argv, err := d.program(v)
			if err == nil {
				c.Run = argv
			}
			return err
		}},
		{"help", text(&c.Help)},
		{"stay", func(v value) error {
			if v.kind != unstable.Bool {
				return not("true or false", v)
			}
			c.Stay = v.text == "true"
			return nil
		}},
	}
}

// hands compares what is a person's own with each other and with what the program
// has itself.
func (d *draft) hands() {
	met := map[string]int{}
	for i, c := range d.config.Commands {
		path := []string{commandTable, strconv.Itoa(i + 1)}
		for _, must := range []struct {
			name string
			has  bool
		}{{"name", c.Name != ""}, {"run", len(c.Run) > 0}} {
			if at := append(slices.Clone(path), must.name); !must.has && !d.refused[dotted(at)] {
				d.say(d.lines[dotted(path)], at, "is missing", "")
			}
		}
		if first, twice := met[c.Name]; twice && c.Name != "" {
			at := append(path, "name")
			d.say(d.lines[dotted(at)], at, quote(c.Name)+" is the name of another command", "the one on line "+strconv.Itoa(first))
			continue
		}
		met[c.Name] = d.lines[dotted(path)]
	}
	for _, name := range slices.Sorted(maps.Keys(d.config.Aliases)) {
		if line, taken := met[name]; taken {
			at := []string{aliasTable, name}
			d.say(d.lines[dotted(at)], at, quote(name)+" is the name of a command", "the one on line "+strconv.Itoa(line))
		}
	}
	if d.src.Hands == nil || len(d.config.Aliases)+len(d.config.Commands) == 0 {
		return
	}
	for _, p := range d.src.Hands(d.config) {
		d.say(d.lines[dotted(p.Path)], p.Path, p.What, p.Hint)
	}
}

// handOrigins lists what is a person's own, for `config show`.
func (o *origins) handOrigins(c Config) {
	for _, name := range slices.Sorted(maps.Keys(c.Aliases)) {
		o.plain(dotted([]string{aliasTable, name}), quote(c.Aliases[name]))
	}
	for i, own := range c.Commands {
		at := func(name string) string { return dotted([]string{commandTable, strconv.Itoa(i + 1), name}) }
		o.plain(at("name"), own.Name)
		o.plain(at("key"), quoteList(own.Keys))
		o.plain(at("run"), quoteList(own.Run))
	}
}

// Loose refuses a program that others may change, as [Profile.SecretValue] does:
// it would be run with the rights of whoever presses the key.
func Loose(argv []string) error { return command{argv: argv}.loose() }
