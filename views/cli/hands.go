package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/config"
	"korescope/keymap"
	"korescope/spell"
	"korescope/ui"
	"korescope/ui/text"
)

// What a person adds with [aliases] and [[commands]]: words after ":" and programs
// on a key.

// bindings are the rows of the key table with those of the person's own commands,
// and the keys of these beside the overrides.
func bindings(c config.Config) ([]keymap.Binding, map[string][]string) {
	rows, keys := keymap.Defaults(), maps.Clone(c.Keys)
	if keys == nil {
		keys = map[string][]string{}
	}
	for _, own := range c.Commands {
		where := own.Where
		if len(where) == 0 {
			where = []string{string(keymap.Shell)}
		}
		help := own.Help
		if help == "" {
			help = strings.Join(own.Run, " ")
		}
		for _, scope := range where {
			rows = append(rows, keymap.Binding{Scope: keymap.Scope(scope), Action: keymap.Action(own.Name), Short: own.Name, Long: help})
		}
		if _, moved := keys[own.Name]; !moved && len(own.Keys) > 0 {
			keys[own.Name] = own.Keys
		}
	}
	return rows, keys
}

// handProblems finds what is wrong with aliases and own commands: names that mean
// something already, keys that are taken, places and words that do not exist.
func handProblems(c config.Config) []config.HandProblem {
	words := commandWords()
	var out []config.HandProblem
	say := func(what, hint string, path ...string) {
		out = append(out, config.HandProblem{Path: path, What: what, Hint: hint})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Aliases)) {
		first, _, _ := strings.Cut(c.Aliases[name], " ")
		switch {
		case slices.Contains(words, name):
			say(strconv.Quote(name)+" is a command already", "choose another word", "aliases", name)
		case !slices.Contains(words, first) && !slices.ContainsFunc(c.Commands, func(o config.Command) bool { return o.Name == first }):
			hint := "an empty : and tab list the commands"
			if near := spell.Nearest(first, words); near != "" {
				hint = "did you mean " + strconv.Quote(near) + "?"
			}
			say("there is no command "+strconv.Quote(first), hint, "aliases", name)
		}
	}
	for i, own := range c.Commands {
		at := strconv.Itoa(i + 1)
		if slices.Contains(words, own.Name) {
			say(strconv.Quote(own.Name)+" is a command already", "choose another word", "commands", at, "name")
		}
		for _, scope := range own.Where {
			if !slices.Contains(places(), scope) {
				say("there is no "+strconv.Quote(scope), "known are "+strings.Join(places(), ", "), "commands", at, "where")
			}
		}
	}
	if len(out) > 0 {
		return out // keys are compared where the names are right
	}
	return keyTrouble(c)
}

// keyTrouble are the mistakes in the key table that the own commands bring in.
func keyTrouble(c config.Config) []config.HandProblem {
	_, before := keymap.New(keymap.Defaults(), c.Keys)
	rows, keys := bindings(c)
	_, now := keymap.New(rows, keys)
	var out []config.HandProblem
	for _, issue := range now {
		if slices.Contains(before, issue) {
			continue
		}
		for i, own := range c.Commands {
			if string(issue.Action) == own.Name || slices.Contains(own.Keys, issue.Key) {
				out = append(out, config.HandProblem{Path: []string{"commands", strconv.Itoa(i + 1), "key"}, What: issue.What, Hint: issue.Hint})
				break
			}
		}
	}
	return out
}

// commandWords are the words after ":" that mean something by themselves.
func commandWords() []string {
	var out []string
	for _, c := range newProgram(Streams{}).root().Commands() {
		out = append(out, c.Name())
	}
	for _, b := range keymap.Defaults() {
		out = append(out, b.Command, string(b.Action))
	}
	return slices.AppendSeq(out, maps.Keys(keymap.ShortCommands()))
}

