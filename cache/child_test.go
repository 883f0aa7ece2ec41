package cache

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
)

// childVar makes this program play another process of the same user.
const childVar = "CACHE_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childVar); role != "" {
		if err := child(role, os.Getenv("CACHE_TEST_DIR"), os.Getenv("CACHE_TEST_ARG")); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func startChild(t *testing.T, role, dir, arg string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+role, "CACHE_TEST_DIR="+dir, "CACHE_TEST_ARG="+arg)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func childOptions(dir string) Options {
	return Options{
		Dir: dir, Name: "test", Secret: "an invented secret", Now: noon,
		Statfs: func(string) (string, error) { return "", nil },
	}
}

func child(role, dir, arg string) error {
	ctx := context.Background()
	o := childOptions(dir)
	if role == "count" || role == "count for ever" {
		return allowanceChild(role, dir, arg)
	}
	if role == "migrate" {
		step, err := strconv.Atoi(arg)
		if err != nil {
			return err
		}
		o.steps = testSteps()
		o.step = func(version int) error {
			if version == step {
				p, err := os.FindProcess(os.Getpid())
				if err != nil {
					return err
				}
				return p.Kill()
			}
			return nil
		}
	}
	if role == "come and go" {
		return comeAndGo(ctx, o, arg)
	}
	s, notice, err := Open(ctx, o)
	if err != nil {
		return err
	}
	if notice != "" {
		return fmt.Errorf("notice: %s", notice)
	}
	n, err := strconv.Atoi(arg)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	switch role {
	case "write":
		err = writeForEver(ctx, s, n)
	case "share":
		err = share(ctx, s, n)
	}
	return errors.Join(err, s.Close())
}

// writeForEver writes pages and says after each that it is there.
func writeForEver(ctx context.Context, s *Store, base int) error {
	for page := base; ; page++ {
		if err := s.write(ctx, "page", func(c *conn) error { return writePage(c, page) }); err != nil {
			return err
		}
		fmt.Println(page)
	}
}

const pageRows = 20

// writePage puts 20 sessions, their messages and the span they fill.
func writePage(c *conn, page int) error {
	w := pageWindow(page)
	rows := make([]api.Session, pageRows)
	msgs := make([]api.Message, pageRows)
	for i := range rows {
		start := w.From.Add(time.Duration(i) * time.Second)
		rows[i] = sessionAt(start, page*pageRows+i, false)
		msgs[i] = messageAt(rows[i].ID, 0, start, api.FromUser, fmt.Sprintf("needle%d in page", page))
	}
	if err := putSessions(c, rows, w, noon()); err != nil {
		return err
	}
	if err := new(Store).putMessages(c, msgs, noon()); err != nil {
		return err
	}
	return recordSpan(c, question{}, w, noon())
}

func pageWindow(page int) api.Window {
	from := noon().Add(-time.Duration(page+1) * 2 * time.Minute)
	return api.Between(from, from.Add(2*time.Minute))
}

// checkPages verifies that a page is there whole or not at all, and that the
// first n are there. It gives the number of pages.
func checkPages(t *testing.T, s *Store, n int) int {
	t.Helper()
	r := Sessions(s, nil, Offline)
	for page := 0; ; page++ {
		a, err := r.Cached(t.Context(), api.SessionQuery{Window: pageWindow(page)})
		if api.KindOf(err) == api.NotCached {
			if page < n {
				t.Fatalf("page %d of %d was lost", page, n)
			}
			return page
		}
		if err != nil {
			t.Fatal(err)
		}
		if a.Partial || len(a.Value) != pageRows {
			t.Fatalf("page %d: %d rows, partial %v", page, len(a.Value), a.Partial)
		}
		hits, err := s.Find(t.Context(), FindQuery{Text: fmt.Sprintf("needle%d", page), Limit: 100})
		if err != nil || len(hits) != pageRows {
			t.Fatalf("page %d: %d hits, %v", page, len(hits), err)
		}
	}
}

