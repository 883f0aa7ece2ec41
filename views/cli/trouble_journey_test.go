package cli

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"korescope/cache"
)

// The platform is gone: what was read stands there with its age, and the line
// above the footer says what is the matter.
func TestThePlatformIsGone(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1", "enter", "enter").sees("Rate limit reached")
	s.leave()
	s.server.Close()
	s.jump(2 * time.Hour)

	later := s.open(80, 24, visit{})
	later.sees("2h old", "No answer from", "--offline", "1 dropOff >=23")
	later.press("1").rest()
	later.press("enter").sees("2 problems", "cache 2h old")
	later.press("enter").sees("provider error 429", "Rate limit reached", "2h old")
	later.press("tab").sees("[request 3.3 kB]")
	later.press("esc", "esc").sees("No answer from", "1 dropOff >=23", "2h old")
}

func TestOffline(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.press("1", "enter", "enter").sees("Rate limit reached")
		s.leave()
		s.jump(2 * time.Hour)
		before := s.requests()

		later := s.open(w, h, visit{mode: cache.Offline})
		later.sees("cache 2h old", "1 dropOff").whole("offline")
		later.press("1").rest()
		later.press("enter").sees("2 problems", "cache 2h old")
		later.press("enter").sees("Rate limit reached")
		later.press("esc", "esc", "r", "R", "G", "enter").sees("Offline, and nothing about this is on disk")
		later.press("esc", "u", "esc", "f", "7d", "enter", ":", "llm 7d", "enter", ":", "session 99", "enter")
		later.press(":", "billing", "enter", ":", "containment", "enter")
		later.costs(before, nil)
	})
}

func TestAWrongSecret(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{secret: "not-the-secret"})
	s.sees("refused the credentials", "client_id", "nothing could be read and nothing is in the cache", "0 all ?").whole("wrong-secret")
	n := s.asked()
	if n > 2 {
		t.Errorf("%d requests with a wrong secret", n)
	}
	s.press("j", "enter", "1", "?").sees("list of sessions")
	s.press("esc").sees("refused the credentials")
	if s.asked() != n {
		t.Error("keys asked again")
	}
}

// An app that may not read model calls still shows the conversation.
func TestAMissingScope(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{app: "retail-no-llm"})
		s.press("1", "enter").sees("charged 70.90 twice", "Fetch Gen AI and LLM Usage Logs", "publish the bot", "[2 llm ?]").golden("no-scope")
		s.press("j", "j").sees("charged 70.90 twice")
		s.press("l").sees("Fetch Gen AI and LLM Usage Logs")
		s.press("esc", "esc").sees("1 of 26").misses("Fetch Gen AI")
	})
}

func TestAWebPageInPlaceOfThePlatform(t *testing.T) {
	t.Parallel()
	page := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			rw.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(rw, "<html><title>Sign in \x1b]0;owned\x07</title><body>portal</body></html>")
		})
	}
	s := newShop(t, "", page).open(80, 24, visit{})
	s.sees("Something else than the platform answers", "proxy", "0 all ?").misses("owned", "portal")
	if strings.Contains(string(s.Bytes()), "owned") {
		t.Error("the page's title reached the terminal")
	}
}

// The platform sends everybody away: the header counts down, keys answer
// meanwhile, and ctrl-c ends the waiting.
func TestRateLimited(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		shop := newShop(t, "status(429)@op=getSessions;after=2", nil)
		s := shop.open(w, h, visit{})
		s.rest().sees("1 of 186", "> 11:59:12")
		s.press("r").pass(time.Second).sees("refused, again in")
		first := s.text()
		s.press("j", "j").sees("> 11:55:49", "refused, again in")
		s.pass(5 * time.Second)
		if s.text() == first {
			t.Error("the header does not count down")
		}
		s.press("?").sees("list of sessions")
		s.press("esc", "ctrl+c").sees("stopped reading", "> 11:55:49")
		s.arrive().sees("0 all 186", "> 11:55:49")
	})
}

// The platform answers slowly: everything on screen works, and ctrl-c stops
// the read and nothing else.
func TestASlowPlatform(t *testing.T) {
	t.Parallel()
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		s.sees("> 11:59:12")
		s.hold.shut()
		s.press("r").sees("reading", "186 read so far")
		s.press("j", "j").sees("> 11:55:49")
		s.pass(3 * time.Second).sees("reading 3s")
		s.press("1").sees("[1 dropOff 26]")
		s.press("0", "G").misses("> 11:").press("g")
		s.press("?").sees("list of sessions")
		s.press("esc", "/", "type:agent").sees("18 of 186")
		s.press("esc", "ctrl+c").sees("stopped reading; ctrl-c again leaves").misses("reading 3s")
		s.arrive().sees("0 all 186")
		s.hold.release()
		s.pass(noteLife)
		s.press("r").sees("0 all 18").misses("reading")
	})
}

// A conversation whose answer is kept back: the screen is there at once, the
// list below it still works, and the answer that comes late is not lost.
func TestASlowConversation(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1")
	s.hold.shut()
	s.press("enter").sees("sessions > 730f6f..da", "charged 70.90 twice", "reading")
	s.press("j", "j", "k").sees("reading")
	s.hold.release()
	s.arrive().sees("2 problems").misses("reading")

	s.hold.shut()
	s.press("ctrl+n").sees("2 of 26", "reading")
	s.press("esc").sees("[1 dropOff 26]")
	s.arrive().sees("[1 dropOff 26]").misses("2 of 26 ")
}

func TestCtrlCTwiceLeavesASlowPlatform(t *testing.T) {
	t.Parallel()
	shop := newShop(t, "", nil)
	shop.hold.shut()
	s := shop.open(80, 24, visit{})
	s.sees("reading", "asking the platform for the sessions")
	s.press("ctrl+c").sees("stopped reading")
	s.press("ctrl+c")
	if err := s.Ended(); err != nil {
		t.Error(err)
	}
}
