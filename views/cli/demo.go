package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"korescope/api/sim"
	"korescope/config"
	"korescope/keymap"
	"korescope/views"
)

// demoTitle is the invented bot of the demo.
const demoTitle = "RetailBot"

// demoOptions are the flags of the demo.
type demoOptions struct {
	sessions int
	seed     uint64
	faults   string
}

// demoServer is the simulator on a loopback address.
type demoServer struct {
	addr  string
	creds sim.Credential
	stop  func() error
}

// serveDemo starts the simulator. The rest of the program does not know it: the
// ordinary client talks to it over loopback.
func serveDemo(ctx context.Context, o demoOptions, addr string) (*demoServer, error) {
	faults, err := sim.ParseFaults(o.faults)
	if err != nil {
		return nil, &views.UsageError{Text: "--fault: " + err.Error(), Err: err}
	}
	if o.sessions < 0 {
		return nil, views.Usage("--sessions is a number of sessions, 0 for two weeks of a small shop")
	}
	world, err := sim.New(sim.Options{Seed: o.seed, Now: time.Now, Sessions: o.sessions, Faults: faults})
	if err != nil {
		return nil, fmt.Errorf("make the demo's world: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the demo: %w", err)
	}
	server := &http.Server{
		Handler: world.Handler(), ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), // it would write over the screen
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	return &demoServer{
		addr: listener.Addr().String(), creds: world.Credentials()[0],
		stop: func() error {
			err := server.Close()
			if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
				err = errors.Join(err, served)
			}
			return err
		},
	}, nil
}

// demoMark begins the name of a demo's folder; the process id follows it.
const demoMark = "korescope-demo-"

// demoFolder makes a private folder for the demo's cache, gone with the demo.
// Folders of demos that were killed go first.
func demoFolder() (dir string, remove func() error, err error) {
	sweepDemos(os.TempDir())
	top, err := os.MkdirTemp("", demoMark+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the demo's cache: %w", err)
	}
	return filepath.Join(top, "korescope"), func() error { return os.RemoveAll(top) }, nil
}

// sweepDemos removes the folders of demos that no longer run. What cannot be
// removed belongs to somebody else, or is tried again next time.
func sweepDemos(in string) {
	found, err := filepath.Glob(filepath.Join(in, demoMark+"*-*"))
	if err != nil {
		return
	}
	for _, dir := range found {
		id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), demoMark), "-")
		pid, err := strconv.Atoi(id)
		if err == nil && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}

func (s *demoServer) profile() config.Profile {
	return config.Profile{
		Name: "demo", Host: "http://" + s.addr, BotID: string(s.creds.BotID), ClientID: s.creds.ClientID,
		Scope: config.BotScope, Secret: config.InlineSecret(config.Hide(s.creds.Secret)), Timezone: time.UTC,
		RequestsPerMinute: config.DefaultRequestsPerMinute, RequestsPerHour: config.DefaultRequestsPerHour,
		AllowTests: true, TestSuites: sim.SuiteNames(), TestEmail: "owner@example.test",
	}
}

func (p *program) demoCommand() *cobra.Command {
	var o demoOptions
	var serve string
	c := &cobra.Command{
		Use:   "demo",
		Short: "The dashboard on an invented bot with an incident, without credentials or network",
		Long: `The dashboard on an invented bot with an incident, without credentials or
network. --serve only serves the simulator, until it is interrupted, and prints
four variables on stdout that connect to it.

Faults, separated by commas, as in 'slow(2s),status(503)@op=getSessions;nth=2'
(--fault help says what each does):
` + faultMenu(),
		Example: `  korescope demo --sessions 100000 --seed 7
  korescope demo --serve 127.0.0.1:8177 > demo.env &
  set -a; . ./demo.env; set +a; korescope sessions`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case o.faults == "help":
				return p.explainFaults()
			case serve != "":
				return headless(c.Context(), func(ctx context.Context) error { return p.serve(ctx, o, serve) })
			}
			return p.demo(c.Context(), o)
		},
	}
	c.Flags().IntVar(&o.sessions, "sessions", 0, "`number` of sessions (0: two weeks of a small shop)")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "the same `seed` makes the same world")
	c.Flags().StringVar(&o.faults, "fault", "", "`list` of faults, or help")
	c.Flags().StringVar(&serve, "serve", "", "only serve the simulator at this loopback `address`")
	return p.leads(c, place{closed: "the demo is a dashboard of its own: start it in a shell"})
}

// faultMenu is the names of all faults in lines of a screen's width.
func faultMenu() string {
	var b strings.Builder
	room := 0
	for _, f := range sim.FaultNames() {
		if len(f.Name)+1 > room {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteByte(' ')
			room = 77
		}
		b.WriteString(" " + f.Name)
		room -= len(f.Name) + 1
	}
	return b.String()
}

func (p *program) explainFaults() error {
	for _, f := range sim.FaultNames() {
		if _, err := fmt.Fprintf(p.streams.Out, "%-32s %s\n", f.Name+f.Args, f.Line); err != nil {
			return err
		}
	}
	return nil
}

// demo is the dashboard on the simulator, with a cache that goes with it.
func (p *program) demo(ctx context.Context, o demoOptions) (err error) {
	if err := errors.Join(p.flags.check(), p.wantScreen()); err != nil {
		return err
	}
	server, err := serveDemo(ctx, o, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	dir, remove, err := demoFolder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	keys, _ := keymap.New(keymap.Defaults(), nil)
	c, _, _ := config.Load(ctx, config.Sources{Env: func(string) string { return "" }, Partial: true})
	return p.playing(ctx, "", func(ctx context.Context) (*desk, error) {
		return sit(ctx, deskOptions{
			config: c, profile: server.profile(), title: demoTitle, keys: keys, cacheDir: dir, clock: p.clock,
			cacheOff: p.flags.noCache, mask: p.flags.mask, stateDir: filepath.Join(dir, "state"),
			around: p.around(settled{config: c}),
		})
	})
}

// serve runs the simulator alone and prints the four variables that connect to
// it, one a line as NAME=value, so that a shell and the tools of containers can
// read them. An interrupt is the way to end it, not a failure.
func (p *program) serve(ctx context.Context, o demoOptions, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return views.Usage("--serve takes a loopback address with a port, for example 127.0.0.1:8177")
	}
	server, err := serveDemo(ctx, o, addr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.streams.Out,
		"KORESCOPE_HOST=http://%s\nKORESCOPE_BOT_ID=%s\nKORESCOPE_CLIENT_ID=%s\nKORESCOPE_CLIENT_SECRET=%s\n",
		server.addr, server.creds.BotID, server.creds.ClientID, server.creds.Secret)
	if err != nil {
		return errors.Join(err, server.stop())
	}
	<-ctx.Done()
	return server.stop()
}