// places are where a key may be live.
func places() []string {
	out := []string{string(keymap.Shell)}
	for _, chain := range keymap.Chains() {
		for _, scope := range chain {
			if name := string(scope); scope != keymap.Copy && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// customs are the person's commands as the shell runs them.
func (d *desk) customs() map[keymap.Action]func(string, map[keymap.Action]string) tea.Cmd {
	out := map[keymap.Action]func(string, map[keymap.Action]string) tea.Cmd{}
	for _, own := range d.config.Commands {
		out[keymap.Action(own.Name)] = func(rest string, here map[keymap.Action]string) tea.Cmd { return d.errand(own, rest, here) }
	}
	return out
}

// given are the variables of a command, by what copies the same: with the mask in
// force they are as masked as a copy.
func (d *desk) given(here map[keymap.Action]string) map[string]string {
	return map[string]string{
		"KORESCOPE_SESSION": here[keymap.CopySession], "KORESCOPE_USER": here[keymap.CopyUser], "KORESCOPE_ID": here[keymap.CopyID],
		"KORESCOPE_BOT": d.profile.BotID, "KORESCOPE_HOST": d.profile.Host, "KORESCOPE_PROFILE": d.profile.Name,
	}
}

// errand runs a command with the screen out of the way.
func (d *desk) errand(own config.Command, rest string, here map[keymap.Action]string) tea.Cmd {
	given := d.given(here)
	more, _ := tokens(rest)
	argv, err := wordsOf(own.Run, given)
	if err != nil {
		return ui.Notify(ui.Note{Bad: true, Text: text.Format("%s is not run: %s", own.Name, err.Error())})
	}
	for _, w := range more {
		argv = append(argv, w.word)
	}
	if err := config.Loose(argv); err != nil {
		return ui.Notify(ui.Note{Bad: true, Long: true, Sticky: true, Text: text.Format("%s is not run: %s", own.Name, err.Error())})
	}
	e := &errand{name: own.Name, argv: argv, stay: own.Stay, env: outside(os.Environ(), d.config.SecretVariables(), given)}
	return tea.Exec(e, func(err error) tea.Msg {
		if err == nil {
			return nil
		}
		return ui.Note{Bad: true, Sticky: true, Text: text.Format("%s: %s", own.Name, err.Error())}
	})
}

// wordsOf are the words of a command with the values of this place. Users choose what
// they are called: a name that a program would take for an option is no argument.
func wordsOf(words []string, given map[string]string) ([]string, error) {
	argv := slices.Clone(words)
	for i, word := range argv {
		name, variable := strings.CutPrefix(word, "$")
		value, known := given[name]
		what := strings.ToLower(strings.TrimPrefix(name, "KORESCOPE_"))
		switch {
		case !variable || !known:
		case value == "":
			return nil, fmt.Errorf("there is no %s here", what)
		case strings.HasPrefix(value, "-"):
			return nil, fmt.Errorf("the %s begins with a dash, as an option does; let the command read $%s from its environment", what, name)
		default:
			argv[i] = value
		}
	}
	return argv, nil
}

// outside is an environment without secrets, and without ids that are not those of
// this place.
func outside(environ, secrets []string, given map[string]string) []string {
	var out []string
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if _, ours := given[name]; !ours && !slices.Contains(secrets, name) {
			out = append(out, pair)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if given[name] != "" {
			out = append(out, name+"="+given[name])
		}
	}
	return out
}

// errand is one run of a command, as the library runs it: the terminal has its own
// modes again.
type errand struct {
	name string
	argv []string
	env  []string
	stay bool

	in       io.Reader
	out, err io.Writer
}

// SetStdin takes the keyboard.
func (e *errand) SetStdin(r io.Reader) { e.in = r }

// SetStdout takes the screen.
func (e *errand) SetStdout(w io.Writer) { e.out = w }

// SetStderr takes where complaints go.
func (e *errand) SetStderr(w io.Writer) { e.err = w }

// Run runs the program. A signal from the keyboard is for it, not for us.
func (e *errand) Run() error {
	if t, ours := e.out.(*tty); ours {
		if !t.drained(hurry) {
			return errors.New("the terminal takes nothing")
		}
		t.visited.Store(true)
		defer t.visited.Store(false)
		e.out = t.File
	}
	cmd := exec.Command(e.argv[0], e.argv[1:]...) //nolint:gosec,noctx // the person's own, and ended by them
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = e.env, e.in, e.out, e.err
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("cannot be run: %w", err)
	}
	if err != nil {
		err = errors.New("ended with " + exit.String())
	}
	if !e.stay {
		said := "ended"
		if exit != nil {
			said = "ended with " + exit.String()
		}
		_, _ = fmt.Fprintf(e.out, "\n-- %s %s; enter goes back --\n", e.name, said)
		_, _ = bufio.NewReader(e.in).ReadString('\n') // an end of input goes back as well
	}
	return err
}
