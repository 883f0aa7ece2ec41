// Command korescope is a terminal dashboard for conversations on the Kore.ai XO
// platform: which went wrong, and why.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"syscall"
	_ "time/tzdata" // a zone in a profile is known on machines without zone files too

	"korescope/views/cli"
)

func main() {
	// Everything this program writes is about customers: nobody else reads it,
	// whatever the shell's mask says.
	syscall.Umask(0o077)
	// Libraries write to the standard logger what a server sent them: past the
	// cleaner, over the screen.
	log.SetOutput(io.Discard)
	cli.Harden()
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Standard()))
}
