package views

import (
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// PulseFields is the record of `pulse`.
func PulseFields() []Field[pulse.Fact] {
	type fact = pulse.Fact
	number := func(name string, title text.Safe, at int, of func(fact) api.Maybe[float64]) Field[fact] {
		return PercentField(name, Layout{Title: title, Min: 6, Ideal: 7, At80: at, At140: at}, theme.Plain, of).As(func(f fact, e Env) Cell {
			return showAmount(of(f), f.Unit, e)
		})
	}
	return []Field[fact]{
		WordField("section", Layout{Title: text.Lit("SECTION"), Min: 7, Ideal: 11, At80: 2, At140: 2}, func(f fact) string { return f.Section }),
		WordField("name", Layout{Title: text.Lit("WHAT"), Min: 18, Ideal: 36, Grow: 1, At80: 3, At140: 3}, func(f fact) string { return f.Name }),
		number("now", text.Lit("NOW"), 4, func(f fact) api.Maybe[float64] { return f.Now }),
		number("usual", text.Lit("USUAL"), 5, func(f fact) api.Maybe[float64] { return f.Usual }),
		// "+100 pts" stands whole: without its unit a change means another thing.
		PercentField("change", Layout{Title: text.Lit("CHANGE"), Min: 8, Ideal: 8, At80: 6, At140: 6}, theme.Plain, func(f fact) api.Maybe[float64] { return f.Change }).As(showChange),
		WordField("unit", Layout{Title: text.Lit("UNIT"), Min: 4, Ideal: 4}, func(f fact) string { return f.Unit }),
		CountField("of", Layout{Title: text.Lit("OF"), Min: 4, Ideal: 5, At80: 7, At140: 7}, func(f fact) api.Maybe[int] { return f.Of }),
		PercentField("sharePct", Layout{Title: text.Lit("SHARE"), Min: 5, Ideal: 5}, theme.Plain, func(f fact) api.Maybe[float64] { return f.Share }),
		TimeField("since", Layout{Title: text.Lit("SINCE"), Min: 8, Ideal: 12, At80: 8, At140: 8}, func(f fact) time.Time { return f.Since }),
		TimeField("firstAt", Layout{Title: text.Lit("FIRST"), Min: 8, Ideal: 12, At140: 9}, func(f fact) time.Time { return f.First }),
		TimeField("lastAt", Layout{Title: text.Lit("LAST"), Min: 8, Ideal: 12, At140: 10}, func(f fact) time.Time { return f.Last }),
		sessionsField("examples", func(f fact) []api.SessionID { return f.Examples() }),
		WordField("state", Layout{Title: text.Lit("~"), Min: 2, Ideal: 5, At80: 1, At140: 1}, func(f fact) string { return string(f.State) }),
		WordField("needs", Layout{Title: text.Lit("NEEDS"), Min: 8, Ideal: 12, At140: 11}, func(f fact) string { return f.Needs }),
	}
}

// showAmount is a number with its unit.
func showAmount(m api.Maybe[float64], unit string, e Env) Cell {
	switch {
	case !m.Known:
		return absent()
	case e.Plain:
		return plain(text.Format("%.1f", m.Value))
	}
	switch unit {
	case "%":
		return plain(text.Format("%.0f%%", m.Value))
	case "ms":
		return plain(Millis(int64(m.Value)))
	case "s":
		return plain(text.Join("", text.Lit("-"), Age(time.Duration(m.Value)*time.Second)))
	}
	return plain(text.Format("%.0f", m.Value))
}

func showChange(f pulse.Fact, e Env) Cell {
	switch {
	case !f.Change.Known:
		return absent()
	case e.Plain:
		return plain(text.Format("%.1f", f.Change.Value))
	case f.Unit == "%":
		return Cell{Text: text.Format("%+.0f pts", f.Change.Value), Token: theme.Warn}
	}
	return Cell{Text: text.Format("%+.0f", f.Change.Value), Token: theme.Warn}
}
