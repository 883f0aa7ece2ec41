package doctor_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
)

func always(name string, f doctor.Finding) doctor.Check {
	return doctor.Check{Name: name, Look: func(context.Context) doctor.Finding { return f }}
}

func failing(kind api.Kind) doctor.Finding {
	return doctor.Finding{State: doctor.Failed, Found: text.Lit("no"), Advice: text.Lit("do"), Err: &api.Error{Kind: kind}}
}

// The exit code is that of the first check that failed, whatever comes after it.
func TestTheFirstFailureDecides(t *testing.T) {
	ok := doctor.Finding{State: doctor.OK, Found: text.Lit("yes")}
	warn, skipped := doctor.Finding{State: doctor.Warn}, doctor.Finding{State: doctor.Skipped}
	for name, tt := range map[string]struct {
		found []doctor.Finding
		want  int
	}{
		"nothing":              {nil, views.ExitDone},
		"all well":             {[]doctor.Finding{ok, ok}, views.ExitDone},
		"warnings fail nobody": {[]doctor.Finding{ok, warn, skipped}, views.ExitDone},
		"host":                 {[]doctor.Finding{failing(api.Unreachable), skipped}, views.ExitHost},
		"credential":           {[]doctor.Finding{ok, failing(api.Credentials), failing(api.Unreachable)}, views.ExitSignIn},
		"scope, then limit":    {[]doctor.Finding{warn, failing(api.ScopeMissing), failing(api.Limited)}, views.ExitSignIn},
		"limit":                {[]doctor.Finding{ok, failing(api.Limited)}, views.ExitLimited},
		"settings":             {[]doctor.Finding{skipped, {State: doctor.Failed, Err: views.Usage("wrong")}}, views.ExitUsage},
	} {
		var checks []doctor.Check
		for _, f := range tt.found {
			checks = append(checks, always("one", f))
		}
		given := 0
		failed, err := doctor.Run(t.Context(), checks, func(doctor.Result) error { given++; return nil })
		if err != nil || given != len(checks) || views.ExitCode(failed) != tt.want {
			t.Errorf("%s: %d of %d, exit %d, want %d (%v)", name, given, len(checks), views.ExitCode(failed), tt.want, err)
		}
	}
}

// Each result is handed on before the next check begins; whoever leaves ends it.
func TestResultsComeOneByOne(t *testing.T) {
	var order []string
	check := func(name string) doctor.Check {
		return doctor.Check{Name: name, Look: func(context.Context) doctor.Finding {
			order = append(order, "look "+name)
			return doctor.Finding{State: doctor.OK}
		}}
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err := doctor.Run(ctx, []doctor.Check{check("a"), check("b"), check("c")}, func(r doctor.Result) error {
		order = append(order, "give "+r.Name)
		if r.Name == "b" {
			stop()
		}
		return nil
	})
	if got := strings.Join(order, ","); got != "look a,give a,look b,give b" || !errors.Is(err, context.Canceled) {
		t.Errorf("%s, %v", got, err)
	}
	closed := views.ErrPipeClosed
	_, err = doctor.Run(t.Context(), []doctor.Check{check("a"), check("b")}, func(doctor.Result) error { return closed })
	if !errors.Is(err, closed) || len(order) != 5 {
		t.Errorf("%v, %v", order, err)
	}
}

func TestRecords(t *testing.T) {
	for want, r := range map[string]doctor.Result{
		`{"name":"host","state":"FAIL","finding":"no","advice":"do"}`: {Name: "host", Finding: failing(api.Unreachable)},
		`{"name":"clock","state":"ok","finding":"yes","advice":null}`: {Name: "clock", Finding: doctor.Finding{State: doctor.OK, Found: text.Lit("yes")}},
		`{"name":"x","state":"skipped","finding":null,"advice":null}`: {Name: "x", Finding: doctor.Finding{State: doctor.Skipped}},
		`{"name":"y","state":"warn","finding":"a␛b","advice":"do"}`:   {Name: "y", Finding: doctor.Finding{State: doctor.Warn, Found: text.Clean("a\x1bb"), Advice: text.Lit("do")}},
	} {
		got, err := views.Record(doctor.Fields(), r, views.Env{})
		if err != nil || string(got) != want {
			t.Errorf("%s, want %s (%v)", got, want, err)
		}
	}
}

func TestPlainLines(t *testing.T) {
	r := doctor.Result{Name: "host", Finding: doctor.Finding{State: doctor.Failed, Found: text.Lit("one two three four five six"), Advice: text.Lit("do this")}}
	lines := func(width int) string {
		var out []string
		for _, l := range doctor.Plain(r, width) {
			out = append(out, l.String())
		}
		return strings.Join(out, "\n")
	}
	const head, under = "host            FAIL     ", "                         "
	if got := lines(0); got != head+"one two three four five six\n"+under+"do this" {
		t.Errorf("unwrapped:\n%s", got)
	}
	if got := lines(47); got != head+"one two three four\n"+under+"five six\n"+under+"do this" {
		t.Errorf("wrapped:\n%s", got)
	}
}
