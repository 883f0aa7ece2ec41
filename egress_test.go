package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// permit is one kind of sequence that the program may send to a terminal.
type permit struct {
	what    string
	pattern string
	copying bool // only in answer to a copy key
}

// permits is every sequence that may leave the program. What is not in this
// list is a hole: it could only have come from somebody else's text, or from a
// library that has begun to say something new.
func permits() []permit {
	return []permit{
		{what: "cursor to a place", pattern: `\x1b\[\d*(;\d+)?H`},
		{what: "cursor by rows or columns", pattern: `\x1b\[\d*[ABCD]`},
		{what: "cursor to a column or row", pattern: `\x1b\[\d*[Gd` + "`" + `]`},
		{what: "tab stops at every eighth column", pattern: `\x1b\[\?5W`},
		{what: "tab stops forwards and back", pattern: `\x1b\[\d*[IZ]`},
		{what: "erase in line or screen", pattern: `\x1b\[[0-2]?[JK]`},
		{what: "erase, insert, delete characters and lines", pattern: `\x1b\[\d*[X@PLM]`},
		{what: "repeat a character", pattern: `\x1b\[\d+b`},
		{what: "scroll up or down", pattern: `\x1b\[\d*[ST]`},
		{what: "index, reverse index", pattern: `\x1b[DM]`},
		{what: "scroll region", pattern: `\x1b\[(\d+;\d+)?r`},
		{what: "colours and attributes", pattern: `\x1b\[[\d;:]*m`},
		{what: "alternate screen", pattern: `\x1b\[\?1049[hl]`},
		{what: "line wrapping around the last cell", pattern: `\x1b\[\?7[hl]`},
		{what: "cursor visibility", pattern: `\x1b\[\?25[hl]`},
		{what: "cursor shape", pattern: `\x1b\[\d* q`},
		{what: "bracketed paste", pattern: `\x1b\[\?2004[hl]`},
		{what: "synchronized output", pattern: `\x1b\[\?2026[hl]`},
		{what: "grapheme widths", pattern: `\x1b\[\?2027[hl]`},
		{what: "is a mode known", pattern: `\x1b\[\?(2026|2027)\$p`},
		{what: "keyboard protocol on, off, asked for", pattern: `\x1b\[([=>]\d+(;\d+)?|<\d*|\?)u`},
		{what: "modified keys", pattern: `\x1b\[>4(;\d)?m`},
		{what: "mouse and focus reports off", pattern: `\x1b\[\?(1000|1002|1003|1004|1006)l`},
		{what: "background colour asked for", pattern: `\x1b\]11;\?(\x07|\x1b\\)`},
		{what: "clipboard", pattern: `\x1b\]52;c;[A-Za-z0-9+/]*={0,2}(\x07|\x1b\\)`, copying: true},
	}
}

// movements are the control characters that move the cursor.
const movements = "\r\n\b\t"

// audit takes a stream apart and says what is not permitted, how often each
// permit was used, and what was copied.
type audit struct {
	used    map[string]int
	unknown map[string]int
	copies  []string
}

func inspect(stream []byte, controls string) audit {
	a := audit{used: map[string]int{}, unknown: map[string]int{}}
	list := permits()
	matchers := make([]*regexp.Regexp, len(list))
	for i, p := range list {
		matchers[i] = regexp.MustCompile(`^(?:` + p.pattern + `)$`)
	}
	p := ansi.NewParser()
	var state byte
	for len(stream) > 0 {
		token, width, n, next := ansi.DecodeSequence(stream, state, p)
		state, stream = next, stream[n:]
		if width > 0 || len(token) > 0 && token[0] >= 0x20 && token[0] != 0x7f {
			a.text(string(token))
			continue
		}
		if len(token) == 1 && strings.IndexByte(controls, token[0]) >= 0 {
			a.used[fmt.Sprintf("control %q", token[0])]++
			continue
		}
		at := slices.IndexFunc(matchers, func(m *regexp.Regexp) bool { return m.Match(token) })
		if at < 0 {
			a.unknown[strconv.Quote(string(token))]++
			continue
		}
		a.used[list[at].what]++
		if list[at].copying {
			a.copies = append(a.copies, clipboard(string(token)))
		}
	}
	if state != ansi.NormalState {
		a.unknown["a sequence without an end"]++
	}
	return a
}

// text looks at the characters of a printed piece.
func (a *audit) text(s string) {
	for _, r := range s {
		if unicode.Is(unicode.Cc, r) || obeyed(r) {
			a.unknown[fmt.Sprintf("%U in text", r)]++
		}
	}
}

