package kore_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/api/apitest"
	"korescope/api/sim"
)

func TestMetricsConformance(t *testing.T) {
	for name, strict := range map[string]sim.Strict{"usual": {}, "other": {OffsetPages: true, TrailingMore: true}} {
		t.Run(name, func(t *testing.T) {
			apitest.RunMetrics(t, func(t *testing.T) apitest.Metrics {
				c, w, clock := desk(t, sim.Options{Seed: 5, Strict: strict}, 0)
				bot := w.Credentials()[0].BotID
				window := api.Last(3*24*time.Hour, clock.Now())
				d := apitest.Metrics{Source: c, Window: window, Rows: map[api.MetricKind][]api.Metric{}, Changes: w.Truth().Changes(window, bot)}
				for _, kind := range api.MetricKinds() {
					for _, m := range w.Truth().Metrics(kind, window, bot) {
						d.Rows[kind] = append(d.Rows[kind], api.Metric{At: m.At, Session: m.Session, Node: m.Node})
					}
					if len(d.Rows[kind]) == 0 {
						t.Fatalf("the truth has no %s", kind)
					}
				}
				if len(d.Changes) < 4 {
					t.Fatal("the truth has no changes")
				}
				return d
			})
		})
	}
}
