package table_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
)

type row struct {
	id int
	n  int
	s  string
}

func rows(ids ...int) []row {
	out := make([]row, len(ids))
	for i, id := range ids {
		out[i] = row{id: id, n: id * 7 % 10, s: fmt.Sprintf("row %d", id)}
	}
	return out
}

func upTo(n int) []row {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return rows(ids...)
}

func columns() []table.Column[row] {
	return []table.Column[row]{
		{
			Name: "id", Title: text.Lit("ID"), Min: 4, Ideal: 6, Right: true, Rank: 9,
			Cell: func(r row) canvas.Span { return canvas.S(theme.Plain, text.Int(r.id)) },
			Less: func(a, b row) int { return cmp.Compare(a.id, b.id) },
		},
		{
			Name: "n", Title: text.Lit("NUMBER"), Min: 3, Ideal: 8, Rank: 5,
			Cell: func(r row) canvas.Span { return canvas.S(theme.Info, text.Int(r.n)) },
			Less: func(a, b row) int { return cmp.Compare(a.n, b.n) },
		},
		{
			Name: "hidden", Title: text.Lit("WIDE"), Min: 5, Ideal: 5, Wide: true, Rank: 1,
			Cell: func(row) canvas.Span { return canvas.S(theme.Plain, text.Lit("wide!")) },
			Less: func(a, b row) int { return cmp.Compare(b.id, a.id) },
		},
		{
			Name: "s", Title: text.Lit("WORDS"), Min: 8, Ideal: 10, Grow: true, Rank: 7,
			Cell: func(r row) canvas.Span { return canvas.S(theme.Plain, text.Clean(r.s)) },
		},
	}
}

func list(h int, r []row) *table.Table[row, int] {
	t := table.New(columns(), func(r row) int { return r.id })
	t.SetHeight(h)
	t.SetRows(r)
	return t
}

func ids(r []row) string {
	out := make([]string, len(r))
	for i := range r {
		out[i] = fmt.Sprint(r[i].id)
	}
	return strings.Join(out, " ")
}

func under(t *table.Table[row, int]) int {
	r, ok := t.Selected()
	if !ok {
		return -1
	}
	return r.id
}

func TestMoving(t *testing.T) {
	for _, c := range []struct {
		actions []keymap.Action
		cursor  int
		visible string
	}{
		{nil, 0, "0 1 2 3 4"},
		{[]keymap.Action{keymap.MoveDown}, 1, "0 1 2 3 4"},
		{[]keymap.Action{keymap.MoveUp}, 0, "0 1 2 3 4"},
		{[]keymap.Action{keymap.MoveDown, keymap.MoveDown, keymap.MoveDown, keymap.MoveDown, keymap.MoveDown}, 5, "1 2 3 4 5"},
		{[]keymap.Action{keymap.PageDown}, 4, "4 5 6 7 8"},
		{[]keymap.Action{keymap.PageDown, keymap.PageUp}, 0, "0 1 2 3 4"},
		{[]keymap.Action{keymap.HalfPageDown}, 2, "2 3 4 5 6"},
		{[]keymap.Action{keymap.HalfPageDown, keymap.HalfPageUp}, 0, "0 1 2 3 4"},
		{[]keymap.Action{keymap.GoBottom}, 19, "15 16 17 18 19"},
		{[]keymap.Action{keymap.GoBottom, keymap.PageDown, keymap.MoveDown}, 19, "15 16 17 18 19"},
		{[]keymap.Action{keymap.GoBottom, keymap.GoTop}, 0, "0 1 2 3 4"},
		{[]keymap.Action{keymap.GoBottom, keymap.PageUp}, 15, "11 12 13 14 15"},
	} {
		l := list(5, upTo(20))
		for _, a := range c.actions {
			if !l.Do(a) {
				t.Errorf("%s is none of a list's", a)
			}
		}
		if l.Cursor() != c.cursor || ids(l.Visible()) != c.visible {
			t.Errorf("%v: cursor %d of %s, want %d of %s", c.actions, l.Cursor(), ids(l.Visible()), c.cursor, c.visible)
		}
	}
	if list(5, upTo(3)).Do(keymap.OpenItem) {
		t.Error("opening is not the list's business")
	}
}

