package records_test

import (
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/records"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type (
	question = api.BilledQuery
	row      = api.BilledSession
)

// stand is a list of billed sessions on a stage.
type stand struct {
	*viewtest.Stage
	t       *testing.T
	reader  *viewtest.Reader[question, []row]
	deps    records.Deps[question, row, string]
	options viewtest.Options
}

func hour() api.Window {
	return api.Between(viewtest.Noon().Add(-time.Hour), viewtest.Noon())
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.reader = viewtest.NewReader[question, []row](t, s.Guard)
	s.deps = records.Deps[question, row, string]{
		Title: text.Lit("billed"), What: text.Lit("billed sessions"), Fields: views.BilledFields(),
		ID:    func(b row) string { return b.ID },
		Order: "startTime", Down: true,
		Reader: s.reader, Key: question{Window: hour(), Limit: 40},
		Further: func(q question, rows int) (question, bool) {
			full := rows >= q.Limit
			q.Limit *= 2
			return q, full
		},
		Window: hour(),
		Words: records.Words{
			Reading: text.Lit("asking for the billed sessions ..."), Empty: text.Lit("nothing was billed"),
			Foot: text.Lit("a foot note"),
		},
		Open: func(b row) (ui.Route, text.Safe) {
			if b.Session == "" {
				return nil, text.Lit("this row names no conversation")
			}
			return views.ConversationRoute{Session: api.Session{ID: b.Session}}, text.Safe{}
		},
		Detail: func(b row, e views.Env) text.Safe { return text.Format("%s ends %s", b.ID, views.Moment(b.End, e)) },
		Copy:   func(b row, _ views.Env) string { return string(b.Session) }, Noun: text.Lit("session id"),
		Command: "korescope billed",
		Clock:   s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain,
	}
	return s
}

// billed are invented rows, newest first; the fourth names no conversation.
func billed(n int) []row {
	out := make([]row, n)
	for i := range out {
		start := viewtest.Noon().Add(-time.Duration(i) * time.Minute)
		out[i] = row{
			ID: fmt.Sprintf("b-%06d", 900000-i), Session: viewtest.SessionRoom(i), User: viewtest.UserRoom(i % 7),
			Channel: []string{"rtm", "ivr", "email"}[i%3], Type: []string{"Conversations", "Proactive"}[i%5/4],
			Start: start, End: start.Add(15 * time.Minute),
		}
	}
	if n > 3 {
		out[3].Session, out[3].Start, out[3].StartRaw = "", time.Time{}, "03-12-2031 at lunch"
	}
	return out
}

func loaded(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.reader.Says(billed(30), viewtest.Noon())
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(records.New(s.deps), s.options, w, h)
	return s
}
