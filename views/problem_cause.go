package views

import (
	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Causes of a host that was not reached or not trusted, one row each.

// causeWords are what a cause is called and what helps against it.
type causeWords struct {
	sentence, hint text.Safe
}

// explainCause names what is known of why a host was not reached or not trusted;
// false where nothing is.
func explainCause(e *api.Error, at Situation) (Problem, bool) {
	words, ok := trustWords(e.Cause, at)
	if !ok {
		words, ok = netWords(e.Cause, at)
	}
	if !ok {
		words, ok = proxyWords(e.Cause, at)
	}
	if !ok {
		return Problem{}, false
	}
	p := Problem{Sentence: words.sentence, Hint: words.hint, Remedy: Diagnose}
	if e.Cause.Proxy != "" && e.Cause.Reason != api.ProxyRefused && e.Cause.Reason != api.ProxyUnreachable {
		p.Sentence = text.Format("%s It was asked through the proxy %s.", p.Sentence, e.Cause.Proxy)
	}
	if e.Kind == api.Unreachable {
		p.Token, p.Remedy = theme.Warn, TryAgain
	}
	return p, true
}

func trustWords(c api.Cause, at Situation) (causeWords, bool) {
	host := at.host()
	noSwitch := text.Lit("there is no switch to skip the check.")
	switch c.Reason {
	case api.CertExpired:
		return causeWords{
			text.Format("The certificate of %s expired on %s.", host, Stamp(c.When)),
			text.Format("Tell whoever runs the host, and look at this machine's clock: it says %s; %s", Stamp(at.Now), noSwitch),
		}, true
	case api.CertEarly:
		return causeWords{
			text.Format("The certificate of %s is not valid before %s.", host, Stamp(c.When)),
			text.Format("Look at this machine's clock: it says %s; %s", Stamp(at.Now), noSwitch),
		}, true
	case api.CertOtherName:
		return causeWords{
			text.Format("The certificate at %s is for %s.", host, orElse(c.Name, "nobody")),
			text.Format("Check host in the profile: through a tunnel it has to be a name that the certificate is for; %s", noSwitch),
		}, true
	case api.CertUnknown:
		return causeWords{
			text.Format("The certificate of %s is signed by %s, which this machine does not know.", host, orElse(c.Name, "an authority without a name")),
			text.Format("Where a company proxy signs, set ca_file in the profile to its certificate authority; %s", noSwitch),
		}, true
	case api.CertSelfSigned:
		return causeWords{
			text.Format("The certificate of %s is signed by itself (%s).", host, orElse(c.Name, "without a name")),
			text.Format("If that is your host, set ca_file in the profile to that certificate; %s", noSwitch),
		}, true
	case api.CertBad:
		return causeWords{
			text.Format("The certificate of %s cannot be used: %s.", host, c.Name),
			text.Format("Tell whoever runs the host; %s", noSwitch),
		}, true
	case api.CertWanted:
		return causeWords{
			text.Format("%s wants a certificate from this machine.", host),
			text.Lit("That is not part of the platform: check host in the profile, and what stands between."),
		}, true
	case api.OldTLS:
		return causeWords{
			text.Format("%s speaks only TLS that is older than 1.2.", host),
			text.Format("Tell whoever runs the host, or the proxy before it; %s", noSwitch),
		}, true
	case api.PlainHTTP:
		if thisMachine(at.Host) {
			return causeWords{
				text.Format("%s answers in plain http.", host),
				text.Lit("A simulator or a tunnel on this machine may: write http:// before the host."),
			}, true
		}
		return causeWords{
			text.Format("%s answers in plain http.", host),
			text.Lit("Check host and port in the profile; plain http is taken from this machine itself only."),
		}, true
	case api.NotTLS:
		return causeWords{
			text.Format("What answers at %s speaks neither TLS nor http.", host),
			text.Lit("Check host and port in the profile."),
		}, true
	}
	return causeWords{}, false
}

func netWords(c api.Cause, at Situation) (causeWords, bool) {
	happened := netHappened(c.Reason)
	if happened.Empty() {
		return causeWords{}, false
	}
	cached := text.Lit("what was read before can still be looked at with --offline.")
	who := text.Join("", at.host(), where(c))
	switch c.Reason {
	case api.NameNotFound, api.NameServer:
		return causeWords{
			text.Format("No answer from %s: %s.", at.host(), happened),
			text.Format("Check host in the profile, VPN and name server; %s", cached),
		}, true
	case api.ConnRefused:
		return causeWords{
			text.Format("No answer from %s: %s.", who, happened),
			text.Format("Nothing listens there: check host and port in the profile, or the tunnel; %s", cached),
		}, true
	}
	return causeWords{
		text.Format("No answer from %s: %s.", who, happened),
		text.Format("Check network and VPN; %s", cached),
	}, true
}

// where is the address that was tried, in brackets.
func where(c api.Cause) text.Safe {
	if c.Name == "" {
		return text.Safe{}
	}
	return text.Format(" (%s)", c.Name)
}

// netHappened is what kept a connection from standing, of a host and of a proxy
// alike.
func netHappened(r api.Reason) text.Safe {
	switch r {
	case api.NameNotFound:
		return text.Lit("the name is not found")
	case api.NameServer:
		return text.Lit("the name server does not answer")
	case api.ConnRefused:
		return text.Lit("the connection was refused")
	case api.ConnTimeout:
		return text.Lit("nothing came in time")
	case api.NoRoute:
		return text.Lit("the network does not lead there")
	case api.ConnCut:
		return text.Lit("the connection was closed before an answer came")
	}
	return text.Safe{}
}

func proxyWords(c api.Cause, at Situation) (causeWords, bool) {
	from := text.Lit("Check HTTPS_PROXY and NO_PROXY in the environment")
	switch c.Reason {
	case api.ProxyAddress:
		return causeWords{
			text.Lit("The setting of the proxy is no address, so nobody was asked."),
			text.Format("%s.", from),
		}, true
	case api.ProxyRefused:
		answered := text.Int(c.Status)
		if c.Page {
			answered = text.Format("%d with a web page", c.Status)
		}
		hint := text.Format("%s, and ask whoever runs the proxy whether %s is allowed.", from, at.host())
		if c.Status == 407 {
			hint = text.Format("It wants a sign-in: name and password stand in HTTPS_PROXY, as http://NAME:PASSWORD@%s.", c.Proxy)
		}
		return causeWords{text.Format("The proxy %s answered %s instead of leading to %s.", c.Proxy, answered, at.host()), hint}, true
	case api.ProxyUnreachable:
		happened := netHappened(c.Below)
		if happened.Empty() {
			happened = text.Lit("it does not answer as a proxy")
		}
		return causeWords{
			text.Format("The proxy %s was not reached: %s.", orElse(c.Proxy, "of the environment"), happened),
			text.Format("%s.", from),
		}, true
	}
	return causeWords{}, false
}
