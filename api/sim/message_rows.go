package sim

import (
	"encoding/json"
	"strconv"
)

// shown are the optional parts of a message row.
type shown struct{ trace, latency, agents bool }

func (one said) id() string { return uuid("ms-", blend(one.s.key, 0x35, uint64(one.no))) }

func (m *message) direction() string {
	switch {
	case m.kind != "":
		return m.kind
	case m.in:
		return "incoming"
	}
	return "outgoing"
}

// channelUID is the user's identity at the channel.
func (s *session) channelUID() string {
	switch s.channel {
	case "sms", "korevg", "ivrVoice", "wfacebook", "audiocodes", "twiliovoice":
		return s.user.phone
	case "smartassist":
		return accountID + "/smartassist/" + s.id
	}
	return s.user.mail
}

func (c *call) messageRow(one said, show shown) obj {
	s, m := one.s, one.m
	row := ob("_id", one.id(), "botId", string(s.bot.id), "type", m.direction(), "status", m.status)
	channel := ob("type", s.channel)
	if m.in {
		row = row.with("orgId", orgID, "accountId", accountID)
		channel = channel.with("channelUId", s.channelUID())
	}
	row = row.with("channels", []any{channel}, "components", one.parts(),
		"createdBy", s.user.id, "createdOn", stamp(m.at), "timestampValue", m.at+m.stampOff)
	if !m.in {
		row = row.with("lmodifiedBy", s.user.id, "lmodifiedOn", stamp(m.at), "__lModifiedOn__", wholeSecond(m.at+900))
	}
	key := "chnl"
	if one.st.odd.flatChannel {
		key = "channel"
	}
	row = row.with("isBB", 0, "isD", number(s.dev), "ms", m.source, key, s.channel, "lang", s.lang, "__v", 0, "sT", 1,
		"sessionId", s.id, "resourceid", "messagestore",
		"tags", ob("messageTags", list(m.tags), "userTags", list(one.st.userTags), "sessionTags", list(one.st.tags), "altText", []any{}))
	return row.with(one.extras(show)...)
}

// extras are the keys that only some messages have.
func (one said) extras(show shown) []any {
	m := one.m
	var out []any
	h := blend(one.s.key, 0x7e, uint64(one.no))
	if show.trace && m.in {
		out = append(out, "traceId", uuid("", h))
	}
	if m.agent {
		out = append(out, "conversationId", uuid("c-", one.s.key), "isA", true)
	}
	author := m.author
	if m.agent && show.agents && author == nil {
		author = ob("type", "SYSTEM", "id", uuid("a-", one.s.key), "aId", uuid("a-", one.s.key), "iId", string(one.s.bot.id))
	}
	if author != nil {
		out = append(out, "author", author)
	}
	if show.latency && !m.in {
		bot := int(300 + h%900)
		latency := ob("totalMs", bot+int(h>>20%400), "bot", ob("durationMs", bot))
		if voice(one.s.channel) {
			latency = latency.with("asr", ob("durationMs", int(h>>30%300), "provider", "microsoft", "confidenceScore", 0.87),
				"tts", ob("durationMs", int(h>>40%300), "provider", "microsoft", "utteranceLengthChars", len(m.spoken), "audioLengthMs", 60*len(m.spoken), "streamingEnabled", false, "firstByteMs", int(h>>50%90)))
		}
		out = append(out, "latency", latency)
	}
	return out
}

func (one said) parts() []any {
	out := make([]any, len(one.m.components))
	for i, part := range one.m.components {
		id := "cp-" + uuid("", blend(one.s.key, 0xc9, uint64(one.no), uint64(i)))
		out[i] = append(obj{{"_id", id}}, part...)
	}
	return out
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// plainNumber turns a number read from a request into one a tree can hold.
func plainNumber(v any) any {
	if n, ok := v.(json.Number); ok {
		if i, err := strconv.Atoi(n.String()); err == nil {
			return i
		}
	}
	return nil
}
