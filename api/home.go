package api

// Home is what the credential of a profile is for.
type Home struct {
	Bot BotID // "" for none: an account without a bot of its own
	// Account: the credential serves any bot of the account, so that a row may be
	// of another bot than Bot.
	Account bool
}

// Of is the bot to ask about what belongs to a row: that of the row where the
// credential serves several, "" for the bot of the home.
func (h Home) Of(row BotID) BotID {
	if !h.Account || row == h.Bot {
		return ""
	}
	return row
}

// Asked is the bot that a question is about, where there may be several; "" when
// rows of any bot are meant. bot is what Of gave.
func (h Home) Asked(bot BotID) BotID {
	switch {
	case !h.Account:
		return ""
	case bot != "":
		return bot
	}
	return h.Bot
}
