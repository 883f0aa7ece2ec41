package cli

import (
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/api"
	"korescope/views"
)

// afterColon is a line after ":" and what it opens.
type afterColon struct {
	line  string
	route any    // nil: the page of what is printed
	wrong string // part of the complaint; "" for none
}

// Every command that is declared works after ":" by its name and with its flags,
// or says why it does not. One that this table does not know fails it.
func TestCommandsAfterTheColon(t *testing.T) {
	now := time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)
	d := &desk{clock: func() time.Time { return now }, zone: time.UTC}
	d.profile.TestEmail, d.profile.AllowWrites, d.profile.AllowTests = "owner@example.test", true, true
	d.config.Start = 24 * time.Hour
	day, week := api.Last(24*time.Hour, now), api.Last(7*24*time.Hour, now)
	one := api.SessionID("68f1a3d04c7e2b9a5d10e3f7")
	list := func(w api.Window, filter string) views.SessionsRoute {
		return views.SessionsRoute{Query: api.SessionQuery{Window: w}, Filter: filter}
	}
	known := map[string][]afterColon{
		"sessions": {
			{"sessions", list(day, ""), ""}, {"sessions --since 7d", list(week, ""), ""}, {"sessions 7d type:dropOff -dev:true", list(week, "type:dropOff -dev:true"), ""},
			{`sessions -q 'type:dropOff msgs:>8'`, list(day, "type:dropOff msgs:>8"), ""}, {`sessions "two words" it's`, list(day, `"two words" it's`), ""},
			{"sessions --containment agent --user u-1 --call c-1", list(day, "type:agent user:=u-1 call:c-1"), ""},
			{"sessions --from 2031-03-11 --to 2031-03-11", list(api.Between(now.Add(-36*time.Hour), now.Add(-12*time.Hour)), ""), ""},
			{"sessions --limit 5", nil, ""}, {"sessions -o json", nil, ""}, {"sessions --id a,b", nil, ""}, {"sessions 7d type:agent --limit 5", nil, ""},
			{"sessions nofield:x", nil, "no field"}, {"sessions --contanment x", nil, "did you mean --containment?"}, {"sessions --user ''", nil, "--user is empty"},
			{"sessions --profile other", nil, ":profile NAME"}, {"sessions --containment gone", nil, "dropOff, selfService or agent"},
		},
		"messages": {
			{"messages " + string(one), views.ConversationRoute{Session: api.Session{ID: one}}, ""}, {"messages a b", nil, ""},
			{"messages --user u-1 --since 7d", nil, ""}, {"messages " + string(one) + " -o csv", nil, ""},
		},
		"llm": {
			{"llm", views.CallsRoute{}, ""}, {"llm 7d err:true", views.CallsRoute{Window: week, Filter: "err:true"}, ""},
			{"llm --since 7d -q err:true", views.CallsRoute{Window: week, Filter: "err:true"}, ""},
			{"llm " + string(one), views.CallsRoute{Session: api.Session{ID: one}}, ""}, {"llm --dev --feature 'Agent Node'", nil, ""}, {"llm timeout", views.CallsRoute{Filter: "timeout"}, ""},
		},
		"same":     {{"same 7d a", views.SameRoute{Session: "a", Window: week}, ""}, {"same a --since 7d", views.SameRoute{Session: "a", Window: week}, ""}, {"same", nil, "one session"}, {"same a -o json", nil, ""}},
		"pin":      {{"pin", nil, ""}, {"pin a --note x", nil, ""}, {"pin a b", nil, "one session"}},
		"unpin":    {{"unpin a b", nil, ""}, {"unpin", nil, "pinned sessions"}},
		"case":     {{"case", views.CaseRoute{}, ""}, {"case x", nil, "takes no arguments"}},
		"timeline": {{"timeline " + string(one), nil, ""}, {"timeline", nil, "id of one session"}, {"timeline a --no-debug -o ndjson", nil, ""}},
		"tail":     {{"tail", nil, ""}, {"tail -q channel:rtm --limit 3", nil, ""}},
		"logs":     {{"logs pat --since 7d --channel korevg", views.LogsRoute{Query: api.LogQuery{Identity: "pat", Channel: "korevg", Window: week}}, ""}, {"logs pat -q level:error", views.LogsRoute{Query: api.LogQuery{Identity: "pat"}, Filter: "level:error"}, ""}, {"logs pat --detail", nil, ""}},
		"billing": {
			{"billing", views.BillingRoute{}, ""}, {"billing --by hour", views.BillingRoute{Query: api.BillingQuery{By: api.ByHour}}, ""}, {"billing hour", views.BillingRoute{Query: api.BillingQuery{By: api.ByHour}}, ""},
			{"billing --by day --since 7d", views.BillingRoute{Query: api.BillingQuery{By: api.ByDay, Window: week}}, ""}, {"billing --by year", nil, "month, day or hour"}, {"billing --by hour -o csv", nil, ""}, {"billing week", nil, "takes no arguments"},
		},
		"containment": {
			{"containment --daily", views.ContainmentRoute{Query: api.ContainmentQuery{Daily: true}}, ""}, {"containment 7d", views.ContainmentRoute{Query: api.ContainmentQuery{Window: week}}, ""}, {"containment --task-name 'Order status' --conversation-type Interactive --conversation-status closed", views.ContainmentRoute{Query: api.ContainmentQuery{Tasks: "Order status", Kind: api.KindInteractive, Status: api.StatusClosed}}, ""},
			{"containment --conversation-status gone", nil, "active or closed"}, {"containment all", nil, "takes no arguments"},
		},
		"pulse":               {{"pulse --since 7d", views.PulseRoute{Window: week}, ""}, {"pulse 7d", views.PulseRoute{Window: week}, ""}},
		"failures":            {{"failures", views.FailuresRoute{Tab: "tasks"}, ""}, {"failures 7d", views.FailuresRoute{Tab: "tasks", Window: week}, ""}, {"failures all", nil, "has no command"}},
		"failures tasks":      {{"failures tasks --since 7d", views.FailuresRoute{Tab: "tasks", Window: week}, ""}},
		"failures nodes":      {{"failures nodes 7d", views.FailuresRoute{Tab: "nodes", Window: week}, ""}, {"failures nodes -o json", nil, ""}},
		"failures intents":    {{"failures intents", views.FailuresRoute{Tab: "intents"}, ""}},
		"failures utterances": {{"failures utterances", views.FailuresRoute{Tab: "utterances"}, ""}},
		"changes":             {{"changes 7d", views.ChangesRoute{Window: week}, ""}, {"changes --jq length", nil, ""}},
		"bots":                {{"bots", views.BotsRoute{}, ""}, {"bots -o json", nil, ""}},
		"roles":               {{"roles", views.RolesRoute{}, ""}, {"roles --dry-run", nil, ""}},
		"tests":               {{"tests", views.TestsRoute{}, ""}},
		"tests run":           {{"tests run smoke", views.TestsRoute{}, ""}, {"tests run smoke -o json", nil, "--output has no place"}},
		"tests status":        {{"tests status smoke ctr-1", views.TestsRoute{}, ""}, {"tests status smoke ctr-1 -o json", nil, ""}},
		"tests history":       {{"tests history", views.TestsRoute{}, ""}, {"tests history smoke", nil, ""}},
		"tests forget":        {{"tests forget smoke", nil, ""}, {"tests forget a b", nil, "one suite"}},
		"tests import":        {{"tests import a b.json", views.SuiteImportRoute{Name: "a", File: "b.json"}, ""}, {"tests import a", nil, "NAME FILE"}, {"tests import a b --yes a", nil, "--yes has no place"}},
		"tests import-status": {{"tests import-status ds-1", views.ChangeRoute{Kind: api.SuiteImportJob, ID: "ds-1"}, ""}, {"tests import-status", views.ChangeRoute{Kind: api.SuiteImportJob}, ""}, {"tests import-status ds-1 -o json", nil, ""}},
		"tests delete":        {{"tests delete a b", views.SuitesDeleteRoute{Names: []string{"a", "b"}}, ""}, {"tests delete a --yes a", nil, "--yes has no place"}},
		"publish":             {{"publish --comment 'a fix' --no-train", views.PublishRoute{Start: api.PublishStart{Comment: "a fix"}}, ""}, {"publish", nil, "--comment"}, {"publish --comment x --yes Bot", nil, "--yes has no place"}},
		"publish status":      {{"publish status", views.ChangeRoute{Kind: api.PublishJob}, ""}, {"publish status -o json", nil, ""}},
		"import":              {{"import --definition d --config c", views.ImportRoute{Definition: "d", Config: "c"}, ""}, {"import --definition d", nil, "--config FILE"}},
		"import status":       {{"import status bir-1", views.ChangeRoute{Kind: api.ImportJob, ID: "bir-1"}, ""}, {"import status", views.ChangeRoute{Kind: api.ImportJob}, ""}},
		"import-functions":    {{"import-functions a.js 'b c.js'", views.FunctionsRoute{Files: []string{"a.js", "b c.js"}}, ""}},
		"erase":               {{"erase u-1 u-2 u-1 --all-bots", views.EraseRoute{Erasure: api.Erasure{Users: []api.UserID{"u-1", "u-2"}, AllBots: true}}, ""}, {"erase u-1 --yes 1", nil, "--yes has no place"}},
		"erase status":        {{"erase status eud-1", views.ChangeRoute{Kind: api.EraseJob, ID: "eud-1"}, ""}, {"erase status -o json a", nil, ""}},
		"find":                {{"find refund", views.FindRoute{Text: "refund"}, ""}, {`find "in a row" don't`, views.FindRoute{Text: `"in a row" don't`}, ""}, {"find", views.FindRoute{}, ""}, {"find refund --limit 5", nil, ""}},
		"export":              {{"export a --format md", nil, ""}, {"export a --to /tmp/x", nil, ""}},
		"apis":                {{"apis", views.APIsRoute{}, ""}, {"apis -o csv", nil, ""}},
		"cache":               {{"cache", nil, "needs one of"}, {"cache inf", nil, "did you mean info"}},
		"cache info":          {{"cache info", nil, ""}},
		"cache clear":         {{"cache clear", nil, ""}},
		"cache purge":         {{"cache purge --all", nil, "leave first"}},
		"config":              {{"config", nil, "needs one of"}},
		"config path":         {{"config path", nil, ""}},
		"config show":         {{"config show", nil, ""}},
		"config check":        {{"config check", nil, ""}},
		"config init":         {{"config init", nil, "in a shell"}},
		"journal":             {{"journal", views.JournalRoute{}, ""}, {"journal -o csv", nil, ""}},
		"journal verify":      {{"journal verify", nil, ""}},
		"doctor":              {{"doctor", views.DoctorRoute{}, ""}, {"doctor all", views.DoctorRoute{All: true}, ""}, {"doctor --all", views.DoctorRoute{All: true}, ""}, {"doctor -o json", nil, ""}},
		"completion":          {{"completion bash", nil, ""}, {"completion tcsh x", nil, "one shell"}},
		"man":                 {{"man", nil, ""}},
		"demo":                {{"demo", nil, "in a shell"}},
		"open":                {{"open a --at ms-1", views.ConversationRoute{Session: api.Session{ID: "a"}, Message: "ms-1"}, ""}},
		"session":             {{"session a", views.ConversationRoute{Session: api.Session{ID: "a"}}, ""}},
		"writes":              {{"writes", nil, "writes on"}, {"writes on 2h", nil, "at most 1h"}},
		"profile":             {{"profile x", nil, "no other profile"}},
	}
	for _, name := range namesBelow(d.inside(Streams{}).root(), "") {
		lines, found := known[name]
		if !found {
			t.Errorf("%s is not known here: say what :%s opens", name, name)
		}
		for _, l := range append(lines, afterColon{line: name + " --help"}) {
			got, known, err := d.parse(l.line)
			switch {
			case !known:
				t.Errorf(":%s is not known", l.line)
			case err != nil && (l.wrong == "" || !strings.Contains(err.Error(), l.wrong)), err == nil && l.wrong != "":
				t.Errorf(":%s says %v, want %q", l.line, err, l.wrong)
			case l.wrong != "":
			case l.route == nil:
				if p, is := got.(views.PrintedRoute); !is || p.Line != l.line {
					t.Errorf(":%s opens %+v, want what it prints", l.line, got)
				}
			case reflect.TypeOf(l.route) == reflect.TypeFor[views.TestsRoute]():
				if reflect.TypeOf(got) != reflect.TypeOf(l.route) {
					t.Errorf(":%s opens %+v", l.line, got)
				}
			case !reflect.DeepEqual(got, l.route):
				t.Errorf(":%s opens %+v, want %+v", l.line, got, l.route)
			}
		}
	}
}