// obeyed reports characters that are invisible or turn the text around them.
func obeyed(r rune) bool {
	switch {
	case r == 0x061c, r == 0x200b, r >= 0x200e && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0xfeff, r == 0x00ad, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

const notBase64 = "(not base64)"

func clipboard(sequence string) string {
	data := strings.TrimPrefix(sequence, "\x1b]52;c;")
	data = strings.TrimSuffix(strings.TrimSuffix(data, "\x07"), "\x1b\\")
	text, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return notBase64
	}
	return string(text)
}

// canaries are the numbered marks of hostile text that were seen.
func canaries(stream []byte) int {
	seen := map[string]bool{}
	for _, c := range regexp.MustCompile(`canary-\d+`).FindAll(stream, -1) {
		seen[string(c)] = true
	}
	return len(seen)
}

// walk opens every screen, popup, prompt and note of the program; reports are
// made by the platform and take their time.
func walk(r *run, reports bool) {
	r.t.Helper()
	step := func(keys string, wants ...string) { r.t.Helper(); r.types(keys).sees(wants...) }
	out := func(unwanted ...string) { r.t.Helper(); r.types("\x1b").misses(unwanted...) }

	r.sees("/60 min", "1 of ", "canary-")
	step("j", "2 of ")
	step("1", "[1 dropOff")
	step("2", "[2 agent")
	step("3", "[3 selfService")
	step("4", "[4 open")
	step("0", "[0 all")
	step("/channel:", "/channel:", "canar")
	step("\t", "/channel:", "> channel:")
	out("/channel:")
	step("/\x1b[200~two\x1b]52;c;AAAA\x07\x1b[2Jlines\x1b[201~", "/two")
	out("/two")
	step("/nosuch:1\r", "there is no field")
	out("/nosuch:1")
	step("y", "copy   esc leaves", "session id")
	step("i", "session id now in")
	step("?", "list of sessions", "esc closes")
	out("esc closes")
	step("u", "> user")
	out("> user")
	step("1", "[1 dropOff")
	walkCalls(r, step, out)
	walkConversation(r, step, out)
	step(">>O", "LAST")
	if reports {
		step(":billing hour\r", "> billing", "BILLED", "total")
		step(":containment\r", "> containment", "canary-")
	}
	step(":failures\r", "> failures", "canary-")
	step("\t", "> failures")
	step(":changes\r", "> changes", "canary-")
	step(":tests\r", "> tests")
	step(":doctor\r", "> doctor", "credential")
	step(":nosuch\x1b[200~\x1b[31m\x1b[201~\r", "no command")
	out("no command")
	r.size(40, 10).sees("credential")
	r.size(30, 5).sees("korescope needs")
	r.size(100, 30).sees("> doctor", "credential")
}

func walkCalls(r *run, step func(string, ...string), out func(...string)) {
	r.t.Helper()
	step("l", "> llm", "canary-")
	step("\r", "[messages", "canary-")
	step("P", "[messages")
	step("\t", "[request")
	step("E", "canary-")
	step("yv", "value now in")
	step("yp", "path now in")
	step("/canary\r", "/canary")
	out("/canary ")
	step("\t", "[response")
	step("\t", "[delta")
	step("\t/nosuch\r", "is not in this tab")
	out("/nosuch")
	out("[messages")
	out("> llm")
}

func walkConversation(r *run, step func(string, ...string), _ func(...string)) {
	r.t.Helper()
	step("\r", "[1 messages", "canary-")
	step("g\r", "[1 messages")
	step("P", "[1 messages")
	step("wT", "[1 messages")
	step("/canary\r", "canary-")
	step("nn", "[1 messages")
	step("yt", " now in")
	step("L", "> logs")
	step("q", "[1 messages")
	step("q", "[1 dropOff")
}

// walkCopies is how many copies a walk asks for.
const walkCopies = 4

func TestNothingUnpermittedReachesTheTerminal(t *testing.T) {
	coloured := regexp.MustCompile(`\x1b\[([\d;:]*;)?([34][0-8]|9\d|10\d)([;:][\d;:]*)?m`)
	many := regexp.MustCompile(`\x1b\[([\d;:]*;)?[34]8[;:][\d;:]*m`)
	for i, c := range []struct {
		name  string
		w, h  int
		env   []string
		never *regexp.Regexp
	}{
		{"80x24", 80, 24, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, nil},
		{"140x40", 140, 40, []string{"TERM=xterm-256color"}, nil},
		{"no colour", 80, 24, []string{"TERM=xterm-256color", "NO_COLOR=1"}, coloured},
		{"16 colours", 80, 24, []string{"TERM=xterm-16color"}, many},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, setting{w: c.w, h: c.h, env: c.env, args: []string{"demo", "--fault", "hostile-text"}})
			walk(r, i == 0)
			r.types(":q\r")
			if code := r.ends(soon); code != 0 {
				t.Errorf("left with %d", code)
			}
			stream := r.drained()
			a := inspect(stream, movements)
			for what, n := range a.unknown {
				t.Errorf("%s reached the terminal %d times", what, n)
			}
			if len(a.copies) != walkCopies || slices.Contains(a.copies, notBase64) {
				t.Errorf("%d copies were asked for, the terminal got %q", walkCopies, a.copies)
			}
			if n := canaries(stream); n < 60 {
				t.Errorf("only %d pieces of hostile text were shown", n)
			}
			if c.never != nil && c.never.Match(stream) {
				t.Errorf("a colour that was not wanted: %q", c.never.Find(stream))
			}
			for _, m := range left(stream) {
				t.Error(m)
			}
			t.Logf("%d bytes, %d pieces of hostile text, %d unknown; used %v", len(stream), canaries(stream), len(a.unknown), a.used)
		})
	}
}

