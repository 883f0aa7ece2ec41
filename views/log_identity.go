package views

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// LogIdentity is a name under which the engine may keep debug lines. The
// documentation does not say which name an ordinary chat has, so there may be
// several to try.
type LogIdentity struct {
	Identity string
	Channel  string    // as the debug log spells it
	Source   text.Safe // where it was found, in a few words
}

// LogIdentities are the names under which the lines of a session may be kept,
// the most likely first, none twice: what an agent desk uses, the id of a phone
// call, the user's identity at the channel as the messages have it, and the
// user's id.
func LogIdentities(s api.Session, messages []api.Message) []LogIdentity {
	var out []LogIdentity
	add := func(identity string, source text.Safe) {
		if identity = strings.TrimSpace(identity); identity == "" {
			return
		}
		one := LogIdentity{Identity: identity, Channel: LogChannel(identity, s.Channel), Source: source}
		same := func(o LogIdentity) bool { return o.Identity == identity && o.Channel == one.Channel }
		if !slices.ContainsFunc(out, same) {
			out = append(out, one)
		}
	}
	own := func(m api.Message) bool { return m.ChannelID != "" && (m.Session == s.ID || m.Session == "") }
	for _, m := range messages {
		if own(m) && strings.Contains(m.ChannelID, "/") {
			add(m.ChannelID, text.Lit("the messages"))
		}
	}
	if spoken(s.Channel) {
		for _, t := range slices.Concat(s.SessionTags, s.UserTags) {
			if callTag(t.Name) {
				add(TagValue(t), text.Lit("a tag of the session"))
			}
		}
	}
	for _, m := range messages {
		if !own(m) {
			continue
		}
		if account := accountOf(m); account != "" && LogChannel(m.ChannelID, s.Channel) == "twiliosms" {
			add(account+"/"+m.ChannelID, text.Lit("the messages"))
		}
		add(m.ChannelID, text.Lit("the messages"))
	}
	add(string(s.User), text.Lit("the user id"))
	return out
}

// LogNames are the identities alone.
func LogNames(list []LogIdentity) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = l.Identity
	}
	return out
}

// LogChannel is the channel as the debug log spells it: an identity of an agent
// desk tells its own, text messages and phone calls have another name there, and
// without any channel it is that of web chats.
func LogChannel(identity, channel string) string {
	parts := strings.Split(identity, "/")
	if len(parts) == 3 {
		switch desk := strings.ToLower(parts[1]); desk {
		case "smartassist", "genesys":
			return desk
		}
	}
	switch strings.ToLower(channel) {
	case "sms":
		return "twiliosms"
	case "ivr":
		return "ivrVoice"
	}
	return cmp.Or(channel, "rtm")
}

// LogQueryOf asks for the lines of a session under one of its names. The screen
// of the logs and the conversation ask the same question, so that neither asks
// twice.
func LogQueryOf(s api.Session, name LogIdentity, now time.Time) api.LogQuery {
	return api.LogQuery{Bot: s.Bot, Identity: name.Identity, Channel: name.Channel, Window: s.Reach(now)}
}

// spoken reports a channel on which people talk: the log has a call by its id.
func spoken(channel string) bool {
	switch strings.ToLower(channel) {
	case "ivr", "ivrvoice", "korevg", "audiocodes", "twiliovoice", "genesys", "smartassist", "voice", "phone":
		return true
	}
	return false
}

func callTag(name string) bool {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
	return plain == "callid" || plain == "callsid" || plain == "callidentity"
}

// accountOf reads the account from the message as it came: text messages are
// kept under it and the phone number.
func accountOf(m api.Message) string {
	var row struct {
		Account string `json:"accountId"`
	}
	if json.Unmarshal(m.Raw, &row) != nil {
		return ""
	}
	return row.Account
}
