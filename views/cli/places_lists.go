package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"korescope/api"
	"korescope/cache"
	"korescope/config"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/find"
	"korescope/views/records"
)

// list makes the screens of plain lists and of the search.
func (d *desk) list(r ui.Route) (ui.Screen, error) {
	switch r := r.(type) {
	case views.APIsRoute:
		return records.New(d.apisDeps()), nil
	case views.JournalRoute:
		return records.New(d.journalDeps()), nil
	case views.BotsRoute:
		return records.New(d.botsDeps()), nil
	case views.RolesRoute:
		return records.New(d.rolesDeps()), nil
	case views.BilledRoute:
		return records.New(d.billedDeps(r)), nil
	case views.PrintedRoute:
		return d.printedPage(r), nil
	case views.PulseRoute:
		return records.New(d.pulseDeps(r)), nil
	case views.CaseRoute:
		return records.New(d.pinDeps()), nil
	case views.SameRoute:
		return records.New(d.sameDeps(r)), nil
	case views.FailuresRoute:
		return d.failures(r), nil
	case views.ChangesRoute:
		return records.New(d.changesDeps(r)), nil
	case views.FindRoute:
		return find.New(find.Deps{Reader: d.finder(), Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}, r), nil
	}
	return nil, fmt.Errorf("no screen for %T", r)
}

// opens is the place of a command whose screen takes no words.
func opens(r ui.Route) place {
	return place{route: func(*desk, []string) (ui.Route, error) { return r, nil }}
}

// needsAdmin says that the list is not for the credential of the profile.
func (d *desk) needsAdmin(what text.Safe) text.Safe {
	if d.profile.Scope == config.AdminScope {
		return text.Safe{}
	}
	return text.Format("%s needs an Admin Console credential, and profile %s signs in as an app of one bot: "+
		"the platform would refuse, so nothing is asked. Use a profile with scope = \"admin\"; :profile NAME switches to it.",
		what, d.profile.Name)
}

