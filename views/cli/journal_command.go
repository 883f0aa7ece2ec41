package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

func (p *program) journalCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "journal",
		Short: "What was written to the platform, shown unmasked and exported; calls whose end nobody saw",
		Long: `Every call that changed something, newest first, with its answer. A call without
an answer is open: the program ended before it came, and whether it was done is
for the console to say. What was exported, and what was shown although a mask is
on, stands there too. Nothing is asked of the platform.`,
		Example: `  korescope journal
  korescope journal --jq '.[] | select(.answer == null)'
  korescope journal verify`,
		Args: onlyCommands,
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.journal(ctx, o) })
		},
	}
	o.register(c, views.Names(deedFields()))
	var checked rowFlags
	verify := &cobra.Command{
		Use: "verify", Short: "Look whether a line of the journal was changed, taken out or put in", Args: words(0, 0, ""),
		Long: `Every line carries the sum of the line before it. Leaves with 1 where the chain
is broken. Lines that were cut off at the end leave no trace in the file.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.journalVerify(ctx, checked) })
		},
	}
	checked.register(verify, views.Names(chainFields()))
	c.AddCommand(p.leads(verify, place{}))
	return p.leads(c, place{self: true, route: func(*desk, []string) (ui.Route, error) { return views.JournalRoute{}, nil }})
}

// deed is a call with its answer.
type deed struct {
	entry
	ended string // when the answer came; "" for an open one
}

// deeds puts the two lines of every call together, newest first.
func deeds(lines []entry) []deed {
	var out []deed
	at := map[string]int{}
	for _, e := range lines {
		i, begun := at[e.RequestID]
		if !begun || e.Answer == nil {
			at[e.RequestID] = len(out)
			out = append(out, deed{entry: e})
			i = len(out) - 1
		}
		if e.Answer != nil {
			out[i].Answer, out[i].ended = e.Answer, e.When
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func deedFields() []views.Field[deed] {
	field := func(name string, title text.Safe, least, at80 int, of func(deed) string) views.Field[deed] {
		return views.WordField(name, views.Layout{Title: title, Min: least, At80: at80, At140: at80}, of)
	}
	return []views.Field[deed]{
		field("when", text.Lit("WHEN"), 24, 1, func(d deed) string { return d.When }),
		field("call", text.Lit("CALL"), 10, 2, func(d deed) string { return d.Call }),
		field("target", text.Lit("TARGET"), 10, 3, func(d deed) string { return d.Target }),
		field("answer", text.Lit("ANSWER"), 8, 4, func(d deed) string {
			if d.Answer == nil {
				return ""
			}
			return *d.Answer
		}),
		field("answeredAt", text.Lit("ANSWERED"), 24, 0, func(d deed) string { return d.ended }),
		field("profile", text.Lit("PROFILE"), 7, 5, func(d deed) string { return d.Profile }),
		field("host", text.Lit("HOST"), 10, 0, func(d deed) string { return d.Host }),
		field("bot", text.Lit("BOT"), 10, 0, func(d deed) string { return d.Bot }),
		field("requestId", text.Lit("REQUEST"), 16, 0, func(d deed) string { return d.RequestID }),
	}
}

func (p *program) journalFile(ctx context.Context) (string, error) {
	set, err := p.settings(ctx, true)
	if err != nil {
		return "", err
	}
	if set.dirs.State == "" {
		return "", views.Usage("there is no state folder: neither HOME nor XDG_STATE_HOME is set")
	}
	return filepath.Join(set.dirs.State, journalName), nil
}

func (p *program) journal(ctx context.Context, o rowFlags) error {
	path, err := p.journalFile(ctx)
	if err != nil {
		return err
	}
	page, err := p.page(o, nil)
	if err != nil {
		return err
	}
	lines, broken, err := readJournal(path)
	if err != nil {
		return err
	}
	all, open := deeds(lines), 0
	for _, d := range all {
		if d.Answer == nil {
			open++
		}
	}
	if o.limit > 0 && len(all) > o.limit {
		all = all[:o.limit]
	}
	w, err := output.New(p.streams.Out, deedFields(), page)
	if err != nil {
		return err
	}
	if err := w.Write(ctx, all...); err != nil {
		return err
	}
	if err := w.Close(ctx); err != nil {
		return err
	}
	if open > 0 {
		p.talk.say(text.Format("%d without an answer: whether they were done is not known here; look in the console", open))
	}
	if len(broken) > 0 {
		p.talk.say(text.Lit("the journal was changed by somebody else; korescope journal verify names the lines"))
	}
	return nil
}

// chain is the record of `journal verify`: one that holds together.
type chain struct {
	path  string
	lines int
}

func chainFields() []views.Field[chain] {
	return []views.Field[chain]{
		views.OwnField("path", views.Layout{Title: text.Lit("PATH"), Min: 20, At80: 1, At140: 1}, func(c chain) string { return c.path }),
		views.CountField("lines", views.Layout{Title: text.Lit("LINES"), Min: 5, At80: 2, At140: 2},
			func(c chain) api.Maybe[int] { return api.Known(c.lines) }),
	}
}

func (p *program) journalVerify(ctx context.Context, f rowFlags) error {
	path, err := p.journalFile(ctx)
	if err != nil {
		return err
	}
	lines, broken, err := readJournal(path)
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		words := make([]string, len(broken))
		for i, n := range broken {
			words[i] = strconv.Itoa(n)
		}
		return fmt.Errorf("%s does not hold together at line %s: a line before or there was changed, taken out or put in", path, strings.Join(words, ", "))
	}
	return printOne(ctx, p, f, chainFields(), chain{path, len(lines)}, func() error {
		_, err := fmt.Fprintf(p.streams.Out, "ok: %d lines of %s follow from each other\n", len(lines), text.Clean(path))
		return err
	})
}
