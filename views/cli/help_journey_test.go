package cli

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"korescope/keymap"
)

// Whatever ? lists on a screen does something there or says why not, and a key
// that means nothing says so: none is silent.
func TestEveryKeyThatHelpListsDoesSomething(t *testing.T) {
	for _, name := range walked(t) {
		t.Run(name, func(t *testing.T) {
			for _, size := range [][2]int{{80, 24}, {140, 40}} {
				s := openPlain(t, walkedPlaces()[name], size[0], size[1])
				s.press("Z").sees("Z means nothing here")
				listed := s.app.Listed()
				if len(listed) == 0 {
					t.Fatal("nothing is listed")
				}
				for _, l := range listed {
					for _, key := range l.Keys {
						s.answers(l.Action, key)
					}
				}
				if os.Getenv("KORESCOPE_FULL") == "" {
					return // the larger size takes two minutes more
				}
			}
		})
	}
}

// answers presses a key and wants another picture: of the screen, of another one,
// or a line that says why nothing happens. Then it goes back to where it was.
func (s *scene) answers(a keymap.Action, key string) {
	s.t.Helper()
	if quiet(a) || strings.HasPrefix(key, "ctrl+") && len(key) > len("ctrl+x") {
		return
	}
	s.pass(noteLife)
	before, way, bytes := s.app.View().Content, s.crumbs(), len(s.Bytes())
	s.press(strings.Fields(key)...)
	if s.app.View().Content == before && len(s.Bytes()) == bytes {
		s.t.Errorf("%s (%s) changes nothing and says nothing:\n%s", key, a, s.text())
	}
	if opensSomething(a) {
		s.press("esc")
	}
	for range 3 {
		if s.crumbs() == way {
			return
		}
		s.press("esc")
	}
	if s.crumbs() != way {
		s.press("]")
	}
}

func (s *scene) crumbs() string {
	way, _, _ := strings.Cut(strings.Split(s.text(), "\n")[1], "   ")
	return way
}

// quiet are the keys that leave or stop the program, those that move and may be
// at the end, and those that lead to where they stand.
func quiet(a keymap.Action) bool {
	return slices.Contains(keymap.Moving(), a) || slices.Contains([]keymap.Action{
		keymap.Quit, keymap.GoBack, keymap.Suspend, keymap.StopReading, keymap.StepOut, keymap.GoBackwards, keymap.GoLastView,
	}, a)
}

// opensSomething are the actions after which esc closes what they opened.
func opensSomething(a keymap.Action) bool {
	return slices.Contains([]keymap.Action{
		keymap.OpenCommand, keymap.StartFind, keymap.SetWindow, keymap.OpenHelp, keymap.OpenCopyMenu, keymap.PrintPlain, keymap.PinItem,
	}, a)
}

// openPlain opens a place of the walk on an ordinary platform.
func openPlain(t *testing.T, p walkedPlace, w, h int) *scene {
	t.Helper()
	shop := newShop(t, "", nil)
	v := visit{app: p.app, tests: true}
	if p.route != nil {
		v.route = p.route(shop)
	}
	s := shop.open(w, h, v)
	s.press(p.before...)
	return s.rest()
}

// Everything that a screen handles it offers, or the shell would answer the key
// with "not here": it hands on what is offered and nothing else.
func TestWhatIsHandledIsOffered(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("..", "*", "*.go"))
	if err != nil || len(dirs) == 0 {
		t.Fatal(err)
	}
	seen, actions := map[string]bool{}, actionNames(t)
	for _, path := range dirs {
		dir := filepath.Dir(path)
		if seen[dir] || filepath.Base(dir) == "cli" {
			continue
		}
		seen[dir] = true
		handled, offered := actionsOf(parsed(t, dir))
		for name := range handled {
			if !offered[name] && !offeredWith(actions, offered, name) {
				t.Errorf("%s handles keymap.%s and never offers it", dir, name)
			}
		}
	}
}

// actionsOf are the names of the actions that stand behind case in some files, and
// of those that an offer names.
func actionsOf(files []*ast.File) (handled, offered map[string]bool) {
	handled, offered = map[string]bool{}, map[string]bool{}
	note := func(e ast.Expr, into map[string]bool) {
		if sel, ok := e.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "keymap" {
				into[sel.Sel.Name] = true
			}
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CaseClause:
				for _, e := range n.List {
					note(e, handled)
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Action" {
					note(n.Value, offered)
				}
			}
			return true
		})
	}
	return handled, offered
}

// offeredWith reports an action that comes with one of those offered, or that moves.
func offeredWith(actions map[string]keymap.Action, offered map[string]bool, name string) bool {
	if slices.Contains(keymap.Moving(), actions[name]) {
		return true
	}
	for o := range offered {
		if keymap.Together(actions[o], actions[name]) {
			return true
		}
	}
	return false
}

// actionNames are the values of the constants of package keymap.
func actionNames(t *testing.T) map[string]keymap.Action {
	t.Helper()
	out := map[string]keymap.Action{}
	for _, f := range parsed(t, filepath.Join("..", "..", "keymap")) {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if lit, ok := v.Values[0].(*ast.BasicLit); ok {
					out[v.Names[0].Name] = keymap.Action(strings.Trim(lit.Value, "\""))
				}
			}
			return true
		})
	}
	return out
}
