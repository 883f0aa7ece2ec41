package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

func TestSameSeedSameBytes(t *testing.T) {
	bodies := func(seed uint64) string {
		w, _ := newWorld(t, open(Options{Seed: seed}))
		return post(t, w, pathSessions, `{"limit":200}`).Body.String() + post(t, w, pathV2, `{"limit":500}`).Body.String() +
			post(t, w, pathModels, `{"limit":"100",`+dates(day, 0)+`}`).Body.String()
	}
	one, again, other := bodies(1), bodies(1), bodies(2)
	if one != again {
		t.Error("the same seed gave other bytes")
	}
	if one == other {
		t.Error("another seed gave the same bytes")
	}
}

// TestTheIncident: what the demonstration shows, for several seeds.
func TestTheIncident(t *testing.T) {
	before, after := [2]int{}, [2]int{} // drop-offs, all closed
	for seed := range uint64(12) {
		w, c := newWorld(t, Options{Seed: seed})
		truth := w.Truth()
		last := truth.Sessions(retailBot, api.Between(noon().Add(-day), noon()))
		if len(last) < 150 || len(last) > 199 {
			t.Errorf("seed %d: %d sessions in the last day", seed, len(last))
		}
		publish := noon().Add(-40 * time.Minute)
		for _, s := range truth.Sessions(retailBot, api.Between(noon().Add(-5*day), noon())) {
			n := &before
			if s.Start.After(publish) {
				n = &after
			}
			if !s.Open {
				n[1]++
				n[0] += number(s.Containment == api.DropOff)
			}
		}
		for i, s := range last[:30] {
			if session := truth.session(s.ID); session.odd {
				t.Errorf("seed %d: row %d of the first screen is odd: %s", seed, i, s.Scene)
			}
			if s.Messages == 0 && s.Start.Before(noon().Add(-time.Minute)) {
				t.Errorf("seed %d: row %d is empty", seed, i)
			}
		}
		c.move(15 * time.Minute)
		if n := len(truth.Sessions(retailBot, api.Between(noon(), c.now()))); n < 1 || n > 20 {
			t.Errorf("seed %d: %d new sessions in a quarter of an hour", seed, n)
		}
	}
	if share := 100 * before[0] / before[1]; share < 9 || share > 15 {
		t.Errorf("before the publish %d %% drop off", share)
	}
	if share := 100 * after[0] / after[1]; share < 47 || share > 63 {
		t.Errorf("after it %d %% drop off", share)
	}
}

func TestOpenSessionsCloseLater(t *testing.T) {
	w, c := newWorld(t, Options{})
	opened := map[api.SessionID]bool{}
	window := api.Between(noon().Add(-3*time.Hour), noon())
	for _, s := range w.Truth().Sessions(retailBot, window) {
		if s.Open {
			opened[s.ID] = true
			if s.End.After(noon()) || s.Containment != api.SelfService && s.Containment != api.Undetermined {
				t.Errorf("open session %+v", s)
			}
		}
	}
	if len(opened) == 0 {
		t.Fatal("nothing is open")
	}
	c.move(3 * time.Hour)
	for _, s := range w.Truth().Sessions(retailBot, window) {
		if s.Open || s.Containment == api.Undetermined {
			t.Errorf("still open: %+v", s)
		}
	}
}

// TestItem7: the sessions that section 29 asks for.
func TestItem7(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	found := map[string]int{}
	for _, before := range []time.Duration{0, 6 * day, 12 * day} {
		for _, r := range readSessions(t, w, pathSessions, `{"limit":10000,`+dates(6*day, before)+`}`).Rows {
			for _, name := range sessionMarks(r) {
				found[name]++
			}
		}
	}
	for _, name := range []string{
		"rtm", "msteams", "korevg", "ivrVoice", "sms", "email", "slack", "skype", "twitter", "api", "kore", "facebook", "skypeforbusiness",
		"smartassist", "audiocodes", "wfacebook", "dropOff", "selfService", "agent", "no containment", "active", "closed", "no status",
		"interactive", "non-interactive", "developer true", "developer 1", "tag string", "tag number", "tag true", "tag null", "tag object", "tag array",
		"no messages", "over 200 messages", "lang de", "lang es", "lang ar", "lang th", "lang ja", "altText",
	} {
		if found[name] == 0 {
			t.Errorf("no session: %s", name)
		}
	}
}