// Past the edge a list that leaps turns half a page, and nothing else does.
func TestLeaping(t *testing.T) {
	for _, c := range []struct {
		moves   []int
		cursor  int
		visible string
	}{
		{[]int{1, 1, 1, 1}, 4, "0 1 2 3 4"},
		{[]int{1, 1, 1, 1, 1}, 5, "3 4 5 6 7"},
		{[]int{5, 1, 1}, 7, "3 4 5 6 7"},
		{[]int{5, 1, 1, 1}, 8, "6 7 8 9 10"},
		{[]int{5, 1, 1, 1, -1, -1, -1}, 5, "3 4 5 6 7"},
		{[]int{30}, 19, "15 16 17 18 19"},
		{[]int{19, -30}, 0, "0 1 2 3 4"},
	} {
		l := list(5, upTo(20))
		l.SetLeaps(true)
		for _, n := range c.moves {
			l.Move(n)
		}
		if l.Cursor() != c.cursor || ids(l.Visible()) != c.visible {
			t.Errorf("%v: cursor %d of %s, want %d of %s", c.moves, l.Cursor(), ids(l.Visible()), c.cursor, c.visible)
		}
	}
}

func TestEmptyList(t *testing.T) {
	l := list(5, nil)
	for _, b := range keymap.Defaults() {
		l.Do(b.Action)
	}
	if _, ok := l.Selected(); ok || l.Len() != 0 || l.Marked() != nil || l.Cursor() != 0 {
		t.Error("an empty list has something")
	}
	if l.Select(3) {
		t.Error("selected a row that is not there")
	}
	if got := len(l.Draw(40, 5)); got != 5 {
		t.Errorf("%d lines", got)
	}
}

