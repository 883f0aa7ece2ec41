package apitest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"korescope/api"
)

func transcripts(t *testing.T, s Subject) {
	span := s.Window
	compareTranscripts(t, s, slices.Sorted(maps.Keys(s.Messages)), span)
}

func transcriptsByID(t *testing.T, s Subject) {
	compareTranscripts(t, s, slices.Sorted(maps.Keys(s.Messages)), api.Window{})
}

func oneTranscript(t *testing.T, s Subject) {
	longest := api.SessionID("")
	for _, id := range slices.Sorted(maps.Keys(s.Messages)) {
		if len(s.Messages[id]) > len(s.Messages[longest]) {
			longest = id
		}
	}
	if longest != "" {
		compareTranscripts(t, s, []api.SessionID{longest}, s.Window)
	}
}

func compareTranscripts(t *testing.T, s Subject, ids []api.SessionID, w api.Window) {
	t.Helper()
	got := map[api.SessionID][]api.Message{}
	for p, err := range s.Source.Messages(t.Context(), api.MessageQuery{Sessions: api.ListIDs(ids...), Window: w}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range p.Gaps {
			t.Errorf("gap %v: %v", g.Window, g.Why)
		}
		if !slices.IsSortedFunc(p.Items, func(a, b api.Message) int { return a.Time.Compare(b.Time) }) {
			t.Error("a page is not oldest first")
		}
		for _, m := range p.Items {
			got[m.Session] = append(got[m.Session], m)
		}
	}
	for id := range got {
		if !slices.Contains(ids, id) {
			t.Errorf("messages of %s, which was not asked for", id)
		}
	}
	for _, id := range ids {
		compareTranscript(t, got[id], s.Messages[id])
	}
}

func compareTranscript(t *testing.T, got, want []api.Message) {
	t.Helper()
	same(t, "messages", got, messageID, want, messageID)
	have := map[api.MessageID]api.Message{}
	for _, g := range got {
		have[g.ID] = g
	}
	for _, w := range want {
		g, ok := have[w.ID]
		if !ok {
			continue
		}
		of := string(w.ID)
		equal(t, "direction", of, g.Direction, w.Direction)
		equal(t, "kind", of, g.Kind, w.Kind)
		if g.Kind == api.KindForm && strings.HasPrefix(g.Text, w.Text) {
			w.Text = "" // a form shows its name behind the words
		}
		equal(t, "text", of, g.Text, w.Text)
		equal(t, "template", of, g.Template, w.Template)
		equal(t, "channel", of, g.Channel, w.Channel)
		sameTime(t, "time", of, g.Time, w.Time)
		if w.Options != nil && !slices.Equal(g.Options, w.Options) {
			t.Errorf("options of %s are %v, want %v", of, g.Options, w.Options)
		}
	}
}

func whatAUserSaid(t *testing.T, s Subject) {
	for user, want := range s.Said {
		got, _ := gather(t, s.Source.UserMessages(t.Context(), api.UserQuery{User: user, Window: s.Window}, api.Person))
		same(t, "messages of "+string(user), got, messageID, want, func(id api.MessageID) string { return string(id) })
	}
}
