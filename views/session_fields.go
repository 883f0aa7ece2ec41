package views

import (
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// SessionFields is the record of `sessions`: keys, order and columns.
func SessionFields() []Field[api.Session] {
	type session = api.Session
	return []Field[session]{
		WholeIDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At80: 7, At140: 12},
			func(s session) api.SessionID { return s.ID }),
		WholeIDField("botId", Layout{Title: text.Lit("BOT"), Min: 8, Ideal: 39}, func(s session) api.BotID { return s.Bot }),
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 20, Grow: 1, At80: 5, At140: 5},
			func(s session) api.UserID { return s.User }),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 3, Ideal: 8, At80: 4, At140: 4},
			func(s session) string { return s.Channel }),
		TimeField("startTime", Layout{Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1},
			func(s session) time.Time { return s.Start }),
		TimeField("endTime", Layout{Title: text.Lit("END"), Min: 8, Ideal: 12, At140: 13},
			func(s session) time.Time { return s.End }),
		CountField("durationMs", Layout{Title: text.Lit("LAST"), Min: 5, Ideal: 8, At80: 3, At140: 3}, lastingMs).As(showLasting),
		ListField("languages", Layout{Title: text.Lit("LANG"), Min: 2, Ideal: 8, At140: 9},
			func(s session) []string { return s.Languages }),
		WordField("sessionType", Layout{Title: text.Lit("KIND"), Min: 5, Ideal: 15}, func(s session) string { return s.Kind }),
		WordField("containmentType", Layout{Title: text.Lit("TYPE"), Min: 5, Ideal: 6, At80: 2, At140: 2},
			func(s session) api.Containment { return s.Containment }).As(ContainmentBadge),
		WordField("sessionStatus", Layout{Title: text.Lit("STATUS"), Min: 6, Ideal: 8, At140: 8},
			func(s session) string { return s.Status }),
		TruthField("final", Layout{Title: text.Lit("FINAL"), Min: 5, Ideal: 5},
			func(s session) api.Maybe[bool] { return api.Known(s.Final()) }),
		TruthField("isDeveloper", Layout{Title: text.Lit("DEV"), Min: 3, Ideal: 3},
			func(s session) api.Maybe[bool] { return s.Developer }),
		CountField("messageCount", Layout{Title: text.Lit("MSG"), Min: 3, Ideal: 4, At80: 6, At140: 6},
			func(s session) api.Maybe[int] { return s.Messages }),
		CountField("taskCount", Layout{Title: text.Lit("TSK"), Min: 3, Ideal: 4, At140: 7},
			func(s session) api.Maybe[int] { return s.Tasks }),
		TagsField("userTags", Layout{Title: text.Lit("USER TAGS"), Min: 8, Ideal: 20, Grow: 1, At140: 10},
			func(s session) []api.Tag { return s.UserTags }),
		TagsField("sessionTags", Layout{Title: text.Lit("TAGS"), Min: 8, Ideal: 24, Grow: 2, At140: 11},
			func(s session) []api.Tag { return s.SessionTags }),
		TagsField("altText", Layout{Title: text.Lit("ALT TEXT"), Min: 8, Ideal: 20, Grow: 1},
			func(s session) []api.Tag { return s.AltText }),
	}
}

func lastingMs(s api.Session) api.Maybe[int64] {
	d := s.Duration()
	return api.Maybe[int64]{Value: d.Value.Milliseconds(), Known: d.Known}
}

func showLasting(s api.Session, e Env) Cell {
	d := s.Duration()
	switch {
	case !d.Known:
		return unknown()
	case e.Plain:
		return plain(text.Int(d.Value.Milliseconds()))
	case !s.Final():
		return plain(text.Join("", Elapsed(d.Value), text.Lit("~")))
	}
	return plain(Elapsed(d.Value))
}

func yesNo(b bool) text.Safe {
	if b {
		return text.Lit("yes")
	}
	return text.Lit("no")
}

func showTruth(m api.Maybe[bool]) Cell {
	if !m.Known {
		return unknown()
	}
	return plain(yesNo(m.Value))
}

func showTags(ts []api.Tag, e Env) Cell {
	if len(ts) == 0 {
		return absent()
	}
	return plain(e.Tags(ts))
}

// TagText is tags as words: tier=gold retries=2. It is neither masked nor
// cleaned; see [Env.Tags].
func TagText(ts []api.Tag) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Name)
		if v := TagValue(t); v != "" {
			b.WriteByte('=')
			b.WriteString(v)
		}
	}
	return b.String()
}
