package views

import (
	"cmp"
	"strings"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// SessionFields is the record of `sessions`: keys, order and columns.
func SessionFields() []Field[api.Session] {
	return append(sessionIdentity(), sessionOutcome()...)
}

func sessionIdentity() []Field[api.Session] {
	return []Field[api.Session]{
		{
			Name: "sessionId", Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At80: 7, At140: 12,
			Show:    func(s api.Session, _ Env) Cell { return showWord(s.ID) },
			Value:   func(s api.Session) any { return word(s.ID) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.ID, b.ID) },
		},
		{
			Name: "botId", Title: text.Lit("BOT"), Min: 8, Ideal: 39,
			Show:    func(s api.Session, _ Env) Cell { return showWord(s.Bot) },
			Value:   func(s api.Session) any { return word(s.Bot) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.Bot, b.Bot) },
		},
		{
			Name: "userId", Title: text.Lit("USER"), Min: 10, Ideal: 20, Grow: 1, At80: 5, At140: 5,
			Show:    func(s api.Session, e Env) Cell { return showUser(s.User, e) },
			Value:   func(s api.Session) any { return word(s.User) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.User, b.User) },
		},
		{
			Name: "channel", Title: text.Lit("CH"), Min: 3, Ideal: 8, At80: 4, At140: 4,
			Show:    func(s api.Session, _ Env) Cell { return showWord(s.Channel) },
			Value:   func(s api.Session) any { return word(s.Channel) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.Channel, b.Channel) },
		},
		{
			Name: "startTime", Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1,
			Show:    func(s api.Session, e Env) Cell { return plain(Moment(s.Start, e)) },
			Value:   func(s api.Session) any { return moment(s.Start) },
			Compare: func(a, b api.Session) int { return a.Start.Compare(b.Start) },
		},
		{
			Name: "endTime", Title: text.Lit("END"), Min: 8, Ideal: 12, At140: 13,
			Show:    func(s api.Session, e Env) Cell { return plain(Moment(s.End, e)) },
			Value:   func(s api.Session) any { return moment(s.End) },
			Compare: func(a, b api.Session) int { return a.End.Compare(b.End) },
		},
		{
			Name: "durationMs", Title: text.Lit("LAST"), Min: 5, Ideal: 8, Right: true, At80: 3, At140: 3,
			Show: showLasting, Value: lasting,
			Compare: func(a, b api.Session) int {
				return compareMaybe(lastingMs(a), lastingMs(b))
			},
		},
		{
			Name: "languages", Title: text.Lit("LANG"), Min: 2, Ideal: 8, At140: 9,
			Show:  func(s api.Session, _ Env) Cell { return showWord(strings.Join(s.Languages, ",")) },
			Value: func(s api.Session) any { return list(s.Languages) },
			Compare: func(a, b api.Session) int {
				return cmp.Compare(strings.Join(a.Languages, ","), strings.Join(b.Languages, ","))
			},
		},
	}
}

func sessionOutcome() []Field[api.Session] {
	return []Field[api.Session]{
		{
			Name: "sessionType", Title: text.Lit("KIND"), Min: 5, Ideal: 15,
			Show:    func(s api.Session, _ Env) Cell { return showWord(s.Kind) },
			Value:   func(s api.Session) any { return word(s.Kind) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.Kind, b.Kind) },
		},
		{
			Name: "containmentType", Title: text.Lit("TYPE"), Min: 5, Ideal: 6, At80: 2, At140: 2,
			Show:    func(s api.Session, _ Env) Cell { return ContainmentBadge(s) },
			Value:   func(s api.Session) any { return word(s.Containment) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.Containment, b.Containment) },
		},
		{
			Name: "sessionStatus", Title: text.Lit("STATUS"), Min: 6, Ideal: 8, At140: 8,
			Show:    func(s api.Session, _ Env) Cell { return showWord(s.Status) },
			Value:   func(s api.Session) any { return word(s.Status) },
			Compare: func(a, b api.Session) int { return cmp.Compare(a.Status, b.Status) },
		},
		{
			Name: "final", Title: text.Lit("FINAL"), Min: 5, Ideal: 5,
			Show:    func(s api.Session, _ Env) Cell { return plain(yesNo(s.Final())) },
			Value:   func(s api.Session) any { return s.Final() },
			Compare: func(a, b api.Session) int { return boolInt(a.Final()) - boolInt(b.Final()) },
		},
		{
			Name: "isDeveloper", Title: text.Lit("DEV"), Min: 3, Ideal: 3,
			Show:    func(s api.Session, _ Env) Cell { return showTruth(s.Developer) },
			Value:   func(s api.Session) any { return truth(s.Developer) },
			Compare: func(a, b api.Session) int { return compareTrue(a.Developer, b.Developer) },
		},
		{
			Name: "messageCount", Title: text.Lit("MSG"), Min: 3, Ideal: 4, Right: true, At80: 6, At140: 6,
			Show:    func(s api.Session, e Env) Cell { return showInt(s.Messages, e) },
			Value:   func(s api.Session) any { return number(s.Messages) },
			Compare: func(a, b api.Session) int { return compareMaybe(a.Messages, b.Messages) },
		},
		{
			Name: "taskCount", Title: text.Lit("TSK"), Min: 3, Ideal: 4, Right: true, At140: 7,
			Show:    func(s api.Session, e Env) Cell { return showInt(s.Tasks, e) },
			Value:   func(s api.Session) any { return number(s.Tasks) },
			Compare: func(a, b api.Session) int { return compareMaybe(a.Tasks, b.Tasks) },
		},
		{
			Name: "userTags", Title: text.Lit("USER TAGS"), Min: 8, Ideal: 20, Grow: 1, At140: 10,
			Show:    func(s api.Session, _ Env) Cell { return showTags(s.UserTags) },
			Value:   func(s api.Session) any { return tags(s.UserTags) },
			Compare: func(a, b api.Session) int { return cmp.Compare(TagText(a.UserTags), TagText(b.UserTags)) },
		},
		{
			Name: "sessionTags", Title: text.Lit("TAGS"), Min: 8, Ideal: 24, Grow: 2, At140: 11,
			Show:    func(s api.Session, _ Env) Cell { return showTags(s.SessionTags) },
			Value:   func(s api.Session) any { return tags(s.SessionTags) },
			Compare: func(a, b api.Session) int { return cmp.Compare(TagText(a.SessionTags), TagText(b.SessionTags)) },
		},
	}
}

func showUser(u api.UserID, e Env) Cell {
	switch {
	case u == "":
		return absent()
	case e.Plain:
		return plain(text.Clean(string(u)))
	}
	return plain(ShortID(u))
}

func lastingMs(s api.Session) api.Maybe[int64] {
	d := s.Duration()
	return api.Maybe[int64]{Value: d.Value.Milliseconds(), Known: d.Known}
}

func lasting(s api.Session) any { return number(lastingMs(s)) }

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

func showTags(ts []api.Tag) Cell {
	if len(ts) == 0 {
		return absent()
	}
	return Cell{Text: text.Clean(TagText(ts)), Token: theme.Plain}
}

// TagText is tags as words: tier=gold retries=2. It is not cleaned.
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
