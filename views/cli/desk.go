package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/api/trace"
	"korescope/cache"
	"korescope/cache/team"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// desk is what one run works with: settings, client, cache and the readers that
// join them. Screens and commands get their parts from it.
type desk struct {
	config  config.Config
	profile config.Profile
	title   string // shown instead of the bot's id in the demo, "" elsewhere
	keys    keymap.Map
	store   *cache.Store
	notice  string
	client  *kore.Client
	ledger  api.Ledger // one for all that asks the platform from here
	mask    *views.Masker
	people  *views.Masker // hides who works on the bot; nil when unmasking was asked for
	// stateDir is the folder of what outlives the program; "" keeps nothing.
	stateDir string
	// cacheDir is the folder of the cache, cacheName the file in it.
	cacheDir, cacheName string

	standIn func(kind, id string) string // for a user or a session in what outlives them
	mode    cache.Mode                   // what is asked of whom
	offline bool                         // nobody is asked
	named   bool                         // unmasking was asked for
	guest   bool                         // works at the store of another desk and closes nothing
	clock   func() time.Time
	zone    *time.Location
	around  around
	started []string // options that lead another process here

	sessions *cache.SessionReader
	opening  *cache.Opening // the same for the list on the screen
	messages *cache.MessageReader
	calls    *cache.LLMReader
	payloads *cache.CallReader
	lines    *cache.LineReader
	// What belongs to a session, for every screen and command.
	traced      *trace.CallReader
	tracedLines *trace.LineReader
	shelves     shelves // of what is pinned
	reports
	trials
	works
	permit permit
	gated  bool                         // what changes something waits for the permit
	team   *team.Link                   // nil without a team
	shared *team.Memory                 // nil where answers are not shared
	waits  atomic.Pointer[kore.Waiting] // the last wait for room, over or not
	office *office                      // where the desk stands; nil when there is no other
	known  declared                     // the commands after ":"
}

// deskOptions say how a desk is set up.
type deskOptions struct {
	config   config.Config
	profile  config.Profile
	title    string
	keys     keymap.Map
	cacheDir string
	stateDir string // of the journal; "" keeps back whatever changes something
	cacheOff bool
	mode     cache.Mode
	patience time.Duration
	clock    func() time.Time
	onWait   func(kore.Waiting)
	mask     bool
	named    bool               // unmasking was asked for
	heard    func(api.Observed) // every request that was made; nil: nobody
	around   around
	started  []string                                   // options that lead another process to the same profile
	gated    bool                                       // what changes something is sent only while it is switched on
	dry      *dry                                       // nil: requests are sent
	wait     func(context.Context, time.Duration) error // between looks at a job; nil sleeps
	// teamPatience is how long an act of the team's server may take; 0 for the usual.
	teamPatience time.Duration
}

// sit opens the cache and makes the client. The secret is asked for here, once:
// it also unlocks the cache.
func sit(ctx context.Context, o deskOptions) (*desk, error) {
	d := &desk{config: o.config, profile: o.profile, title: o.title, keys: o.keys, clock: o.clock, zone: o.profile.Location(), around: o.around, started: o.started, stateDir: o.stateDir, mode: o.mode, offline: o.mode == cache.Offline, named: o.named, gated: o.gated}
	secret, err := o.profile.SecretValue(ctx)
	if err != nil {
		return nil, &views.UsageError{Text: "the client secret could not be read: " + err.Error(), Err: err}
	}
	factor, err := o.profile.CacheFactor(ctx)
	if err != nil {
		return nil, &views.UsageError{Text: "the second factor of the cache could not be read: " + err.Error(), Err: err}
	}
	key := cacheKey(secret, factor)
	name, swept, err := cacheFile(o, key)
	if err != nil {
		return nil, err
	}
	d.cacheDir, d.cacheName = o.cacheDir, name
	if err := d.openTeam(ctx, o, key); err != nil {
		return nil, err
	}
	kept := cache.Options{
		Dir: o.cacheDir, Name: name, Secret: key,
		Memory: o.cacheOff || o.config.Cache.Off || o.cacheDir == "",
		Now:    o.clock, Home: home(o.profile), Retention: o.config.Cache.Retention, MaxBytes: o.config.Cache.MaxBytes,
		Decoder: cache.Decoder{Version: kore.MessageReading, Message: kore.DecodeMessage},
		Commons: d.commons(o),
	}
	store, notice, err := cache.Open(ctx, kept)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the cache: %w", err), d.closeTeam())
	}
	d.store, d.notice = store, cmp.Or(string(notice), swept)
	d.runs = newRunBook(kept, store, o.stateDir)
	if d.mask, d.people, err = maskers(o); err != nil {
		return nil, errors.Join(err, d.close())
	}
	if d.standIn, err = standIns(secret.Reveal()); err != nil {
		return nil, errors.Join(err, d.close())
	}
	if err := d.connect(o); err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.readers(o)
	d.openReports(o)
	d.openTests(o)
	d.openWorks(o)
	d.resumeErasures(ctx)
	if d.gated {
		d.noticeOpen(ctx)
	}
	return d, nil
}

