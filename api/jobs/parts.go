package jobs

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"korescope/api"
)

// cutAtDays cuts a window, oldest part first, into parts no longer than
// longest, at the beginning of a day or of a month, so that no period lies in
// two parts. Nil for a window without length.
func cutAtDays(w api.Window, longest time.Duration, months bool) []api.Window {
	if w.From.IsZero() || w.Length() <= 0 {
		return nil
	}
	var out []api.Window
	from := w.From
	for w.To.Sub(from) > longest {
		to := from.Add(longest)
		cut := to.Truncate(day)
		if first := time.Date(to.Year(), to.Month(), 1, 0, 0, 0, 0, time.UTC); months && first.After(from) {
			cut = first
		}
		out = append(out, api.Between(from, cut))
		from = cut
	}
	return append(out, api.Between(from, w.To))
}

// inPart drops the periods at the end of a part that belong to the next one:
// nobody says whether the end of a window is part of it.
func inPart(rows []api.BillingRow, w api.Window, last bool) []api.BillingRow {
	if last {
		return rows
	}
	var out []api.BillingRow
	for _, r := range rows {
		if r.Period.Before(w.To) {
			out = append(out, r)
		}
	}
	return out
}

// addBilling joins the rows of two parts, oldest first. Where a period of a bot
// stands in both, the two are added up.
func addBilling(a, b []api.BillingRow) []api.BillingRow {
	out := slices.Clone(a)
	for _, r := range b {
		i := slices.IndexFunc(out, func(o api.BillingRow) bool { return o.Bot == r.Bot && o.Period.Equal(r.Period) })
		if i < 0 {
			out = append(out, r)
			continue
		}
		o := &out[i]
		o.Requests, o.Sessions, o.Alerts = plus(o.Requests, r.Requests), plus(o.Sessions, r.Sessions), plus(o.Alerts, r.Alerts)
		o.Proactive, o.Conversations = plus(o.Proactive, r.Proactive), plus(o.Conversations, r.Conversations)
	}
	slices.SortStableFunc(out, byPeriod)
	return out
}

func byPeriod(a, b api.BillingRow) int {
	return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.Bot, b.Bot))
}

// plus is not known when a part is not known.
func plus(a, b api.Maybe[int64]) api.Maybe[int64] {
	return api.Maybe[int64]{Value: a.Value + b.Value, Known: a.Known && b.Known}
}

// fillHours adds the hours that the platform left out because nothing happened
// in them, for every bot there is, from the first hour of the window to its
// last one that has begun.
func fillHours(rows []api.BillingRow, w api.Window, now time.Time) []api.BillingRow {
	bots := []string{}
	have := map[string]bool{}
	for _, r := range rows {
		if !slices.Contains(bots, r.Bot) {
			bots = append(bots, r.Bot)
		}
		have[r.Bot+r.Period.Truncate(time.Hour).Format(time.RFC3339)] = true
	}
	if len(bots) == 0 {
		bots = []string{"ALL"}
	}
	out := slices.Clone(rows)
	none := api.Known(int64(0))
	for at := w.From.Truncate(time.Hour); at.Before(w.To) && !at.After(now); at = at.Add(time.Hour) {
		for _, bot := range bots {
			if !have[bot+at.Format(time.RFC3339)] {
				out = append(out, api.BillingRow{
					Period: at, Bot: bot, Filled: true,
					Requests: none, Sessions: none, Alerts: none, Proactive: none, Conversations: none,
				})
			}
		}
	}
	slices.SortStableFunc(out, byPeriod)
	return out
}

// labelled makes the rows of one part fit to stand beside those of others.
func labelled(rows []api.ContainmentRow, w api.Window, daily, parts, last bool) []api.ContainmentRow {
	if !parts {
		return rows
	}
	var out []api.ContainmentRow
	for _, r := range rows {
		at, err := time.Parse(time.DateOnly, r.Period)
		switch {
		case daily && err == nil && !last && !at.Before(w.To):
			continue // the next part tells about that day
		case !daily:
			r.Period = w.From.Format(time.DateOnly) + " to " + w.To.Add(-time.Millisecond).Format(time.DateOnly)
		}
		out = append(out, r)
	}
	return out
}

var errWindow = errors.New("a window with a beginning and a later end is needed")
