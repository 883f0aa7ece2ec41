package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/ansi"

	"korescope/ui"
	"korescope/ui/text"
)

// clipboard carries copies out of the dashboard: into a file of the state folder
// that nobody else can read, into tmux's buffer, and to the terminal, which never
// says whether it took anything.
type clipboard struct {
	off    bool
	dir    string // state folder; "" keeps no file
	home   string
	tmux   bool
	screen bool
	// load hands text to tmux; nil runs tmux.
	load func(ctx context.Context, value string) error
}

const clipName = "clip.txt"

// screenChunk is how much GNU screen passes on at once.
const screenChunk = 700

func (c clipboard) carry(ctx context.Context, clip ui.Clip) ui.Clipped {
	if c.off {
		return ui.Clipped{Bad: true, Said: text.Lit(`copying is switched off here (clipboard = "off" in the configuration)`)}
	}
	var sure []string
	if c.tmux && c.toTmux(ctx, clip.Value) == nil {
		sure = append(sure, "tmux's buffer")
	}
	path, err := c.toFile(clip.Value)
	if err == nil && path != "" {
		sure = append(sure, path)
	}
	var said []text.Safe
	if len(sure) > 0 {
		said = append(said, text.Join("", text.Lit("now in "), text.Clean(strings.Join(sure, " and in "))))
	}
	out := ui.Clipped{Sequence: c.sequence(clip.Value)}
	if out.Sequence == "" {
		said = append(said, text.Format("has %d kB, more than a terminal takes", len(clip.Value)/1000))
	} else {
		said = append(said, text.Lit("handed to the terminal's clipboard (OSC 52), which does not say whether it took it"))
	}
	if err != nil {
		said = append(said, text.Clean(err.Error()))
	}
	out.Bad = len(sure) == 0 && out.Sequence == ""
	out.Said = text.Join(" ", clip.Name, text.Join("; ", said...))
	return out
}

// sequence is OSC 52 in the wrapping of what stands between here and the
// terminal; "" when the text is too long for it.
func (c clipboard) sequence(value string) string {
	if len(value) > ui.ClipboardMax {
		return ""
	}
	seq := ansi.SetSystemClipboard(value)
	switch {
	case c.tmux:
		return seq + ansi.TmuxPassthrough(seq)
	case c.screen:
		return ansi.ScreenPassthrough(seq, screenChunk)
	}
	return seq
}

func (c clipboard) toTmux(ctx context.Context, value string) error {
	if c.load != nil {
		return c.load(ctx, value)
	}
	cmd := exec.CommandContext(ctx, "tmux", "load-buffer", "-w", "-")
	cmd.Stdin = strings.NewReader(value)
	return cmd.Run()
}

// toFile writes the copy into a file of its own, which then takes the place of
// the one before.
func (c clipboard) toFile(value string) (shown string, err error) {
	if c.dir == "" {
		return "", nil
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return "", fmt.Errorf("no file: %w", err)
	}
	path := filepath.Join(c.dir, clipName)
	f, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return "", fmt.Errorf("no file: %w", err)
	}
	_, err = f.WriteString(value)
	if err = errors.Join(err, f.Chmod(0o600), f.Close()); err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("no file: %w", err), os.Remove(path+".part"))
	}
	if rest, ok := strings.CutPrefix(path, c.home+"/"); ok && c.home != "" {
		return "~/" + rest, nil
	}
	return path, nil
}
