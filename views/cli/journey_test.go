package cli

import "testing"

func TestLook(t *testing.T) {
	sizes(t, func(t *testing.T, w, h int) {
		s := newShop(t, "", nil).open(w, h, visit{})
		t.Log(s.Grid().Text(), s.requests())
		s.rest()
		t.Log(s.Grid().Text(), s.requests())
		s.press("1").rest()
		t.Log(s.Grid().Text(), s.requests())
		s.press("enter")
		t.Log(s.Grid().Text(), s.requests())
		s.press("e")
		t.Log(s.Grid().Text(), s.requests())
		s.press("enter")
		t.Log(s.Grid().Text(), s.requests())
		s.press("tab")
		t.Log(s.Grid().Text(), s.requests())
		s.press("/", "refund", "enter")
		t.Log(s.Grid().Text(), s.requests())
		s.press("n")
		t.Log(s.Grid().Text(), s.requests())
		s.press("y")
		t.Log(s.Grid().Text(), s.requests())
		s.press("p")
		t.Log(s.Grid().Text(), s.requests())
		s.press("tab")
		s.press("tab")
		t.Log(s.Grid().Text(), s.requests())
	})
}
