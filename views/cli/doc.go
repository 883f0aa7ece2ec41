// Package cli is the command line, and the place where everything is joined:
// it alone knows the configuration, the cache, the client, the simulator and
// every screen. A headless command is one more view of the same data, drawn
// once onto a stream; the dashboard is the command without a name.
package cli
