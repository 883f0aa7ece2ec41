package ui

import (
	tea "charm.land/bubbletea/v2"

	"korescope/ui/text"
)

func (a *App) quit() tea.Cmd {
	for _, p := range a.stack {
		p.cancel()
	}
	place := a.place()
	if a.o.Save == nil || place == "" {
		return tea.Quit
	}
	save := a.o.Save
	return func() tea.Msg {
		// Where one was is a convenience: it never keeps the program open.
		_ = save("", place)
		return tea.Quit()
	}
}

// place is the line that opens what is shown.
func (a *App) place() string {
	if p := a.top(); p != nil {
		if l, ok := p.screen.(Located); ok {
			return l.Place()
		}
	}
	return ""
}

// save keeps what is shown under a name.
func (a *App) save(name string) (tea.Cmd, Hint) {
	place := a.place()
	switch {
	case name == "":
		return nil, Hint{Bad: true, Text: text.Lit("write save and a name: the name then opens this place after :")}
	case place == "" || a.o.Save == nil:
		return nil, Hint{Bad: true, Text: text.Lit("this place cannot be saved")}
	}
	save, explain := a.o.Save, a.o.Explain
	return func() tea.Msg {
		if err := save(name, place); err != nil {
			return Note{Text: explain(err), Bad: true, Sticky: true, Long: true}
		}
		return Note{Text: text.Format("saved: :%s opens %s", name, place), Long: true}
	}, Hint{}
}
