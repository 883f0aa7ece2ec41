package pulse_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/pulse"
)

func start() time.Time { return time.Date(2031, 3, 4, 0, 0, 0, 0, time.UTC) }

func tag(name, value string) api.Tag {
	return api.Tag{Name: name, Value: json.RawMessage(`"` + value + `"`)}
}

// shop is a day with a session every five minutes; one in ten is left. From bad
// on, nine of ten that ask for a refund are left, and the build is another.
func shop(bad time.Time) pulse.Input {
	in := pulse.Input{Window: api.Between(start(), start().Add(24*time.Hour)), Read: map[pulse.Part]pulse.Reading{}}
	for _, p := range pulse.Parts() {
		in.Read[p] = pulse.Reading{Began: true, Whole: true}
	}
	for i := range 288 {
		at := start().Add(time.Duration(i) * 5 * time.Minute)
		s := api.Session{
			ID: api.SessionID(fmt.Sprintf("s-%03d", i)), User: "u", Start: at, End: at.Add(time.Minute), Status: api.StatusClosed, Channel: "rtm",
			Containment: api.SelfService, SessionTags: []api.Tag{tag("build", "1.0"), tag("order", fmt.Sprint(i))},
		}
		if i%10 == 0 {
			s.Containment = api.DropOff
		}
		in.Day, in.Week = append(in.Day, earlier(s, 1)), append(in.Week, earlier(s, 7))
		if !bad.IsZero() && !at.Before(bad) {
			s.SessionTags[0] = tag("build", "1.1")
			if i%3 != 0 {
				s.Containment = api.DropOff
				in.Nodes = append(in.Nodes, api.Metric{Kind: api.NodeRuns, At: at, Session: s.ID, Node: "GetOrder", Task: "Refund", Status: "failure", Code: "504"})
			}
		}
		in.Nodes = append(in.Nodes, api.Metric{Kind: api.NodeRuns, At: at, Session: s.ID, Node: "GetOrder", Task: "Refund", Status: "success", Code: "200"})
		in.Sessions = append(in.Sessions, s)
	}
	return in
}

func earlier(s api.Session, days int) api.Session {
	s.Start = s.Start.AddDate(0, 0, -days)
	return s
}

func named(r pulse.Report, section, name string) (pulse.Fact, bool) {
	for _, f := range r.Facts {
		if f.Section == section && (name == "" || f.Name == name) {
			return f, true
		}
	}
	return pulse.Fact{}, false
}

func TestPulseOfAnIncident(t *testing.T) {
	bad := start().Add(20 * time.Hour)
	in := shop(bad)
	in.Changes = []api.ChangeEntry{
		{ID: "after", At: bad.Add(2 * time.Hour), Message: "after"}, {ID: "cause", At: bad.Add(-30 * time.Second), Message: "published"},
		{ID: "old", At: start().Add(time.Hour), Message: "old"},
	}
	r := pulse.Of(in)
	if !r.Found || r.Incident.At.Sub(bad).Abs() > 10*time.Minute {
		t.Fatalf("onset %v, found %v", r.Incident.At, r.Found)
	}
	first := r.Facts[0]
	if first.Name != "dropOff" || !first.Change.Known || first.Usual.Value > 15 || first.Now.Value < 50 || first.State != pulse.Final || len(first.Examples()) != 3 {
		t.Errorf("first %+v", first)
	}
	if f, _ := named(r, "shared", ""); f.Name != "why: GetOrder failed 504" || f.Since.IsZero() {
		t.Errorf("shared %+v", f)
	}
	if f, _ := named(r, "change", ""); f.Name != "published" || f.Now.Value < 0 || f.Now.Value > 700 {
		t.Errorf("change %+v", f)
	}
	if _, ok := named(r, "change", "tag build 1.0 -> 1.1"); !ok {
		t.Error("the new build is not told")
	}
	for _, wrong := range []string{"after", "tag order 0 -> 1"} {
		if _, ok := named(r, "change", wrong); ok {
			t.Errorf("%s is told", wrong)
		}
	}
	if f, ok := named(r, "node", "GetOrder of Refund failed"); !ok || !f.Change.Known {
		t.Errorf("node %+v", f)
	}
}

func TestPulseOfAQuietDay(t *testing.T) {
	r := pulse.Of(shop(time.Time{}))
	f, ok := named(r, "containment", pulse.Quiet)
	if r.Found || !ok || r.Facts[0].Name != f.Name {
		t.Errorf("%+v", r.Facts)
	}
	for _, f := range r.Facts {
		if f.Change.Known || f.Section == "shared" {
			t.Errorf("cries wolf: %+v", f)
		}
	}
}

// Each row says how sure it is and which scope it would need.
func TestHowSureAFactIs(t *testing.T) {
	in := shop(time.Time{})
	in.Read[pulse.Changes] = pulse.Reading{Needs: "Logs History"}
	in.Read[pulse.Nodes] = pulse.Reading{Needs: "Metrics"}
	in.Read[pulse.Now] = pulse.Reading{Began: true}
	r := pulse.Of(in)
	for section, needs := range map[string]string{"change": "Logs History", "node": "Metrics"} {
		if f, ok := named(r, section, ""); !ok || f.State != pulse.NotKnown || f.Needs != needs {
			t.Errorf("%s: %+v", section, f)
		}
	}
	if f, _ := named(r, "containment", "dropOff"); f.State != pulse.AtLeast {
		t.Errorf("%+v", f)
	}
	in.Read[pulse.Now] = pulse.Reading{Began: true, Whole: true}
	in.Sessions[3].Status = api.StatusActive
	if f, _ := named(pulse.Of(in), "containment", "dropOff"); f.State != pulse.Moving || f.Of.Value != 287 {
		t.Errorf("%+v", f)
	}
	if f, _ := named(pulse.Of(pulse.Input{Window: in.Window}), "containment", "dropOff"); f.State != pulse.NotKnown || f.Now.Known {
		t.Errorf("nothing read: %+v", f)
	}
}
