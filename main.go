// Command korescope is a terminal dashboard for conversations on the Kore.ai XO
// platform: which went wrong, and why.
package main

import (
	"context"
	"os"
	"syscall"

	"korescope/views/cli"
)

func main() {
	// Everything this program writes is about customers: nobody else reads it,
	// whatever the shell's mask says.
	syscall.Umask(0o077)
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Standard()))
}