func sessionMarks(r row) []string {
	str := func(key string) string { s, _ := r[key].(string); return s }
	out := []string{str("channel"), str("containmentType"), str("sessionStatus"), str("sessionType"), "lang " + r["session_lang"].([]any)[0].(string)}
	if _, ok := r["containmentType"]; !ok {
		out = append(out, "no containment")
	}
	if _, ok := r["sessionStatus"]; !ok {
		out = append(out, "no status")
	}
	if n := r["noOfMessagesExchanged"].(float64); n == 0 {
		out = append(out, "no messages")
	} else if n > 200 {
		out = append(out, "over 200 messages")
	}
	switch r["isDeveloper"] {
	case true:
		out = append(out, "developer true")
	case 1.0:
		out = append(out, "developer 1")
	}
	tags := r["tags"].(row)
	if _, ok := tags["altText"]; ok {
		out = append(out, "altText")
	}
	for _, list := range []string{"userTags", "sessionTags"} {
		for _, tag := range tags[list].([]any) {
			switch tag.(row)["value"].(type) {
			case string:
				out = append(out, "tag string")
			case float64:
				out = append(out, "tag number")
			case bool:
				out = append(out, "tag true")
			case nil:
				out = append(out, "tag null")
			case row:
				out = append(out, "tag object")
			case []any:
				out = append(out, "tag array")
			}
		}
	}
	return out
}

// TestItem8: the messages that section 29 asks for.
func TestItem8(t *testing.T) {
	w, _ := newWorld(t, open(Options{}))
	found := map[string]int{}
	stamps := map[string]int{}
	ends := map[string]string{}
	for _, before := range []time.Duration{0, 6 * day} {
		for _, r := range readSessions(t, w, pathSessions, `{"limit":10000,`+dates(6*day, before)+`}`).Rows {
			ends[r["sessionId"].(string)] = r["end_time"].(string)
		}
		for skip := 0; skip < 100_000; skip += 10_000 {
			got := readMessages(t, w, pathV2, `{"limit":10000,"skip":`+text(skip)+`,"getAgentsInfo":true,`+dates(6*day, before)+`}`)
			for _, r := range got.Rows {
				for _, name := range messageMarks(r) {
					found[name]++
				}
				id := r["sessionId"].(string)
				stamps[id+r["createdOn"].(string)]++
				if end, known := ends[id]; known && r["createdOn"].(string) > end {
					found["after the end"]++
				}
			}
			if !got.More {
				break
			}
		}
	}
	for _, n := range stamps {
		if n > 2 {
			found["equal timestamps"]++
		}
	}
	for _, name := range []string{
		"button", "quick_replies", "live_agent", "carousel", "form link", "command", "ssml", "empty text", "no text", "image", "attachment",
		"two components", "no components", "ctrlmsg", "opened", "sent to cs", "channel key", "chnl key", "stamp off", "stamp days off", "MAX_NO_INPUT",
		"Welcome Task", "right to left", "emoji", "ESC[2J", "OSC 52", "C1", "bidi", "200 kB", "braces", "EVENT", "FORM", "SYSTEM", "after the end", "equal timestamps",
	} {
		if found[name] == 0 {
			t.Errorf("no message: %s", name)
		}
	}
}

func messageMarks(r row) []string {
	var out []string
	add := func(is bool, name string) {
		if is {
			out = append(out, name)
		}
	}
	parts := r["components"].([]any)
	add(len(parts) == 0, "no components")
	add(len(parts) == 2, "two components")
	add(r["type"] == "ctrlmsg", "ctrlmsg")
	add(r["status"] == "opened", "opened")
	add(r["status"] == "sent to cs", "sent to cs")
	_, old := r["channel"]
	_, usual := r["chnl"]
	add(old, "channel key")
	add(usual, "chnl key")
	if author, ok := r["author"].(row); ok {
		out = append(out, author["type"].(string))
	}
	created, err := time.Parse(time.RFC3339Nano, r["createdOn"].(string))
	off := r["timestampValue"].(float64) - float64(created.UnixMilli())
	add(err == nil && off > 0 && off < 20, "stamp off")
	add(off > 2*24*3600*1000, "stamp days off")
	for _, p := range parts {
		part := p.(row)
		add(part["cT"] == "image", "image")
		add(part["cT"] == "attachment", "attachment")
		said, ok := part["data"].(row)["text"].(string)
		add(!ok && part["cT"] == "text", "no text")
		add(ok && said == "", "empty text")
		out = append(out, textMarks(said)...)
	}
	return out
}

