package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/config"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/output"
)

func (p *program) apisCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "apis",
		Short: "List every API that is used: path, scope, limit class, last answer",
		Long: `List every call of the platform that korescope makes: its path, the scope the
app needs for it, how its limit is counted, and how it was answered last. Sends
nothing, and works before anything is configured.`,
		Example: `  korescope apis
  korescope apis -o csv --fields name,scope > scopes.csv`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.apis(ctx, o) })
		},
	}
	o.register(c, views.Names(apiFields(false)))
	return p.leads(c, opens(views.APIsRoute{}))
}

// apiRow is a call and how it went last.
type apiRow struct {
	api.Endpoint
	last api.Observed
}

func (p *program) apis(ctx context.Context, f rowFlags) error {
	set, err := p.settings(ctx, true)
	if err != nil {
		return err
	}
	page, err := p.page(f, nil)
	if err != nil {
		return err
	}
	w, err := output.New(p.streams.Out, apiFields(set.profile.Scope == config.AdminScope), page)
	if err != nil {
		return err
	}
	seen, err := p.lastCalls(ctx, set)
	if err != nil {
		return err
	}
	for i, e := range api.Endpoints() {
		if f.limit > 0 && i >= f.limit {
			break
		}
		if err := w.Write(ctx, apiRow{e, seen[e.Name]}); err != nil {
			return err
		}
	}
	return w.Close(ctx)
}

// lastCalls reads how calls were answered. Without a secret there is no cache to
// read it from.
func (p *program) lastCalls(ctx context.Context, set settled) (map[string]api.Observed, error) {
	if set.profile.Secret.Source == config.NoSource || set.profile.Host == "" || set.profile.ClientID == "" {
		return nil, nil
	}
	d, err := p.open(ctx, set)
	if err != nil {
		return nil, err
	}
	defer d.leave()
	calls, err := d.store.LastCalls(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]api.Observed, len(calls))
	for _, c := range calls {
		out[c.Endpoint] = c
	}
	return out, nil
}

// apiFields is the record of `apis`; an admin credential has other paths and
// other names for scopes.
func apiFields(admin bool) []views.Field[apiRow] {
	word := func(name string, title text.Safe, at80, at140 int, of func(apiRow) string) views.Field[apiRow] {
		return views.OwnField(name, views.Layout{Title: title, Min: 5, At80: at80, At140: at140}, of)
	}
	return []views.Field[apiRow]{
		word("name", text.Lit("NAME"), 1, 1, func(r apiRow) string { return r.Name }),
		word("method", text.Lit("METHOD"), 0, 2, func(r apiRow) string { return r.Method }),
		word("path", text.Lit("PATH"), 0, 3, func(r apiRow) string { return either(admin, r.AdminPath, r.Path) }),
		word("scope", text.Lit("SCOPE"), 2, 4, func(r apiRow) string { return either(admin, r.AdminScope, r.Scope) }),
		word("limitClass", text.Lit("LIMIT"), 3, 5, func(r apiRow) string { return string(r.Limit) }),
		word("effect", text.Lit("EFFECT"), 0, 6, func(r apiRow) string { return string(r.Effect) }),
		word("screen", text.Lit("SCREEN"), 0, 7, func(r apiRow) string { return r.Screen }),
		views.CountField("lastStatus", views.Layout{Title: text.Lit("LAST"), Min: 4, At80: 4, At140: 8}, lastStatus).As(plainStatus),
		views.TimeField("lastAt", views.Layout{Title: text.Lit("AT"), Min: 8, At80: 9, At140: 9}, func(r apiRow) time.Time { return r.last.At }),
	}
}

func lastStatus(r apiRow) api.Maybe[int] {
	return api.Maybe[int]{Value: r.last.Status, Known: r.last.Status != 0}
}

// plainStatus is how a call was answered last; "-" when it never was.
func plainStatus(r apiRow, _ views.Env) views.Cell {
	if r.last.Status == 0 {
		return views.Cell{Text: text.Lit("-"), Token: theme.Dim}
	}
	return views.Cell{Text: text.Int(r.last.Status)}
}

// either is the special word where it applies and is known, else the usual one.
func either(special bool, word, usual string) string {
	if special && word != "" {
		return word
	}
	return usual
}
