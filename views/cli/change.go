package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// Commands that change something. Each says what it is about to change, wants
// the exact name, sends what it sends once and follows it to its end.

// changeOptions are the flags they have in common.
type changeOptions struct {
	rowFlags
	yes    []string
	noWait bool
}

func (o *changeOptions) registerChange(c *cobra.Command, p *program, what string) {
	f := c.Flags()
	f.StringArrayVar(&o.yes, "yes", nil, "`"+what+"`, instead of typing it")
	f.BoolVar(&o.noWait, "no-wait", false, "leave with 7 once it is accepted, instead of following it")
	f.BoolVar(&p.flags.dryRun, "dry-run", false, "print what would be sent, send nothing")
	o.register(c, views.Names(views.ChangeFields()))
}

// writing marks a command that is there only in a profile that allows changes.
func (p *program) writing(c *cobra.Command) *cobra.Command {
	c.Hidden = !p.writable
	return c
}

// mayWrite reports whether the profile that the command line names allows
// changes. It reads the settings and nothing else, since it decides what help
// and completion list; whatever is wrong with them is said by the command.
func (p *program) mayWrite(ctx context.Context, args []string) bool {
	var early globals
	fs := pflag.NewFlagSet("early", pflag.ContinueOnError)
	fs.ParseErrorsAllowlist.UnknownFlags = true
	fs.BoolP("help", "h", false, "")
	early.register(fs)
	_ = fs.Parse(args) // the command itself complains about what it does not know
	src := p.sources()
	src.Flags.Profile, src.Flags.Host, src.Flags.Bot, src.Flags.Config = early.profile, early.host, early.bot, early.config
	if fs.Arg(0) == "import" {
		src.Flags.Config = "" // there it is a file to upload
	}
	src.Partial = true
	set, err := settle(ctx, src)
	return err == nil && set.profile.AllowWrites
}

// allowed says why a change cannot be made here; nil when it can.
func (p *program) allowed(set settled) error {
	switch {
	case !set.profile.AllowWrites:
		return views.Usage(text.Format("the profile %s does not allow changes; set allow_writes = true in it", set.profile.Name).String())
	case p.flags.offline:
		return views.Usage("--offline asks nobody, and this has to be sent")
	}
	return nil
}

// lacksAdmin is what a call lacks that only an admin credential may make.
func (d *desk) lacksAdmin(call string) error {
	if d.admin != nil {
		return nil
	}
	e, _ := api.EndpointNamed(call)
	return &api.Error{
		Kind: api.ScopeMissing, Endpoint: call, Scope: e.AdminScope,
		Err: errors.New("the profile has no admin credential; write one in [profiles.NAME.admin]"),
	}
}

// confirm wants one of the accepted words, typed or given with --yes. Nothing
// else goes on: no answer, Enter alone or another word leaves.
func (p *program) confirm(ctx context.Context, what text.Safe, accepted, yes []string) error {
	typedIn := yes
	if len(yes) == 0 && p.streams.InTTY != nil && p.streams.ErrTTY != nil && !p.flags.noInput {
		answer, err := p.askFor(ctx, bufio.NewReader(p.streams.In), text.Format("Type %s to go on", what))
		if err != nil {
			return err
		}
		typedIn = []string{answer}
	}
	for _, word := range typedIn {
		if word != "" && slices.Contains(accepted, word) {
			return nil
		}
	}
	return views.Usage(text.Format("nothing was sent; to go on, give --yes %q", accepted[0]).String())
}

// names are the words that confirm a change of a bot: its name and its id.
func names(b api.Bot) []string {
	if b.Name == "" {
		return []string{string(b.ID)}
	}
	return []string{b.Name, string(b.ID)}
}

