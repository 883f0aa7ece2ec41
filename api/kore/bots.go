package kore

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strconv"

	"korescope/api"
)

const accountPage = 50

// botRow is all that is ever taken from a row of get-bots. The row also holds
// the client secret of every app of the bot: there is no field for those, and
// no raw row.
type botRow struct {
	ID       json.RawMessage `json:"_id"`
	Name     json.RawMessage `json:"name"`
	Status   json.RawMessage `json:"status"`
	Type     json.RawMessage `json:"type"`
	Language json.RawMessage `json:"defaultLanguage"`
	Created  json.RawMessage `json:"createdOn"`
}

// Bots lists the bots of the account, for an admin credential. Nothing of the
// answer but the fields of api.Bot is kept, told or logged.
//
// GET /api/public/bots (reference 21).
func (c *Client) Bots(ctx context.Context, lane api.Lane) iter.Seq2[api.Page[api.Bot], error] {
	t := &turning[api.Bot]{
		endpoint: api.ListBots,
		size:     accountPage, unit: &c.botUnit,
		id:   func(b api.Bot) string { return string(b.ID) },
		keep: func(api.Bot) bool { return true },
		fetch: func(ctx context.Context, offset int) (chunk[api.Bot], error) {
			raw, err := c.accountPage(ctx, api.ListBots, "bots", offset, lane)
			out := chunk[api.Bot]{more: raw.more, total: raw.total}
			for _, r := range raw.rows {
				if b := decodeBot(r); b.ID != "" {
					out.rows = append(out.rows, b)
				} else {
					out.lost++
				}
			}
			return out, err
		},
	}
	return t.pages(ctx)
}

func (c *Client) accountPage(ctx context.Context, endpoint, key string, offset int, lane api.Lane) (chunk[json.RawMessage], error) {
	v := url.Values{"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(accountPage)}}
	a, err := c.call(ctx, endpoint, v, nil, lane)
	if err != nil {
		return chunk[json.RawMessage]{}, err
	}
	return a.envelope(endpoint, key)
}

func decodeBot(raw json.RawMessage) api.Bot {
	var r botRow
	if json.Unmarshal(raw, &r) != nil {
		return api.Bot{} // not an object; its text is not for anybody
	}
	b := api.Bot{
		ID: api.BotID(textOf(r.ID)), Name: textOf(r.Name), Status: textOf(r.Status),
		Type: textOf(r.Type), Language: textOf(r.Language),
	}
	b.Created, _ = readTime(textOf(r.Created)) // zero when absent or no time
	return b
}