func TestTheCursorFollowsItsRow(t *testing.T) {
	for _, c := range []struct {
		name    string
		at      int
		later   []row
		cursor  int
		under   int
		visible string
	}{
		{"rows above push it down and keep its place on the screen", 6, rows(90, 91, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 8, 6, "4 5 6"},
		{"at the top the newest row is seen", 0, rows(90, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0, 90, "90 0 1"},
		{"rows below do not touch it", 4, rows(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 4, 4, "2 3 4"},
		{"rows that go above pull it up", 6, rows(2, 3, 4, 5, 6, 7, 8, 9), 4, 6, "4 5 6"},
		{"its own row gone, it stays at its place", 6, rows(0, 1, 2, 3, 4, 5, 7, 8, 9), 6, 7, "4 5 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := list(3, upTo(10))
			l.Move(c.at)
			l.SetRows(c.later)
			if l.Cursor() != c.cursor || under(l) != c.under || ids(l.Visible()) != c.visible {
				t.Errorf("cursor %d on %d of %s; want %d on %d of %s", l.Cursor(), under(l), ids(l.Visible()), c.cursor, c.under, c.visible)
			}
		})
	}
}

// What happens to the caller's slice does not reach the table: sorted, cut,
// deleted from or written over, before the next rows are given and after.
func TestTheRowsAreATablesOwn(t *testing.T) {
	for name, spoil := range map[string]func(all []*row) []*row{
		"delete":     func(all []*row) []*row { return slices.Delete(all, 1, 2) },
		"deleteFunc": func(all []*row) []*row { return slices.DeleteFunc(all, func(r *row) bool { return r.id > 3 }) },
		"reverse":    func(all []*row) []*row { slices.Reverse(all); return all },
		"clear":      func(all []*row) []*row { clear(all); return nil },
		"overwrite":  func(all []*row) []*row { all[0], all[4] = all[4], all[0]; return all[:4] },
	} {
		t.Run(name, func(t *testing.T) {
			tbl := table.New([]table.Column[*row]{{
				Name: "id", Min: 4, Ideal: 4, Cell: func(r *row) canvas.Span { return canvas.S(theme.Plain, text.Int(r.id)) },
			}}, func(r *row) int { return r.id })
			tbl.SetHeight(3)
			var all []*row
			for _, r := range rows(1, 2, 3, 4, 5) {
				all = append(all, &r)
			}
			tbl.SetRows(all)
			tbl.Bottom()
			left := spoil(all)
			if r, ok := tbl.Selected(); !ok || r.id != 5 || len(tbl.Visible()) != 3 {
				t.Fatalf("selected %+v", r)
			}
			tbl.SetRows(left)
			tbl.SetRows(all[:0])
			if r, ok := tbl.Selected(); ok {
				t.Errorf("selected %+v of nothing", r)
			}
		})
	}
}

func TestFewerRows(t *testing.T) {
	l := list(3, upTo(10))
	l.Bottom()
	l.SetRows(rows(1, 2))
	if under(l) != 2 || l.Len() != 2 {
		t.Errorf("on %d of %d", under(l), l.Len())
	}
	l.SetRows(nil)
	if l.Len() != 0 || under(l) != -1 {
		t.Errorf("on %d of %d", under(l), l.Len())
	}
}

func TestSortReverseAndFilter(t *testing.T) {
	l := list(10, rows(3, 1, 2, 5, 4))
	if ids(l.Shown()) != "3 1 2 5 4" {
		t.Errorf("shown %s as they came", ids(l.Shown()))
	}
	l.Select(2)
	l.Pick(1)
	if name, desc := l.Sort(); name != "id" || !desc || ids(l.Shown()) != "5 4 3 2 1" || under(l) != 2 {
		t.Errorf("%s %v: %s on %d", name, desc, ids(l.Shown()), under(l))
	}
	if name, desc := l.Sort(); name != "id" || desc || ids(l.Shown()) != "1 2 3 4 5" || under(l) != 2 {
		t.Errorf("reversed: %s %v: %s on %d", name, desc, ids(l.Shown()), under(l))
	}
	l.SetFilter(func(r row) bool { return r.id%2 == 0 })
	if ids(l.Shown()) != "2 4" || l.Len() != 2 || l.All() != 5 || under(l) != 2 {
		t.Errorf("filtered %s of %d on %d", ids(l.Shown()), l.All(), under(l))
	}
	l.SetRows(rows(6, 2, 9, 4))
	if ids(l.Shown()) != "2 4 6" || under(l) != 2 {
		t.Errorf("filter and sort are kept for new rows: %s on %d", ids(l.Shown()), under(l))
	}
	l.SetFilter(nil)
	if ids(l.Shown()) != "2 4 6 9" {
		t.Errorf("without filter %s", ids(l.Shown()))
	}
}

func TestSortKeepsTheOrderOfEquals(t *testing.T) {
	same := []row{{id: 1}, {id: 2}, {id: 3}, {id: 4}}
	l := list(10, same)
	l.Assume("n", false)
	l.SetRows(same)
	if ids(l.Shown()) != "1 2 3 4" {
		t.Errorf("ascending %s", ids(l.Shown()))
	}
}

func TestPickSkipsWhatCannotBeSorted(t *testing.T) {
	l := list(10, upTo(3))
	var got []string
	for range 3 {
		l.Pick(1)
		name, _ := l.Sort()
		got = append(got, name)
	}
	if want := "id n id"; strings.Join(got, " ") != want {
		t.Errorf("picked %v, want %s", got, want)
	}
	l.SetWide(true)
	l.Pick(-1)
	if name, _ := l.Sort(); name != "hidden" {
		t.Errorf("to the left stands %s", name)
	}
}

func TestSortSurvivesOtherColumns(t *testing.T) {
	l := list(10, rows(3, 1, 2))
	l.Pick(1)
	l.Sort()
	l.SetColumns(append([]table.Column[row]{{Name: "new", Title: text.Lit("NEW"), Min: 3, Ideal: 3, Rank: 20, Cell: columns()[0].Cell}}, columns()...))
	if name, _ := l.Sort(); name != "id" {
		t.Errorf("sorted by %s after the columns changed", name)
	}
}

func TestMarks(t *testing.T) {
	l := list(10, upTo(8))
	l.Do(keymap.MarkItem)
	l.Move(2)
	l.Do(keymap.MarkRange)
	if ids(l.Marked()) != "0 1 2 3" || l.Marks() != 4 || l.Cursor() != 3 {
		t.Errorf("marked %s, cursor %d", ids(l.Marked()), l.Cursor())
	}
	l.Top()
	l.Do(keymap.MarkItem)
	if ids(l.Marked()) != "1 2 3" {
		t.Errorf("unmarked one: %s", ids(l.Marked()))
	}
	l.SetFilter(func(r row) bool { return r.id > 2 })
	if ids(l.Marked()) != "3" || l.Marks() != 3 {
		t.Errorf("behind a filter: %s of %d", ids(l.Marked()), l.Marks())
	}
	l.SetFilter(nil)
	l.SetRows(rows(3, 9, 1))
	if ids(l.Marked()) != "3 1" {
		t.Errorf("marks follow identity: %s", ids(l.Marked()))
	}
	l.Do(keymap.ClearMarks)
	if l.Marks() != 0 || l.Marked() != nil {
		t.Error("marks left")
	}
	l.Bottom()
	l.Do(keymap.MarkRange)
	if ids(l.Marked()) != "1" {
		t.Errorf("a range without a beginning is the row: %s", ids(l.Marked()))
	}
}

func TestWhatStandsInALine(t *testing.T) {
	l := list(4, upTo(3))
	l.Do(keymap.MarkItem)
	b := l.Draw(32, 4)
	want := []string{
		"      ID NUMBER   WORDS         ",
		" *     0 0        row 0         ",
		">      1 7        row 1         ",
		"       2 4        row 2         ",
	}
	for i, line := range b {
		var s strings.Builder
		for _, span := range line.Spans {
			s.WriteString(span.Text.String())
		}
		if s.String() != want[i] {
			t.Errorf("line %d is %q, want %q", i, s.String(), want[i])
		}
	}
	l.Pick(1)
	l.Sort()
	if got := words(l.Draw(32, 4)[0]); !strings.Contains(got, "v ID") {
		t.Errorf("no arrow in %q", got)
	}
	l.Sort()
	if got := words(l.Draw(32, 4)[0]); !strings.Contains(got, "^ ID") {
		t.Errorf("no arrow in %q", got)
	}
}

func words(l canvas.Line) string {
	var s strings.Builder
	for _, span := range l.Spans {
		s.WriteString(span.Text.String())
	}
	return s.String()
}

func TestColumnsLeaveByRank(t *testing.T) {
	for _, c := range []struct {
		w    int
		wide bool
		want string
		not  string
	}{
		{60, true, "ID NUMBER WIDE WORDS", ""},
		{60, false, "ID NUMBER WORDS", "WIDE"},
		{29, true, "ID NUM… WIDE WORDS", ""},
		{25, true, "ID NUM WORDS", "WIDE"},
		{20, true, "ID NU… WORDS", "WIDE"},
		{19, false, "ID WORDS", "NU"},
		{12, false, "ID", "WORDS"},
	} {
		l := list(4, upTo(3))
		l.SetWide(c.wide)
		got := words(l.Draw(c.w, 4)[0])
		for _, w := range strings.Fields(c.want) {
			if !strings.Contains(got, w) {
				t.Errorf("at %d cells no %s in %q", c.w, w, got)
			}
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("at %d cells %s in %q", c.w, c.not, got)
		}
	}
}

// Whatever the columns and the width: each line is exactly that wide, and there
// are exactly as many as asked.
func TestEveryLineHasItsWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cols []table.Column[row]
		for i := range rapid.IntRange(1, 7).Draw(t, "columns") {
			title := rapid.SampledFrom([]text.Safe{text.Lit("A"), text.Lit("LONG TITLE"), text.Clean("日本"), {}}).Draw(t, "title")
			cols = append(cols, table.Column[row]{
				Name: fmt.Sprint(i), Title: title, Rank: rapid.IntRange(0, 9).Draw(t, "rank"),
				Min: rapid.IntRange(1, 12).Draw(t, "min"), Ideal: rapid.IntRange(1, 30).Draw(t, "ideal"),
				Grow: rapid.Bool().Draw(t, "grow"), Right: rapid.Bool().Draw(t, "right"), Wide: i > 0 && rapid.Bool().Draw(t, "wide"),
				Cell: func(r row) canvas.Span { return canvas.S(theme.Plain, text.Clean(r.s)) },
				Less: func(a, b row) int { return cmp.Compare(a.s, b.s) },
			})
		}
		l := table.New(cols, func(r row) int { return r.id })
		all := upTo(rapid.IntRange(0, 12).Draw(t, "rows"))
		for i := range all {
			all[i].s = rapid.SampledFrom([]string{"", "x", "สวัสดีครับ", "日本語のテキスト", "👩‍👩‍👧‍👦🇩🇪", "\x1b[2Jesc", "a rather long text that will be cut"}).Draw(t, "s")
		}
		l.SetRows(all)
		h := rapid.IntRange(1, 9).Draw(t, "h")
		l.SetHeight(h - 1)
		for range rapid.IntRange(0, 9).Draw(t, "actions") {
			l.Do(rapid.SampledFrom(keymap.Defaults()).Draw(t, "action").Action)
		}
		w := rapid.IntRange(1, 120).Draw(t, "w")
		b := l.Draw(w, h)
		if len(b) != h {
			t.Fatalf("%d lines, asked for %d", len(b), h)
		}
		for i, line := range b {
			if line.Width() != w {
				t.Fatalf("line %d has %d cells of %d: %q", i, line.Width(), w, words(line))
			}
		}
	})
}

