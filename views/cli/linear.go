package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// linear is the dashboard for whoever hears it or reads it with the fingers: plain
// lines that are written once, a question at the end of them, nothing is painted
// over. What is answered is a line as after ":".
type linear struct {
	d       *desk
	s       Streams
	lines   chan string // what was answered; closed at the end of the input
	signals <-chan os.Signal
	ids     []string // of the conversations in the last list
}

// accessibleVariable asks for plain lines, as other programs heed it.
const accessibleVariable = "ACCESSIBLE"

func (p *program) accessible() bool {
	said := p.env(accessibleVariable)
	return p.flags.accessible || said != "" && said != "0" && said != "false"
}

// linearFirst is what is shown before the first question.
const linearFirst = "sessions --limit 20"

// linearWidth lets every value stand whole: the terminal breaks lines by itself.
const linearWidth = 400

// plainly talks until the end of the input, quit, or a signal.
func plainly(ctx context.Context, d *desk, first string, s Streams, signals <-chan os.Signal) error {
	l := &linear{d: d, s: s, lines: make(chan string), signals: signals}
	go l.listen(ctx)
	l.say(text.Format("korescope, profile %s, bot %s. Times are %s.", text.Clean(d.profile.Name), d.bot(ctx), d.zone.String()))
	l.say(text.Lit("One line at a time: help lists the commands, a number reads that conversation, quit leaves."))
	if d.notice != "" {
		l.say(text.Clean(d.notice))
	}
	for line := cmp.Or(first, linearFirst); ; {
		if err := l.answer(ctx, line); err != nil {
			return err
		}
		_, _ = fmt.Fprint(s.Out, "korescope> ")
		select {
		case said, more := <-l.lines:
			if line = strings.TrimSpace(said); !more || line == "quit" || line == "q" || line == "exit" {
				return nil
			}
		case sig := <-signals:
			return &signalled{sig: number(sig)}
		}
	}
}

func (l *linear) say(t text.Safe) { _, _ = fmt.Fprintln(l.s.Out, t.Spelt()) }

func (l *linear) listen(ctx context.Context) {
	defer close(l.lines)
	in := bufio.NewReader(l.s.In)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		select {
		case l.lines <- line:
		case <-ctx.Done():
			return
		}
	}
}

// answer carries one line out. An interrupt stops what is read and no more.
func (l *linear) answer(ctx context.Context, line string) error {
	line = l.meant(line)
	if line == "" {
		return nil
	}
	if line == "help" || line == "?" {
		l.help() //nolint:contextcheck // the commands are listed, not run
		return nil
	}
	t, known, err := l.d.read(line, Streams{}) //nolint:contextcheck // commands get the context of their execution
	switch {
	case err != nil:
		l.say(l.d.sentence(err))
		return nil
	case !known:
		l.say(text.Format("There is no command %q; help lists them.", line))
		return nil
	case t.place.only:
		l.say(text.Format("%s asks before it acts, so it has no place here: run it in a shell.", t.command.Name()))
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := &numbered{to: l.s.Out, on: t.command.Name() == "sessions"}
	over := make(chan struct{})
	go func() {
		defer close(over)
		l.d.carryOut(ctx, line, Streams{In: strings.NewReader(""), Out: out, Err: l.s.Err, Page: linearWidth})
		out.end()
	}()
	for {
		select {
		case <-over:
			if out.on {
				l.ids = out.ids
			}
			return nil
		case sig := <-l.signals:
			stop()
			if number(sig) != syscall.SIGINT {
				<-over
				return &signalled{sig: number(sig)}
			}
		}
	}
}

// meant is the line that a word of one's own, a short name or a number stands for.
func (l *linear) meant(line string) string {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if to := l.d.config.Aliases[word]; to != "" {
		return strings.TrimSpace(to + " " + rest)
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(l.ids) && rest == "" {
		return "timeline " + l.ids[n-1] + " --no-debug"
	}
	return strings.TrimSpace(line)
}

// help lists what can be answered here.
func (l *linear) help() {
	p, root := l.d.commands()
	for _, c := range p.ordered(root) {
		to := p.placeOf(c)
		if c.Hidden || to.closed != "" || to.only {
			continue
		}
		l.say(text.Format("%s: %s", c.Name(), p.described(c)))
	}
	l.say(text.Lit("a number: the conversation of that line of the last list. quit: leave."))
}

// numbered writes lines of sessions with a number before each, which names its
// conversation.
type numbered struct {
	to   io.Writer
	on   bool
	ids  []string
	rest bytes.Buffer // the line that is not over
}

func (n *numbered) Write(p []byte) (int, error) {
	if !n.on {
		return n.to.Write(p)
	}
	n.rest.Write(p)
	for bytes.IndexByte(n.rest.Bytes(), '\n') >= 0 {
		line, _ := n.rest.ReadString('\n') // it has one
		if err := n.line(line); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (n *numbered) line(line string) error {
	// Tags stand before the id and may look like one.
	if ids := regexp.MustCompile(`\b[0-9a-f]{24}\b`).FindAllString(line, -1); len(ids) > 0 {
		n.ids = append(n.ids, ids[len(ids)-1])
		line = strconv.Itoa(len(n.ids)) + ". " + line
	}
	_, err := io.WriteString(n.to, line)
	return err
}

func (n *numbered) end() {
	if n.rest.Len() > 0 {
		_ = n.line(n.rest.String())
	}
}

// wantLines refuses to ask where nobody can answer.
func wantLines(s Streams) error {
	if s.InTTY == nil || s.OutTTY == nil {
		return views.Usage("questions need a terminal; in a script use a command, for example: korescope sessions -o json")
	}
	return nil
}

// firstLine is the line that answers what a route shows; "" for the usual first one.
func firstLine(r ui.Route) string {
	switch r := r.(type) {
	case views.ConversationRoute:
		return "timeline " + string(r.Session.ID) + " --no-debug"
	case views.SessionsRoute:
		words := []string{"sessions", "--limit", "20"}
		if w := r.Query.Window; !w.Zero() {
			words = append(words, "--from", views.Stamp(w.From), "--to", views.Stamp(w.To))
		}
		return strings.TrimSpace(strings.Join(words, " ") + " " + r.Filter)
	}
	return ""
}
