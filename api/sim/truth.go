package sim

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"time"

	"korescope/api"
)

// Truth is what the server saw and what it holds, so that tests compare a client
// with it and not with the client's own numbers. The counters are a copy of the
// moment; the data methods answer for the clock at the time of asking.
type Truth struct {
	Requests   map[string]int // by endpoint name, "" for unknown paths; refused ones included
	Statuses   map[int]int    // by status of the answer
	Keys       map[api.LimitKey]KeyTruth
	Refused    int // for the rate, over all keys
	TokensUsed int // different jti values
	JTIReused  int // tokens whose jti had been seen before
	JTIAbsent  int // tokens without one
	// Elsewhere counts the requests that brought an auth header to the handler
	// of Elsewhere; Strangers counts all requests there.
	Elsewhere, Strangers int
	Acts                 []Act          // what was carried out, in order, duplicates included
	RunRequests          map[string]int // requests to run a suite, by its name, refused ones included

	w *World
}

// Truth reads the counters.
func (w *World) Truth() Truth {
	t := Truth{w: w, Keys: w.limiter.truth()}
	t.Requests, t.Statuses, t.Elsewhere, t.Strangers = w.seen.copies()
	t.Acts, t.RunRequests = w.desk.copies()
	t.TokensUsed, t.JTIReused, t.JTIAbsent = w.tokens.counts()
	for _, k := range t.Keys {
		t.Refused += k.Refused
	}
	return t
}

// Elsewhere is another origin, for redirects: it records whether somebody
// brought a token along, and answers nothing useful.
func (w *World) Elsewhere() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the sender left; it was counted by nobody
		}
		w.seen.stranger(r)
		rw.WriteHeader(http.StatusTeapot)
	})
}

// SessionTruth is a session as the server knows it now.
type SessionTruth struct {
	ID          api.SessionID
	Bot         api.BotID
	User        api.UserID
	Channel     string
	Scene       string // what the conversation is about
	Start, End  time.Time
	Open        bool
	Containment api.Containment
	Interactive bool
	Messages    int
	Calls       int // model calls made for it, whether their rows say so or not
	CallID      string
}

// Sessions lists the sessions of a bot that start in the window, newest first.
func (t Truth) Sessions(bot api.BotID, w api.Window) []SessionTruth {
	b := t.w.bot(bot)
	if b == nil {
		return nil
	}
	now := t.w.clock().UnixMilli()
	s := spanOf(w)
	var out []SessionTruth
	for one := range b.sessions(span{s.from, min(s.to, now)}, false) {
		if !t.w.there(one) {
			continue
		}
		st := one.told()
		is := st.at(now)
		out = append(out, SessionTruth{
			ID: api.SessionID(one.id), Bot: bot, User: api.UserID(one.user.id), Channel: one.channel, Scene: one.scene.name,
			Start: at(one.start), End: at(is.end), Open: is.open, Containment: is.outcome, Interactive: !one.scene.mute,
			Messages: is.messages, Calls: len(st.calls), CallID: one.callID(),
		})
	}
	return out
}

// MessageTruth is one message as the server knows it.
type MessageTruth struct {
	ID      api.MessageID
	Session api.SessionID
	Time    time.Time
	Type    string // incoming, outgoing, ctrlmsg
	Text    string // without markup
	OnlyV1  bool   // of an alert or action task
}

// Messages lists what was said in a session so far, oldest first.
func (t Truth) Messages(id api.SessionID) []MessageTruth {
	s := t.session(id)
	if s == nil {
		return nil
	}
	st := s.told()
	now := t.w.clock().UnixMilli()
	var out []MessageTruth
	for i := range st.messages {
		m := &st.messages[i]
		if m.at > now {
			continue
		}
		one := said{s, st, m, i}
		out = append(out, MessageTruth{api.MessageID(one.id()), id, at(m.at), m.direction(), m.spoken, m.source == 0 || m.source == 2})
	}
	slices.SortStableFunc(out, func(a, b MessageTruth) int { return a.Time.Compare(b.Time) })
	return out
}

// CallTruth is one model call with the session it really belongs to.
type CallTruth struct {
	Session     api.SessionID
	Named       bool // its row says the session
	Developer   bool // of a developer's session: left out unless asked for
	Guarded     bool // guardrails looked at it; with GuardRows they write two more rows
	User        api.UserID
	Start, End  time.Time
	Description string
	Status      int
	Finish      string
}

// Calls lists the model calls of a bot that started in the window and have
// ended, newest first, those of developers among them and without the rows of
// guardrails. The delay switch is not applied.
func (t Truth) Calls(bot api.BotID, w api.Window) []CallTruth {
	b := t.w.bot(bot)
	if b == nil {
		return nil
	}
	s, now := spanOf(w), t.w.clock().UnixMilli()
	var out []CallTruth
	for one := range b.sessions(span{s.from - longestStory.Milliseconds(), min(s.to, now)}, false) {
		st := one.told()
		for _, c := range st.calls {
			if !s.holds(c.at) || c.at+int64(c.took) > now || !t.w.there(one) {
				continue
			}
			out = append(out, CallTruth{
				Session: api.SessionID(one.id), Named: !c.noSession && !st.odd.noSessionID,
				Developer: st.developers(), Guarded: c.guard != 0, User: api.UserID(one.user.id),
				Start: at(c.at), End: at(c.at + int64(c.took)), Description: c.node.description, Status: c.status, Finish: c.finish,
			})
		}
	}
	slices.SortStableFunc(out, func(a, b CallTruth) int { return cmp.Compare(b.Start.UnixMilli(), a.Start.UnixMilli()) })
	return out
}

func (t Truth) session(id api.SessionID) *session {
	for _, b := range t.w.bots {
		if s := b.sessionWithID(string(id)); s != nil {
			return s
		}
	}
	return nil
}