// A model of the list as a plain slice: whatever is done, the cursor stands on
// a row that is shown, and the row is on the screen.
func TestTheCursorIsAlwaysInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := list(rapid.IntRange(1, 6).Draw(t, "h"), upTo(rapid.IntRange(0, 20).Draw(t, "rows")))
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				mod := rapid.IntRange(1, 4).Draw(t, "filter")
				l.SetFilter(func(r row) bool { return r.id%mod == 0 })
			case 1:
				l.SetHeight(rapid.IntRange(1, 9).Draw(t, "height"))
			default:
				l.Do(rapid.SampledFrom(keymap.Defaults()).Draw(t, "action").Action)
			}
			r, ok := l.Selected()
			if ok != (l.Len() > 0) {
				t.Fatalf("%d rows, a row under the cursor %v", l.Len(), ok)
			}
			if ok && !slices.Contains(l.Visible(), r) {
				t.Fatalf("the cursor's row %d is not among %s", r.id, ids(l.Visible()))
			}
		}
	})
}

func BenchmarkMoveInALongList(b *testing.B) {
	l := list(40, upTo(100_000))
	b.ReportAllocs()
	for b.Loop() {
		l.Move(1)
		l.Move(-1)
	}
}

func BenchmarkDrawALongList(b *testing.B) {
	l := list(40, upTo(100_000))
	l.Move(50_000)
	b.ReportAllocs()
	for b.Loop() {
		_ = l.Draw(140, 41)
	}
}

