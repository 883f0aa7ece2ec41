package keymap

// Mover is what the keys of movement move. n counts steps, down when positive.
type Mover interface {
	Move(n int)
	Page(n int)
	Half(n int)
	Top()
	Bottom()
}

// Moving are the actions that move what is seen and do nothing else.
func Moving() []Action {
	return []Action{
		MoveUp, MoveDown, PageUp, PageDown, HalfPageUp, HalfPageDown, GoTop, GoBottom,
	}
}

// Moved carries out an action of movement; false when the action is none.
func Moved(m Mover, a Action) bool {
	switch a {
	case MoveUp:
		m.Move(-1)
	case MoveDown:
		m.Move(1)
	case PageUp:
		m.Page(-1)
	case PageDown:
		m.Page(1)
	case HalfPageUp:
		m.Half(-1)
	case HalfPageDown:
		m.Half(1)
	case GoTop:
		m.Top()
	case GoBottom:
		m.Bottom()
	default:
		return false
	}
	return true
}
