package views

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// The constructors of fields. A new column is one of these in the list of its
// record: it stands on screen, in CSV and in JSON, is sorted, and is masked.

// WordField is a word of the platform or of the bot, or free text.
func WordField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return showWord(of(v), e) },
		Value:   func(v T) any { return word(of(v)) },
		Compare: func(a, b T) int { return cmp.Compare(of(a), of(b)) },
	}
}

// OwnField is a word that this program made or chose.
func OwnField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	f := WordField(name, l, of)
	f.Sort = Ours
	return f.As(func(v T, e Env) Cell { return showWord(of(v), e.Unmasked()) })
}

// IDField is an id of the platform, cut on a terminal.
func IDField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	f := WholeIDField(name, l, of)
	return f.As(func(v T, e Env) Cell { return showID(of(v), e) })
}

// WholeIDField is an id of the platform that is never cut.
func WholeIDField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	f := WordField(name, l, of)
	f.Sort = Opaque
	return f.As(func(v T, e Env) Cell {
		if of(v) == "" {
			return absent()
		}
		return plain(e.ID(string(of(v))))
	})
}

// UserField is a user id.
func UserField[T any](name string, l Layout, of func(T) api.UserID) Field[T] {
	f := WordField(name, l, of)
	f.Sort = UserName
	return f.As(func(v T, e Env) Cell { return showUser(of(v), e) })
}

// DeskField is a name under which the engine keeps debug lines.
func DeskField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	f := WordField(name, l, of)
	f.Sort = Desk
	return f.As(func(v T, e Env) Cell {
		if of(v) == "" {
			return absent()
		}
		return plain(e.Identity(string(of(v))))
	})
}

// PersonField is the name of a person who works with the bot.
func PersonField[T any, S ~string](name string, l Layout, of func(T) S) Field[T] {
	f := WordField(name, l, of)
	f.Sort = Human
	return f.As(func(v T, e Env) Cell {
		if of(v) == "" {
			return absent()
		}
		return plain(e.Person(string(of(v))))
	})
}

// CountField is a number that may not be known.
func CountField[T any, N int | int64](name string, l Layout, of func(T) api.Maybe[N]) Field[T] {
	l.Right = true
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return showInt(of(v), e) },
		Value:   func(v T) any { return number(of(v)) },
		Compare: func(a, b T) int { return compareMaybe(of(a), of(b)) },
	}
}

// MillisField is a length of time in milliseconds.
func MillisField[T any](name string, l Layout, of func(T) api.Maybe[int64]) Field[T] {
	return CountField(name, l, of).As(func(v T, e Env) Cell { return showMillis(of(v), e) })
}

// TimeField is a moment.
func TimeField[T any](name string, l Layout, of func(T) time.Time) Field[T] {
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return plain(Moment(of(v), e)) },
		Value:   func(v T) any { return moment(of(v)) },
		Compare: func(a, b T) int { return of(a).Compare(of(b)) },
	}
}

// TruthField is yes, no or not known.
func TruthField[T any](name string, l Layout, of func(T) api.Maybe[bool]) Field[T] {
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, _ Env) Cell { return showTruth(of(v)) },
		Value:   func(v T) any { return truth(of(v)) },
		Compare: func(a, b T) int { return compareTrue(of(a), of(b)) },
	}
}

// ListField is a list of words; nil is not known.
func ListField[T any](name string, l Layout, of func(T) []string) Field[T] {
	joined := func(v T) string { return strings.Join(of(v), ",") }
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return showWord(strings.Join(e.texts(of(v)), ","), e.Unmasked()) },
		Value:   func(v T) any { return list(of(v)) },
		Compare: func(a, b T) int { return cmp.Compare(joined(a), joined(b)) },
	}
}

// TagsField is a list of tags.
func TagsField[T any](name string, l Layout, of func(T) []api.Tag) Field[T] {
	return Field[T]{
		Name: name, Layout: l,
		Show:    func(v T, e Env) Cell { return showTags(of(v), e) },
		Value:   func(v T) any { return tags(of(v)) },
		Compare: func(a, b T) int { return cmp.Compare(TagText(of(a)), TagText(of(b))) },
		masked:  func(v T, e Env) any { return tags(e.tags(of(v))) },
	}
}

// PayloadField is a JSON value as it was sent. Tables show how large it is; a
// table on a pipe has the whole, without secret fields.
func PayloadField[T any](name string, l Layout, of func(T) json.RawMessage) Field[T] {
	return Field[T]{
		Name: name, Layout: l,
		Show:  func(v T, e Env) Cell { return showPayload(of(v), e) },
		Value: func(v T) any { return rawValue(of(v)) },
	}
}

// JSONField is a value with parts that was put together here.
func JSONField[T any](name string, l Layout, of func(T) any, show func(T, Env) Cell) Field[T] {
	return Field[T]{Name: name, Layout: l, Show: show, Value: func(v T) any { return asJSON(of(v)) }}
}

// asJSON is v as JSON; nil, of any type, is nothing.
func asJSON(v any) any {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil || b.String() == "null\n" {
		return nil
	}
	return json.RawMessage(strings.TrimSpace(b.String()))
}

func showMillis(m api.Maybe[int64], e Env) Cell {
	switch {
	case !m.Known:
		return unknown()
	case e.Plain:
		return plain(text.Int(m.Value))
	}
	return plain(Millis(m.Value))
}

func showID[S ~string](id S, e Env) Cell {
	switch {
	case id == "":
		return absent()
	case e.Plain:
		return plain(e.ID(string(id)))
	}
	return plain(e.ShortID(string(id)))
}

func showUser(u api.UserID, e Env) Cell {
	switch {
	case u == "":
		return absent()
	case e.Plain:
		return plain(e.User(u))
	}
	return plain(e.ShortUser(u))
}

// showPayload says how large a payload is; only a plain table has the whole.
func showPayload(raw json.RawMessage, e Env) Cell {
	switch {
	case len(raw) == 0:
		return absent()
	case e.Plain:
		return plain(text.Clean(string(e.Payload(raw))))
	}
	return dim(Bytes(int64(len(raw))))
}
