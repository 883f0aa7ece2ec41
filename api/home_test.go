package api_test

import (
	"testing"

	"korescope/api"
)

func TestWhoseBotIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		home        api.Home
		row         api.BotID
		ask, narrow api.BotID
	}{
		"an app of one bot":            {api.Home{Bot: "st-1"}, "st-1", "", ""},
		"whatever its rows say":        {api.Home{Bot: "st-1"}, "st-2", "", ""},
		"an account without a bot":     {api.Home{Account: true}, "st-2", "st-2", "st-2"},
		"a row without a bot":          {api.Home{Account: true}, "", "", ""},
		"an account with this bot":     {api.Home{Bot: "st-1", Account: true}, "st-1", "", "st-1"},
		"an account with another bot":  {api.Home{Bot: "st-1", Account: true}, "st-2", "st-2", "st-2"},
		"with a bot, row without one":  {api.Home{Bot: "st-1", Account: true}, "", "", "st-1"},
		"neither credential nor a bot": {api.Home{}, "st-2", "", ""},
	} {
		ask := c.home.Of(c.row)
		if ask != c.ask || c.home.Asked(ask) != c.narrow {
			t.Errorf("%s: %q, narrowed to %q", name, ask, c.home.Asked(ask))
		}
	}
}
