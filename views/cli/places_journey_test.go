package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"korescope/api"
	"korescope/cache"
	"korescope/config"
	"korescope/ui"
	"korescope/views"
	"korescope/views/find"
)

// What the calls of the platform came to is read from disk, and again with r.
func TestTheListOfAPIs(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		before := s.requests()
		all := api.Endpoints()
		count, last := strconv.Itoa(len(all)), all[len(all)-1]
		s.press(":", "apis", "enter").sees("sessions > apis", count+" API calls", "> getSessions", "Bot Sessions", " 200 ", "nothing is asked of the platform")
		s.press("/", "llm", "enter").sees("getLLMUsageLogs", "1 of "+count+" match").misses("> getSessions").press("esc")
		s.press("G").sees("> "+last.Name[:12], last.Method+" /api/")
		s.costs(before, nil)
		s.press(":", "llm 1h", "enter").press("esc").sees("sessions > apis")
		s.press("g", "j", "j", "j", "j").sees("> getLLMUsageLogs")
		if row := s.row("> getLLMUsageLogs"); strings.Contains(row, " 200 ") {
			t.Errorf("read again without being told: %s", row)
		}
		s.press("r")
		if row := s.row("> getLLMUsageLogs"); !strings.Contains(row, " 200 ") {
			t.Errorf("r did not read again: %s", row)
		}
	})
}

// row is the line of the terminal with that text in it.
func (s *scene) row(with string) string {
	s.t.Helper()
	for _, l := range strings.Split(s.text(), "\n") {
		if strings.Contains(l, with) {
			return l
		}
	}
	s.t.Fatalf("no line with %q", with)
	return ""
}

func TestAccountListsNeedAnAdmin(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		before := s.requests()
		s.press(":", "bots", "enter").sees("The list of bots needs an Admin Console credential", "the platform would refuse").golden("bots-refused")
		s.press("r").sees("nothing is asked here")
		s.press(":", "roles", "enter").sees("The list of users and roles needs an Admin Console", `scope = "admin"`)
		s.costs(before, nil)
	})
}

func TestAccountLists(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{app: "admin", route: views.BotsRoute{}})
		s.sees("bots", "RetailBot").golden("bots")
		s.press(":", "roles", "enter").sees("> roles", "users", "BOT ROLES").golden("roles")
		before := s.requests()
		s.press("esc").press(":", "roles", "enter").sees("> roles")
		s.costs(before, nil)
		// The next start calls the bot what the list calls it.
		listed, err := s.desk.bots.Cached(t.Context(), cache.AllBots{})
		if err != nil || len(listed.Value) == 0 {
			t.Fatal(err)
		}
		s.desk.profile.BotID, s.desk.title = string(listed.Value[0].ID), ""
		if got := s.desk.bot(t.Context()).String(); got != listed.Value[0].Name {
			t.Errorf("the bot is called %q, it is %q", got, listed.Value[0].Name)
		}
	})
}

// Without a bot of its own, a conversation and its model calls are read at the bot
// of the row.
func TestAnAccountOpensAnyConversation(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{app: "admin"})
	s.sees("sessions", "dropOff").press("enter").sees("sessions > ", "[1 messages ", "2 llm ", "by id").press("l").sees(" calls")
}

func TestBilledSessionsLeadToTheConversation(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press(":", "billing hour", "enter").sees("> billing", "[hour]").press("j", "j", "d")
	s.sees("> billed", "billed sessions", "START", "SESSION")
	s.press("enter").sees("> billed", "> ").misses("No answer")
}

// A search finds what was read before, asks nobody, and leads to the place.
func TestFindingText(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.press("1", "enter").sees("sessions > ").press("esc")
		before := s.requests()
		s.press(":", "find refund", "enter").sees("sessions > find", "found, newest first", "in what was read before", "the platform is not asked")
		s.press("/", "nosuchword", "enter").
			sees("find nosuchword", "nothing that was read before holds", " messages, ")
		s.costs(before, nil)
		s.press("esc").press(":", "find", "enter").sees("find: ").press("card", "enter").sees("find card")
	})
}

func TestAHitOpensItsPlace(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1", "enter").press("esc")
	hits, err := s.desk.store.Find(t.Context(), cache.FindQuery{Text: "refund*", Limit: 50})
	if err != nil || len(hits) == 0 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	for i, h := range hits {
		if h.Kind != cache.HitMessage {
			continue
		}
		s.press(":", "find refund*", "enter")
		for range i {
			s.press("j")
		}
		s.press("enter").sees("> find > ").press("y").sees(h.ID)
		return
	}
	t.Fatal("no message was found")
}