// describe says what bot is about to be changed. Not being able to read the
// list keeps nobody: the id is known.
func (p *program) describe(ctx context.Context, d *desk) (api.Bot, error) {
	b, err := d.thisBot(ctx)
	switch api.KindOf(err) {
	case api.Cancelled, api.Credentials, api.NotAToken, api.SignIn, api.Unreachable, api.TLSProblem:
		return b, err
	}
	name := names(b)[0]
	if err != nil {
		p.talk.say(text.Format("the bot's name could not be read: %s", d.explain(err).Sentence))
	}
	p.talk.say(text.Format("bot %q, %s, %s, on %s", name, string(b.ID), orWords(b.Status, "status not known"), d.profile.Host))
	return b, nil
}

// sayLast tells the last publish, which is the last change that the platform
// tells of without the right to read its log.
func (p *program) sayLast(ctx context.Context, d *desk) {
	is, err := d.changer().PublishStatus(ctx)
	if err != nil {
		p.talk.say(text.Format("the last publish could not be read: %s", d.explain(err).Sentence))
		return
	}
	p.talk.say(text.Format("last publish: %s, %s", views.ChangeBadge(is.State).Text, p.when(is.Started)))
}

func (p *program) when(t time.Time) text.Safe {
	if t.IsZero() {
		return text.Lit("when is not known")
	}
	return text.Clean(t.UTC().Format(time.RFC3339))
}

// pursue follows a change to its end, or with --no-wait until it is accepted,
// and says on stderr how far it is.
func (p *program) pursue(ctx context.Context, d *desk, all iter.Seq2[api.Change, error], once bool) (is api.Change, err error) {
	defer p.talk.live(ctx)()
	told, trouble := false, ""
	for is, err = range all {
		if is.ID != "" && !told {
			told = true
			p.talk.say(text.Format("job %s", string(is.ID)))
		}
		if problem := d.troubles.take(is.ID); problem != nil {
			if words := d.explain(problem).Sentence.String(); words != trouble {
				trouble = words
				p.talk.say(text.Format("%s Asked again.", text.Clean(words)))
			}
		}
		p.talk.pulse(progressWords(is))
		if once && err == nil {
			break
		}
	}
	if lapse := d.lapses.takeAny(); lapse != nil {
		p.talk.say(text.Format("the journal lacks the answer: %s", text.Clean(lapse.Error())))
	}
	return is, err
}

func progressWords(is api.Change) text.Safe {
	word := text.Clean(orWords(is.Word, string(is.State)))
	if is.Percent.Known {
		return text.Format("%s: %d%%, %s", is.Call, is.Percent.Value, word)
	}
	return text.Format("%s: %s", is.Call, word)
}

// printChange prints the record of a change.
func (p *program) printChange(ctx context.Context, b bench, is api.Change) error {
	w, err := output.New(p.streams.Out, views.ChangeFields(), b.page)
	if err != nil {
		return err
	}
	p.talk.wipeNow()
	ctx = context.WithoutCancel(ctx)
	if err := w.Write(ctx, is); err != nil {
		return err
	}
	return w.Close(ctx)
}

// endChange prints a change and says how the command leaves: 0 done, 1 failed, 7
// when it was accepted, or may have been, and its end was not seen.
func (p *program) endChange(ctx context.Context, b bench, is api.Change, err error, status string) error {
	if is.Call != "" && (is.ID != "" || is.State == api.JobUnknown || err == nil) {
		if perr := p.printChange(ctx, b, is); perr != nil {
			return perr
		}
	}
	unseen := func(what text.Safe) error { return p.endUnseen(what, status) }
	switch {
	case err != nil && is.Call == "":
		return err // of what comes before the change itself
	case api.KindOf(err) == api.OutcomeUnknown:
		p.at.Now = p.clock()
		return unseen(text.Join(" ", views.Explain(err, p.at).Sentence, text.Format("%s may have been carried out or not.", is.Call)))
	case err != nil && (is.ID != "" || accepted(is)):
		p.at.Now = p.clock()
		return unseen(text.Format("%s was accepted, and its end was not seen: %s", is.Call, p.whyUnseen(err)))
	case err != nil:
		return err
	case is.State == api.JobSucceeded:
		return nil
	case is.State == api.JobFailed:
		return fmt.Errorf("%s failed: %s", is.Call, orWords(is.Failure, orWords(is.Word, "no reason was told")))
	case is.State == api.JobExpired, is.State == api.JobUnknown:
		return unseen(text.Format("%s was accepted, and its end is not known: %s", is.Call, orWords(is.Failure, string(is.State))))
	}
	return unseen(text.Format("%s was accepted and is under way.", is.Call))
}

