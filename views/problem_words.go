package views

import (
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// The pieces of which sentences are made; each is empty when there is nothing
// to say.

func status(e *api.Error) text.Safe {
	if e.Status == 0 {
		return text.Safe{}
	}
	return text.Format(" (HTTP %d)", e.Status)
}

func said(e *api.Error) text.Safe {
	if e.Said == "" {
		return status(e)
	}
	return text.Format(": %q", text.Clean(e.Said))
}

func because(e *api.Error) text.Safe {
	switch {
	case e.Said != "":
		return text.Format(": %s", e.Said)
	case e.Err != nil:
		return text.Format(": %s", e.Err)
	}
	return text.Safe{}
}

// skew is a hint only beyond half a minute: tokens are back-dated by more.
func skew(d time.Duration) text.Safe {
	switch {
	case d > 30*time.Second:
		return text.Format(" The platform's clock is %s ahead of this machine's.", Age(d))
	case d < -30*time.Second:
		return text.Format(" The platform's clock is %s behind this machine's.", Age(-d))
	}
	return text.Safe{}
}

// wait rounds up, so that nobody is told to come back too early.
func wait(d time.Duration) text.Safe {
	d = (d + time.Second - 1).Truncate(time.Second)
	if d < 2*time.Minute {
		return text.Format("%d s", int(d/time.Second))
	}
	return text.Format("%d min", int((d+time.Minute-1)/time.Minute))
}

func orElse(s string, fallback string) text.Safe {
	if s == "" {
		s = fallback
	}
	return text.Clean(s)
}

func quoted(s string) text.Safe {
	if s == "" {
		return text.Lit("for this call")
	}
	return text.Format("\"%s\"", s)
}

// scope is the scope in the words of the place where it is given.
func scope(e *api.Error, admin bool) string {
	if row, ok := api.EndpointNamed(e.Endpoint); ok {
		switch {
		case admin && row.AdminScope != "":
			return row.AdminScope
		case e.Scope == "":
			return row.Scope
		}
	}
	return e.Scope
}
