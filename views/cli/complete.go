package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/ui"
	"korescope/ui/text"
)

// within gives candidates for what stands behind a command: the commands below
// it, what its place offers, the values of a flag, then its flags.
func (d *desk) within(p *program, c *cobra.Command, before, rest string) []ui.Completion {
	for {
		word, after, more := strings.Cut(rest, " ")
		sub := child(c, word)
		if !more || sub == nil || sub.Hidden {
			break
		}
		c, before, rest = sub, before+word+" ", after
	}
	var out []ui.Completion
	if !strings.Contains(rest, " ") {
		for _, sub := range p.ordered(c) {
			if !sub.Hidden && p.placeOf(sub).closed == "" && strings.HasPrefix(sub.Name(), rest) {
				out = append(out, ui.Completion{Line: before + sub.Name() + " ", What: p.described(sub)})
			}
		}
	}
	pl := p.placeOf(c)
	if pl.sub != "" {
		c = child(c, pl.sub)
	}
	at := strings.LastIndexByte(rest, ' ') + 1
	head, last := rest[:at], rest[at:]
	if values, after := valuesAt(c, head, last); values != nil {
		for _, v := range values {
			if strings.HasPrefix(v, after) {
				out = append(out, ui.Completion{Line: before + rest[:len(rest)-len(after)] + v})
			}
		}
		return out
	}
	if offer := p.placeOf(c).offer; offer != nil && !strings.HasPrefix(last, "--") {
		for _, o := range offer(d, rest) {
			o.Line = before + o.Line
			out = append(out, o)
		}
	}
	if last == "" || strings.HasPrefix(last, "-") {
		out = append(out, flagsOf(c, before+head, last)...)
	}
	return out
}

// valuesAt are the values of the flag that the next word belongs to; nil when it
// belongs to none, or to one of any value. after is what was typed of it.
func valuesAt(c *cobra.Command, head, last string) (values []string, after string) {
	words := strings.Fields(head)
	name, value, joined := strings.Cut(last, "=")
	switch {
	case joined && strings.HasPrefix(name, "--"):
		after = value
	case len(words) > 0:
		name, after = words[len(words)-1], last
	}
	f := c.Flags().Lookup(strings.TrimPrefix(name, "--"))
	if strings.HasPrefix(name, "-") && len(name) == 2 {
		f = c.Flags().ShorthandLookup(name[1:])
	}
	if f == nil || !strings.HasPrefix(name, "-") || f.NoOptDefVal != "" {
		return nil, ""
	}
	return f.Annotations[valuesOf], after
}

// flagsOf are the command's own flags that begin so, without those there are.
func flagsOf(c *cobra.Command, head, typed string) []ui.Completion {
	given := strings.Fields(head)
	var out []ui.Completion
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		line := "--" + f.Name
		if f.Hidden || slices.Contains(given, line) || !strings.HasPrefix(line, typed) || line == typed {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		if f.NoOptDefVal == "" {
			line += " "
		}
		out = append(out, ui.Completion{Line: head + line, What: text.Join("  ", text.Clean(usage), text.Clean(name))})
	})
	return out
}
