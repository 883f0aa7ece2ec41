package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/ui/text"
	"korescope/views"
)

// A line after ":" is read by the declaration of the command it names: its
// words, flags, values and complaints are those of the command line. What is
// shorter there than in a shell (a length of time, a filter) is turned into the
// flags it stands for.

// typedWord is one word of a line.
type typedWord struct {
	raw  string // as it was typed, quotation marks and all
	word string // as a shell would hand it over
}

// bare reports a word that does not begin with a quotation mark: one that does is
// never a flag.
func (t typedWord) bare() bool { return t.raw != "" && t.raw[0] != '"' && t.raw[0] != '\'' }

// tokens splits a line at blanks outside quotation marks. A mark that is not
// closed is a character as any other; open says that there is one.
func tokens(line string) (out []typedWord, open bool) {
	for at := 0; at < len(line); {
		if line[at] == ' ' || line[at] == '\t' {
			at++
			continue
		}
		from := at
		var word strings.Builder
		for at < len(line) && line[at] != ' ' && line[at] != '\t' {
			quote := line[at]
			end := -1
			if quote == '"' || quote == '\'' {
				end = strings.IndexByte(line[at+1:], quote)
				open = open || end < 0
			}
			if end < 0 {
				word.WriteByte(quote)
				at++
				continue
			}
			word.WriteString(line[at+1 : at+1+end])
			at += end + 2
		}
		out = append(out, typedWord{raw: line[from:at], word: word.String()})
	}
	return out, open
}

// typedLine is a line after ":" as it was understood.
type typedLine struct {
	p       *program // of this line alone: the flags of its command are set in it
	command *cobra.Command
	place   place
	args    []string
}

// begun finds the command of a line and the words that follow it; open when a
// quotation mark is, known when the first word is a command.
func (d *desk) begun(line string, s Streams) (t typedLine, rest []typedWord, open, known bool, err error) {
	words, open := tokens(line)
	if len(words) == 0 {
		return t, nil, open, false, nil
	}
	// A tree to parse into is dear, and most of what the shell asks for by name is
	// no command: a key's help alone asks for all of them.
	if _, declared := d.commands(); child(declared, words[0].word) == nil {
		return t, nil, open, false, nil
	}
	p := d.inside(s)
	c, rest, err := p.below(child(p.root(), words[0].word), words[1:])
	if err != nil {
		return t, nil, open, true, err
	}
	return typedLine{p: p, command: c, place: p.placeOf(c)}, rest, open, true, nil
}

// read finds the command of a line and sets its flags; false when the first word
// is no command.
func (d *desk) read(line string, s Streams) (t typedLine, known bool, err error) {
	t, words, open, known, err := d.begun(line, s)
	if err != nil || !known {
		return t, known, err
	}
	c := t.command
	if open && !t.place.text {
		return t, true, views.Usage("a quotation mark is not closed")
	}
	flags, said := t.split(words)
	if err := c.ParseFlags(flags); err != nil {
		return t, true, flagError(c, err)
	}
	if err := t.check(); err != nil || t.asksHelp() {
		return t, true, err
	}
	if t.place.closed != "" {
		return t, true, views.Usage(t.place.closed)
	}
	if t.place.words != nil {
		if said, err = t.place.words(d, c, said); err != nil {
			return t, true, err
		}
	}
	for _, s := range said {
		t.args = append(t.args, s.word)
	}
	if err := c.ValidateArgs(t.args); err != nil && !t.place.alone(t.args) {
		return t, true, err
	}
	return t, true, nil
}

// fill puts what is in view into a line that names nothing and acts on
// conversations; any other line stays as it is.
func (d *desk) fill(line string, about []string) string {
	if len(about) == 0 {
		return line
	}
	t, words, open, known, err := d.begun(line, Streams{})
	if err != nil || !known || open {
		return line
	}
	c := t.command
	flags, said := t.split(words)
	if !t.place.about || c.ParseFlags(flags) != nil || t.asksHelp() {
		return line
	}
	if t.place.words != nil {
		if said, err = t.place.words(d, c, said); err != nil {
			return line
		}
	}
	if len(said) > 0 || slices.ContainsFunc(t.place.unless, c.Flags().Changed) {
		return line
	}
	full := line
	for _, one := range about {
		if one == "" || one[0] == '-' || strings.ContainsAny(one, " \t'\"") {
			return line
		}
		full += " " + one
	}
	return full
}

