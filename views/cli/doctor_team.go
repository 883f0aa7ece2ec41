package cli

import (
	"context"
	"time"

	"korescope/cache/team"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views/doctor"
)

// teamClock is how far the team's clock may be off: it only ages what was counted
// while the server was away.
const teamClock = 5 * time.Second

// team looks at what is shared with other machines. It is left out of the round
// where a profile shares nothing.
func (x *examiner) team(ctx context.Context) doctor.Finding {
	d := x.d
	if d.team == nil {
		return skipped(text.Lit("not asked: offline"))
	}
	h, err := d.team.Look(ctx)
	if err != nil {
		return doctor.Finding{
			State: doctor.Warn, Found: text.Format("away: %s", text.Clean(err.Error())),
			Advice: text.Lit("Each machine keeps to its share meanwhile; look at url and password of the team, and whether the server runs."),
		}
	}
	found := []text.Safe{text.Clean(orWords(h.Version, "does not say what it is")), text.Format("%s an act", h.Latency.Round(100*time.Microsecond))}
	if h.TLS {
		found = append(found, text.Lit("TLS"))
	} else {
		found = append(found, text.Lit("no TLS, on this machine"))
	}
	if u, err := d.client.Usage(ctx); err == nil && d.profile.Team.Shares(config.ShareAllowance) {
		found = append(found, text.Format("%d at work", u.Team))
	}
	state := doctor.OK
	var advice []text.Safe
	warn := func(w text.Safe) { state, advice = doctor.Warn, append(advice, w) }
	if h.TooOld() {
		warn(text.Lit("Redis 6.2 or later, or Valkey, is needed."))
	}
	if h.Latency > team.Patience {
		warn(text.Format("It takes longer than %s, so it counts as away.", team.Patience))
	}
	if h.Ahead.Abs() > teamClock {
		warn(text.Format("Its clock is %s off.", h.Ahead.Round(time.Second)))
	}
	if d.shared != nil {
		n, closed, err := d.shared.Sample(ctx)
		if err == nil && closed == 0 {
			found = append(found, text.Format("%d answers looked at, all sealed", n))
		}
		if closed > 0 {
			warn(text.Format("%d of them do not open: somebody else writes there.", closed))
		}
		if h.Policy == "noeviction" {
			warn(text.Lit("When its memory is full nothing more is counted; set maxmemory-policy volatile-ttl."))
		}
	}
	return doctor.Finding{State: state, Found: text.Join(", ", found...), Advice: text.Join(" ", advice...)}
}
