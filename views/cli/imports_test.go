package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "korescope"

// Rule: arrows between folders never turn back. main knows the command line, it
// knows everything; a screen knows the vocabulary and the shell, never another
// screen, the cache, the client or HTTP; the shell has never heard of a session,
// and the cache has never heard of a screen.

// row is a line of the table of ARCHITECTURE.md: who may import whom, ours only. A
// pattern with * is a folder; the first row that fits holds.
type row struct {
	who string
	may []string
}

// mayImport reads the table from the page that people read, so that it cannot
// tell them anything else. The word screen stands for the row of that name.
func mayImport(t *testing.T) []row {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "<!-- imports -->")
	table, _, found := strings.Cut(table, "<!-- /imports -->")
	if !found {
		t.Fatal("ARCHITECTURE.md has no import table")
	}
	words := func(cell string) []string {
		return strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ' ' })
	}
	var rows []row
	var screen []string
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[1]) == "package" {
			continue
		}
		r := row{who: strings.TrimSpace(cells[1]), may: words(cells[2])}
		if r.who == "." {
			r.who = ""
		}
		if r.who == "screen" {
			screen = r.may
			continue
		}
		rows = append(rows, r)
	}
	for i, r := range rows {
		if slices.Contains(r.may, "screen") {
			rows[i].may = append(slices.Clone(screen), r.may...)
		}
	}
	if len(rows) < 10 || len(screen) < 5 {
		t.Fatalf("the import table has %d rows, screens may import %v", len(rows), screen)
	}
	return rows
}

// testsMayImport is what tests may import on top.
func testsMayImport(who string) []string {
	switch {
	case who == "":
		return []string{"*"}
	case who == "api/kore":
		return []string{"api/sim", "api/apitest"}
	case who == "api/sim":
		return []string{"api/kore", "api/apitest"}
	case who == "api/jobs", who == "api/follow":
		return []string{"api/kore", "api/sim"}
	case who == "cache":
		return []string{"api/apitest", "api/sim", "api/kore"}
	case who == "ui":
		return []string{"ui/uitest"}
	case strings.HasPrefix(who, "ui/"):
		return []string{"ui/uitest", "ui/text", "ui/theme", "ui/canvas", "ui/jsontree", "ui/table"}
	case strings.HasPrefix(who, "views/"):
		return []string{"api", "ui/uitest", "views/viewtest", "views/output"}
	}
	return nil
}

// notAtAll is what packages never import, whoever wrote it.
func notAtAll(who string) []string {
	web := []string{"net/http", "os/exec"}
	switch {
	case who == "api" || who == "keymap" || who == "ui/layout":
		return append(web, "os", "net")
	case who == "views" || strings.HasPrefix(who, "views/") && who != "views/cli" || who == "ui" || strings.HasPrefix(who, "ui/"):
		return append(web, "net")
	case who == "cache":
		return append(web, "charm.land/bubbletea/v2", "charm.land/lipgloss/v2")
	case who == "api/kore":
		return []string{"os/exec", "charm.land/bubbletea/v2", "os"}
	}
	return nil
}

// forTests are packages that only tests import.
func forTests() []string { return []string{"api/apitest", "ui/uitest", "views/viewtest"} }

type source struct {
	name string // from the module's root
	pkg  string // its folder
	test bool
	file *ast.File
	set  *token.FileSet
}

// sources parses every Go file of the module.
func sourcesOfModule(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var out []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != root || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		short, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		short = filepath.ToSlash(short)
		pkg := path.Dir(short)
		if pkg == "." {
			pkg = ""
		}
		out = append(out, source{short, pkg, strings.HasSuffix(name, "_test.go"), file, set})
		return nil
	})
	if err != nil || len(out) < 200 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

func TestImportTable(t *testing.T) {
	table := mayImport(t)
	for _, s := range sourcesOfModule(t) {
		may, known := allowed(table, s.pkg)
		if !known {
			t.Errorf("%s: package %q is not in the table", s.name, s.pkg)
		}
		if s.test {
			may = append(slices.Clone(may), testsMayImport(s.pkg)...)
		}
		for _, i := range s.file.Imports {
			what, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !s.test && slices.Contains(notAtAll(s.pkg), what) {
				t.Errorf("%s imports %s", s.name, what)
			}
			ours, found := strings.CutPrefix(what, module+"/")
			if found && ours != s.pkg && !fits(may, ours) {
				t.Errorf("%s imports %s, which %q may not", s.name, ours, s.pkg)
			}
		}
	}
}

