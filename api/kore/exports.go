package kore

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"korescope/api"
)

// exportAsk is the body of an export (reference 22.5).
type exportAsk struct {
	Type string `json:"exportType"`
}

// StartExport has the definition written to a file: of the bot as it is edited,
// or as it is published.
//
// POST /api/public/bot/{bot}/export (reference 22.5).
func (c *Client) StartExport(ctx context.Context, version api.Version) (api.Exported, error) {
	kind := "latest"
	if version == api.Published {
		kind = "published"
	}
	out := api.Exported{Change: api.Change{Call: api.ExportBot, Target: string(c.o.Bot), State: api.JobRunning}}
	a, err := c.put(ctx, question{endpoint: api.ExportBot, lane: api.Person, body: exportAsk{Type: kind}})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.ExportBot, a)
	if err != nil {
		return out, noID(api.ExportBot, api.Job)
	}
	out.Change = changeOf(api.ExportBot, string(c.o.Bot), r, "statusLogs", taskOf)
	if out.ID == "" {
		return out, noID(api.ExportBot, api.Job)
	}
	if out.State != api.JobFailed {
		out.State = api.JobRunning
	}
	return out, nil
}

// ExportStatus tells about the export that came last.
//
// GET /api/public/bot/{bot}/export/status, without a body (reference 22.5).
func (c *Client) ExportStatus(ctx context.Context) (api.Exported, error) {
	out, _, err := c.exported(ctx)
	return out, err
}

func (c *Client) exported(ctx context.Context) (api.Exported, string, error) {
	out := api.Exported{Change: api.Change{Call: api.ExportBot, Target: string(c.o.Bot), State: api.JobRunning}}
	a, err := c.call(ctx, api.ExportStatus, nil, nil, api.Person)
	if err != nil {
		return out, "", err
	}
	r, err := objectOf(api.ExportStatus, a)
	if err != nil {
		return out, "", err
	}
	if r["status"] == nil && r["_id"] == nil {
		return out, "", unexpected(api.ExportStatus, a)
	}
	out.Change = changeOf(api.ExportBot, string(c.o.Bot), r, "statusLogs", taskOf)
	out.File, out.Size = api.FileID(r.text("fileId")), r.long("fileSize")
	return out, r.text("downloadURL", "downloadUrl"), nil
}

// largestExport is how much of an exported definition is taken.
const largestExport = 512 << 20

// SaveExport writes the file of the export that came last to w, and says how
// many bytes it has. Its address is signed, so it goes without a token, is told
// to nobody, and is used only when it lies on the platform's own host; elsewhere
// it is Redirected.
func (c *Client) SaveExport(ctx context.Context, w io.Writer) (int64, error) {
	_, address, err := c.exported(ctx)
	if err != nil {
		return 0, err
	}
	fail := func(kind api.Kind, status int, why error) (int64, error) {
		return 0, &api.Error{Kind: kind, Endpoint: api.ExportStatus, Status: status, Err: why}
	}
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return fail(api.Unreadable, 0, errors.New("the export has no address to fetch it from"))
	}
	if at, ok := originOf(u); u.IsAbs() && (!ok || at != c.origin) {
		return 0, &api.Error{Kind: api.Redirected, Endpoint: api.ExportStatus, Target: cleanText(u.Hostname(), 100)}
	}
	if !u.IsAbs() {
		u, err = url.Parse(c.origin.String() + "/" + strings.TrimPrefix(address, "/"))
		if err != nil {
			return fail(api.Unreadable, 0, errors.New("the export has no address to fetch it from"))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.table[api.UploadFile].Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return fail(api.Unreadable, 0, errors.New("the export has no address to fetch it from"))
	}
	r.Header.Set("User-Agent", "korescope")
	response, err := c.http.Do(r)
	if err != nil {
		return fail(api.KindOf(lost(err, hidden{}, "").err), 0, errors.New("the exported file did not come"))
	}
	defer func() { _ = response.Body.Close() }() // read-only; nothing to lose
	if response.StatusCode != http.StatusOK {
		return fail(api.Unavailable, response.StatusCode, errors.New("the exported file was not given"))
	}
	n, err := io.Copy(w, io.LimitReader(response.Body, largestExport+1))
	switch {
	case err != nil:
		return fail(api.NotPlatform, 0, errors.New("the exported file was cut off"))
	case n > largestExport:
		return fail(api.TooLarge, 0, nil)
	case n == 0:
		return fail(api.NotPlatform, 0, errors.New("the exported file is empty"))
	}
	return n, nil
}