// Older hits are read page by page, each exactly once.
func TestPagesOfASearch(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press(":", "sessions 7d", "enter", "G", "R", "pgup", "R", "pgup", "R", "pgup", "R")
	seen := map[int64]bool{}
	var pages int
	for q := (find.Query{Text: "t* "}); ; pages++ {
		a, err := s.desk.finder().Cached(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.Value.Hits {
			if seen[h.Place] {
				t.Errorf("place %d twice", h.Place)
			}
			seen[h.Place] = true
		}
		if a.Value.Messages != 0 || a.Value.Sessions != 0 || !a.Fresh {
			t.Errorf("counted what was searched, though something was found: %+v", a.Value)
		}
		if !a.Value.More {
			break
		}
		q.Before = a.Value.Hits[len(a.Value.Hits)-1].Place
	}
	if a, err := s.desk.finder().Cached(t.Context(), find.Query{Text: "nobodysaysthis"}); err != nil || a.Value.Messages == 0 || a.Value.Sessions == 0 {
		t.Errorf("nothing found in %+v, %v", a.Value, err)
	}
	all, err := s.desk.store.Find(t.Context(), cache.FindQuery{Text: "t*", Limit: 1 << 20})
	if err != nil || len(all) != len(seen) || pages == 0 {
		t.Errorf("%d of %d hits in %d further pages, %v", len(seen), len(all), pages, err)
	}
}

func TestPlacesSayWhatIsWrong(t *testing.T) {
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press(":", "apis all", "enter").sees("takes no arguments").press("esc", "esc")
	s.press(":", "profile other", "enter").sees("there is no other profile").press("esc", "esc")
	s.press(":", "billing w", "esc").press(":", "billing ", "tab").sees("> billing month")
}

// roads is a shop whose dashboard can move between two profiles.
func roads(t *testing.T, w, h int) (*scene, *office) {
	t.Helper()
	shop := newShop(t, "", nil)
	s := shop.open(w, h, visit{})
	f := &office{open: func(ctx context.Context, name string) (*desk, error) {
		o := shop.deskOptions(visit{app: name})
		if name == "locked" {
			return nil, &views.UsageError{Text: "the client secret could not be read: pass: no such entry", Err: errors.New("exit 1")}
		}
		o.profile.Name, o.title = name, "BankBot"
		o.config.Profiles = profiles()
		return sit(ctx, o)
	}}
	t.Cleanup(func() {
		if err := f.close(); err != nil {
			t.Error(err)
		}
	})
	s.desk.config.Profiles = profiles()
	f.keep(s.desk)
	return s, f
}

func profiles() map[string]config.Profile {
	return map[string]config.Profile{"prod-eu": {Name: "prod-eu"}, "banking": {Name: "banking"}, "locked": {Name: "locked"}}
}

func TestAnotherProfile(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s, f := roads(t, w, h)
		old := s.desk
		s.press("1", "enter").press(":", "profile ").sees("profile banking", "profile locked", "in use").whole("profile")
		s.press("b", "tab", "enter").sees("banking/BankBot", "[0 all").misses("RetailBot", "sessions > ", "opening")
		if _, err := old.store.Info(t.Context()); err == nil {
			t.Error("the desk that was left is open")
		}
		if len(f.desks) != 1 || f.desks[0].profile.Name != "banking" || f.moving {
			t.Errorf("%d desks are open", len(f.desks))
		}
		s.press("enter").sees("sessions > ").press("esc")
		s.press("]").press(":", "profile prod-eu", "enter").sees("prod-eu/", "[0 all").misses("banking")
		s.press("q")
		if err := s.Ended(); err != nil {
			t.Error(err)
		}
	})
}

func TestAProfileThatCannotBeOpenedChangesNothing(t *testing.T) {
	s, f := roads(t, 80, 24)
	s.press("1", "enter").sees("sessions > ")
	s.press(":", "profile locked", "enter").sees("prod-eu/", "sessions > ", "Profile locked is not opened, prod-eu stays:", "no such entry").whole("profile-locked")
	s.press(":", "profile bankin", "enter").sees("banking").press("esc", "esc")
	s.press(":", "profile prod-eu", "enter").sees("is the profile in use").press("esc", "esc")
	s.press(":", "profile", "enter").sees("banking, locked, prod-eu")
	if len(f.desks) != 1 || f.moving {
		t.Errorf("%d desks are open, moving %v", len(f.desks), f.moving)
	}
	s.press("esc", "0").sees("[0 all")
}

// Who moves while a move is under way is told so, and nothing is opened twice.
func TestOneMoveAtATime(t *testing.T) {
	s, f := roads(t, 80, 24)
	if !f.begin() {
		t.Fatal("a move is under way")
	}
	if n, ok := f.move(t.Context(), s.desk, "banking").(ui.Note); !ok || !n.Bad {
		t.Errorf("a second move gave %v", n)
	}
	if len(f.desks) != 1 {
		t.Error("a second desk is open")
	}
}

// Another profile comes from the same file, and without the host and the bot
// that the command line named for the first one.
func TestAnotherProfileComesFromTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(`
[profiles.one]
host = "https://one.example.test"
bot_id = "st-one"
client_id = "cs-one"
client_secret = "secret-of-one"

[profiles.two]
host = "https://two.example.test"
bot_id = "st-two"
client_id = "cs-two"
client_secret = "secret-of-two"
allow_writes = true

[profiles.bare]
host = "https://three.example.test"
`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProgram(Streams{})
	p.clock = opening
	p.env = func(name string) string {
		return map[string]string{"XDG_CACHE_HOME": dir, "XDG_STATE_HOME": dir, "XDG_CONFIG_HOME": dir}[name]
	}
	p.flags = globals{profile: "one", host: "https://elsewhere.example.test", bot: "st-elsewhere", config: file, noCache: true}
	d, err := p.another(t.Context(), "two")
	if err != nil {
		t.Fatal(err)
	}
	defer d.leave()
	if d.profile.Name != "two" || d.profile.Host != "https://two.example.test" || d.profile.BotID != "st-two" || !d.profile.AllowWrites {
		t.Errorf("opened %+v", d.profile)
	}
	for name, want := range map[string]string{"bare": "missing: bot_id, client_id", "none": `no profile "none"`} {
		if _, err := p.another(t.Context(), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p.flags.profile != "one" || p.flags.host == "" {
		t.Error("what was said on the command line is forgotten")
	}
}
