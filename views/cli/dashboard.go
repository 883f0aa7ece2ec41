package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// scopesInOrder is every scope, for help and completion outside a screen.
func scopesInOrder() []keymap.Scope {
	return []keymap.Scope{keymap.Sessions, keymap.Conversation, keymap.Calls, keymap.Call, keymap.Logs, keymap.Tree, keymap.Tests, keymap.Shell}
}

// shell makes the dashboard's root model.
func (d *desk) shell(ctx context.Context, first ui.Route) *ui.App {
	return ui.New(d.shellOptions(ctx, first))
}

// shellOptions is what the shell is made of here.
func (d *desk) shellOptions(ctx context.Context, first ui.Route) ui.Options {
	if first == nil {
		first = d.firstRoute()
	}
	if list, ok := first.(views.SessionsRoute); ok {
		q := list.Query
		q.Containment = api.Undetermined // as the screen asks: tabs are of what is here
		d.opening.Begin(ctx, q)
	}
	typed := past{dir: d.stateDir, mask: d.mask}
	return ui.Options{
		Ctx: ctx, Keys: d.keys, Theme: d.screenTheme(),
		Profile: text.Clean(d.profile.Name), Bot: d.bot(ctx), Writes: d.permit.until(),
		Zone: d.zone, Clock: d.clock, Tick: tea.Tick, First: first,
		Build: d.build, Parse: d.parse, Fill: d.fill, Complete: d.complete,
		Explain: d.sentence, Meter: d.meter, Notice: text.Clean(d.notice),
		Offline: d.offline, Production: d.profile.Look == config.LookProduction,
		ASCII: d.config.ASCII || !utf8Locale(os.Getenv), Clip: d.clips().carry, Line: d.line, Request: d.request, Save: d.keepPlace, Reveal: d.reveal, Past: typed.read(), Remember: typed.remember,
		Lock: d.lock(), Aliases: d.config.Aliases, Customs: d.customs(),
	}
}

// firstRows is how many rows of a list are read before the rest of it: more than a
// screen holds.
const firstRows = 200

// firstRoute is the first screen when nothing else is asked for.
func (d *desk) firstRoute() ui.Route {
	return views.SessionsRoute{Query: api.SessionQuery{Window: api.Last(d.config.Start, d.clock())}}
}

// line is a command line with what this dashboard was started with: in a shell
// the same line would else ask another bot. A profile that cannot be named there
// (that of the demo) leaves the line as it is.
func (d *desk) line(line string) string {
	rest, ours := strings.CutPrefix(line, "korescope ")
	begin := views.CommandLine(d.started)
	if !ours || begin == "" {
		return line
	}
	return begin + " " + rest
}

// startedWith are the options that lead another process to the same place.
func (p *program) startedWith(set settled) []string {
	var out []string
	add := func(flag, value string) {
		if value != "" {
			out = append(out, flag, value)
		}
	}
	add("--config", p.flags.config)
	if set.profile.Name != config.EnvProfile {
		add("--profile", set.profile.Name)
	}
	add("--host", p.flags.host)
	add("--bot", p.flags.bot)
	return out
}

// meter reads the shared request budget for the header. A budget that cannot be
// read is shown as nothing at all, never as a wrong number.
func (d *desk) meter(ctx context.Context) ui.Meter {
	u, err := d.client.Usage(ctx)
	if err != nil {
		return ui.Meter{}
	}
	m := ui.Meter{
		Minute: u.Minute, MinuteMax: u.Limits.PerMinute, Hour: u.Hour, HourMax: u.Limits.PerHour,
		ShutUntil: u.ShutUntil, Why: text.Clean(u.ShutWhy),
		Shared: u.Shared, Team: u.Team,
	}
	if w := d.waits.Load(); w != nil && w.Until.After(d.clock()) {
		m.WaitUntil, m.WaitHour = w.Until, w.Hour
	}
	return m
}

func (p *program) dashboard(ctx context.Context) error {
	if err := p.wantScreen(); err != nil {
		return err
	}
	if p.unconfigured() {
		p.talk.say(text.Lit("nothing is configured here yet (korescope demo needs no credentials)"))
		return headless(ctx, func(ctx context.Context) error { return p.configInit(ctx, initOptions{scope: string(config.BotScope)}) })
	}
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	return p.playing(ctx, set.dirs.State, func(ctx context.Context) (*desk, error) { return p.screenDesk(ctx, set) })
}

