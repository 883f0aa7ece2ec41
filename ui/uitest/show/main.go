// Show prints a picture of testdata/screens as a terminal shows it, or with
// -svg as a picture for a browser:
//
//	go run ./ui/uitest/show sessions/loaded-80x24
//	go run ./ui/uitest/show -theme light -svg call/cut-80x24 > cut.svg
//	git show main:testdata/screens/call/cut-80x24.txt | go run ./ui/uitest/show -
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"korescope/ui/canvas"
	"korescope/ui/theme"
	"korescope/ui/uitest"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "show:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("show", flag.ContinueOnError)
	name := flags.String("theme", string(theme.Dark), "which theme the tokens are painted in")
	svg := flags.Bool("svg", false, "as SVG")
	dir := flags.String("dir", filepath.Join("testdata", "screens"), "where the pictures are kept")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, arg := range flags.Args() {
		kept, err := read(in, *dir, arg)
		if err != nil {
			return err
		}
		p, err := uitest.Parse(string(kept))
		if err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
		block, err := p.Block()
		if err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
		painted := canvas.Render(block, theme.New(theme.Name(*name), true), p.W, p.H)
		if *svg {
			painted = uitest.SVG(painted, p.W, p.H, *name != string(theme.Light))
		} else {
			painted = fmt.Sprintf("%s  %s\n%s\n", arg, strings.Join(p.Facts, "; "), painted)
		}
		if _, err := io.WriteString(out, painted); err != nil {
			return err
		}
	}
	return nil
}

func read(in io.Reader, dir, arg string) ([]byte, error) {
	if arg == "-" {
		return io.ReadAll(in)
	}
	return os.ReadFile(filepath.Join(dir, strings.TrimSuffix(arg, ".txt")+".txt"))
}
