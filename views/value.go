package views

import (
	"cmp"
	"encoding/json"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// The helpers below turn domain values into record values: absent becomes nil,
// never zero or an empty string.

func word[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func number[N int | int64](m api.Maybe[N]) any {
	if !m.Known {
		return nil
	}
	return int64(m.Value)
}

func truth(m api.Maybe[bool]) any {
	if !m.Known {
		return nil
	}
	return m.Value
}

func list(s []string) any {
	if s == nil {
		return nil
	}
	return s
}

func rawValue(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// tags keeps the values as they came; a tag without a value has null.
func tags(ts []api.Tag) any {
	if ts == nil {
		return nil
	}
	out := json.RawMessage{'['}
	for i, t := range ts {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := appendJSON(nil, t.Name)
		if err != nil {
			continue
		}
		value := t.Value
		if len(value) == 0 {
			value = json.RawMessage("null")
		}
		out = append(append(append(out, `{"name":`...), name...), `,"value":`...)
		if out, err = appendJSON(out, value); err != nil {
			return nil
		}
		out = append(out, '}')
	}
	return append(out, ']')
}

func showWord[S ~string](s S, e Env) Cell {
	if s == "" {
		return absent()
	}
	return plain(e.Text(string(s)))
}

func absent() Cell { return Cell{Text: text.Lit("-"), Token: theme.Dim} }

func unknown() Cell { return Cell{Text: text.Lit("?"), Token: theme.Dim} }

func showInt[N int | int64](m api.Maybe[N], e Env) Cell {
	switch {
	case !m.Known:
		return unknown()
	case e.Plain:
		return plain(text.Int(m.Value))
	}
	return plain(text.Count(int(m.Value)))
}

func compareMaybe[N int | int64](a, b api.Maybe[N]) int {
	if !a.Known || !b.Known {
		return boolInt(a.Known) - boolInt(b.Known)
	}
	return cmp.Compare(a.Value, b.Value)
}

func compareTrue(a, b api.Maybe[bool]) int {
	if !a.Known || !b.Known {
		return boolInt(a.Known) - boolInt(b.Known)
	}
	return boolInt(a.Value) - boolInt(b.Value)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