// left says which modes a stream leaves switched on.
func left(stream []byte) []string {
	modes := map[string]bool{}
	for _, m := range regexp.MustCompile(`\x1b\[\?(\d+)([hl])`).FindAllSubmatch(stream, -1) {
		modes[string(m[1])] = string(m[2]) == "h"
	}
	var out []string
	for mode, on := range modes {
		// The cursor and the wrapping of lines are on in the end, all else is off.
		if on != (mode == "25" || mode == "7") {
			out = append(out, fmt.Sprintf("mode %s is left %v", mode, on))
		}
	}
	keys := regexp.MustCompile(`\x1b\[(=\d+(;\d+)?u|>\d+u|<\d*u|>4(;\d)?m)`).FindAllString(string(stream), -1)
	depth, modified := 0, false
	for _, k := range keys {
		switch {
		case strings.HasSuffix(k, "m"):
			modified = k != "\x1b[>4m" && k != "\x1b[>4;0m"
		case strings.HasPrefix(k, "\x1b[<"):
			depth = max(depth-1, 0)
		case strings.HasPrefix(k, "\x1b[>"):
			depth++
		default:
			depth = 0
			if !strings.HasPrefix(k, "\x1b[=0") {
				depth = 1
			}
		}
	}
	if depth > 0 || modified {
		out = append(out, fmt.Sprintf("the keyboard protocol is left on: %q", keys))
	}
	return out
}

// serving is the simulator with hostile text, served by a program of its own;
// it returns the environment that connects to it.
func serving(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command(program(t), "demo", "--serve", "127.0.0.1:0", "--fault", "hostile-text")
	cmd.Env = environment(home(t), "program")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it ends by the signal
	})
	var env []string
	for lines := bufio.NewScanner(out); len(env) < 4 && lines.Scan(); {
		env = append(env, lines.Text())
	}
	if len(env) < 4 {
		t.Fatalf("the simulator said %q", env)
	}
	return env
}

// control names the first control character but LF.
func control(s string) string {
	for _, r := range s {
		if r != '\n' && unicode.Is(unicode.Cc, r) {
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

// Commands print hostile text as harmlessly as the dashboard shows it, on a
// terminal and into a pipe.
func TestCommandsPrintNothingATerminalObeys(t *testing.T) {
	t.Parallel()
	connect := append(serving(t), "TERM=xterm-256color")
	ids, _, code := alone(t, connect, "sessions", "--limit", "2", "--jq", ".[].sessionId")
	if code != 0 || len(strings.Fields(ids)) != 2 {
		t.Fatalf("%q, left with %d", ids, code)
	}
	id := strings.Fields(ids)[0]
	commands := [][]string{
		{"sessions", "--limit", "5"}, {"sessions", "--limit", "5", "-o", "json"}, {"sessions", "--limit", "5", "-o", "csv"},
		{"messages", id}, {"messages", id, "-o", "ndjson"}, {"llm", id}, {"llm", id, "-o", "json"},
		{"apis"}, {"sessions", "-q", "\x1b[31mnosuch:\u009b1"}, {"messages", "\x1b]0;owned\x07"},
	}
	for _, args := range commands {
		t.Run(fmt.Sprintf("%q", args), func(t *testing.T) {
			out, talk, _ := alone(t, connect, args...)
			for name, stream := range map[string]string{"stdout": out, "stderr": talk} {
				// Data for another program is what the platform said: characters
				// that no terminal obeys stay in it, and lines of a sheet end with CR LF.
				if c := control(strings.ReplaceAll(stream, "\r\n", "\n")); c != "" {
					t.Errorf("%s on a pipe holds %s", name, c)
				}
			}
			r := start(t, setting{w: 100, h: 30, raw: true, env: connect, args: args})
			r.ends(patience)
			stream := r.drained()
			// A line of progress is taken away by writing over it.
			if a := inspect(stream, "\n\r"); len(a.unknown)+len(a.copies) > 0 || bytes.Contains(stream, []byte("\x1b")) {
				t.Errorf("on a terminal: %v", a.unknown)
			}
			if len(stream) == 0 {
				t.Error("nothing was printed")
			}
		})
	}
}
