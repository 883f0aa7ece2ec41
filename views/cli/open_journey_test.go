package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

const told = "730f6f21efc28d7c5c54f7da"

// What one person copies with y r, another one opens at the same line.
func TestAHandOverLeadsToTheSameLine(t *testing.T) {
	t.Parallel()
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	s.press("1").rest()
	s.press("enter").sees(">  0:27 llm")
	s.press("y", "r").sees("clip.txt")
	line := s.copied(1)[0]
	rest, ours := strings.CutPrefix(line, "korescope open ")
	if !ours || !strings.Contains(rest, told) || !strings.Contains(rest, "--at ") {
		t.Fatalf("copied %q", line)
	}
	r, _, err := s.desk.parse("open " + rest)
	if err != nil {
		t.Fatal(err)
	}
	shop.open(80, 24, visit{route: r}).sees("730f6f..da", ">  0:27 llm")
	s.press("esc", ":", "open "+rest, "enter").sees("> 730f6f..da", ">  0:27 llm")
}

func TestWhereAConversationOpens(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	for rest, want := range map[string]views.ConversationRoute{
		told: {}, told + " --at 2031-03-04T11:49:16Z": {At: time.Date(2031, 3, 4, 11, 49, 16, 0, time.UTC)},
		"--at ms-1 " + told: {Message: "ms-1"}, "--at=ms-1 " + told: {Message: "ms-1"},
	} {
		want.Session.ID = told
		got, _, err := s.desk.parse("open " + rest)
		if r, _ := got.(views.ConversationRoute); err != nil || r.Session.ID != want.Session.ID || !r.At.Equal(want.At) || r.Message != want.Message {
			t.Errorf("%q: %+v, %v", rest, got, err)
		}
	}
	for _, rest := range []string{"", "a b", "--at", "--to x " + told, "--at 2031-03-04T11:49:16Z"} {
		if got, _, err := s.desk.parse("open " + rest); err == nil {
			t.Errorf("%q opens %+v", rest, got)
		}
	}
	// A moment between two rows opens at the earlier one.
	s.press(":", "open "+told+" --at 2031-03-04T11:48:59Z", "enter").sees("> 730f6f..da", ">  0:07 llm")
}

// A message is a place to open at, and one that is not there is said.
func TestAConversationOpensAtAMessage(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	a, err := last(answers(t.Context(), s.desk.messages, api.MessageQuery{Sessions: api.ListIDs(told)}))
	if err != nil || len(a.Value) < 3 {
		t.Fatal(err)
	}
	at := a.Value[2]
	s.press(":", "open "+told+" --at "+string(at.ID), "enter").sees("> 730f6f..da").misses("no message")
	if words, _, _ := strings.Cut(at.Text, " "); !lineWith(s.text(), ">  0:", words) {
		t.Errorf("the cursor is not at %q:\n%s", at.Text, s.text())
	}
	s.press(":", "open "+told+" --at ms-gone", "enter").sees("no message ms-gone in this conversation")
}

// lineWith reports a line that has all the words.
func lineWith(body string, words ...string) bool {
	for line := range strings.Lines(body) {
		has := func(w string) bool { return strings.Contains(line, w) }
		if !slices.ContainsFunc(words, func(w string) bool { return !has(w) }) {
			return true
		}
	}
	return false
}

// Typed without a name, what acts on conversations takes the one in view.
func TestWithoutANameItIsTheOneInView(t *testing.T) {
	t.Parallel()
	d := &desk{clock: time.Now, zone: time.UTC}
	for line, want := range map[string]string{
		"export": "export a b", "messages": "messages a b", "timeline --no-debug": "timeline --no-debug a b", "same 7d": "same 7d a b", "pin --note x": "pin --note x a b",
		"export c": "export c", "export --pinned --to x": "export --pinned --to x", "messages --user u": "messages --user u", "messages --call c": "messages --call c",
		"export --help": "export --help", "sessions": "sessions", "llm": "llm", "unpin": "unpin", "nothing": "nothing", "": "", "find x": "find x", "messages 'a": "messages 'a",
	} {
		if got := d.fill(line, []string{"a", "b"}); got != want {
			t.Errorf("%q becomes %q, not %q", line, got, want)
		}
		if got := d.fill(line, nil); got != line {
			t.Errorf("%q with nothing in view becomes %q", line, got)
		}
	}
	for _, one := range []string{"", "-x", "a b", "a'b"} {
		if got := d.fill("export", []string{one}); got != "export" {
			t.Errorf("%q makes %q", one, got)
		}
	}
}