func textMarks(said string) []string {
	var out []string
	for name, part := range map[string]string{
		"button": `"template_type":"button"`, "quick_replies": `"template_type":"quick_replies"`, "live_agent": `"template_type":"live_agent"`,
		"carousel": `"template_type":"carousel"`, "form link": "token?hash=", "command": `"type":"command"`, "ssml": "<speak>", "MAX_NO_INPUT": "MAX_NO_INPUT",
		"Welcome Task": "Welcome Task", "right to left": "طلب", "emoji": "👩‍👩‍👧‍👦", "ESC[2J": "\x1b[2J", "OSC 52": "\x1b]52;", "C1": "\u009b", "bidi": "\u202e",
	} {
		if strings.Contains(said, part) {
			out = append(out, name)
		}
	}
	if len(said) >= 200*1024 {
		out = append(out, "200 kB")
	}
	if strings.HasPrefix(said, "{") && !json.Valid([]byte(said)) {
		out = append(out, "braces")
	}
	return out
}

// TestModelCallsPerSession: what a client has to read to show one conversation.
func TestModelCallsPerSession(t *testing.T) {
	for seed := range uint64(4) {
		w, _ := newWorld(t, Options{Seed: seed})
		truth := w.Truth()
		for _, s := range truth.Sessions(retailBot, api.Between(noon().Add(-2*day), noon())) {
			if s.Open {
				continue
			}
			if n := len(truth.Calls(retailBot, api.Between(s.Start, s.End.Add(api.JoinMargin)))); n >= 45 {
				t.Errorf("seed %d: %d model calls around session %s (%s)", seed, n, s.ID, s.Scene)
			}
		}
	}
}

// TestStoriesKeepTheirBounds: window searches rely on these.
func TestStoriesKeepTheirBounds(t *testing.T) {
	for seed := range uint64(3) {
		w, _ := newWorld(t, Options{Seed: seed})
		for _, b := range w.bots {
			for s := range b.sessions(span{noon().Add(-16 * day).UnixMilli(), noon().Add(2 * day).UnixMilli()}, true) {
				st := s.told()
				if d := time.Duration(st.end-s.start) * time.Millisecond; d < 0 || d > longestStory-10*time.Minute {
					t.Errorf("%s runs %v", s.scene.name, d)
				}
				if d := time.Duration(st.closed-s.start) * time.Millisecond; d > longestStory+latestClose {
					t.Errorf("%s is closed after %v", s.scene.name, d)
				}
				for _, m := range st.messages {
					if m.at > s.over() {
						t.Errorf("%s has a message %d ms after it is over", s.scene.name, m.at-s.over())
					}
					if m.at < s.start-1000 || m.at > st.end+lateWriting {
						t.Errorf("%s has a message at %+d ms", s.scene.name, m.at-s.start)
					}
				}
				for i, c := range st.calls {
					if c.at > s.over() || c.at < s.start || i > 0 && c.at <= st.calls[i-1].at {
						t.Errorf("%s: call %d out of order", s.scene.name, i)
					}
				}
				if s.outcome == api.Agent && !st.handed {
					t.Errorf("%s went to an agent without an agent", s.scene.name)
				}
			}
		}
	}
}

func TestOneUserInTwoSessionsAtOnce(t *testing.T) {
	w, _ := newWorld(t, Options{})
	var both []SessionTruth
	for _, s := range w.Truth().Sessions(retailBot, api.Between(noon().Add(-2*day), noon())) {
		if s.Scene == "two at once" {
			both = append(both, s)
		}
	}
	if len(both) != 2 || both[0].User != both[1].User || both[0].Start.After(both[1].End) || both[0].Calls == 0 {
		t.Fatalf("%+v", both)
	}
}

