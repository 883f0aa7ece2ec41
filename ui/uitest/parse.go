package uitest

import (
	"fmt"
	"strconv"
	"strings"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Parse reads a picture in the form it is kept in.
func Parse(kept string) (Picture, error) {
	var p Picture
	lines := strings.Split(strings.TrimSuffix(kept, "\n"), "\n")
	at := 0
	for ; at < len(lines) && !strings.HasPrefix(lines[at], "+-"); at++ {
		p.Facts = append(p.Facts, lines[at])
	}
	if at == len(lines) {
		return p, fmt.Errorf("no frame in %d lines", at)
	}
	_, size, _ := strings.Cut(lines[at], " ")
	if _, err := fmt.Sscanf(size, "%dx%d", &p.W, &p.H); err != nil {
		return p, fmt.Errorf("no size in %q: %w", lines[at], err)
	}
	for at++; at < len(lines) && strings.HasPrefix(lines[at], "|"); at++ {
		p.Lines = append(p.Lines, lines[at][1:])
	}
	if len(p.Lines) != p.H || at == len(lines) {
		return p, fmt.Errorf("%d rows in a frame of %d", len(p.Lines), p.H)
	}
	p.Runs = append(p.Runs, lines[at+1:]...)
	return p, nil
}

// Block is the picture as a screen would draw it.
func (p Picture) Block() (canvas.Block, error) {
	looks := map[int]string{}
	for _, r := range p.Runs {
		row, runs, _ := strings.Cut(strings.TrimSpace(r), " ")
		y, err := strconv.Atoi(row)
		if err != nil || y < 0 || y >= p.H {
			return nil, fmt.Errorf("no row in %q", r)
		}
		looks[y] = runs
	}
	var out canvas.Block
	for y, l := range p.Lines {
		line, err := dressed(text.Clean(l), looks[y])
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", y, err)
		}
		out = append(out, line)
	}
	return out.Fit(p.W, p.H), nil
}

func dressed(t text.Safe, runs string) (canvas.Line, error) {
	line, x := canvas.Line{}, 0
	plain := func(to int) {
		if to > x {
			line = line.Add(canvas.S(theme.Plain, t.Window(x, to-x).Pad(to-x)))
		}
	}
	for _, run := range strings.Fields(runs) {
		if name, ok := strings.CutPrefix(run, "/"); ok {
			if line.Fill, ok = theme.TokenNamed(name); !ok {
				return line, fmt.Errorf("no token %q", name)
			}
			continue
		}
		cells, name, _ := strings.Cut(run, ":")
		token, ok := theme.TokenNamed(name)
		var from, to int
		if _, err := fmt.Sscanf(cells, "%d-%d", &from, &to); err != nil || !ok || from < x || to < from {
			return line, fmt.Errorf("no run of cells: %q", run)
		}
		plain(from)
		line = line.Add(canvas.S(token, t.Window(from, to+1-from).Pad(to+1-from)))
		x = to + 1
	}
	plain(max(t.Width(), x))
	return line, nil
}
