package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"korescope/ui"
	"korescope/views"
)

// past is what was typed into the dashboard's prompts, kept in the state folder
// for the arrow up of the next time: one line each, the prompt, a tab, the text.
// With a mask in force nothing is kept that the mask would change.
type past struct {
	dir  string // state folder; "" keeps nothing
	mask *views.Masker
}

const (
	pastName = "prompts"
	// pastMost bounds the file; beyond twice as much it is written anew.
	pastMost = 1 << 16
)

// read gives what was kept. A file that cannot be read is none: the arrow up is
// a convenience.
func (p past) read() ui.Past {
	data, err := p.load()
	if err != nil {
		return nil
	}
	var out ui.Past
	for line := range strings.Lines(string(data)) {
		kind, typed, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if ok && typed != "" {
			out = out.With(ui.PromptKind(kind), typed)
		}
	}
	return out
}

func (p past) load() ([]byte, error) {
	if p.dir == "" {
		return nil, os.ErrNotExist
	}
	f, err := os.OpenFile(p.path(), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, os.ErrInvalid)
	}
	from := max(info.Size()-pastMost, 0)
	data := make([]byte, info.Size()-from)
	n, err := f.ReadAt(data, from)
	if n < len(data) {
		return nil, err
	}
	if from > 0 { // the first line is not whole
		_, rest, _ := strings.Cut(string(data), "\n")
		data = []byte(rest)
	}
	return data, nil
}

func (p past) path() string { return filepath.Join(p.dir, pastName) }

// keep adds a line.
func (p past) keep(kind ui.PromptKind, line string) error {
	line = strings.Join(strings.Fields(line), " ")
	if p.dir == "" || line == "" || p.mask != nil && p.mask.Text(line) != line {
		return nil
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of what was typed: %w", err)
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_APPEND | syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	written := []byte(string(kind) + "\t" + line + "\n")
	if info, err := os.Lstat(p.path()); err == nil && info.Size() > 2*pastMost {
		old, err := p.load()
		if err != nil {
			return fmt.Errorf("shorten what was typed: %w", err)
		}
		how, written = how|os.O_TRUNC, append(old, written...)
	}
	f, err := os.OpenFile(p.path(), how, 0o600)
	if err != nil {
		return fmt.Errorf("keep what was typed: %w", err)
	}
	_, err = f.Write(written)
	return errors.Join(err, f.Close())
}

// remember is keep as the shell wants it: that a convenience failed is no reason
// to disturb.
func (p past) remember(kind ui.PromptKind, line string) { _ = p.keep(kind, line) }
