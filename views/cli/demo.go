package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"korescope/api/sim"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
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
		return nil, err
	}
	world, err := sim.New(sim.Options{Seed: o.seed, Now: time.Now, Sessions: o.sessions, Faults: faults})
	if err != nil {
		return nil, fmt.Errorf("make the demo's world: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the demo: %w", err)
	}
	server := &http.Server{Handler: world.Handler(), ReadHeaderTimeout: 10 * time.Second}
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

// demoFolder makes a private folder for the demo's cache, gone with the demo.
func demoFolder() (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("", "korescope-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the demo's cache: %w", err)
	}
	return filepath.Join(dir, "korescope"), func() error { return os.RemoveAll(dir) }, nil
}

func (s *demoServer) profile() config.Profile {
	return config.Profile{
		Name: "demo", Host: "http://" + s.addr, BotID: string(s.creds.BotID), ClientID: s.creds.ClientID,
		Scope: config.BotScope, Secret: config.InlineSecret(config.Hide(s.creds.Secret)), Timezone: time.UTC,
		RequestsPerMinute: config.DefaultRequestsPerMinute, RequestsPerHour: config.DefaultRequestsPerHour,
	}
}

func (p *program) demoCommand() *cobra.Command {
	var o demoOptions
	var serve string
	c := &cobra.Command{
		Use:   "demo",
		Short: "The dashboard on an invented bot with an incident, without credentials or network",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if serve != "" {
				return p.serve(c.Context(), o, serve)
			}
			return p.demo(c.Context(), o)
		},
	}
	c.Flags().IntVar(&o.sessions, "sessions", 0, "number of sessions (0: two weeks of a small shop)")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "the same seed makes the same world")
	c.Flags().StringVar(&o.faults, "fault", "", "faults by name, separated by commas")
	c.Flags().StringVar(&serve, "serve", "", "only serve the simulator at this loopback address")
	return c
}

// demo is the dashboard on the simulator, with a cache that goes with it.
func (p *program) demo(ctx context.Context, o demoOptions) (err error) {
	if err := wantTerminal(p.streams); err != nil {
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
	d, err := sit(ctx, deskOptions{
		config: c, profile: server.profile(), title: demoTitle, keys: keys, cacheDir: dir, clock: p.clock,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	return play(ctx, p.streams, func(ctx context.Context) *ui.App { return d.shell(ctx, nil) }, "")
}

// serve runs the simulator alone and prints the four variables that connect to
// it. They go to stdout: a shell can read them.
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
		"export KORESCOPE_HOST=http://%s\nexport KORESCOPE_BOT_ID=%s\nexport KORESCOPE_CLIENT_ID=%s\nexport KORESCOPE_CLIENT_SECRET=%s\n",
		server.addr, server.creds.BotID, server.creds.ClientID, server.creds.Secret)
	if err != nil {
		return errors.Join(err, server.stop())
	}
	<-ctx.Done()
	return server.stop()
}
