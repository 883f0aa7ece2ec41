package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
)

// The smallest terminal that shows everything.
const fullWidth, fullHeight = 80, 24

func (x *examiner) terminal(context.Context) doctor.Finding {
	a := x.around
	name := text.Clean(a.variable("TERM"))
	if name.Empty() {
		name = text.Lit("TERM not set")
	}
	parts := []text.Safe{name, text.Clean(a.colours())}
	width, height, sized := a.size()
	if sized {
		parts = append([]text.Safe{text.Format("%dx%d", width, height)}, parts...)
	}
	var advice []text.Safe
	switch a.inside() {
	case "tmux":
		parts = append(parts, text.Lit("in tmux, copying by OSC 52"))
		advice = append(advice, text.Lit("For copying, tmux needs: set -g set-clipboard on; set -g allow-passthrough on."))
	case "screen":
		parts = append(parts, text.Lit("in screen, which keeps OSC 52 to itself"))
		advice = append(advice, text.Lit("For copying, use ctrl-l, which prints the pane plain for the mouse."))
	default:
		parts = append(parts, text.Lit("copying by OSC 52, where the terminal allows it"))
	}
	state := doctor.OK
	locale, wide := a.utf8()
	if wide {
		parts = append(parts, text.Clean(locale))
	} else {
		state = doctor.Warn
		parts = append(parts, text.Lit("no UTF-8 locale"))
		advice = append(advice, text.Lit("Set a locale with UTF-8, for example LANG=C.UTF-8."))
	}
	switch {
	case a.tty == nil:
		return fine(text.Join(", ", append([]text.Safe{text.Lit("none on stdout, so tables are plain")}, parts[:1]...)...))
	case a.variable("TERM") == "" || a.variable("TERM") == "dumb":
		state = doctor.Warn
		advice = append(advice, text.Lit("The dashboard needs a TERM that can place text; commands work."))
	case sized && (width < fullWidth || height < fullHeight):
		state = doctor.Warn
		advice = append(advice, text.Format("From %dx%d on nothing is left out.", fullWidth, fullHeight))
	}
	return doctor.Finding{State: state, Found: text.Join(", ", parts...), Advice: text.Join(" ", advice...)}
}

func (x *examiner) cache(ctx context.Context) doctor.Finding {
	if x.broken != nil {
		return skipped(text.Lit("not opened: the settings are wrong, see below"))
	}
	i, err := x.d.store.Info(ctx)
	if err != nil {
		return x.failed(ctx, err)
	}
	notice := text.Clean(string(x.d.store.Notice()))
	switch {
	case i.Memory && notice.Empty():
		return fine(text.Lit("in memory only, as asked; nothing is kept"))
	case i.Memory:
		return doctor.Finding{State: doctor.Warn, Found: notice, Advice: text.Lit("Everything works, but what was read is forgotten at the end; XDG_CACHE_HOME names another place.")}
	}
	own, folder := mode(i.Path), mode(filepath.Dir(i.Path))
	sealed := text.Lit("NOT encrypted")
	if i.Encrypted {
		sealed = text.Lit("encrypted")
	}
	found := text.Format("%s, %s of at most %s, mode %s in a folder %s, %s, on a local file system",
		i.Path, views.Bytes(i.Bytes), views.Bytes(x.d.config.Cache.MaxBytes), own, folder, sealed)
	switch {
	case own != "0600" || folder != "0700":
		return doctor.Finding{State: doctor.Warn, Found: found, Advice: text.Lit("Others can look in; close the folder (chmod 700) and the files (chmod 600).")}
	case !notice.Empty():
		return doctor.Finding{State: doctor.Warn, Found: text.Join("; ", found, notice), Advice: text.Lit("What was lost is read again when it is asked for.")}
	}
	return fine(found)
}

func mode(path string) string {
	st, err := os.Stat(path)
	if err != nil {
		return "?"
	}
	return fmt.Sprintf("%04o", st.Mode().Perm())
}

// settings counts who said what. Mistakes are the first of them, and how many
// there are.
func (x *examiner) settings(context.Context) doctor.Finding {
	if x.broken != nil {
		return x.mistakes()
	}
	count := map[string]int{}
	for _, o := range config.Origins(x.d.config) {
		count[originOf(o)]++
	}
	var parts []text.Safe
	for _, from := range []string{"from flags", "from the environment", "from the file", "by default"} {
		if n := count[from]; n > 0 {
			parts = append(parts, text.Format("%d %s", n, text.Clean(from)))
		}
	}
	where := text.Lit("no file")
	if x.d.config.File != "" {
		where = text.Clean(x.d.config.File)
	}
	found := text.Format("profile %s, %s; settings: %s", x.d.profile.Name, where, text.Join(", ", parts...))
	if n := len(x.around.issues); n > 0 {
		return doctor.Finding{
			State: doctor.Warn, Found: text.Format("%s; %d warnings, the first: %s", found, n, x.around.issues[0].String()),
			Advice: text.Lit("korescope config check names them all."),
		}
	}
	return fine(found)
}

func originOf(o config.Origin) string {
	switch {
	case strings.HasPrefix(o.From, "flag "):
		return "from flags"
	case strings.HasPrefix(o.From, "env ") || strings.Contains(o.From, "environment"):
		return "from the environment"
	case o.From == "default" || o.From == "not set":
		return "by default"
	}
	return "from the file"
}

func (x *examiner) mistakes() doctor.Finding {
	out := doctor.Finding{State: doctor.Failed, Found: text.Clean(x.broken.Error()), Err: x.broken}
	out.Advice = text.Lit("korescope config show says where each setting comes from.")
	var issues config.Issues
	if errors.As(x.broken, &issues) && len(issues) > 0 {
		first := issues[0]
		if len(issues) == 1 && first.Hint != "" {
			out.Advice = text.Clean(first.Hint)
			first.Hint = ""
		} else {
			out.Advice = text.Lit("korescope config check names every mistake with its line.")
		}
		out.Found = text.Clean(first.String())
		if n := len(issues); n > 1 {
			out.Found = text.Format("%d mistakes, the first: %s", n, out.Found)
		}
	}
	return out
}

func (x *examiner) version(context.Context) doctor.Finding {
	return fine(text.Format("korescope %s, %s/%s", version(), runtime.GOOS, runtime.GOARCH))
}