func BenchmarkFilterALongList(b *testing.B) {
	l := list(40, upTo(100_000))
	r := rand.New(rand.NewPCG(1, 2))
	l.Move(r.IntN(100_000))
	for b.Loop() {
		l.SetFilter(func(r row) bool { return r.n > 4 })
		l.SetFilter(nil)
	}
}

// Whatever rows come, are filtered and sorted in whatever order: what is shown is
// what sorting the kept rows anew would show, equal rows in the order they came.
func TestTheOrderIsThatOfSortingAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := table.New(columns(), func(r row) int { return r.id })
		l.SetHeight(9)
		var all []row
		keep := func(row) bool { return true }
		column, desc, sorted := "", false, false
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				all = rows(rapid.Permutation(rapid.SliceOfNDistinct(rapid.IntRange(0, 50), 0, 30, rapid.ID[int]).Draw(t, "ids")).Draw(t, "order")...)
				if rapid.Bool().Draw(t, "shared") {
					l.ShareRows(all, func(_ int, r *row) bool { return keep(*r) })
				} else {
					l.SetFilter(keep)
					l.SetRows(all)
				}
			case 2:
				mod := rapid.IntRange(1, 4).Draw(t, "filter")
				keep = func(r row) bool { return r.id%mod == 0 }
				l.Filter(func(i int, r *row) bool {
					if all[i] != *r {
						t.Fatalf("row %d is %v, not %v", i, *r, all[i])
					}
					return keep(*r)
				})
			default:
				l.Pick(rapid.IntRange(-1, 1).Draw(t, "column"))
				column, desc = l.Sort()
				sorted = true
			}
		}
		want := slices.DeleteFunc(slices.Clone(all), func(r row) bool { return !keep(r) })
		if sorted {
			slices.SortStableFunc(want, func(a, b row) int {
				if desc {
					a, b = b, a
				}
				if column == "n" {
					return cmp.Compare(a.n, b.n)
				}
				return cmp.Compare(a.id, b.id)
			})
		}
		if got := l.Shown(); ids(got) != ids(want) {
			t.Fatalf("shown %s, want %s", ids(got), ids(want))
		}
	})
}

