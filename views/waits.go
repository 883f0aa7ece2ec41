package views

import (
	"slices"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// Waited is how long a person waited for the bot, and for what. Model, Service and
// Rest always add up to Total. Rest is what nothing explains; below zero the
// parts took longer than the wait, which only differing clocks can do.
type Waited struct {
	From, To             *api.Message // what the user said, what the bot answered
	Total                time.Duration
	Model, Service, Rest time.Duration
}

// Waits finds for each message of the user how long the bot's next message took,
// in the order they were sent. Messages that nobody typed, that have no time, or
// that a person at the desk answered first, are no waits.
//
// What ran at the same time is counted once: the model before the services.
// Clocks differ, so what began up to api.JoinLead before the message counts from
// its own beginning, unless somebody spoke in between, and so does what ended
// after the answer when nothing follows that it could belong to.
func Waits(t Transcript) []Waited {
	rows := t.whole
	if rows == nil {
		rows = t.Rows
	}
	talk, models, services := material(rows)
	var out []Waited
	for i, m := range talk {
		if m.Direction != api.FromUser {
			continue
		}
		answer := slices.IndexFunc(talk[i:], func(m *api.Message) bool { return m.Direction != api.FromUser })
		if answer < 0 || talk[i+answer].Direction != api.FromBot {
			continue
		}
		w := Waited{From: m, To: talk[i+answer]}
		w.Total = w.To.Time.Sub(w.From.Time)
		in := between(talk, i, i+answer)
		during := in.clip(models)
		w.Model = covered(during)
		w.Service = covered(append(during, in.clip(services)...)) - w.Model
		w.Rest = w.Total - w.Model - w.Service
		out = append(out, w)
	}
	return out
}

// material sorts the rows into what was said, and when models and services ran.
func material(rows []Row) (talk []*api.Message, models, services []stretch) {
	var lines []*api.DebugLine
	for _, r := range rows {
		switch {
		case r.At.IsZero():
		case r.Message != nil && r.Message.Kind != api.KindEvent:
			talk = append(talk, r.Message)
		case r.Call != nil && r.busyUntil().After(r.At):
			models = append(models, stretch{r.At, r.busyUntil()})
		case r.Line != nil:
			lines = append(lines, r.Line)
		}
	}
	return talk, models, serviceStretches(lines)
}

// exchange is the time between a message and its answer; first and last say how
// far what ran may reach out of it because of clocks.
type exchange struct{ from, to, first, last time.Time }

func between(talk []*api.Message, i, j int) exchange {
	e := exchange{from: talk[i].Time, to: talk[j].Time}
	e.first, e.last = e.from.Add(-api.JoinLead), e.to.Add(api.JoinLead)
	switch {
	case i > 0 && talk[i-1].Direction == api.FromUser:
		e.first = e.from // it may be the message before that was worked on
	case i > 0 && talk[i-1].Time.After(e.first):
		e.first = talk[i-1].Time
	}
	switch {
	case j+1 < len(talk) && talk[j+1].Direction != api.FromUser:
		e.last = e.to // it may be the next answer that was worked on
	case j+1 < len(talk) && talk[j+1].Time.Before(e.last):
		e.last = talk[j+1].Time
	}
	return e
}

// clip takes the spells that touch the exchange. What began too early is counted
// from the message on, what ended too late up to the answer.
func (e exchange) clip(all []stretch) []stretch {
	var out []stretch
	for _, s := range all {
		if !s.from.Before(e.to) || !s.to.After(e.from) {
			continue
		}
		if s.from.Before(e.first) {
			s.from = e.from
		}
		if s.to.After(e.last) {
			s.to = e.to
		}
		out = append(out, s)
	}
	return out
}

// covered is the time in which at least one of them ran.
func covered(all []stretch) time.Duration {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b stretch) int { return a.from.Compare(b.from) })
	var sum time.Duration
	var until time.Time
	for _, s := range all {
		if s.from.Before(until) {
			s.from = until
		}
		if s.to.After(s.from) {
			sum += s.to.Sub(s.from)
			until = s.to
		}
	}
	return sum
}

// WaitAt is the wait that a row of the transcript belongs to: that of the
// message itself, else the longest one that was going on at the row's time.
func WaitAt(waits []Waited, r Row) (Waited, bool) {
	if r.At.IsZero() || r.Kind == EndRow {
		return Waited{}, false
	}
	for _, w := range waits {
		if r.Message != nil && r.Message == w.From {
			return w, true
		}
	}
	for _, w := range waits {
		if !r.At.Before(w.From.Time) && (r.At.Before(w.To.Time) || r.Message == w.To) {
			return w, true
		}
	}
	return Waited{}, false
}

// Text is "waited 41.6 s = service 30.0 + model 9.8 + unexplained 1.8". The
// numbers as they are shown add up.
func (w Waited) Text() text.Safe {
	total, service, model := tenths(w.Total), tenths(w.Service), tenths(w.Model)
	line := text.Format("waited %s s", inSeconds(total))
	sign := text.Lit(" = ")
	part := func(name text.Safe, n int64) {
		line = text.Join("", line, sign, name, text.Lit(" "), inSeconds(n))
		sign = text.Lit(" + ")
	}
	if service > 0 {
		part(text.Lit("service"), service)
	}
	if model > 0 {
		part(text.Lit("model"), model)
	}
	switch rest := total - service - model; {
	case rest < 0:
		sign = text.Lit(" - ")
		part(text.Lit("clock difference"), -rest)
	case rest > 0 || service+model == 0:
		part(text.Lit("unexplained"), rest)
	}
	return line
}

func tenths(d time.Duration) int64 {
	return int64((d + 50*time.Millisecond) / (100 * time.Millisecond))
}

func inSeconds(tenths int64) text.Safe { return text.Format("%d.%d", tenths/10, tenths%10) }
