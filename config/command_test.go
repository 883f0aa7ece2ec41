package config

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const printed = "canary-of-the-helper"

// helper writes a small program and gives its path.
func helper(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(tempDir(t), "helper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return path
}

func TestSecretCommand(t *testing.T) {
	const quick = 200 * time.Millisecond
	const enough = 20 * time.Second
	cases := []struct {
		name, body string
		limit      time.Duration
		want       string // part of the error, "" when the secret comes
	}{
		{"plain", "echo " + printed, enough, ""},
		{"with notes below", "printf '" + printed + "\\nuser: nobody\\n'", enough, ""},
		{"talks on the error output", "echo noise >&2; echo " + printed + "; echo more >&2", enough, ""},
		{"reads its input", "cat; echo " + printed, enough, ""},
		{"fails", "echo " + printed + "; echo " + printed + " >&2; exit 3", enough, "ended with exit status 3"},
		{"says nothing", "exit 0", enough, "the client secret is empty"},
		{"says too little", "echo short", enough, "too short"},
		{"slow", "sleep 60", quick, "did not end within 200ms"},
		{"slow and deaf", "trap '' TERM INT HUP; sleep 60; sleep 60", quick, "did not end within 200ms"},
		{"huge", "while :; do echo 0123456789012345678901234567890123456789; done", enough, "printed more than 64 KiB"},
		{"killed", "kill -9 $$", enough, "ended with signal: killed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := command{what: FromCommand, argv: []string{helper(t, c.body)}, env: os.Environ(), limit: c.limit}.run(t.Context())
			switch {
			case c.want == "" && (err != nil || s.Reveal() != printed):
				t.Errorf("%q, %v", s.Reveal(), err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v; want %q", err, c.want)
			case err != nil && strings.Contains(err.Error(), printed):
				t.Errorf("the secret is repeated: %v", err)
			}
		})
	}
}

func TestSecretCommandIsNotRead(t *testing.T) {
	path := helper(t, `[ "$1" = '$(id);*' ] && [ "$#" = 1 ] && echo `+printed)
	s, err := command{what: FromCommand, argv: []string{path, "$(id);*"}, limit: 20 * time.Second}.run(t.Context())
	if err != nil || s.Reveal() != printed {
		t.Errorf("a shell came in between: %v", err)
	}
}

func TestSecretCommandThatIsNotThere(t *testing.T) {
	_, err := command{what: FromCommand, argv: []string{"korescope-has-no-such-helper"}, limit: time.Second}.run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "not on the PATH") {
		t.Error(err)
	}
	_, err = command{what: FromCommand, argv: []string{filepath.Join(tempDir(t), "gone")}, limit: time.Second}.run(t.Context())
	if err == nil {
		t.Error("a missing program ran")
	}
}

// A child holds a named pipe open for as long as it lives: when there is nothing
// more to read from it, the child is gone.
func TestNothingAHelperStartsLivesOn(t *testing.T) {
	for name, c := range map[string]struct {
		end   string
		limit time.Duration
		ok    bool
	}{
		"helper ends":    {"echo " + printed, 20 * time.Second, true},
		"helper hangs":   {"sleep 60", 300 * time.Millisecond, false},
		"helper is huge": {"while :; do echo 0123456789012345678901234567890123456789; done", 20 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			pipe := filepath.Join(tempDir(t), "alive")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			// Not blocking: the helper may be killed before it gets this far.
			f, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // nothing was written
			path := helper(t, "exec 9>"+pipe+"\nsleep 60 &\nexec 9>&-\n"+c.end)
			s, err := command{what: FromCommand, argv: []string{path}, env: os.Environ(), limit: c.limit}.run(t.Context())
			if (err == nil) != c.ok || c.ok && s.Reveal() != printed {
				t.Errorf("%v", err)
			}
			if err := f.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(f); err != nil {
				t.Errorf("a child of the helper is alive: %v", err)
			}
		})
	}
}

