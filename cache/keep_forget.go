package cache

import (
	"encoding/json"
	"slices"
	"strings"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// forgetElsewhere removes what is about a user outside of their conversations:
// billed sessions, metrics, debug lines, their changes of the bot, and the list
// of roles when it names them.
// sessions are the user's.
func forgetElsewhere(c *conn, u api.UserID, sessions []string) error {
	names, sessions, err := namesOfUser(c, u, sessions)
	if err != nil {
		return err
	}
	if err := forgetPins(c, names, sessions); err != nil {
		return err
	}
	for _, name := range names {
		for _, sql := range []string{
			"DELETE FROM billed WHERE user = ?1 OR channel_user = ?1",
			"DELETE FROM metric WHERE who = ?1 OR desk = ?1",
			"DELETE FROM changed WHERE who = ?1 OR mail = ?1",
		} {
			if err := c.exec(sql, name); err != nil {
				return err
			}
		}
	}
	for _, id := range sessions {
		if err := c.exec("DELETE FROM billed WHERE session = ?", id); err != nil {
			return err
		}
		if err := c.exec("DELETE FROM metric WHERE session = ?", id); err != nil {
			return err
		}
		if err := forgetLines(c, "SELECT rid FROM debug WHERE session = ?", id); err != nil {
			return err
		}
	}
	// A session can be part of an identity too.
	if err := forgetIdentities(c, slices.Concat(names, sessions)); err != nil {
		return err
	}
	return forgetRoles(c, u)
}

// namesOfUser finds the identities that the user has at channels, and sessions
// that only other rows know.
func namesOfUser(c *conn, u api.UserID, sessions []string) (names, all []string, err error) {
	names, all = []string{string(u)}, slices.Clone(sessions)
	add := func(into *[]string, sql, arg string) {
		if err != nil {
			return
		}
		var found []string
		found, err = texts(c, sql, arg)
		*into = append(*into, found...)
	}
	add(&all, "SELECT session FROM billed WHERE session <> '' AND (user = ?1 OR channel_user = ?1)", string(u))
	add(&all, "SELECT session FROM metric WHERE session <> '' AND (who = ?1 OR desk = ?1)", string(u))
	add(&names, "SELECT channel_user FROM billed WHERE user = ?", string(u))
	add(&names, "SELECT desk FROM metric WHERE who = ?", string(u))
	add(&all, "SELECT session FROM pin_person WHERE name = ?", string(u))
	for _, id := range all {
		add(&names, "SELECT channel_user FROM billed WHERE session = ?", id)
		add(&names, "SELECT desk FROM metric WHERE session = ?", id)
		add(&names, "SELECT channel_id FROM message WHERE session = ?", id)
		add(&names, "SELECT identity FROM debug WHERE session = ?", id)
	}
	for _, list := range []*[]string{&names, &all} {
		slices.Sort(*list)
		*list = slices.DeleteFunc(slices.Compact(*list), func(s string) bool { return s == "" })
	}
	return names, all, err
}

// forgetIdentities removes the lines of identities, the lines that were found
// when they were asked for, and the questions themselves: they name them.
func forgetIdentities(c *conn, names []string) error {
	for _, name := range names {
		err := forgetLines(c, "SELECT rid FROM debug WHERE instr('/' || identity || '/', '/' || ? || '/') > 0", name)
		if err != nil {
			return err
		}
	}
	asked, err := texts(c, `SELECT what FROM debug_member WHERE what >= ?1 AND what < ?1 || char(0x10ffff)
		UNION SELECT what FROM covered WHERE what >= ?1 AND what < ?1 || char(0x10ffff)`, lineName)
	if err != nil {
		return err
	}
	for _, what := range asked {
		if !slices.ContainsFunc(names, func(name string) bool { return asksFor(what, name) }) {
			continue
		}
		if err := forgetLines(c, "SELECT rid FROM debug_member WHERE what = ?", what); err != nil {
			return err
		}
		for _, table := range []string{"covered", "debug_member"} {
			if err := c.exec("DELETE FROM "+table+" WHERE what = ?", what); err != nil {
				return err
			}
		}
	}
	return nil
}

// asksFor reports a question for the lines of an identity. An identity may be a
// path, such as account, channel and number: whole pieces of it must be equal.
func asksFor(what, name string) bool {
	identity, _, _ := strings.Cut(strings.TrimPrefix(what, lineName), "\x1f")
	return strings.Contains("/"+identity+"/", "/"+name+"/")
}

func forgetLines(c *conn, which, arg string) error {
	var rids []int64
	err := c.rows(which, []any{arg}, func(s *sqlite3.Stmt) error {
		rids = append(rids, s.ColumnInt64(0))
		return nil
	})
	if err != nil {
		return err
	}
	for _, rid := range rids {
		for _, sql := range []string{
			"DELETE FROM debug_words WHERE rowid = ?",
			"DELETE FROM debug_member WHERE rid = ?",
			"DELETE FROM debug WHERE rid = ?",
		} {
			if err := c.exec(sql, rid); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetRoles drops the whole list when it names the user: it is read again in
// one request.
func forgetRoles(c *conn, u api.UserID) error {
	value, _, found, err := accountList(c, rolesList)
	if err != nil || !found {
		return err
	}
	var rows []api.RoleAssignment
	readable := json.Unmarshal(value, &rows) == nil
	named := slices.ContainsFunc(rows, func(r api.RoleAssignment) bool {
		return r.User == u || r.Username == string(u)
	})
	if readable && !named {
		return nil
	}
	return c.exec("DELETE FROM account WHERE what = ?", rolesList)
}

// texts runs a query for one column of text.
func texts(c *conn, sql string, args ...any) ([]string, error) {
	var out []string
	err := c.rows(sql, args, func(s *sqlite3.Stmt) error {
		out = append(out, s.ColumnText(0))
		return nil
	})
	return out, err
}
