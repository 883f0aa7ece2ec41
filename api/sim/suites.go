package sim

// A conversation test suite is a list of steps: something typed, and what the
// bot should answer. The suites test the same bot as the sessions show, so since
// the publish the same things go wrong in them.

// suite is one conversation test suite.
type suite struct {
	id          string
	name        string
	bot         *bot
	from        int64 // Unix ms; it does not exist before
	steps       []step
	breaksAfter int // steps after which no run can go on; 0 for none
	description string
	tags        []any
}

// step is one line typed into a test and the answer it should get.
type step struct {
	input   string
	want    string // text assertion
	says    string // what the bot says, "" for what is wanted
	node    string // "" for a standard response without a node
	task    string
	choices []string // offered as quick replies with the text
	context string   // context assertion: a key of the context that must be there
	hit     int      // what the publish broke
}

// What the publish broke at a step.
const (
	unharmed = iota
	losesText
	losesContext
)

// now is the step after the publish, or before it.
func (s step) now(broken bool) step {
	if s.says == "" {
		s.says = s.want
	}
	if !broken {
		s.hit = unharmed
	}
	if s.hit == losesText {
		s.says, s.node, s.choices = "Could you say that again?", "", nil
	}
	return s
}

func (s step) passed() bool { return s.hit == unharmed }

// builtIn are the suites that the account has from the start.
func builtIn(b *bot) []*suite {
	night := make([]step, 0, 160)
	for i := range 16 {
		night = append(night, nightSteps(i)...)
	}
	rows := []*suite{
		{name: "Refunds smoke", steps: refundSteps(), description: "The ways to a refund, four steps each"},
		{name: "Regression night", steps: night, description: "Everything, every night"},
		{name: "Orders smoke", steps: orderSteps()},
		{name: "Broken suite", steps: orderSteps()[:6], breaksAfter: 2, description: "Its user has lost the role"},
	}
	for i, s := range rows {
		s.bot, s.id, s.tags = b, uuid("ctc-", blend(b.no, 0x5017e, uint64(i))), []any{}
	}
	return rows
}

// suite finds a suite that exists now; the desk is locked.
func (d *desk) suite(b *bot, name string, now int64) *suite {
	for i := len(d.suites) - 1; i >= 0; i-- {
		if s := d.suites[i]; s.bot == b && s.name == name && s.from <= now {
			return s
		}
	}
	return nil
}
