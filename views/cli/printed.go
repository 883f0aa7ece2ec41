package cli

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"
	"sync"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/printed"
)

// printedMost bounds what a page holds of what a command prints, in lines and in
// bytes: a shell is made for more.
const (
	printedMost  = 20_000
	printedBytes = 16 << 20
)

// printedPage makes the page of a line.
func (d *desk) printedPage(r views.PrintedRoute) *printed.Model {
	command := ""
	if words, open := tokens(r.Line); !open {
		plain := make([]string, len(words))
		for i, w := range words {
			plain[i] = w.word
		}
		command = views.CommandLine(plain)
	}
	return printed.New(printed.Deps{Reader: printer{d}, Clock: d.clock, Explain: d.explain, Command: command}, r)
}

// printer runs lines after ":" and gives what they print, growing.
type printer struct{ d *desk }

// Cached has nothing: what a command prints is not kept.
func (printer) Cached(context.Context, printed.Ask) (api.Answer[printed.Output], error) {
	return api.Answer[printed.Output]{}, &api.Error{Kind: api.NotCached}
}

// Refresh runs the line. Whoever stops listening stops the command.
func (p printer) Refresh(ctx context.Context, a printed.Ask, _ api.Lane) iter.Seq2[api.Answer[printed.Output], error] {
	return func(yield func(api.Answer[printed.Output], error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		c := &collected{news: make(chan struct{}, 1)}
		over := make(chan struct{})
		go func() {
			defer close(over)
			defer c.end()
			s := Streams{In: strings.NewReader(""), Out: &sink{c: c}, Err: &sink{c: c, beside: true}, Page: max(a.Width, 1)}
			c.left(p.d.carryOut(ctx, a.Line, s))
		}()
		defer func() { stop(); <-over }()
		for {
			select {
			case <-c.news:
			case <-over:
			}
			out := c.so()
			answer := api.Answer[printed.Output]{Value: out, At: p.d.clock(), Origin: api.FromNetwork, Done: out.Over}
			if !yield(answer, nil) || out.Over {
				return
			}
		}
	}
}

// collected is what a command printed so far.
type collected struct {
	news chan struct{} // holds a word when something came

	mu    sync.Mutex
	out   printed.Output
	bytes int
	part  map[bool]*bytes.Buffer // the line that is not over, of the data and of what is said beside
}

func (c *collected) wake() {
	select {
	case c.news <- struct{}{}:
	default:
	}
}

func (c *collected) so() printed.Output {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.out
	out.Lines = slices.Clip(out.Lines)
	return out
}

// add takes bytes in, line by line.
func (c *collected) add(b []byte, beside bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.part == nil {
		c.part = map[bool]*bytes.Buffer{true: {}, false: {}}
	}
	part := c.part[beside]
	for {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		if part.Len() < printedBytes {
			part.Write(line)
		}
		if !whole {
			break
		}
		c.line(part.String(), beside)
		part.Reset()
		b = rest
	}
	c.wake()
}

func (c *collected) line(s string, beside bool) {
	if beside {
		s = strings.TrimPrefix(s, "korescope: ")
	}
	if len(c.out.Lines) >= printedMost || c.bytes+len(s) > printedBytes {
		c.out.Cut = true
		return
	}
	c.bytes += len(s)
	c.out.Lines = append(c.out.Lines, printed.Line{Text: s, Beside: beside})
}

func (c *collected) left(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Code = code
}

// end closes the lines that are not over.
func (c *collected) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if crash := recover(); crash != nil {
		c.out.Code = views.ExitFailed
		c.line(text.Format("this command broke: %v", crash).String(), true)
	}
	for beside, part := range c.part {
		if part.Len() > 0 {
			c.line(part.String(), beside)
		}
	}
	c.out.Over = true
	c.wake()
}

// sink is one of the two streams.
type sink struct {
	c      *collected
	beside bool
}

// Write takes bytes in; it never fails.
func (s *sink) Write(b []byte) (int, error) {
	s.c.add(b, s.beside)
	return len(b), nil
}