// A column whose order depends on more than the rows is sorted anew.
func TestAMovingColumn(t *testing.T) {
	turned := false
	c := columns()
	c[0].Moving = true
	c[0].Less = func(a, b row) int {
		if turned {
			a, b = b, a
		}
		return cmp.Compare(a.id, b.id)
	}
	l := table.New(c, func(r row) int { return r.id })
	l.SetHeight(9)
	l.Assume("id", false)
	l.SetRows(rows(3, 1, 2))
	turned = true
	l.SetFilter(func(r row) bool { return r.id > 1 })
	if got := ids(l.Shown()); got != "3 2" {
		t.Errorf("shown %s", got)
	}
}

// wideRow is as large as the rows of the longest lists.
type wideRow struct {
	id int
	_  [38]int
}

func wide(n int) []wideRow {
	out := make([]wideRow, n)
	for i := range out {
		out[i].id = n - i
	}
	return out
}

func wideList(all []wideRow) *table.Table[wideRow, int] {
	l := table.New([]table.Column[wideRow]{
		{
			Name: "id", Min: 4, Cell: func(r wideRow) canvas.Span { return canvas.S(theme.Plain, text.Int(r.id)) },
			LessAt: func(a, b *wideRow) int { return cmp.Compare(a.id, b.id) },
		},
		{
			Name: "mixed", Min: 4, Cell: func(r wideRow) canvas.Span { return canvas.S(theme.Plain, text.Int(r.id)) },
			Less: func(a, b wideRow) int { return cmp.Compare(a.id*7919%10007, b.id*7919%10007) },
		},
	}, func(r wideRow) int { return r.id })
	l.SetHeight(40)
	l.Assume("id", true)
	l.ShareRows(all, nil)
	return l
}

func BenchmarkRows100k(b *testing.B) {
	all := wide(100_000)
	b.Run("set-and-filter", func(b *testing.B) {
		l := wideList(all)
		b.ReportAllocs()
		for b.Loop() {
			l.SetRows(all)
			l.SetFilter(func(r wideRow) bool { return r.id&1 == 0 })
		}
	})
	b.Run("share", func(b *testing.B) {
		l := wideList(all)
		b.ReportAllocs()
		for b.Loop() {
			l.ShareRows(all, func(_ int, r *wideRow) bool { return r.id&1 == 0 })
		}
	})
	b.Run("filter", func(b *testing.B) {
		l := wideList(all)
		b.ReportAllocs()
		for b.Loop() {
			l.Filter(func(_ int, r *wideRow) bool { return r.id&1 == 0 })
		}
	})
	b.Run("sort", func(b *testing.B) {
		l := wideList(all)
		l.Pick(1)
		b.ReportAllocs()
		for b.Loop() {
			l.Sort()
		}
	})
}
