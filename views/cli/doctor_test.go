package cli

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
)

// mostProbes is how many requests a usual round may cost, whatever is wrong.
const mostProbes = 4

func TestADoctorAsksLittle(t *testing.T) {
	for faults, want := range map[string]int{
		"": views.ExitDone, "clock-skew(10m)": views.ExitDone, "clock-skew(-3h)": views.ExitDone, "refuse-auth": views.ExitSignIn,
		"scope-missing": views.ExitSignIn, "hour-exhausted(0)": views.ExitLimited, "limit(2,100)": views.ExitLimited,
		"html-200": views.ExitHost, "redirect(307,https://elsewhere.example.test/)": views.ExitHost,
	} {
		t.Run(faults, func(t *testing.T) {
			world := stage(t, faults, nil)
			out, talk, code := run(t, "doctor")
			n := 0
			for k := range maps.Values(world.Truth().Requests) {
				n += k
			}
			if code != want || n > mostProbes || n == 0 {
				t.Errorf("%d requests, exit %d, want %d\n%s%s", n, code, want, out, talk)
			}
			if elsewhere := world.Truth().Elsewhere; elsewhere > 0 {
				t.Errorf("%d tokens went elsewhere", elsewhere)
			}
		})
	}
}

// Nothing waits for a refusal to pass, and what was refused is not asked again.
func TestARoundAfterARefusalAsksNobody(t *testing.T) {
	world := stage(t, "hour-exhausted(0)", nil)
	for range 3 {
		if _, talk, code := run(t, "doctor", "--all"); code != views.ExitLimited {
			t.Fatalf("exit %d: %s", code, talk)
		}
	}
	if n := world.Truth().Requests["getSessions"]; n != 1 || len(world.Truth().Requests) != 1 {
		t.Errorf("%v requests", world.Truth().Requests)
	}
}