// endUnseen says that the end of a change is not known, and which command tells more.
func (p *program) endUnseen(what text.Safe, status string) error {
	if said := what.String(); !strings.HasSuffix(said, ".") && !strings.HasSuffix(said, "?") {
		what = text.Format("%s.", what)
	}
	p.talk.say(text.Format("%s It is not sent again by itself. How it stands says: korescope %s", what, status))
	return views.ErrUnseen
}

// statusOf is the command that tells more of a change; without an id there is
// nothing to ask the platform by.
func statusOf(command string, id api.JobID) string {
	if id == "" {
		return "journal"
	}
	return command + " " + string(id)
}

// whyUnseen is why nobody saw the end of what was accepted.
func (p *program) whyUnseen(err error) text.Safe {
	if errors.Is(err, context.DeadlineExceeded) && p.flags.timeout > 0 {
		return text.Format("--timeout %s was over before it.", p.flags.timeout.String())
	}
	return views.Explain(err, p.at).Sentence
}

// accepted reports a change without an id of its own that had begun.
func accepted(is api.Change) bool {
	return !is.Started.IsZero() && is.State == api.JobRunning && is.Call != ""
}

// statusRow asks once, prints the record and leaves as the change ended.
func (p *program) statusRow(ctx context.Context, o rowFlags, status string, ask func(context.Context, *desk) (api.Change, error)) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	if err := p.online(); err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	b, err := p.bench(asking, set, o)
	if err != nil {
		return err
	}
	defer b.leave()
	is, err := ask(asking, b.desk)
	if jobs.Forgotten(err) {
		return &api.Error{Kind: api.NotFound, Err: err}
	}
	if err != nil {
		return err
	}
	return p.endChange(ctx, b, is, nil, status)
}

// dryly prints what acts would send: they run as they are over a network that
// notes requests and refuses them. Credentials are shown as dots.
func (p *program) dryly(d *desk, acts func() error) error {
	err := acts()
	for _, ask := range p.dry.asks {
		if _, perr := fmt.Fprintln(p.streams.Out, text.Clean(ask)); perr != nil {
			return fmt.Errorf("print the requests: %w", perr)
		}
	}
	p.talk.say(text.Format("dry run: none sent; each would be sent once, to %s, with auth: ••••••••", d.profile.Host))
	if k := api.KindOf(err); k != api.Refused && k != api.KindUnknown {
		return err
	}
	return nil
}

// changeable gives the settings of a profile that allows changes.
func (p *program) changeable(ctx context.Context) (settled, error) {
	set, err := p.settings(ctx, false)
	if err != nil {
		return set, err
	}
	return set, p.allowed(set)
}

// changing is the frame of every command that changes something with an admin
// credential: dry runs over a network that sends nothing, or a desk is opened that
// may make the call, and act shows, confirms and sends.
func (p *program) changing(ctx context.Context, set settled, o rowFlags, endpoint string, dry, act func(context.Context, bench) error) error {
	asking, stop := p.limited(ctx)
	defer stop()
	if p.flags.dryRun {
		b, err := p.dryBench(asking, set, o)
		if err != nil {
			return err
		}
		defer b.leave()
		return p.dryly(b.desk, func() error { return dry(asking, b) })
	}
	b, err := p.bench(asking, set, o)
	if err != nil {
		return err
	}
	defer b.leave()
	if err := b.lacksAdmin(endpoint); err != nil {
		return err
	}
	return act(asking, b)
}

// dryBench opens the desk of a dry run.
func (p *program) dryBench(ctx context.Context, set settled, o rowFlags) (bench, error) {
	p.dry = &dry{}
	return p.bench(ctx, set, o)
}

func list(words []string) text.Safe { return text.Clean(strings.Join(words, ", ")) }