func TestTheConversationInViewIsExported(t *testing.T) {
	t.Chdir(t.TempDir())
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1").rest()
	s.press(":", "timeline", "enter").sees("> timeline", told, "user").press("esc")
	s.press("enter").sees(">  0:27 ")
	s.press(":", "export", "enter").sees("wrote case-"+told+": 1 sessions", "masked")
	if _, err := os.Stat(filepath.Join("case-"+told, "manifest.json")); err != nil {
		t.Error(err)
	}
	s.press("esc", "l").sees("> llm").press(":", "export --format md", "enter").sees("# ")
	s.press("esc", "esc", "esc", "space", "j", "space", ":", "messages", "enter").sees("> messages", told)
}

// Where a dashboard is left, the next one begins with --resume.
func TestItGoesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	s.press("2", "/", "msgs:>2", "enter")
	s.leave()
	info, err := os.Stat(filepath.Join(shop.dir, "state", savedName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	again := shop.open(80, 24, visit{})
	r, err := again.desk.resumed()
	if want, ok := r.(views.SessionsRoute); err != nil || !ok || want.Filter != "type:agent msgs:>2" || want.Query.Window.Length() != 24*time.Hour {
		t.Errorf("%+v, %v", r, err)
	}
	again.press("1", "enter").sees("2 problems")
	again.leave()
	last := shop.open(80, 24, visit{})
	if r, err = last.desk.resumed(); err != nil {
		t.Fatal(err)
	}
	shop.open(80, 24, visit{route: r}).sees("730f6f..da", ">  0:27 llm")
}

// A place saved under a name is one word after ":", in the next run as well.
func TestAPlaceUnderAName(t *testing.T) {
	t.Parallel()
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{})
	s.press("1", ":", "save drops", "enter").sees(":drops opens sessions 24h type:dropOff")
	s.press(":", "save", "enter").sees("write save and a name").press("esc")
	s.press(":", "save billing", "enter").sees("is a command already")
	s.press(":", "save a/b", "enter").sees("a name is a word")
	s.press(":", "dr").sees("saved: sessions 24h type:dropOff").press("esc")
	s.leave()
	s = shop.open(80, 24, visit{})
	s.press(":", "drops", "enter").sees("26 of 186 match")
}

// The payloads of a call are copied whole, in its list as well, where they are
// read from disk first.
func TestACallIsCopiedWhole(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{})
	s.press("1", "l").sees("> llm", "refund-assistant")
	s.press("e", "y", "j").sees("call as JSON")
	s.press("enter", "y", "j")
	both := s.copied(2)
	for i, doc := range both {
		var call struct {
			CallID, SessionID string
			Request, Response map[string]any
		}
		if err := json.Unmarshal([]byte(doc), &call); err != nil || call.SessionID != told || call.Request["model"] == nil || len(call.Response) == 0 {
			t.Errorf("copy %d: %v\n%s", i, err, doc)
		}
	}
	if both[0] != both[1] {
		t.Errorf("the list copies\n%s\nthe call\n%s", both[0], both[1])
	}
	s.press("y", "m").sees("Markdown")
	if md := s.copied(3)[2]; !strings.HasPrefix(md, "## LLM call refund") || !strings.Contains(md, "\n- problem: ") || strings.Count(md, "```") != 2 {
		t.Errorf("a ticket says\n%s", md)
	}
}