// readers are those of conversations.
func (d *desk) readers(o deskOptions) {
	d.sessions = cache.Sessions(d.store, d.client, o.mode)
	d.opening = cache.NewOpening(d.sessions, firstRows)
	d.messages = cache.Messages(d.store, d.client, o.mode)
	d.calls = cache.LLM(d.store, d.client, o.mode)
	d.payloads = cache.Calls(d.store)
	d.lines = cache.DebugLogs(d.store, d.client, o.mode)
	d.traced = trace.NewCalls(d.sessions, d.calls, o.clock)
	d.tracedLines = trace.NewLines(d.sessions, d.lines, o.clock)
}

// cacheKey is what the key of the cache file is made of. Neither part can hold the
// sign between them.
func cacheKey(secret, factor config.Secret) string {
	if factor.Empty() {
		return secret.Reveal()
	}
	return secret.Reveal() + "\x00" + factor.Reveal()
}

// sweptAfter is how long a file that nobody uses stays at least.
const sweptAfter = 7 * 24 * time.Hour

// cacheFile is the cache's name: the profile and a tag of the secret. Files of
// the profile made with a secret that is no longer used go once they are older
// than anything is kept.
func cacheFile(o deskOptions, secret string) (name, swept string, err error) {
	tag, err := cache.KeyTag(secret)
	if err != nil {
		return "", "", err
	}
	base := config.CacheName(o.profile)
	name = base + "-" + tag
	// Files made with a secret that is no longer used, of profiles that were
	// renamed, and damaged ones: what cannot be removed is tried at the next start,
	// and said.
	if _, err := cache.Sweep(o.cacheDir, name, o.clock().Add(-max(o.config.Cache.Retention, sweptAfter))); err != nil {
		swept = "old cache files could not be removed: " + err.Error()
	}
	return name, swept, nil
}

// noteWait keeps a wait for the header and passes it on. told may be nil.
func (d *desk) noteWait(told func(kore.Waiting)) func(kore.Waiting) {
	return func(w kore.Waiting) {
		d.waits.Store(&w)
		if told != nil {
			told(w)
		}
	}
}

func (d *desk) connect(o deskOptions) error {
	d.ledger = d.allowance(o)
	network, err := trusting(o.profile)
	if err != nil {
		return err
	}
	options := kore.Options{
		Host: o.profile.Host,
		Credentials: kore.Credentials{
			ClientID: o.profile.ClientID, Bot: api.BotID(o.profile.BotID),
			Admin: o.profile.Scope == config.AdminScope, Secret: o.profile.SecretReader(),
		},
		Limits: d.limits(), Ledger: d.ledger, Observer: overheard(d.store, o.heard), Now: o.clock,
		Patience: o.patience, OnWait: d.noteWait(o.onWait), Language: o.profile.Language, Transport: network,
		Shut:   d.shut(o),
		Writes: o.profile.AllowWrites, Tests: o.profile.AllowTests, Journal: d.journal(),
		ClockFirst: o.dry == nil,
	}
	apart := clocks{o.cacheDir}
	options.Offset, options.OnOffset = apart.read(o.profile.Host), func(d time.Duration) { apart.keep(o.profile.Host, d) }
	if o.dry != nil {
		o.dry.over(&options)
	}
	client, err := kore.New(options)
	if err != nil {
		return fmt.Errorf("set up the client: %w", err)
	}
	d.client = client
	return d.openChanges(o, options)
}

