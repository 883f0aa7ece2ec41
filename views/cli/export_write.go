package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// The files of a case file. The manifest is the last one: a folder without it is
// not whole.
const (
	timelineFile = "timeline.md"
	sessionsFile = "sessions.json"
	messagesFile = "messages.json"
	callsFile    = "llm.json"
	linesFile    = "debug.json"
	metricsFile  = "metrics.json"
	requestsFile = "requests.json"
	manifestFile = "manifest.json"
)

func (c *caseFile) write(ctx context.Context, to string) error {
	folder, err := openCase(to)
	if err != nil {
		return err
	}
	c.p.talk.progress(text.Lit("writing"))
	if err := c.fill(ctx, folder); err != nil {
		folder.abandon()
		return err
	}
	return folder.close()
}

func (c *caseFile) fill(ctx context.Context, folder *caseFolder) error {
	for _, f := range c.parts(ctx) {
		if err := folder.create(f.name, f.what, f.write); err != nil {
			return err
		}
	}
	c.countGone()
	return folder.create(manifestFile, "", func(w io.Writer) error { return c.writeManifest(w, folder.files) })
}

// casePart is one file of the folder.
type casePart struct {
	name, what string
	write      func(io.Writer) error
}

// parts are the files of the format that was asked for.
func (c *caseFile) parts(ctx context.Context) []casePart {
	if d := c.document(c.format); d != nil {
		return []casePart{{d.name, d.what, func(w io.Writer) error { return d.write(ctx, w) }}}
	}
	parts := []casePart{
		{timelineFile, "what happened, to read", c.timeline},
		{sessionsFile, "sessions, newest first", func(w io.Writer) error {
			return recordsTo(ctx, w, views.SessionFields(), c.mask, newestFirst(c.sessions), same)
		}},
		{messagesFile, "messages, session after session, oldest first", func(w io.Writer) error {
			return recordsTo(ctx, w, views.MessageFields(), c.mask, c.allMessages(), same)
		}},
		{callsFile, "LLM calls with payloads, newest first", func(w io.Writer) error {
			return recordsTo(ctx, w, views.LLMFields(), c.mask, c.calls, c.whole)
		}},
		{requestsFile, "requests made for this, without their content", func(w io.Writer) error {
			return c.writeRequests(ctx, w)
		}},
	}
	if len(c.lines) > 0 {
		parts = append(parts, casePart{linesFile, "debug lines, session after session, oldest first", func(w io.Writer) error {
			return recordsTo(ctx, w, caseLineFields(), c.mask, c.lines, same)
		}})
	}
	if len(c.rows) > 0 {
		parts = append(parts, casePart{metricsFile, "the platform's own metrics", func(w io.Writer) error {
			return recordsTo(ctx, w, views.MetricFields(), c.mask, c.rows, same)
		}})
	}
	return parts
}

// caseLineFields are debug lines with the session they belong to.
func caseLineFields() []views.Field[api.DebugLine] {
	of := views.WholeIDField("sessionId", views.Layout{}, func(l api.DebugLine) api.SessionID { return l.Session })
	return append([]views.Field[api.DebugLine]{of}, views.DebugFields()...)
}

// countGone says what is missing because the payloads of calls are.
func (c *caseFile) countGone() {
	if c.without > 0 {
		c.e.partial = true
		c.e.notes = append(c.e.notes, text.Format("%d payloads are not in the cache any more", c.without).String())
		c.without = 0
	}
}

// print writes the one document to stdout, whole or not at all.
func (c *caseFile) print(ctx context.Context) error {
	var b bytes.Buffer
	if err := c.document(c.format).write(ctx, &b); err != nil {
		return err
	}
	c.countGone()
	_, err := c.p.streams.Out.Write(b.Bytes())
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return views.ErrPipeClosed
	}
	return err
}

func same[T any](_ context.Context, v T) (T, error) { return v, nil }

// recordsTo writes an array of records as `-o json` prints them. Rows are
// completed one by one, so that only one payload is held at a time.
func recordsTo[T any](ctx context.Context, w io.Writer, fields []views.Field[T], mask *views.Masker, rows []T,
	complete func(context.Context, T) (T, error),
) error {
	out, err := output.New(w, fields, output.Options{Format: output.JSON, Env: views.Env{Mask: mask}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row, err = complete(ctx, row); err != nil {
			return err
		}
		if err := out.Write(ctx, row); err != nil {
			return err
		}
	}
	return out.Close(ctx)
}

func (c *caseFile) allMessages() []api.Message {
	out := make([]api.Message, 0, c.said)
	for _, s := range c.sessions {
		out = append(out, c.messages[s.ID]...)
	}
	return out
}

// timeline is the document to read. Times are UTC: whoever gets it may be
// anywhere.
func (c *caseFile) timeline(w io.Writer) error {
	lines := []text.Safe{
		text.Format("Bot %s at %s.", string(c.bot()), c.d.profile.Host),
		text.Format("Written %s by korescope; all times are UTC.", views.Stamp(c.p.clock())),
		text.Lit("Personal data is masked; names of people in free text cannot be found and stay."),
	}
	if c.mask == nil {
		lines[2] = text.Lit("NOT masked: this holds personal data as the platform sent it.")
	}
	if c.e.err != nil || c.e.partial || len(c.e.unknown) > 0 {
		lines = append(lines, text.Lit("Not complete: the manifest says what is missing."))
	}
	if _, err := io.WriteString(w, "# Case file\n\n"); err != nil {
		return err
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(w, "%s  \n", views.Markdown(l)); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	script := views.Script{Env: views.Env{Plain: true, Now: c.p.clock(), Mask: c.mask}, Markdown: true, Facts: true}
	for _, s := range c.sessions {
		t := views.WeaveLines(s, c.messages[s.ID], c.callsOf(s.ID), c.linesOf(s.ID), views.AllLayers)
		t.Why = c.verdict(s)
		if err := script.Write(w, t); err != nil {
			return err
		}
	}
	return nil
}

func mapped[T any](rows []T, of func(T) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// object writes one value as JSON to read, with nothing in it that a terminal
// obeys.
func object(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(output.Escape(nil, b.Bytes()))
	return err
}
