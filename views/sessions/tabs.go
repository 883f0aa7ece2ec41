package sessions

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// tab is what part of the list is shown.
type tab uint8

const (
	allTab tab = iota
	dropOffTab
	agentTab
	selfServiceTab
	openTab
	tabCount
)

// tabRow declares one tab: its key, its name and what belongs to it. The types
// hold what the platform says, open sessions included, so that the counts are
// the platform's; the ~ on a row says that its type may still change.
type tabRow struct {
	key   text.Safe
	name  text.Safe
	token theme.Token
	holds func(*api.Session) bool
}

func tabs() [tabCount]tabRow {
	typed := func(c api.Containment) func(*api.Session) bool {
		return func(s *api.Session) bool { return s.Containment == c }
	}
	return [tabCount]tabRow{
		allTab:         {text.Lit("0"), text.Lit("all"), theme.Plain, func(*api.Session) bool { return true }},
		dropOffTab:     {text.Lit("1"), text.Lit("dropOff"), theme.Bad, typed(api.DropOff)},
		agentTab:       {text.Lit("2"), text.Lit("agent"), theme.Warn, typed(api.Agent)},
		selfServiceTab: {text.Lit("3"), text.Lit("selfService"), theme.Good, typed(api.SelfService)},
		openTab:        {text.Lit("4"), text.Lit("open"), theme.Info, func(s *api.Session) bool { return s.Open() }},
	}
}

func tabOf(c api.Containment) tab {
	switch c {
	case api.DropOff:
		return dropOffTab
	case api.Agent:
		return agentTab
	case api.SelfService:
		return selfServiceTab
	}
	return allTab
}

func tabFor(a keymap.Action) (tab, bool) {
	switch a {
	case keymap.ShowAll:
		return allTab, true
	case keymap.ShowDropOff:
		return dropOffTab, true
	case keymap.ShowAgent:
		return agentTab, true
	case keymap.ShowSelfService:
		return selfServiceTab, true
	case keymap.ShowOpen:
		return openTab, true
	}
	return 0, false
}

// tabLine shows the tabs with their counts: of what has been read, which carry >=
// while more is known to follow, or the platform's own.
func (m *Model) tabLine(w int) canvas.Line {
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	least := text.Safe{}
	if a, ok := m.list.Answer(); !ok || len(a.Value) == 0 && m.list.Err() != nil {
		least = text.Lit("?")
	} else if !a.Done || a.Partial {
		least = text.Lit(">=")
	}
	for i, t := range tabs() {
		count := m.counted(tab(i), least)
		if least == text.Lit("?") {
			count = least
		}
		if tab(i) == m.tab {
			line = line.Add(canvas.S(theme.Accent, text.Format("[%s %s %s]", t.key, t.name, count)))
		} else {
			line = line.Add(
				canvas.S(theme.Dim, text.Format(" %s ", t.key)),
				canvas.S(t.token, t.name), canvas.S(theme.Dim, text.Format(" %s ", count)),
			)
		}
		if w >= 90 {
			line = line.Add(canvas.S(theme.Plain, text.Lit("  ")))
		}
	}
	return line
}
