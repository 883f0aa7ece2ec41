package views

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
)

// NotePrompt asks why a conversation is pinned.
func NotePrompt() ui.Prompt { return ui.Prompt{Label: text.Lit("note: ")} }

// NoteHint says what enter does there.
func NoteHint() ui.Hint {
	return ui.Hint{Text: text.Lit("enter reads everything about it and keeps it until it is unpinned; a note may be empty")}
}

// Pin keeps a conversation with pin and notifies of what was kept, or why not.
func Pin(seat ui.Seat, id api.SessionID, note string, pin func(context.Context, api.SessionID, string) (text.Safe, error), explain func(error) Problem) tea.Cmd {
	return func() tea.Msg {
		kept, err := pin(seat.Ctx, id, note)
		if err != nil {
			p := explain(err)
			return ui.Note{Text: text.Join(" ", p.Sentence, p.Hint), Bad: true, Sticky: true}
		}
		return ui.Note{Text: kept, Long: true}
	}
}