// devNull stands for a terminal that does not tell its size.
func devNull(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestTerminals(t *testing.T) {
	for name, tt := range map[string]struct {
		env   map[string]string
		state doctor.State
		found []string
	}{
		"usual":     {map[string]string{"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, doctor.OK, []string{"xterm-256color, 256 colours", "OSC 52", "de_DE.UTF-8"}},
		"deep":      {map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.utf8"}, doctor.OK, []string{"24-bit colours"}},
		"few":       {map[string]string{"TERM": "vt220", "LANG": "C.UTF-8"}, doctor.OK, []string{"16 colours"}},
		"no colour": {map[string]string{"TERM": "xterm-256color", "NO_COLOR": "1", "LANG": "C.UTF-8"}, doctor.OK, []string{"no colours (NO_COLOR)"}},
		"tmux":      {map[string]string{"TERM": "tmux-256color", "TMUX": "/tmp/x", "LANG": "C.UTF-8"}, doctor.OK, []string{"in tmux", "set-clipboard on"}},
		"screen":    {map[string]string{"TERM": "screen", "STY": "1.x", "LANG": "C.UTF-8"}, doctor.OK, []string{"in screen", "ctrl-l"}},
		"no locale": {map[string]string{"TERM": "xterm"}, doctor.Warn, []string{"no UTF-8 locale", "LANG=C.UTF-8"}},
		"LC_ALL wins": {map[string]string{"TERM": "xterm", "LC_ALL": "C", "LANG": "C.UTF-8"}, doctor.Warn,
			[]string{"no UTF-8 locale"}},
		"dumb":    {map[string]string{"TERM": "dumb", "LANG": "C.UTF-8"}, doctor.Warn, []string{"no colours", "commands work"}},
		"hostile": {map[string]string{"TERM": "x\x1b[2J", "LANG": "C.UTF-8"}, doctor.OK, []string{"x␛[2J"}},
	} {
		t.Run(name, func(t *testing.T) {
			x := &examiner{around: around{env: func(k string) string { return tt.env[k] }, tty: devNull(t)}}
			f := x.terminal(t.Context())
			got := text.Join(" | ", f.Found, f.Advice).String()
			for _, want := range tt.found {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in %s", want, got)
				}
			}
			if f.State != tt.state {
				t.Errorf("%s: %s", f.State, got)
			}
		})
	}
	if f := (&examiner{}).terminal(t.Context()); f.State != doctor.OK || !strings.Contains(f.Found.String(), "none on stdout") {
		t.Errorf("without a terminal: %+v", f)
	}
}

func TestHowFarApartClocksAre(t *testing.T) {
	at := time.Date(2031, 3, 12, 13, 47, 0, 600e6, time.UTC)
	for name, tt := range map[string]struct {
		date  time.Time
		state doctor.State
		found string
	}{
		"the same second":      {at.Truncate(time.Second), doctor.OK, "agrees"},
		"one second later":     {at.Truncate(time.Second).Add(time.Second), doctor.OK, "agrees"},
		"a little":             {at.Add(20 * time.Second), doctor.OK, "19s apart"},
		"ahead":                {at.Add(10 * time.Minute), doctor.Warn, "the platform's clock is 10m ahead of this machine's"},
		"behind":               {at.Add(-time.Hour), doctor.Warn, "the platform's clock is 1h behind this machine's"},
		"the host says none":   {time.Time{}, doctor.Skipped, "does not say"},
		"while the line waits": {at.Add(700 * time.Millisecond).Truncate(time.Second), doctor.OK, "agrees"},
	} {
		x := &examiner{asked: true, seen: &witness{first: arrival{sent: at, came: at.Add(800 * time.Millisecond), date: tt.date}}}
		if f := x.clocks(t.Context()); f.State != tt.state || !strings.Contains(f.Found.String(), tt.found) {
			t.Errorf("%s: %s %s", name, f.State, f.Found)
		}
	}
}

// The certificate is looked at while nothing is wrong with it yet.
func TestACertificateThatEndsSoon(t *testing.T) {
	world := stage(t, "", nil)
	server := httptest.NewUnstartedServer(world.Handler())
	server.StartTLS()
	t.Cleanup(server.Close)
	leaf := server.Certificate().NotAfter
	d := &desk{profile: config.Profile{Host: server.URL}}
	for left, want := range map[time.Duration]doctor.State{24 * time.Hour: doctor.Warn, 90 * 24 * time.Hour: doctor.OK} {
		w := &witness{next: server.Client().Transport, clock: time.Now}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := w.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		x := &examiner{d: d, clock: func() time.Time { return leaf.Add(-left) }, seen: w}
		if f := x.reached(); f.State != want || !strings.Contains(f.Found.String(), "TLS, certificate good for") {
			t.Errorf("%s left: %+v", left, f)
		}
	}
}

// A host that says nothing costs its time and no more: what can be looked at here
// is looked at.
func TestASilentHost(t *testing.T) {
	limit := newLasting()
	stage(t, "", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err == nil {
				limit.end()
				<-r.Context().Done()
			}
		})
	})
	out, talk, code := limit.run(t.Context(), hasty, "doctor", "--timeout", "1h", "-o", "csv", "--fields", "name,state")
	if code != views.ExitHost || strings.Count(out, "\n") != 17 || !strings.Contains(out, "host,FAIL") || !strings.Contains(out, "cache,ok") || !strings.Contains(out, "limits,ok") {
		t.Errorf("%d\n%s%s", code, out, talk)
	}
}

// A round that was stopped says so instead of blaming the host.
func TestAStoppedRoundBlamesNobody(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if f := (&examiner{}).failed(ctx, context.Canceled); f.State != doctor.Skipped {
		t.Errorf("%+v", f)
	}
}

func TestTheDoctorOnScreen(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		before := s.requests()
		s.press(":", "doctor", "enter").sees("> doctor", "credential     client id", "Chat History: granted", "scope metrics", "not asked by itself")
		s.costs(before, map[string]int{"getSessions": 1, "getMessagesV2": 1, "getLLMUsageLogs": 1})
		s.press("esc").press(":", "doctor all", "enter").sees("Metrics: granted", "Billing Sessions: granted")
		s.press("r").sees("Metrics: granted")
		s.press("esc").press(":", "doctor twice", "enter").sees("takes no arguments").press("esc", "esc")
		s.leave()
	})
}

func TestTheDoctorOnScreenWithoutAHost(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	shop.server.Close()
	s.press(":", "doctor", "enter").sees("1 FAIL", "> FAIL    host", "No answer from")
}
