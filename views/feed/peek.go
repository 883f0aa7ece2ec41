package feed

import tea "charm.land/bubbletea/v2"

// Peek asks the disk alone: what is there is shown, fresh or not, and the
// network is not asked.
func (f *Feed[K, V]) Peek(k K) tea.Cmd {
	ask := f.Ask(k)
	return func() tea.Msg {
		msg := ask()
		if l, ok := msg.(Loaded[V]); ok {
			l.last, l.next = true, nil
			return l
		}
		return msg
	}
}
