package logs

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// nothing says why there is no line. The platform answers the same about a name
// it has never heard of and about one whose lines are gone, so other names are
// offered.
func (m *Model) nothing() canvas.Block {
	say := func(s text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
	}
	a, ok := m.feed.Answer()
	switch {
	case len(m.names) == 0 && m.messages.Loading():
		return canvas.Block{say(text.Lit("reading the messages, which name the user at the channel ..."))}
	case len(m.names) == 0:
		return canvas.Block{say(text.Lit("neither the session nor its messages name anybody;")), say(text.Lit(":logs IDENTITY CHANNEL asks for a name"))}
	case !ok && m.feed.Loading():
		return canvas.Block{say(text.Lit("asking the platform for the debug lines ..."))}
	case (!ok || len(a.Value) == 0) && m.feed.Err() != nil:
		return canvas.Block{say(text.Lit("nothing could be read; the line below says why"))}
	case !ok:
		return canvas.Block{say(text.Lit("nothing has been read; r reads"))}
	case len(m.all) > 0:
		return canvas.Block{say(text.Format("none of the %d lines matches; esc clears the filter", len(m.all)))}
	case m.feed.Loading():
		return canvas.Block{say(text.Lit("nothing so far, still asking ..."))}
	}
	out := canvas.Block{
		say(text.Lit("no debug line is kept under this name, channel and time")),
		say(text.Lit("the platform forgets lines after seven days, sooner when there are many")),
		canvas.Line{},
	}
	return append(out, m.toTry(say)...)
}

// toTry lists the names that are known and the forms others have.
func (m *Model) toTry(say func(text.Safe) canvas.Line) canvas.Block {
	var out canvas.Block
	if len(m.names) > 1 {
		out = append(out, say(text.Lit("other names of this user, tab goes on:")))
		for i, n := range m.names {
			if i == m.name {
				continue
			}
			out = append(out, say(text.Format("  %s  %s  from %s", m.env().Identity(n.Identity), m.env().Text(n.Channel), n.Source)))
		}
		out = append(out, canvas.Line{})
	}
	out = append(out, say(text.Lit(":logs IDENTITY CHANNEL asks for another; identities look like")))
	for _, f := range forms() {
		out = append(out, say(text.Format("  %s  %s", f.form.Pad(36), f.channel)))
	}
	return out
}

type form struct{ form, channel text.Safe }

// forms are the shapes of identities by channel.
func forms() []form {
	return []form{
		{text.Lit("the user's id at the channel"), text.Lit("rtm and other chats")},
		{text.Lit("the id of the call"), text.Lit("korevg, audiocodes, ivrVoice")},
		{text.Lit("ACCOUNT/smartassist/SESSION"), text.Lit("smartassist")},
		{text.Lit("ACCOUNT/+PHONE"), text.Lit("twiliosms, genericsms")},
		{text.Lit("ID/genesys/CONVERSATION"), text.Lit("genesys")},
	}
}
