package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/filter"
)

// What is shorter after ":" than in a shell, and what is offered there.

// spanFlags are the flags of a window.
func spanFlags(more ...string) []string { return append([]string{"since", "from", "to"}, more...) }

// length takes a length of time off the front: it stands for --since.
func length(_ *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
	if len(said) == 0 || !said[0].bare() {
		return said, nil
	}
	if _, err := views.ParseSince(said[0].word); err != nil {
		return said, nil //nolint:nilerr // it is another word
	}
	return said[1:], c.Flags().Set("since", said[0].word)
}

// filtering takes a length of time and a filter: they stand for --since and -q.
func filtering(d *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
	rest, err := length(d, c, said)
	if err != nil || len(rest) == 0 {
		return nil, err
	}
	words := make([]string, 0, len(rest)+1)
	if q := c.Flags().Lookup("query").Value.String(); q != "" {
		words = append(words, q)
	}
	for _, t := range rest {
		words = append(words, t.raw)
	}
	return nil, c.Flags().Set("query", strings.Join(words, " "))
}

// ofSessions leaves words that are ids of sessions and takes others as a filter.
func ofSessions(d *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
	rest, err := length(d, c, said)
	if err != nil || len(rest) == 0 {
		return nil, err
	}
	for _, t := range rest {
		if _, is := api.SessionID(t.word).Born(); !is {
			return filtering(d, c, rest)
		}
	}
	return rest, nil
}

// worded gives a flag the one word that may stand in its place.
func worded(flag string, values ...string) func(*desk, *cobra.Command, []typedWord) ([]typedWord, error) {
	return func(d *desk, c *cobra.Command, said []typedWord) ([]typedWord, error) {
		if c.Flags().Lookup("since") != nil {
			var err error
			if said, err = length(d, c, said); err != nil {
				return nil, err
			}
		}
		for _, v := range values {
			if len(said) == 1 && said[0].word == v {
				return nil, c.Flags().Set(flag, v)
			}
		}
		return said, nil
	}
}

// whole takes the words as one text, as they were typed.
func whole(_ *desk, _ *cobra.Command, said []typedWord) ([]typedWord, error) {
	if len(said) == 0 {
		return nil, nil
	}
	words := make([]string, len(said))
	for i, t := range said {
		words[i] = t.raw
	}
	text := strings.Join(words, " ")
	return []typedWord{{raw: text, word: text}}, nil
}

// spanOf is the window of a screen: zero when none was asked for.
func (d *desk) spanOf(f rowFlags) (api.Window, error) {
	w, given, err := f.window(d.clock(), d.zone)
	if !given {
		w = api.Window{}
	}
	return w, err
}

// narrowed joins a filter with what flags say, in the words of the filter.
func narrowed(query string, terms ...filter.Term) string {
	var q filter.Query
	for _, t := range terms {
		if t.Value != "" {
			q.Terms = append(q.Terms, t)
		}
	}
	return strings.TrimSpace(query + " " + q.String())
}

func offerLengths(_ *desk, rest string) []ui.Completion { return views.WindowCompletions(rest) }

// offerThese offers a few words.
func offerThese(list ...ui.Completion) func(*desk, string) []ui.Completion {
	return func(_ *desk, rest string) []ui.Completion {
		var out []ui.Completion
		for _, c := range list {
			if strings.HasPrefix(c.Line, rest) && c.Line != rest {
				out = append(out, c)
			}
		}
		return out
	}
}

func candidate(line string, what text.Safe) ui.Completion {
	return ui.Completion{Line: line, What: what}
}