func TestManySessions(t *testing.T) {
	w, _ := newWorld(t, Options{Sessions: 100_000})
	if n := len(w.bots[0].line.before); w.bots[0].line.before[n-1] != 100_000 {
		t.Errorf("%d sessions", w.bots[0].line.before[n-1])
	}
	total := 0
	for from := 0; from < givenDays; from += 6 {
		lo := noon().Add(-time.Duration(min(givenDays, from+6)) * day).UnixMilli()
		total += w.bots[0].line.total(lo, noon().Add(-time.Duration(from)*day).UnixMilli()-1)
	}
	if total != 100_000 {
		t.Errorf("%d sessions by window", total)
	}
}

func TestPlacesAreMonotone(t *testing.T) {
	for _, n := range []int{0, 1, 7, 2500, 100_000} {
		line := newTimeline(noon(), 3, n, givenDays, true)
		last, count := int64(0), 0
		for slot := line.first; slot < 20; slot++ {
			size := line.count(slot)
			for k := range size {
				at := line.start(slot, k, size)
				if at <= last || line.slotOf(at) != slot {
					t.Fatalf("%d sessions: slot %d place %d starts at %d after %d", n, slot, k, at, last)
				}
				if slot < 0 {
					if got := line.rank(slot, k); got != n-1-count {
						t.Fatalf("rank %d, want %d", got, n-1-count)
					}
					count++
				}
				last = at
			}
		}
		if count != n {
			t.Errorf("%d places, want %d", count, n)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	w, c := newWorld(t, open(Options{Faults: mustFaults(t, "slow(0s)@p=0.5,total-lies@every=2,moved-rows")}))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 6 {
				post(t, w, pathSessions, `{"skip":`+text(10*i)+`}`)
				post(t, w, pathV2, `{"limit":10,`+dates(time.Hour, 0)+`}`)
				post(t, w, pathModels, `{"limit":"10",`+dates(time.Hour, 0)+`}`)
				c.move(time.Second)
				w.Truth()
			}
		})
	}
	wg.Wait()
	if got := w.Truth().Requests; !maps.Equal(got, map[string]int{"getSessions": 48, "getMessagesV2": 48, "getLLMUsageLogs": 48}) {
		t.Errorf("requests %v", got)
	}
}

// TestNothingLooksReal: secrets say that they are none, people live at example.test.
func TestNothingLooksReal(t *testing.T) {
	for _, c := range credentials() {
		if !strings.HasPrefix(c.Secret, "demo-secret-not-real-") {
			t.Errorf("secret of %s", c.Name)
		}
	}
	w, _ := newWorld(t, open(Options{}))
	all := post(t, w, pathSessions, `{"limit":1000}`).Body.String() + post(t, w, pathV2, `{"limit":10000,`+dates(2*day, 0)+`}`).Body.String() +
		post(t, w, pathModels, `{"limit":"1000",`+dates(day, 0)+`}`).Body.String()
	for _, mail := range regexp.MustCompile(`[\w.+-]+@[\w.-]+\w`).FindAllString(all, -1) {
		if !strings.HasSuffix(mail, "@example.test") {
			t.Errorf("mail address %s", mail)
		}
	}
	for _, phone := range regexp.MustCompile(`"\+\d+"`).FindAllString(all, -1) {
		if !strings.HasPrefix(phone, `"+1555010`) {
			t.Errorf("phone number %s", phone)
		}
	}
	if regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.`).MatchString(all) || strings.Contains(all, "demo-secret") {
		t.Error("a token or a secret in the data")
	}
}

func TestMadeBadly(t *testing.T) {
	if _, err := New(Options{Sessions: -1}); err == nil {
		t.Error("a negative number of sessions was taken")
	}
	if _, err := New(Options{Faults: []Fault{{Name: "nonsense"}}}); err == nil {
		t.Error("an unknown fault was taken")
	}
	w, err := New(Options{Sessions: 3})
	if err != nil {
		t.Fatal(err)
	}
	if rec := ask(t, w, http.MethodPost, pathSessions, sign(t, named("retail"), nil), "{}"); rec.Code != 200 {
		t.Errorf("the real clock: HTTP %d", rec.Code)
	}
}
