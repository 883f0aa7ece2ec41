package sessions_test

import (
	"testing"

	"korescope/views"
	"korescope/views/viewtest"
)

func TestDebugLogsOfTheRow(t *testing.T) {
	s := set(t)
	s.sessions.Says(viewtest.Sessions(), viewtest.Noon())
	s.open(80, 24).Keys("j", "L")
	if r, ok := s.Opened[0].(views.LogsRoute); !ok || r.Session.ID != viewtest.Sessions()[1].ID || r.Query.Identity != "" {
		t.Errorf("L opened %+v", s.Opened)
	}
	s = set(t)
	s.sessions.Says(nil, viewtest.Noon())
	s.open(80, 24).Keys("L").Has("no session under the cursor")
}