// below goes on to the command below that the words name, or to the one that is
// meant when they name none.
func (p *program) below(c *cobra.Command, words []typedWord) (*cobra.Command, []typedWord, error) {
	for c.HasSubCommands() {
		pl := p.placeOf(c)
		first := ""
		if len(words) > 0 && words[0].bare() {
			first = words[0].word
		}
		sub := child(c, first)
		_, length := views.ParseSince(first)
		switch {
		case sub != nil:
			c, words = sub, words[1:]
			continue
		case pl.sub != "" && (first == "" || first[0] == '-' || length == nil):
			return child(c, pl.sub), words, nil
		case !pl.self && first != "" && first[0] != '-':
			return c, words, unknownCommand(c, first)
		}
		return c, words, nil
	}
	return c, words, nil
}

// child is the command below of that name, also one that is not listed.
func child(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if name != "" && sub.Name() == name {
			return sub
		}
	}
	return nil
}

// split tells flags from the other words. Where the words are a filter or a text,
// one dash begins a flag only when it is one: a filter may begin with a dash.
func (t *typedLine) split(words []typedWord) (flags []string, said []typedWord) {
	f := t.command.Flags()
	t.command.InheritedFlags() // joins the flags of every command to these
	for i := 0; i < len(words); i++ {
		w := words[i]
		name, joined := flagName(w)
		if w.bare() && w.word == "--" {
			return flags, append(said, words[i+1:]...)
		}
		flag := f.Lookup(name)
		if short := strings.TrimPrefix(w.word, "-"); name == "" && w.bare() && len(short) > 0 && short != w.word {
			flag = f.ShorthandLookup(short[:1])
			if t.place.text && (flag == nil || len(short) > 1 && short[1] != '=') {
				said = append(said, w)
				continue
			}
			name, joined = short, len(short) > 1
		}
		if name == "" {
			said = append(said, w)
			continue
		}
		flags = append(flags, w.word)
		if flag != nil && !joined && flag.NoOptDefVal == "" && i+1 < len(words) {
			i++
			flags = append(flags, words[i].word)
		}
	}
	return flags, said
}

// flagName is the name of a long flag and whether its value is joined to it; ""
// for other words.
func flagName(w typedWord) (name string, joined bool) {
	if !w.bare() || !strings.HasPrefix(w.word, "--") {
		return "", false
	}
	name, _, joined = strings.Cut(w.word[2:], "=")
	return name, joined
}

// check finds what the command line would refuse before the command begins, and
// what means another dashboard.
func (t *typedLine) check() error {
	if err := emptyFlag(t.command); err != nil {
		return err
	}
	all := t.command.InheritedFlags()
	for _, name := range []string{"profile", "host", "bot", "config", "no-cache"} {
		if f := all.Lookup(name); f != nil && f.Changed {
			return views.Usage(text.Format("--%s is settled when the dashboard begins; :profile NAME works with another profile", name).String())
		}
	}
	// What the dashboard was started with gives way to what is said now.
	changed := func(name string) bool { f := all.Lookup(name); return f != nil && f.Changed }
	g := &t.p.flags
	g.noMask = g.noMask && (changed("no-mask") || !changed("mask"))
	g.mask = g.mask && (changed("mask") || !changed("no-mask"))
	g.offline = g.offline && (changed("offline") || !changed("fresh"))
	g.fresh = g.fresh && (changed("fresh") || !changed("offline"))
	return g.check()
}

func (t *typedLine) asksHelp() bool {
	f := t.command.Flags().Lookup("help")
	return f != nil && f.Changed
}

// beside are the flags that were given and that the screen does not heed.
func (t *typedLine) beside() []string {
	var out []string
	t.command.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(t.place.takes, f.Name) {
			out = append(out, f.Name)
		}
	})
	return out
}
