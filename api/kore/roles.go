package kore

import (
	"context"
	"encoding/json"
	"iter"

	"korescope/api"
)

// Roles lists the users of the account with their roles, for an admin
// credential.
//
// GET /api/public/alluserroles (reference 20). Only limit is documented; an
// offset is sent all the same, and a platform that ignores it is noticed.
func (c *Client) Roles(ctx context.Context, lane api.Lane) iter.Seq2[api.Page[api.RoleAssignment], error] {
	t := &turning[api.RoleAssignment]{
		endpoint: api.ListRoles,
		size:     accountPage, unit: &c.roleUnit,
		id: func(r api.RoleAssignment) string {
			if r.User != "" {
				return string(r.User)
			}
			return "name:" + r.Username
		},
		keep: func(api.RoleAssignment) bool { return true },
		fetch: func(ctx context.Context, offset int) (chunk[api.RoleAssignment], error) {
			raw, err := c.accountPage(ctx, api.ListRoles, "users", offset, lane)
			out := chunk[api.RoleAssignment]{more: raw.more, total: raw.total}
			for _, one := range raw.rows {
				if r := decodeRoles(one); r.User != "" || r.Username != "" {
					out.rows = append(out.rows, r)
				} else {
					out.lost++
				}
			}
			return out, err
		},
	}
	return t.pages(ctx)
}

func decodeRoles(raw json.RawMessage) api.RoleAssignment {
	r, _ := readRow(raw)
	out := api.RoleAssignment{
		User: api.UserID(r.text("userId")), Username: r.text("username"),
		Developer: r.boolean("isDeveloper"), CanCreate: r.boolean("canCreateBot"),
	}
	for _, one := range r.list("btRoles") {
		if b, ok := readRow(one); ok {
			out.BotRoles = append(out.BotRoles, api.BotRole{
				Role: b.text("roleName", "name"), Bot: api.BotID(b.text("botId")), Name: b.text("botName"),
			})
		}
	}
	// The form of an admin role is shown nowhere: a name, or an object with one.
	for _, one := range r.list("adminRoles") {
		name := textOf(one)
		if a, ok := readRow(one); ok {
			name = a.text("roleName", "name", "role", "displayName", "roleId", "_id")
		}
		if name != "" {
			out.Admin = append(out.Admin, name)
		}
	}
	return out
}