func quickCheck(t *testing.T, s *Store) {
	t.Helper()
	s.mu.Lock()
	s.h.unclean = true
	s.mu.Unlock()
	if err := s.checkAfterCrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Notice() != "" {
		t.Fatal(s.Notice())
	}
	err := s.write(t.Context(), "check the index", func(c *conn) error {
		return c.exec("INSERT INTO words (words) VALUES ('integrity-check')")
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestKilledAtAnyMoment(t *testing.T) {
	kills := 32
	if n, err := strconv.Atoi(os.Getenv("CACHE_TEST_KILLS")); err == nil {
		kills = n
	}
	rnd := rand.New(rand.NewPCG(3, uint64(kills))) //nolint:gosec // a repeatable test
	dir := t.TempDir()
	committed := 0
	for range kills {
		cmd, out := startChild(t, "write", dir, strconv.Itoa(committed))
		for range 1 + rnd.IntN(4) {
			if !out.Scan() {
				break
			}
			page, err := strconv.Atoi(out.Text())
			if err != nil {
				t.Fatal(out.Text())
			}
			committed = page + 1
		}
		for range rnd.IntN(200_000) { // somewhere inside the next page
			rnd.Uint64()
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() {
			if page, err := strconv.Atoi(out.Text()); err == nil {
				committed = page + 1
			}
		}
		_ = cmd.Wait() // it was killed
	}
	s := mustOpen(t, childOptions(dir))
	pages := checkPages(t, s, committed)
	quickCheck(t, s)
	t.Logf("%d kills, %d pages said to be written, %d there", kills, committed, pages)
}

// share is one of several processes: it writes pages of its own and takes
// requests from the common budget.
func share(ctx context.Context, s *Store, n int) error {
	l := s.Ledger()
	for i := range 8 {
		if err := s.write(ctx, "page", func(c *conn) error { return writePage(c, n*8+i) }); err != nil {
			return err
		}
		for range 5 {
			_, wait, err := l.Take(ctx, "bot:x", api.Limits{PerMinute: 50}, api.Person, noon())
			if err != nil {
				return err
			}
			if wait == 0 {
				fmt.Println("taken")
			}
		}
	}
	return nil
}

func TestSeveralProcesses(t *testing.T) {
	dir := t.TempDir()
	const processes = 4
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for n := range processes {
		cmd, out := startChild(t, "share", dir, strconv.Itoa(n))
		wg.Go(func() {
			for out.Scan() {
				mu.Lock()
				if strings.HasPrefix(out.Text(), "taken") {
					taken++
				} else {
					t.Errorf("process %d: %s", n, out.Text())
				}
				mu.Unlock()
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("process %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if taken != 50 {
		t.Errorf("%d processes took %d of 50", processes, taken)
	}
	s := mustOpen(t, childOptions(dir))
	if pages := checkPages(t, s, processes*8); pages != processes*8 {
		t.Errorf("%d pages", pages)
	}
	quickCheck(t, s)
}

// comeAndGo opens and closes the cache many times, with a page each.
func comeAndGo(ctx context.Context, o Options, arg string) error {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	for i := range 25 {
		s, notice, err := Open(ctx, o)
		if err != nil {
			return err
		}
		err = s.write(ctx, "page", func(c *conn) error { return writePage(c, n*25+i) })
		if err = errors.Join(err, s.Close()); err != nil {
			return err
		}
		if notice != "" {
			return fmt.Errorf("notice: %s", notice)
		}
	}
	return nil
}

func TestProcessesComeAndGo(t *testing.T) {
	dir := t.TempDir()
	const processes = 3
	var wg sync.WaitGroup
	for n := range processes {
		cmd, out := startChild(t, "come and go", dir, strconv.Itoa(n))
		wg.Go(func() {
			for out.Scan() {
				t.Errorf("process %d: %s", n, out.Text())
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("process %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	s := mustOpen(t, childOptions(dir))
	if pages := checkPages(t, s, processes*25); pages != processes*25 {
		t.Errorf("%d pages", pages)
	}
	quickCheck(t, s)
	if n := checkModes(t, dir); n != 3 {
		t.Errorf("%d files", n)
	}
}
