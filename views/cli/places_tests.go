package cli

import (
	"strings"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

const (
	testsUsage  = "write tests, tests run NAME[,NAME] [--version published|inDevelopment], or tests status SUITE RUN"
	needsEmail  = "a suite is run in the name of the bot's owner or of a developer it is shared with: set test_email in the profile"
	versionFlag = "--version"
)

// testsRoute reads what stands behind tests after ":". Only this line and the
// command of the same name start a run, no key does.
func (d *desk) testsRoute(rest string) (ui.Route, error) {
	word, rest, _ := strings.Cut(rest, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "", "history":
		return views.TestsRoute{}, nil
	case "run":
		return d.testsRun(rest)
	case "status":
		at := strings.LastIndexByte(rest, ' ')
		if at < 0 {
			return nil, views.Usage(testsUsage)
		}
		return views.TestsRoute{Follow: &api.TestRun{Suite: bare(rest[:at]), ID: api.JobID(rest[at+1:])}}, nil
	case "import", "import-status", "delete":
		return nil, views.Usage(text.Format("suites are not changed from here; in a shell: korescope tests %s", word).String())
	}
	return nil, views.Usage(testsUsage)
}

func (d *desk) testsRun(rest string) (ui.Route, error) {
	version := api.Published
	if before, after, found := strings.Cut(" "+rest+" ", " "+versionFlag); found {
		word, more, _ := strings.Cut(strings.TrimLeft(after, " ="), " ")
		var err error
		if version, err = testVersion(word); err != nil {
			return nil, err
		}
		rest = before + " " + more
	}
	var starts []api.TestStart
	for _, name := range strings.Split(rest, ",") {
		if name = bare(name); name != "" {
			starts = append(starts, api.TestStart{Suite: name, Version: version, Email: d.profile.TestEmail})
		}
	}
	switch {
	case len(starts) == 0:
		return nil, views.Usage(testsUsage)
	case strings.HasPrefix(starts[len(starts)-1].Suite, "--"):
		return nil, views.Usage(testsUsage)
	case d.profile.TestEmail == "":
		return nil, views.Usage(needsEmail)
	}
	return views.TestsRoute{Start: views.StartTests(starts...)}, nil
}

// bare takes blanks and a pair of quotes off a name: a name may hold blanks.
func bare(name string) string {
	name = strings.TrimSpace(name)
	if n := len(name); n > 1 && (name[0] == '"' || name[0] == '\'') && name[n-1] == name[0] {
		return name[1 : n-1]
	}
	return name
}

func testVersion(word string) (api.Version, error) {
	for _, v := range []api.Version{api.Published, api.InDevelopment} {
		if strings.EqualFold(word, string(v)) {
			return v, nil
		}
	}
	return "", views.Usage(text.Format("--version is published or inDevelopment, not %q", word).String())
}

// offerTests completes what stands behind tests.
func (d *desk) offerTests(rest string) []ui.Completion {
	var out []ui.Completion
	add := func(line string, what text.Safe) {
		if strings.HasPrefix(line, rest) && line != rest {
			out = append(out, ui.Completion{Line: line, What: what})
		}
	}
	add("run ", text.Lit("start suites, each once, and follow them"))
	add("status ", text.Lit("follow a run by its suite and id"))
	for _, verb := range []string{"run ", "status "} {
		typed, ok := strings.CutPrefix(rest, verb)
		if !ok {
			continue
		}
		before := ""
		if at := strings.LastIndexByte(typed, ','); verb == "run " && at >= 0 {
			before = typed[:at+1]
		}
		for _, name := range d.knownSuites() {
			add(verb+before+name, text.Lit("suite"))
		}
		if verb == "run " && strings.HasSuffix(rest, " ") && strings.TrimSpace(typed) != "" {
			add(rest+versionFlag+" inDevelopment", text.Lit("test what is not published"))
		}
	}
	return out
}
