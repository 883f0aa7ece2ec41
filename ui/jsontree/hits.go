package jsontree

import (
	"context"
	"slices"

	"korescope/ui/text"
)

// Find searches the tree's own text and shows the first hit from the cursor on.
func (t *Tree) Find(ctx context.Context, words string) error {
	hits, err := Search(ctx, t.data, words, t.opts.Mask)
	if err != nil {
		return err
	}
	t.SetHits(hits)
	return nil
}

// SetHits takes what Search found in the same data with the same mask, marks
// the matches and goes to the first one from the cursor on. Empty Hits end it.
func (t *Tree) SetHits(h Hits) {
	t.hits, t.hit, t.find = h, -1, nil
	if h.Pattern == "" {
		return
	}
	t.find = compile(h.Pattern)
	if len(h.list) == 0 {
		return
	}
	n, _ := t.at(t.cursor)
	here := n.place()
	t.hit = max(slices.IndexFunc(h.list, func(h hit) bool { return slices.Compare(h.path, here) >= 0 }), 0)
	t.reveal(h.list[t.hit])
}

// NextHit goes to the next hit, from the last to the first. It opens what hides
// it and scrolls to the line it is in. It reports false when there is none.
func (t *Tree) NextHit() bool { return t.turn(1) }

// PrevHit goes to the hit before.
func (t *Tree) PrevHit() bool { return t.turn(-1) }

func (t *Tree) turn(step int) bool {
	n := len(t.hits.list)
	if n == 0 {
		return false
	}
	t.hit = (t.hit + step + n) % n
	t.reveal(t.hits.list[t.hit])
	return true
}

// HitCount is "2/5": the hit that is shown, and how many there are.
func (t *Tree) HitCount() text.Safe {
	n := text.Count(len(t.hits.list))
	if t.hits.More {
		n = text.Join("", n, text.Lit("+"))
	}
	return text.Join("/", text.Count(t.hit+1), n)
}

// place is where n is among the members from the top down.
func (n *node) place() []int32 {
	var p []int32
	for ; n.up != nil; n = n.up {
		p = append(p, int32(n.ord)) //nolint:gosec // a place among members of a text in memory
	}
	slices.Reverse(p)
	return p
}

// reveal opens what hides h and puts the cursor on the row it is in.
func (t *Tree) reveal(h hit) {
	n := t.root
	for _, ord := range h.path {
		if n.raw {
			t.fold(n)
			n.raw = false
		}
		t.unfold(n)
		for int(ord) >= len(n.kids)-1 && n.walk.end == going {
			n.change(func() { t.more(n) })
		}
		if int(ord) >= len(n.kids) {
			break
		}
		n = n.kids[ord]
	}
	switch {
	case h.key || n.kind != str && n.kind != plain:
	case h.raw && !n.raw:
		t.fold(n)
		n.raw = true
		t.unfold(n)
	case n.kind == plain || t.long(n):
		t.unfold(n)
	}
	t.stay(n)
	if !h.key && n.open && len(n.lines) > 0 {
		t.cursor += 1 + n.lineAt(h.at)
	}
	t.center()
}

// center scrolls so that the cursor has rows around it.
func (t *Tree) center() {
	if t.cursor < t.top || t.cursor >= t.top+t.h {
		t.top = t.cursor - t.h/2
	}
	t.follow()
}