// namesBelow are the commands below, with their parents' names, but for those of
// the library.
func namesBelow(c *cobra.Command, before string) []string {
	var out []string
	for _, sub := range c.Commands() {
		name := strings.TrimSpace(before + " " + sub.Name())
		out = append(append(out, name), namesBelow(sub, name)...)
	}
	return out
}

// A line that was typed, and a command that has ended, leave nothing of their
// commands in memory: a dashboard stands open for days.
func TestCommandsAreForgotten(t *testing.T) {
	d := &desk{clock: time.Now, zone: time.UTC}
	typed, _, err := d.read("sessions 7d", Streams{})
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	p.run(t.Context(), []string{"version"})
	kept := map[string]weak.Pointer[cobra.Command]{"typed": weak.Make(typed.command), "run": weak.Make(p.order[0])}
	typed, p = typedLine{}, nil //nolint:wastedassign // let go of
	runtime.GC()
	for what, left := range kept {
		if left.Value() != nil {
			t.Errorf("%s: the command is kept", what)
		}
	}
}

// What does something is carried out by being typed, and by nothing else: no
// reading again, no way back, no saved place.
func TestWhatDoesSomethingIsOnlyTyped(t *testing.T) {
	d := &desk{clock: time.Now, zone: time.UTC}
	does := []string{
		"cache clear", "cache purge", "export", "tests run", "tests forget", "tests import", "tests delete", "publish", "import", "import-functions", "erase", "profile", "pin", "unpin", "writes",
	}
	p := d.inside(Streams{})
	root := p.root()
	for _, name := range namesBelow(root, "") {
		c, _, err := root.Find(strings.Fields(name))
		if err != nil {
			t.Fatal(err)
		}
		if pl, said := p.places[c]; c.RunE != nil && !c.HasSubCommands() && (!said || pl.once != slices.Contains(does, name)) {
			t.Errorf("%s: said %v, once %v", name, said, pl.once)
		}
	}
	d.profile.TestEmail = "owner@example.test"
	for _, line := range []string{"cache clear", "tests run smoke", "export a --to b"} {
		if r, known, err := d.again(line); known || err != nil {
			t.Errorf("a saved %q opens %+v, %v", line, r, err)
		}
	}
	if _, known, err := d.again("sessions 7d"); !known || err != nil {
		t.Error("a saved list does not open", err)
	}
}

// The library for commands remembers for good what is registered with it: a
// dashboard that is open for days must give it nothing of the commands that it
// makes for each line.
func TestALineLeavesNothingBehind(t *testing.T) {
	d := &desk{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, flags := range []*pflag.FlagSet{c.LocalFlags(), c.PersistentFlags()} {
			flags.VisitAll(func(f *pflag.Flag) {
				if _, kept := c.GetFlagCompletionFunc(f.Name); kept {
					t.Errorf("--%s of %s is registered", f.Name, c.CommandPath())
				}
			})
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(d.inside(Streams{}).root())
}