func (d *desk) botsDeps() records.Deps[cache.AllBots, api.Bot, api.BotID] {
	return records.Deps[cache.AllBots, api.Bot, api.BotID]{
		Title: text.Lit("bots"), What: text.Lit("bots"), Fields: views.BotFields(),
		ID:     func(b api.Bot) api.BotID { return b.ID },
		Reader: d.bots, Closed: d.needsAdmin(text.Lit("The list of bots")),
		Words: records.Words{
			Reading: text.Lit("asking the platform for the bots of the account ..."),
			Empty:   text.Lit("the account has no bots that this credential may see"),
		},
		Detail: func(b api.Bot, e views.Env) text.Safe {
			if b.Created.IsZero() {
				return text.Clean(string(b.ID))
			}
			return text.Format("%s  made %s", e.ID(string(b.ID)), views.Day(b.Created, e.Zone))
		},
		Copy: func(b api.Bot, e views.Env) string { return e.MaskedID(string(b.ID)) }, Noun: text.Lit("bot id"), Command: "korescope bots",
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

func (d *desk) rolesDeps() records.Deps[cache.AllRoles, api.RoleAssignment, string] {
	return records.Deps[cache.AllRoles, api.RoleAssignment, string]{
		Title: text.Lit("roles"), What: text.Lit("users"), Fields: views.RoleFields(),
		ID:     func(r api.RoleAssignment) string { return string(r.User) + "\x1f" + r.Username },
		Reader: d.roles, Closed: d.needsAdmin(text.Lit("The list of users and roles")),
		Words: records.Words{
			Reading: text.Lit("asking the platform who may do what ..."),
			Empty:   text.Lit("the account has no users that this credential may see"),
		},
		Detail: roleDetail,
		Copy:   func(r api.RoleAssignment, e views.Env) string { return e.MaskedUser(r.User) }, Noun: text.Lit("user id"), Command: "korescope roles",
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

// roleDetail is what the columns of a narrow screen cut: the admin roles, else
// every bot role.
func roleDetail(r api.RoleAssignment, e views.Env) text.Safe {
	words := make([]text.Safe, 0, len(r.Admin)+len(r.BotRoles))
	for _, a := range r.Admin {
		words = append(words, text.Format("admin: %s", e.Text(a)))
	}
	for _, b := range r.BotRoles {
		name := b.Name
		if name == "" {
			name = string(b.Bot)
		}
		words = append(words, text.Format("%s: %s", e.Text(name), e.Text(b.Role)))
	}
	return text.Join(", ", words...)
}

// billedFirst is how many billed sessions are read before the person is asked.
const billedFirst = 500

func (d *desk) billedDeps(r views.BilledRoute) records.Deps[api.BilledQuery, api.BilledSession, string] {
	return records.Deps[api.BilledQuery, api.BilledSession, string]{
		Title: text.Lit("billed"), What: text.Lit("billed sessions"), Fields: views.BilledFields(),
		ID: func(b api.BilledSession) string {
			return strings.Join([]string{b.ID, string(b.Session), string(b.User), b.Channel, b.Type, b.StartRaw, b.EndRaw}, "\x1f")
		},
		Order: "startTime", Down: true, Reader: d.billed, Key: api.BilledQuery{Window: r.Window, Limit: billedFirst},
		Further: func(q api.BilledQuery, rows int) (api.BilledQuery, bool) {
			q.Limit *= 2
			return q, rows > 0 && 2*rows >= q.Limit
		},
		Window: r.Window,
		Words: records.Words{
			Reading: text.Lit("asking the platform for the billed sessions ..."),
			Empty:   text.Lit("nothing was billed in this span"),
			Foot:    text.Lit("one conversation can be several billed sessions"),
		},
		Open: func(b api.BilledSession) (ui.Route, text.Safe) {
			if b.Session == "" {
				return nil, text.Lit("this row names no conversation")
			}
			return views.ConversationRoute{Session: api.Session{ID: b.Session}}, text.Safe{}
		},
		Detail: func(b api.BilledSession, e views.Env) text.Safe {
			if b.Unreadable != "" {
				return text.Format("unreadable row: %s", e.Text(b.Unreadable))
			}
			return text.Format("%s  session %s  ends %s", e.ID(b.ID), e.ID(string(b.Session)), views.Moment(b.End, e))
		},
		Copy: func(b api.BilledSession, e views.Env) string { return e.MaskedID(string(b.Session)) }, Noun: text.Lit("session id"),
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

// allAPIs asks how the calls of the platform were answered last.
type allAPIs struct{}

func (d *desk) apisDeps() records.Deps[allAPIs, apiRow, string] {
	admin := d.profile.Scope == config.AdminScope
	return records.Deps[allAPIs, apiRow, string]{
		Title: text.Lit("apis"), What: text.Lit("API calls"), Fields: apiColumns(admin),
		ID:     func(r apiRow) string { return r.Name },
		Reader: apiReader(d),
		Words: records.Words{
			Reading: text.Lit("reading how the calls were answered ..."),
			Foot:    text.Lit("nothing is asked of the platform here; r reads the disk again"),
		},
		Detail: func(r apiRow, _ views.Env) text.Safe {
			return text.Format("%s %s  %s", r.Method, either(admin, r.AdminPath, r.Path), r.Screen)
		},
		Copy: func(r apiRow, _ views.Env) string { return r.Name }, Noun: text.Lit("API name"), Command: "korescope apis",
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

func (d *desk) lastAnswers(ctx context.Context) ([]apiRow, error) {
	seen, err := d.store.LastCalls(ctx)
	if err != nil {
		return nil, err
	}
	all := api.Endpoints()
	rows := make([]apiRow, len(all))
	for i, e := range all {
		rows[i].Endpoint = e
		if at := slices.IndexFunc(seen, func(o api.Observed) bool { return o.Endpoint == e.Name }); at >= 0 {
			rows[i].last = seen[at]
		}
	}
	return rows, nil
}
