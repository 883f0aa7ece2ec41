package cli

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

// said is what two ways to read the same messages have to agree on.
type said struct {
	MessageID, SessionID, Time, Direction, Text string
}

func saidIn(t *testing.T, out string) []said {
	t.Helper()
	var rows []said
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatalf("%v in %.200s", err, out)
	}
	return rows
}

// What a user said is the same whether the platform knows messages-lite, does
// not, or is not asked; and it is what stands in the user's sessions.
func TestMessagesOfAUser(t *testing.T) {
	for _, lite := range []bool{true, false} {
		t.Run(strconv.FormatBool(lite), func(t *testing.T) {
			world := stage(t, "", func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !lite && strings.HasSuffix(r.URL.Path, "/messages-lite") {
						http.NotFound(w, r)
						return
					}
					next.ServeHTTP(w, r)
				})
			})
			bot := world.Credentials()[0].BotID
			w := api.Between(world.Anchor().Add(-36*time.Hour), world.Anchor().Add(-30*time.Hour))
			var user api.UserID
			var ids []string
			for _, s := range world.Truth().Sessions(bot, w) {
				if user == "" && s.Messages > 3 {
					user = s.User
				}
				if s.User == user && user != "" {
					ids = append(ids, string(s.ID))
				}
			}
			span := []string{"--from", views.Stamp(w.From), "--to", views.Stamp(w.To), "-o", "json"}
			got := saidIn(t, succeed(t, append([]string{"messages", "--user", string(user)}, span...)...))
			want := saidIn(t, succeed(t, append(append([]string{"messages"}, ids...), span...)...))
			key := func(s said) string { return s.MessageID + s.Time + s.Text }
			have := map[string]bool{}
			for _, s := range got {
				have[key(s)] = true
			}
			for _, s := range want {
				if !have[key(s)] {
					t.Errorf("missing: %+v", s)
				}
			}
			if len(want) < 3 || len(got) < len(want) {
				t.Fatalf("%d of %d", len(got), len(want))
			}
			latest := saidIn(t, succeed(t, append([]string{"messages", "--user", string(user), "--limit", "2"}, span...)...))
			if !slices.Equal(latest, got[len(got)-2:]) && !lite {
				t.Errorf("--limit 2 gives %+v", latest)
			}
			if len(latest) != 2 {
				t.Errorf("--limit 2 gives %d", len(latest))
			}
			whole := saidIn(t, succeed(t, append([]string{"messages", "--user", string(user), "--limit", "0"}, span...)...))
			if !slices.Equal(whole, got) {
				t.Errorf("--limit 0 gives %d of %d", len(whole), len(got))
			}
			if lite {
				return
			}
			cached := saidIn(t, succeed(t, append([]string{"messages", "--user", string(user), "--offline"}, span...)...))
			if !slices.Equal(cached, got) {
				t.Errorf("offline %d of %d", len(cached), len(got))
			}
		})
	}
}

func TestMessagesOfACall(t *testing.T) {
	world := stage(t, "", nil)
	bot := world.Credentials()[0].BotID
	w := api.Between(world.Anchor().Add(-48*time.Hour), world.Anchor().Add(-time.Hour))
	span := []string{"--from", views.Stamp(w.From), "--to", views.Stamp(w.To), "-o", "json"}
	for _, s := range world.Truth().Sessions(bot, w) {
		if s.CallID == "" {
			continue
		}
		got := saidIn(t, succeed(t, append([]string{"messages", "--call", s.CallID}, span...)...))
		if len(got) == 0 {
			t.Errorf("nothing was said in %s", s.CallID)
		}
		for i, m := range got {
			if m.SessionID != "" || m.Time == "" || i > 0 && m.Time < got[i-1].Time {
				t.Errorf("%+v", m)
			}
		}
		break
	}
	for want, args := range map[string][]string{
		"3":   {"messages", "--call", "5f0b7a10-1111-4c2d-8e3f-9a0b1c2d3e4f"},
		"2":   {"messages"},
		"2a":  {"messages", "--user", ""},
		"2b":  {"messages", "--call", " "},
		"2c":  {"messages", "--call", "a", "--user", "b"},
		"2d":  {"messages", "68f1a3d04c7e2b9a5d10e3f7", "--user", "b"},
		"2e":  {"messages", ""},
		"0no": {"messages", "--user", "u-nobody"},
	} {
		if out, talk, code := run(t, args...); strconv.Itoa(code) != want[:1] {
			t.Errorf("%q left with %d, not %s: %s%s", args, code, want[:1], out, talk)
		}
	}
}

// The verdict stands under the title of everything that is written to be read.
func TestWhyStandsWithATranscript(t *testing.T) {
	stage(t, "", nil)
	id := sessionIDsOf(t, 1)[0]
	line := func(args ...string) string {
		t.Helper()
		for l := range strings.Lines(succeed(t, args...)) {
			if said, is := strings.CutPrefix(l, "WHY  "); is {
				return strings.TrimSpace(said)
			}
		}
		t.Errorf("%v has no line that says why", args)
		return ""
	}
	whole := line("timeline", id)
	if whole == "" || whole == "not read yet" {
		t.Errorf("the time line says %q", whole)
	}
	if again := line("messages", id); again != whole {
		t.Errorf("the transcript says %q, the time line %q", again, whole)
	}
	if md := succeed(t, "export", id, "--format", "md"); !strings.Contains(md, "**WHY** ") {
		t.Errorf("the document does not say why:\n%s", md)
	}
}