func TestSecretIsReadOnceForAHundred(t *testing.T) {
	log := filepath.Join(tempDir(t), "runs")
	path := helper(t, "echo run >>"+log+"; sleep 0.2; echo "+printed)
	p := Profile{Secret: SecretCommand(path)}
	p.Secret.keeper = &keeper{read: command{what: FromCommand, argv: []string{path}, env: os.Environ(), limit: 20 * time.Second}.run}
	ask := func(read func(context.Context) (Secret, error)) {
		t.Helper()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if s, err := read(t.Context()); err != nil || s.Reveal() != printed {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	runs := func() int {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(data), "run")
	}
	ask(p.SecretValue)
	ask(p.SecretValue)
	if n := runs(); n != 1 {
		t.Errorf("%d runs for 200 calls", n)
	}
	if _, err := p.SecretAgain(t.Context()); err != nil {
		t.Error(err)
	}
	if n := runs(); n != 2 {
		t.Errorf("%d runs after asking again", n)
	}
}

func TestKeeper(t *testing.T) {
	good, bad := Hide("first-secret"), errors.New("locked")
	answers := []struct {
		s   Secret
		err error
	}{{Secret{}, bad}, {good, nil}, {Secret{}, bad}, {Hide("second-secret"), nil}}
	next := 0
	p := Profile{}
	p.Secret.keeper = &keeper{read: func(context.Context) (Secret, error) { next++; return answers[next-1].s, answers[next-1].err }}
	read := p.SecretReader()
	if _, err := read(t.Context()); !errors.Is(err, bad) {
		t.Errorf("first: %v", err)
	}
	if s, err := p.SecretValue(t.Context()); err != nil || s.Reveal() != "first-secret" {
		t.Errorf("a failure was kept: %v", err)
	}
	if _, err := read(t.Context()); !errors.Is(err, bad) {
		t.Errorf("second call did not read again: %v", err)
	}
	if s, err := p.SecretValue(t.Context()); err != nil || s.Reveal() != "first-secret" {
		t.Errorf("a failed renewal lost the secret: %v", err)
	}
	if s, err := read(t.Context()); err != nil || s != "second-secret" {
		t.Errorf("third: %q, %v", s, err)
	}
	if s, err := p.SecretValue(t.Context()); err != nil || s.Reveal() != "second-secret" || next != 4 {
		t.Errorf("renewed: %v after %d reads", err, next)
	}
	if _, err := (Profile{}).SecretValue(t.Context()); err == nil {
		t.Error("a profile without secret has one")
	}
}

func TestKeeperOutlivesOneAskerNotAll(t *testing.T) {
	started, stopped, finish := make(chan struct{}), make(chan struct{}), make(chan struct{})
	release := make(chan Secret, 1)
	var reads int
	k := &keeper{}
	k.read = func(ctx context.Context) (Secret, error) {
		reads++
		if reads == 1 {
			started <- struct{}{}
			select {
			case s := <-release:
				return s, nil
			case <-ctx.Done():
				close(stopped)
				<-finish // slow to end: nobody may be made to share it
				return Secret{}, ctx.Err()
			}
		}
		return Hide("later-secret"), nil
	}
	one, leaveOne := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := k.value(one, false); gone <- err }()
	<-started
	k.mu.Lock()
	k.flight.waiting++ // a second asker, in the state it has while it waits
	k.mu.Unlock()
	leaveOne()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	select {
	case <-stopped:
		t.Fatal("the read ended with the first asker")
	default:
	}
	k.leave(k.flight)
	<-stopped
	if s, err := k.value(t.Context(), false); err != nil || s.Reveal() != "later-secret" {
		t.Errorf("after a stopped read: %v", err)
	}
	close(finish)
}

func TestCheckCommand(t *testing.T) {
	for _, c := range []struct {
		argv []string
		ok   bool
	}{{nil, false}, {[]string{"./secret"}, false}, {[]string{"bin/secret"}, false}, {[]string{"pass", "show"}, true}, {[]string{"/usr/bin/pass"}, true}} {
		if err := checkCommand(c.argv); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.argv, err)
		}
	}
}