// wantScreen refuses what nobody could see or answer.
func (p *program) wantScreen() error {
	if p.accessible() {
		return wantLines(p.streams)
	}
	return wantTerminal(p.streams)
}

// unconfigured reports that nobody has said anything about a connection yet.
func (p *program) unconfigured() bool {
	said := p.flags.profile + p.flags.host + p.flags.bot + p.flags.config
	for _, name := range []string{"HOST", "BOT_ID", "CLIENT_ID", "CLIENT_SECRET", "PROFILE", "CONFIG"} {
		said += p.env("KORESCOPE_" + name)
	}
	path := config.Path(p.sources())
	if said != "" || path == "" || p.flags.noInput {
		return false
	}
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// playing opens a desk, shows it and closes it. Signals are heeded all the way:
// while the secret is asked for, on the screen, and while what was sent comes to
// its end.
func (p *program) playing(ctx context.Context, state string, open func(context.Context) (*desk, error)) error {
	opening, stop := heedSignals(ctx)
	d, err := open(opening)
	// Somebody listens all the time: a signal between two listeners would kill the
	// program where it stands. A screen whose line is lost ends also under nohup.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	defer signal.Stop(signals)
	stop()
	if err = errors.Join(err, opening.Err()); err != nil {
		if d != nil {
			d.leave()
		}
		return orSignal(opening, err)
	}
	f := &office{open: p.another}
	f.keep(d)
	var first ui.Route
	if p.first != nil {
		if first, err = p.first(d); err != nil {
			return errors.Join(err, f.close())
		}
	}
	if p.accessible() {
		err = plainly(ctx, d, firstLine(first), p.streams, signals)
	} else {
		err = play(ctx, p.streams, signals, func(ctx context.Context) *ui.App { return d.shell(ctx, first) }, state)
	}
	_, stop = heedSignals(ctx)
	defer stop()
	return errors.Join(err, f.close())
}

// screenDesk makes the desk of the dashboard.
func (p *program) screenDesk(ctx context.Context, set settled) (*desk, error) {
	d, err := sit(ctx, deskOptions{
		gated:  true,
		config: set.config, profile: set.profile, keys: set.keys, cacheDir: set.dirs.Cache, cacheOff: p.flags.noCache,
		stateDir: set.dirs.State, around: p.around(set),
		mode: p.flags.mode(), clock: p.clock, mask: p.masksScreen(set), named: p.flags.noMask, started: p.startedWith(set),
	})
	if err != nil {
		return d, err
	}
	if err := d.unmasks("dashboard"); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// noticeOpen tells of changes that were started before and not seen to their end.
func (d *desk) noticeOpen(ctx context.Context) {
	open, err := d.changes.Open(ctx)
	suites, failed := d.tests.OpenImports(ctx)
	if err != nil || failed != nil {
		return // told by whoever reads the cache next
	}
	for _, r := range append(open, suites...) {
		what := string(r.Kind)
		if r.Kind == api.SuiteImportJob {
			what = "tests import"
		}
		said := text.Format("%s started %s: its end was not seen; :%s follows it", what, d.moment(r.Started), statusLine(r.Kind))
		d.notice = strings.TrimPrefix(d.notice+"; "+said.String(), "; ")
	}
}

// masksScreen follows the profile unless a flag says otherwise. Records do not:
// they are what the platform said.
func (p *program) masksScreen(set settled) bool {
	if p.flags.mask || p.flags.noMask {
		return p.flags.mask
	}
	return set.profile.Mask != nil && *set.profile.Mask
}

// clips is where copies go from here.
func (d *desk) clips() clipboard {
	home, _ := os.UserHomeDir() // only to name the file shorter
	return clipboard{
		off: d.config.Clipboard == config.ClipboardOff, dir: d.stateDir, home: home,
		tmux: os.Getenv("TMUX") != "", screen: os.Getenv("STY") != "",
	}
}

// utf8Locale reports whether the far end reads UTF-8, as far as the environment
// says. Where it says nothing, UTF-8 is what terminals read.
func utf8Locale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}

// screenTheme is the theme of the settings; a terminal of the time before
// colours gets none.
func (d *desk) screenTheme() theme.Name {
	term := os.Getenv("TERM")
	if d.config.Theme == "" && (strings.HasPrefix(term, "vt1") || strings.HasPrefix(term, "vt2")) {
		return theme.Mono
	}
	return d.theme()
}