// allowance counts requests together with everybody on this machine who asks the
// same host, and with the team where there is
// one. The demo counts for itself: its platform is its own.
func (d *desk) allowance(o deskOptions) api.Ledger {
	own := d.store.Ledger()
	if o.title != "" {
		return own
	}
	path := cmp.Or(o.profile.AllowanceFile, o.config.AllowanceFile, filepath.Join(everybodysFolder(), "korescope-allowance"))
	machine := cache.Shared(own, path, o.cacheDir, strings.ToLower(o.profile.Host))
	if d.team == nil || !o.profile.Team.Shares(config.ShareAllowance) {
		return machine
	}
	return team.NewCount(machine, d.team, strings.ToLower(o.profile.Host))
}

// everybodysFolder is the temporary folder that all users of the machine share.
// Some systems give each user one of their own: there it is /tmp.
func everybodysFolder() string {
	for _, dir := range []string{os.TempDir(), "/tmp"} {
		if info, err := os.Stat(dir); err == nil && info.Mode()&fs.ModeSticky != 0 && info.Mode().Perm()&0o002 != 0 {
			return dir
		}
	}
	return os.TempDir()
}

func (d *desk) limits() api.Limits {
	return api.Limits{PerMinute: d.profile.RequestsPerMinute, PerHour: d.profile.RequestsPerHour}
}

func (d *desk) close() error {
	if d.guest {
		return nil
	}
	if d.starting != nil { // what was started has to be kept first
		d.starting.Lock()
		defer d.starting.Unlock()
	}
	return errors.Join(d.dropShelves(), d.runs.close(), d.store.Close(), d.closeTeam())
}

// leave closes without a word: the data is printed, and what the cache lost it
// reads again.
func (d *desk) leave() { _ = d.close() }

func (d *desk) explain(err error) views.Problem {
	return views.Explain(err, views.Situation{
		Now: d.clock(), Zone: d.zone, Host: d.profile.Host,
		Bot: api.BotID(d.profile.BotID), Admin: d.profile.Scope == config.AdminScope, Mask: d.mask,
	})
}

func (d *desk) sentence(err error) text.Safe {
	p := d.explain(err)
	return text.Join(" ", p.Sentence, p.Hint)
}

func (d *desk) theme() theme.Name { return theme.Name(d.config.Theme) }

func (d *desk) bot(ctx context.Context) text.Safe {
	switch {
	case d.profile.BotName != "":
		return text.Clean(d.profile.BotName)
	case d.title != "":
		return text.Clean(d.title)
	}
	if told := d.nameTold(ctx); told != "" {
		return text.Clean(told)
	}
	// An id tells bots apart and no more: its beginning is enough for that.
	return text.Clean(d.profile.BotID).Cut(8)
}

// nameTold is the bot's name as the platform gave it in the last list of bots, ""
// where none is kept: nothing is asked for it.
func (d *desk) nameTold(ctx context.Context) string {
	told, err := d.bots.Cached(ctx, cache.AllBots{})
	if err != nil {
		return ""
	}
	for _, b := range told.Value {
		if b.ID == botID(d.profile) {
			return b.Name
		}
	}
	return ""
}

// home is what the credential of a profile is for.
func home(p config.Profile) api.Home {
	return api.Home{Bot: botID(p), Account: p.Scope == config.AdminScope}
}

// botID is the bot of a profile.
func botID(p config.Profile) api.BotID { return api.BotID(p.BotID) }
