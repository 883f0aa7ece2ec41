package cache

import (
	"fmt"
	"testing"
	"time"

	"korescope/api"
)

// fillWithEvidence keeps everything that is not a conversation, all of it
// linked to users in another way, and each with a canary.
func fillWithEvidence(t *testing.T, s *Store) {
	t.Helper()
	w := api.Between(at(-900), at(-30))
	b := &logbook{}
	line := func(identity, canary string, session api.SessionID) {
		l := lineAt(len(b.lines), at(-90+len(b.lines)), canary)
		l.Identity, l.Session, l.Title, l.Detail = identity, session, canary, nil
		l.Raw = []byte(fmt.Sprintf(`{"debugMessage":%q,"identity":%q}`, canary, identity))
		b.lines = append(b.lines, l)
	}
	session := func(n int) api.SessionID { return sessionAt(at(-90-n), n, false).ID }
	line("u-canary00", "bynamecanary", "")
	line("acct/sms/+1555canary", "bychannelcanary", "")
	line("call-canary", "bysessioncanary", session(0))
	line("acct/smartassist/"+string(session(0)), "bypathcanary", "")
	line("billing/caller/7canary", "bybillcanary", "")
	line("alias/9canary", "byaliascanary", "")
	line("u-other", "otherline", session(1))
	line("u-canary001", "alikeline", "")
	for _, identity := range []string{"u-canary00", "acct/sms/+1555canary", "call-canary", "acct/smartassist/" + string(session(0)), "billing/caller/7canary", "alias/9canary", "u-other", "u-canary001"} {
		last(t, DebugLogs(s, b, Normal).Refresh(t.Context(), api.LogQuery{Identity: identity, Window: w}, api.Person))
	}
	// Asked by a name that the row does not have.
	other := lineAt(50, at(-60), "byquestioncanary")
	other.Identity, other.Session = "somebody", ""
	last(t, DebugLogs(s, lineList{{other}}, Normal).Refresh(t.Context(), api.LogQuery{Identity: "u-canary00", Channel: "sms", Window: w}, api.Person))

	b.bills = []api.BilledSession{billAt(0, at(-90)), billAt(1, at(-91)), billAt(2, at(-92)), billAt(3, at(-93)), billAt(4, at(-94))}
	b.bills[0].User, b.bills[0].ChannelUser, b.bills[0].Session = "u-canary00", "billing/caller/7canary", ""
	b.bills[1].User, b.bills[1].ChannelUser, b.bills[1].Session, b.bills[1].Type = "u-alias", "alias/9canary", session(0), "aliascanary"
	b.bills[2].User, b.bills[2].Type = "u-other", "otherbill"
	b.bills[3].User, b.bills[3].Session = "u-canary00", "0000billcanary"
	b.bills[4].User, b.bills[4].Session, b.bills[4].Type = "u-alias", "0000billcanary", "secondcanary"
	last(t, Billed(s, b, Normal).Refresh(t.Context(), api.BilledQuery{Window: w}, api.Person))
	o := &office{roles: []api.RoleAssignment{{User: "u-canary00", Username: "rolecanary@example.test"}}}
	last(t, Roles(s, o, Normal).Refresh(t.Context(), AllRoles{}, api.Person))
	p := &press{steps: []api.BillingReport{billingStep(api.JobSucceeded, 100, 1)}}
	p.steps[0].Rows[0].Bot = "reportmark"
	last(t, Billing(s, p.run, Normal).Refresh(t.Context(), api.BillingQuery{Window: w, By: api.ByDay}, api.Person))
	saveJob(t, s, api.JobRecord{Kind: api.TestJob, ID: "ctr-jobmark", Started: at(-5), State: api.JobSucceeded})
	if err := s.checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestForgottenUsersLeaveNoLines(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	s.idle.Wait()
	fillWithCanaries(t, s, 2)
	m := messageAt(sessionAt(at(-90), 0, false).ID, 2, at(-79), api.FromUser, "hello")
	m.User, m.ChannelID = "u-canary00", "acct/sms/+1555canary"
	keepMessages(t, s, m)
	fillWithEvidence(t, s)
	gone := []string{
		"bynamecanary", "bychannelcanary", "bysessioncanary", "bypathcanary", "bybillcanary", "byquestioncanary", "byaliascanary",
		"+1555canary", "call-canary", "7canary", "9canary", "0000billcanary", "aliascanary", "secondcanary", "rolecanary",
	}
	stays := []string{"otherline", "alikeline", "u-canary001", "otherbill", "reportmark", "jobmark"}
	for _, text := range append(gone, stays...) {
		if countIn(t, o.Dir, text) == 0 {
			t.Errorf("%s was never there", text)
		}
	}
	if _, err := s.Forget(t.Context(), []api.UserID{"u-canary00"}); err != nil {
		t.Fatal(err)
	}
	for _, text := range gone {
		if n := countIn(t, o.Dir, text); n != 0 {
			t.Errorf("%s: %d copies left", text, n)
		}
	}
	for _, text := range stays {
		if countIn(t, o.Dir, text) == 0 {
			t.Errorf("%s is gone too", text)
		}
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Lines != 2 || info.Billed != 1 || info.Reports != 1 || info.Jobs != 1 || info.Sessions != 1 {
		t.Errorf("%+v, %v", info, err)
	}
	for text, want := range map[string]int{"bynamecanary": 0, "byquestioncanary": 0, "otherline": 1} {
		if hits, err := s.Find(t.Context(), FindQuery{Text: text}); err != nil || len(hits) != want {
			t.Errorf("find %s: %d hits, %v", text, len(hits), err)
		}
	}
	// Nobody is told that there were no lines.
	q := api.LogQuery{Identity: "u-canary00", Window: api.Between(at(-900), at(-30))}
	if a, err := DebugLogs(s, nil, Offline).Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestRolesOfOthersStay(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	o := &office{roles: []api.RoleAssignment{{User: "u-1", Username: "sam@example.test"}}}
	for user, want := range map[api.UserID]int64{"u-2": 1, "u-": 1, "u-1": 0, "sam@example.test": 0} {
		last(t, Roles(s, o, Normal).Refresh(t.Context(), AllRoles{}, api.Person))
		if _, err := s.Forget(t.Context(), []api.UserID{user}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, "SELECT count(*) FROM account"); n != want {
			t.Errorf("%s: %d lists", user, n)
		}
	}
}

func TestClearTakesJobsAndLines(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	s.idle.Wait()
	fillWithEvidence(t, s)
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"canary", "otherline", "otherbill", "reportmark", "jobmark"} {
		if n := countIn(t, o.Dir, text); n != 0 {
			t.Errorf("%s: %d copies left", text, n)
		}
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Lines+info.Billed+info.Reports+info.Jobs != 0 || !info.Oldest.IsZero() {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestExpiredLinesAreGone(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	s.idle.Wait()
	fillWithEvidence(t, s)
	c.move(7*24*time.Hour + time.Minute)
	if hits, err := s.Find(t.Context(), FindQuery{Text: "otherline"}); err != nil || len(hits) != 0 {
		t.Errorf("%d expired hits, %v", len(hits), err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"canary", "otherline", "alikeline", "otherbill"} {
		if n := countIn(t, o.Dir, text); n != 0 {
			t.Errorf("%s: %d copies left", text, n)
		}
	}
	for _, text := range []string{"reportmark", "jobmark"} {
		if countIn(t, o.Dir, text) == 0 {
			t.Errorf("%s has another retention", text)
		}
	}
	if n := count(t, s, "SELECT (SELECT count(*) FROM debug_member) + (SELECT count(*) FROM covered)"); n != 0 {
		t.Errorf("%d questions left", n)
	}
}
