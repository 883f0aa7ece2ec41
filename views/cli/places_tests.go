package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

const needsEmail = "a suite is run in the name of the bot's owner or of a developer it is shared with: set test_email in the profile"

// suiteWords finds the names of suites in what was typed: names may hold blanks,
// and nobody wants to quote them. Words that make a known name are that suite,
// quoted ones are as they stand, commas part names; any other word is a name.
func (d *desk) suiteWords(_ *cobra.Command, said []typedWord) ([]typedWord, error) {
	var out []typedWord
	known := d.knownSuites()
	for at := 0; at < len(said); {
		took := 1
		for n := len(said) - at; n > 1; n-- {
			if name, ok := joined(said[at : at+n]); ok && slices.Contains(known, name) {
				out, took = append(out, typedWord{raw: name, word: name}), n
				break
			}
		}
		if took == 1 {
			out = append(out, parted(said[at])...)
		}
		at += took
	}
	return out, nil
}

// joined is bare words as one name, without the comma that may part it from the
// next.
func joined(said []typedWord) (string, bool) {
	words := make([]string, len(said))
	for i, t := range said {
		last := i == len(said)-1
		if !t.bare() || !last && strings.HasSuffix(t.word, ",") {
			return "", false
		}
		words[i] = t.word
	}
	return strings.TrimSuffix(strings.Join(words, " "), ","), true
}

// parted splits a word at the commas outside quotation marks.
func parted(t typedWord) []typedWord {
	var b strings.Builder
	quote := rune(0)
	for _, r := range t.raw {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case quote == 0 && r == ',':
			r = ' '
		}
		b.WriteRune(r)
	}
	out, _ := tokens(b.String())
	return out
}

// suiteAndRun takes the last word for the id of the run: those before it are the
// name of the suite.
func suiteAndRun(_ *desk, _ *cobra.Command, said []typedWord) ([]typedWord, error) {
	if len(said) < 3 {
		return said, nil
	}
	name, ok := joined(said[:len(said)-1])
	if !ok {
		return said, nil
	}
	return []typedWord{{raw: name, word: name}, said[len(said)-1]}, nil
}

// testsRun is the page that starts suites. Only this line and the command of the
// same name start a run, no key does.
func (d *desk) testsRun(o testsOptions, names []string) (ui.Route, error) {
	version, err := testVersion(o.version)
	if err != nil {
		return nil, err
	}
	email := o.email
	if email == "" {
		email = d.profile.TestEmail
	}
	if email == "" {
		return nil, views.Usage(needsEmail + ", or give --email")
	}
	var starts []api.TestStart
	for _, name := range names {
		s := api.TestStart{Suite: name, Version: version, Email: email, Anew: o.anew}
		if !slices.Contains(starts, s) {
			starts = append(starts, s)
		}
	}
	return views.TestsRoute{Start: views.StartTests(starts...)}, nil
}

func testVersion(word string) (api.Version, error) {
	for _, v := range []api.Version{api.Published, api.InDevelopment} {
		if strings.EqualFold(word, string(v)) {
			return v, nil
		}
	}
	return "", views.Usage(text.Format("--version is published or inDevelopment, not %q", word).String())
}

// offerSuites completes the names of suites, also behind a comma.
func (d *desk) offerSuites(rest string) []ui.Completion {
	before := rest[:strings.LastIndexByte(rest, ',')+1]
	var out []ui.Completion
	for _, name := range d.knownSuites() {
		if line := before + name; strings.HasPrefix(line, rest) && line != rest {
			out = append(out, ui.Completion{Line: line, What: text.Lit("suite")})
		}
	}
	return out
}
