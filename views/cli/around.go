package cli

import (
	"os"
	"strings"

	"golang.org/x/term"

	"korescope/config"
)

// around is what a run stands in: environment, terminal and settings. The
// doctor looks at it.
type around struct {
	env     func(string) string
	tty     *os.File // of stdout, nil where there is none
	dirs    config.Folders
	config  config.Config
	issues  config.Issues // warnings of the settings
	offline bool
	noCache bool // nothing on disk was asked for
}

func (p *program) around(set settled) around {
	return around{
		env: p.env, tty: p.streams.OutTTY, dirs: set.dirs, config: set.config, issues: set.issues,
		offline: p.flags.offline, noCache: p.flags.noCache || set.config.Cache.Off,
	}
}

// variable is one of the environment, "" without an environment.
func (a around) variable(name string) string {
	if a.env == nil {
		return ""
	}
	return a.env(name)
}

// size is that of the terminal in cells; false where it does not say.
func (a around) size() (width, height int, ok bool) {
	if a.tty == nil {
		return 0, 0, false
	}
	w, h, err := term.GetSize(int(a.tty.Fd()))
	return w, h, err == nil && w > 0 && h > 0 // some lines never say
}

// colours is what the terminal says it can show.
func (a around) colours() string {
	name, deep := a.variable("TERM"), strings.ToLower(a.variable("COLORTERM"))
	switch {
	case a.variable("NO_COLOR") != "":
		return "no colours (NO_COLOR)"
	case name == "" || name == "dumb":
		return "no colours"
	case deep == "truecolor" || deep == "24bit" || strings.Contains(name, "direct"):
		return "24-bit colours"
	case strings.Contains(name, "256color"):
		return "256 colours"
	}
	return "16 colours"
}

// inside names the program that the terminal runs in, "" for none.
func (a around) inside() string {
	switch {
	case a.variable("TMUX") != "":
		return "tmux"
	case a.variable("STY") != "":
		return "screen"
	}
	return ""
}

// utf8 reports a locale in which characters may have several bytes.
func (a around) utf8() (locale string, ok bool) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale = a.variable(name); locale != "" {
			break
		}
	}
	plain := strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return locale, strings.Contains(plain, "utf8")
}
