package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
)

// Every place one can go to, whatever is new of them, with the mask on and every
// key pressed, shows, offers and copies nothing that points at a person or opens
// a door. A route that is not known to this test fails it.
func TestNoPlaceShowsWhatIsMasked(t *testing.T) {
	for _, name := range walked(t) {
		t.Run(name, func(t *testing.T) {
			place, known := walkedPlaces()[name]
			if !known {
				t.Fatalf("%s is not in walkedPlaces: say how it is opened, so that it is walked", name)
			}
			for _, size := range [][2]int{{80, 24}, {140, 40}} {
				walk(t, place, size[0], size[1])
			}
		})
	}
}

// Without a mask the same places and commands are full of it: the test above would
// see it.
func TestThePoisonIsSeen(t *testing.T) {
	for _, name := range []string{"SessionsRoute", "ConversationRoute", "CallsRoute", "RolesRoute"} {
		p := walkedPlaces()[name]
		v := visit{app: p.app}
		shop := newShop(t, "", poisoned)
		if p.route != nil {
			v.route = p.route(shop)
		}
		s := shop.open(140, 40, v)
		s.press(p.before...)
		if leaked(s.rest().text()) == "" {
			t.Errorf("%s shows nothing of the poison:\n%s", name, s.text())
		}
	}
	stage(t, "", poisoned)
	for _, args := range [][]string{{"sessions"}, {"llm"}, {"containment"}} {
		if out, talk, _ := run(t, append(args, "-o", "json", "--since", "20h")...); leaked(out) == "" {
			t.Errorf("%v prints nothing of the poison: %.300s %s", args, out, talk)
		}
	}
}

// walked are the routes that a walk of keys goes to: all of them, and in the short
// form, which runs with the race detector, those whose screens do the most beside
// each other.
func walked(t *testing.T) []string {
	t.Helper()
	if testing.Short() {
		return []string{"SessionsRoute", "ConversationRoute", "CallsRoute", "CallRoute", "TestsRoute", "FindRoute"}
	}
	return routeNames(t)
}

// routeNames are the routes that package views declares.
func routeNames(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range parsed(t, "..") {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && ast.IsExported(s.Name.Name) && strings.HasSuffix(s.Name.Name, "Route") {
				out = append(out, s.Name.Name)
			}
			return true
		})
	}
	slices.Sort(out)
	return out
}

// parsed are the files of a folder but for its tests.
func parsed(t *testing.T, dir string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal(err, fs.ErrNotExist)
	}
	var out []*ast.File
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// walkedPlace is how a route is opened on the platform whose words all leak.
type walkedPlace struct {
	app   string
	route func(s *shop) ui.Route
	// before are the keys pressed on the list of sessions first, where what is
	// shown has to have been read.
	before []string
}

func walkedPlaces() map[string]walkedPlace {
	fixed := func(r ui.Route) func(*shop) ui.Route { return func(*shop) ui.Route { return r } }
	return map[string]walkedPlace{
		"SessionsRoute":     {route: fixed(views.SessionsRoute{})},
		"ConversationRoute": {before: []string{"enter"}},
		"CallsRoute":        {route: func(s *shop) ui.Route { return views.CallsRoute{Window: api.Last(time.Hour, s.clock())} }},
		"CallRoute":         {before: []string{":", "llm 1h", "enter", "enter"}},
		"LogsRoute":         {before: []string{"L"}},
		"TestsRoute":        {route: fixed(views.TestsRoute{Start: views.StartTests(api.TestStart{Suite: "Refunds smoke", Version: api.Published, Email: leakMail})})},
		"BillingRoute":      {route: fixed(views.BillingRoute{})},
		"BilledRoute":       {route: func(s *shop) ui.Route { return views.BilledRoute{Window: api.Last(24*time.Hour, s.clock())} }},
		"ContainmentRoute":  {route: fixed(views.ContainmentRoute{})},
		"APIsRoute":         {route: fixed(views.APIsRoute{})},
		"JournalRoute":      {route: fixed(views.JournalRoute{})},
		"SuiteImportRoute":  {app: "admin", route: fixed(views.SuiteImportRoute{Name: "smoke", File: "smoke.json"})},
		"SuitesDeleteRoute": {app: "admin", route: fixed(views.SuitesDeleteRoute{Names: []string{"smoke"}})},
		"ChangeRoute":       {app: "admin", route: fixed(views.ChangeRoute{Kind: api.PublishJob})},
		"BotsRoute":         {app: "admin", route: fixed(views.BotsRoute{})},
		"RolesRoute":        {app: "admin", route: fixed(views.RolesRoute{})},
		"FindRoute":         {before: []string{"enter", "esc", "esc", ":", "find order", "enter"}},
		"DoctorRoute":       {route: fixed(views.DoctorRoute{})},
		"FailuresRoute":     {route: func(s *shop) ui.Route { return views.FailuresRoute{Window: api.Last(4*time.Hour, s.clock())} }},
		"ChangesRoute":      {route: func(s *shop) ui.Route { return views.ChangesRoute{Window: api.Last(24*time.Hour, s.clock())} }},
		"PrintedRoute":      {route: fixed(views.PrintedRoute{Line: "llm --since 1h -o json"})},
		"PulseRoute":        {route: func(s *shop) ui.Route { return views.PulseRoute{Window: api.Last(4*time.Hour, s.clock())} }},
		"SameRoute":         {before: []string{"enter", "s"}},
		"CaseRoute":         {before: []string{"m", leakMail, "enter", ":", "case", "enter"}},
		"PublishRoute":      {app: "admin", route: fixed(views.PublishRoute{Start: api.PublishStart{Comment: "a fix"}})},
		"ImportRoute":       {app: "admin", route: fixed(views.ImportRoute{Definition: "bot.json", Config: "config.json"})},
		"FunctionsRoute":    {app: "admin", route: fixed(views.FunctionsRoute{Files: []string{"functions.js"}})},
		"EraseRoute":        {app: "admin", route: fixed(views.EraseRoute{Erasure: api.Erasure{Users: []api.UserID{leakMail}}})},
	}
}

// walk opens the place and presses the keys there are: all of them on a wide
// screen, those that change what is shown on a narrow one.
func walk(t *testing.T, p walkedPlace, w, h int) {
	t.Helper()
	shop := newShop(t, "", poisoned)
	v := visit{app: p.app, tests: true, mask: true}
	if p.route != nil {
		v.route = p.route(shop)
	}
	s := shop.open(w, h, v)
	s.press(p.before...)
	s.rest()
	nothingLeaks(t, "opening", s.text())
	keys := []string{"enter", "esc", "tab", "tab", "tab", "1", "2", "3", "0", "P", "v", "?", "esc", "y", "esc"}
	if w > 100 && !testing.Short() {
		keys = keysToPress()
	}
	for _, k := range keys {
		if t.Failed() {
			return
		}
		s.press(strings.Fields(k)...)
		nothingLeaks(t, k, s.text())
	}
	for _, c := range clipboards(s.Bytes()) {
		nothingLeaks(t, "a copy", c)
	}
}

// keysToPress are all keys of the map but those that leave or stop the program, and
// the one that shows what is masked.
func keysToPress() []string {
	var out []string
	for _, b := range keymap.Defaults() {
		if slices.Contains([]keymap.Action{keymap.Quit, keymap.GoBack, keymap.Suspend, keymap.StopReading, keymap.StepOut, keymap.PrintPlain, keymap.ShowHidden}, b.Action) {
			continue
		}
		for _, k := range b.Keys {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}
