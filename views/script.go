package views

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"korescope/api"
	"korescope/ui/text"
)

// Script says how a transcript is written as text.
type Script struct {
	Env Env
	// Width is that of the terminal; 0 wraps nothing.
	Width int
	// Markdown writes a document for a ticket instead of plain lines.
	Markdown bool
	// Facts puts a list of what is known about the session under its title; for
	// Markdown only.
	Facts bool
}

// labelWidth is the speaker's column.
const labelWidth = 5

// Write prints the transcript. For people each row begins with the time since
// the session's start; with Env.Plain with the time in RFC 3339 UTC. Rows that
// have no time of their own have "-".
func (s Script) Write(w io.Writer, t Transcript) error {
	write := s.plain
	if s.Markdown {
		write = s.markdown
	}
	if err := s.title(w, t); err != nil {
		return err
	}
	for _, r := range t.Rows {
		if err := write(w, r); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

func (s Script) title(w io.Writer, t Transcript) error {
	line := s.spelt(text.Join("  ", t.heading(s.Env)...))
	if s.Markdown {
		line = "## " + markdownEscape(line) + "\n"
	}
	if _, err := fmt.Fprintln(w, line); err != nil {
		return err
	}
	if err := s.why(w, t); err != nil || !s.Facts {
		return err
	}
	return s.facts(w, t.Session)
}

// whyLabel stands before the verdict.
const whyLabel = "WHY  "

// why is the verdict under the title.
func (s Script) why(w io.Writer, t Transcript) error {
	if t.Why == "" {
		return nil
	}
	said := s.Env.Text(t.Why)
	if s.Markdown {
		_, err := fmt.Fprintf(w, "**WHY** %s\n\n", Markdown(said))
		return err
	}
	lines := []text.Safe{said}
	if s.Width > len(whyLabel)+20 {
		lines = said.Wrap(s.Width - len(whyLabel))
	}
	head := whyLabel
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, head+s.spelt(l)); err != nil {
			return err
		}
		head = strings.Repeat(" ", len(whyLabel))
	}
	return nil
}

// facts is everything the platform says about the session, a line each.
func (s Script) facts(w io.Writer, of api.Session) error {
	for _, f := range SessionFields() {
		if f.Value(of) == nil {
			continue
		}
		if _, err := fmt.Fprintf(w, "- %s: %s\n", f.Name, Markdown(f.Show(of, s.Env).Text)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// spelt is text for where the transcript goes: cells of a terminal, or a pipe or
// document without any.
func (s Script) spelt(t text.Safe) string {
	if s.Env.Plain || s.Markdown {
		return t.Spelt()
	}
	return t.String()
}

func (t Transcript) heading(e Env) []text.Safe {
	session := t.Session
	parts := []text.Safe{
		e.ID(string(session.ID)), Moment(session.Start, e),
		ContainmentBadge(session, e).Text, showWord(session.Channel, e).Text, showUser(session.User, e).Text,
	}
	if d := session.Duration(); d.Known {
		parts = append(parts, Elapsed(d.Value))
	}
	parts = append(parts, counted(t.Said, "message"))
	if t.Calls > 0 { // none may mean that nobody asked for them
		parts = append(parts, counted(t.Calls, "model call"))
	}
	if t.Lines > 0 {
		parts = append(parts, counted(t.Lines, "debug line"))
	}
	return parts
}

func counted(n int, what string) text.Safe {
	if n != 1 {
		what += "s"
	}
	return text.Format("%s %s", text.Count(n), what)
}

func (s Script) when(r Row) string {
	doubt := ""
	if r.Message != nil && r.Message.Stamped {
		doubt = "~" // the platform's second clock
	}
	switch {
	case r.Kind == GapRow:
		return ""
	case s.Env.Plain && !r.At.IsZero():
		return Stamp(r.At) + doubt
	case !s.Env.Plain && r.Placed:
		return Elapsed(r.Elapsed).String() + doubt
	case !s.Env.Plain && !r.At.IsZero():
		return Clock(r.At, s.Env.Zone).String() + doubt
	case r.Message != nil:
		return "?"
	}
	return "-"
}

// plain is one row: time, speaker, text; further lines stand under the text.
func (s Script) plain(w io.Writer, r Row) error {
	wide := 7
	if s.Env.Plain {
		wide = len("2006-01-02T15:04:05.000Z")
	}
	label := r.Label.Text
	if r.Kind == GapRow {
		label = text.Safe{}
	}
	head := text.Clean(s.when(r)).PadLeft(wide).String() + "  " + s.spelt(label.Pad(labelWidth)) + "  "
	for i, line := range s.lines(r, wide+labelWidth+4) {
		if i > 0 {
			head = strings.Repeat(" ", wide+labelWidth+4)
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(head+s.spelt(line), " ")); err != nil {
			return err
		}
	}
	return nil
}

func (s Script) lines(r Row, indent int) []text.Safe {
	env := s.Env
	env.Plain = env.Plain || s.Markdown && r.Kind == MessageRow
	lines := r.Lines(env)
	if offers := r.Offers(env); !offers.Empty() {
		lines = append(lines, offers)
	}
	room := s.Width - indent
	if s.Width <= 0 || room < 20 {
		return lines
	}
	var out []text.Safe
	for _, l := range lines {
		out = append(out, l.Wrap(room)...)
	}
	return out
}

// markdown is one row as a paragraph; what was said is quoted, so that nothing
// in it is taken for markup.
func (s Script) markdown(w io.Writer, r Row) error {
	if r.Kind == GapRow {
		_, err := fmt.Fprintf(w, "*%s*\n\n", markdownEscape(strings.Trim(GapLine(r).String(), "- ")))
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** `%s`\n\n", Markdown(r.Label.Text), s.when(r))
	for _, line := range s.lines(r, 0) {
		fmt.Fprintf(&b, "> %s  \n", Markdown(line))
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

// Markdown is text for a Markdown document in which nothing is markup: no
// emphasis, no heading, no link, no mention of a name, no formula. It is spelt as
// it was written: a document has no cells.
func Markdown(t text.Safe) string { return markdownEscape(t.Spelt()) }

// markdownEscape keeps the characters of markup from being markup, also those
// that trackers take for links, names and formulas. What only means something at
// a line's start, in a row or before a word is left alone elsewhere, so that the
// document reads well as it is.
func markdownEscape(s string) string {
	rs := []rune(s)
	begin := 0
	for begin < len(rs) && rs[begin] == ' ' {
		begin++
	}
	digits := begin
	for digits < len(rs) && rs[digits] >= '0' && rs[digits] <= '9' {
		digits++
	}
	var b strings.Builder
	for i, r := range rs {
		before, after := ' ', ' '
		if i > 0 {
			before = rs[i-1]
		}
		if i+1 < len(rs) {
			after = rs[i+1]
		}
		var means bool
		switch r {
		case '-', '+', '=':
			means = i == begin || before == r
		case '.', ')':
			means = i == digits && digits > begin || before == 'w' || before == 'W'
		case ':':
			means = after == '/' || unicode.IsLetter(after)
		default:
			means = strings.ContainsRune("\\`*_{}[]#|<>~&@$", r)
		}
		if means {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