func allowed(table []row, pkg string) ([]string, bool) {
	for _, row := range table {
		if fits([]string{row.who}, pkg) {
			return row.may, true
		}
	}
	return nil, false
}

func fits(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, name)
		return p == "*" || err == nil && ok
	})
}

// A colour has one home, so that a theme can change it: elsewhere there are
// tokens.
func TestColoursLiveInTheTheme(t *testing.T) {
	for _, s := range sourcesOfModule(t) {
		if s.test || s.pkg == "ui/theme" || slices.Contains(forTests(), s.pkg) || s.pkg == "api/sim" {
			continue
		}
		for _, i := range s.file.Imports {
			if p := i.Path.Value; strings.Contains(p, "lipgloss") || strings.Contains(p, "colorprofile") || p == `"image/color"` {
				t.Errorf("%s imports %s", s.name, p)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			// The reset modes of the terminal are no colours.
			if v, err := strconv.Unquote(lit.Value); err == nil && s.name != "views/cli/terminal.go" && strings.Contains(v, "\x1b[") {
				t.Errorf("%s writes an escape sequence", s.set.Position(lit.Pos()))
			}
			return true
		})
	}
}

// longestFile is how many lines a file has at most: whoever looks for something in it
// reads it whole.
const longestFile = 400

func TestFilesCanBeReadWhole(t *testing.T) {
	for _, s := range sourcesOfModule(t) {
		if n := s.set.File(s.file.Pos()).LineCount(); !s.test && n > longestFile+1 {
			t.Errorf("%s has %d lines, %d at most: cut it along its parts", s.name, n, longestFile)
		}
	}
}

// Clocks are handed in; here are the places where one begins.
func TestClocksAreHandedIn(t *testing.T) {
	begins := []string{"api/jobs/engine.go", "api/kore/options.go", "api/sim/world.go", "cache/open.go", "config/sources.go", "views/cli/run.go", "views/cli/demo.go", "views/cli/root.go", "views/output/bound.go"}
	for _, s := range sourcesOfModule(t) {
		if s.test || slices.Contains(forTests(), s.pkg) || slices.Contains(begins, s.name) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep"}, sel.Sel.Name) {
					t.Errorf("%s asks time.%s", s.set.Position(sel.Pos()), sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// A command given back as a message is never run, and nothing says so. The check
// knows functions by their name within a package.
func TestNoCommandIsReturnedAsMessage(t *testing.T) {
	all := sourcesOfModule(t)
	commands := map[string]map[string]bool{}
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !s.test && yields(f.Type, "Cmd") {
				if commands[s.pkg] == nil {
					commands[s.pkg] = map[string]bool{}
				}
				commands[s.pkg][f.Name.Name] = true
			}
		}
	}
	if len(commands) < 5 {
		t.Fatal("the commands were not found")
	}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch f := n.(type) {
			case *ast.FuncDecl:
				if f.Body != nil && yields(f.Type, "Msg") {
					returned(t, s, f.Body, commands[s.pkg])
				}
			case *ast.FuncLit:
				if yields(f.Type, "Msg") {
					returned(t, s, f.Body, commands[s.pkg])
				}
			}
			return true
		})
	}
}

// yields reports a function with the one result tea.Cmd or tea.Msg.
func yields(f *ast.FuncType, name string) bool {
	if f.Results == nil || len(f.Results.List) != 1 {
		return false
	}
	sel, ok := f.Results.List[0].Type.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "tea"
}

func returned(t *testing.T, s source, body *ast.BlockStmt, commands map[string]bool) {
	t.Helper()
	ast.Inspect(body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		ret, ok := n.(*ast.ReturnStmt)
		if !ok || len(ret.Results) != 1 {
			return true
		}
		call, ok := ret.Results[0].(*ast.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Fun.(type) {
		case *ast.Ident:
			ok = commands[f.Name]
		case *ast.SelectorExpr:
			x, plain := f.X.(*ast.Ident)
			ok = commands[f.Sel.Name] || plain && x.Name == "tea" && (f.Sel.Name == "Batch" || f.Sel.Name == "Sequence")
		default:
			ok = false
		}
		if ok {
			t.Errorf("%s returns a command as a message", s.set.Position(ret.Pos()))
		}
		return true
	})
}
