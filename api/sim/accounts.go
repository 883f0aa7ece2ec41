package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// What an admin app sees of the account (reference 20, 21, 22.1).

// SecretMarker begins every client secret in the answer of get-bots. No client
// may ever show or keep one.
const SecretMarker = "EXAMPLE-NOT-A-REAL-SECRET-"

// listed is the envelope whose flag has its words swapped.
func (c *call) listed(p page, rows string, of []any) obj {
	out := c.envelope(p, rows, of)
	out[1].key = "availableMore"
	return out
}

func listBots(c *call) (any, *refusal) {
	skip, limit := c.offset()
	if c.in.bad {
		return nil, invalidArguments()
	}
	p := c.cut(len(c.w.bots), skip, limit)
	rows := []any{}
	for _, b := range c.w.bots[p.lo:p.hi] {
		rows = append(rows, b.row())
	}
	return c.listed(p, "bots", rows), nil
}

func (b *bot) row() obj {
	born := b.line.anchor - 200*24*3600*1000 - int64(b.no)*86400000
	apps := []any{}
	for _, a := range credentials() {
		if a.BotID == b.id {
			apps = append(apps, ob("clientId", a.ClientID, "clientSecret", SecretMarker+a.ClientID[len(a.ClientID)-12:]+"=",
				"jtiClaimEnforced", false, "jweEncryptionEnforced", false, "createdOn", stamp(born+45583)))
		}
	}
	return ob("_id", string(b.id), "accountId", accountID, "purpose", "customer", "createdOn", stamp(born), "createdBy", staff(1).id,
		"type", "default", "defaultLanguage", "en", "isDeflect", false, "resourceid", "btstreams", "status", "published",
		"icon", "66e0430300000000000000aa", "name", b.name, "description", "", "isLinkedTo", []any{}, "containsPanelOrWidget", false, "jwtApps", apps)
}

// staff are the people who work with the bots; all of them are invented.
func staff(no int) user { return person(&bot{no: 0x57aff}, no) }

const staffSize = 12

func listRoles(c *call) (any, *refusal) {
	skip, limit := c.offset()
	if c.in.bad {
		return nil, invalidArguments()
	}
	p := c.cut(staffSize, skip, limit)
	rows := []any{}
	for no := p.lo; no < p.hi; no++ {
		rows = append(rows, c.w.roles(no))
	}
	return c.listed(p, "users", rows), nil
}

// roles is one user; the shape of an admin role is [SIM].
func (w *World) roles(no int) obj {
	u := staff(no + 1)
	roles := []string{"App Owner", "App Developer", "App Tester"}
	of := []any{}
	for i, b := range w.bots {
		if no%3 == 0 || (no+i)%2 == 0 {
			of = append(of, ob("roleId", objectID(1543810000+int64(no%3), 0xaaaa), "roleName", roles[no%3], "groups", []any{}, "botId", string(b.id), "botName", b.name))
		}
	}
	admin := []any{}
	if no == 0 {
		admin = append(admin, ob("roleId", objectID(1543810099, 0xaaaa), "roleName", "Master Admin"))
	}
	out := ob("username", u.mail, "orgUserId", "EMP-"+strconv.Itoa(40+no), "accountId", accountID)
	switch no {
	case 5: // the flag in its other forms
		out = out.with("isDeveloper", 1)
	case 6:
	default:
		out = out.with("isDeveloper", no%3 != 2)
	}
	return out.with("canCreateBot", no < 2, "userId", u.id, "btRoles", of, "adminRoles", admin)
}

const largestFile = 64 << 20

// upload takes a file. Its answer is [SIM]: the page shows none.
func upload(c *call) (any, *refusal) {
	kind, extension, content, err := parts(c.r)
	if err != nil || kind == "" || extension == "" || len(content) == 0 {
		return nil, invalidArguments()
	}
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	id := objectID(c.ms()/1000, blend(d.seed, 0xf11e, d.n))
	d.files[id] = strings.TrimPrefix(extension, ".") != "json" || json.Valid(content)
	d.act(c, id, "")
	return ob("fileId", id), nil
}

func parts(r *http.Request) (kind, extension string, content []byte, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return "", "", nil, err
	}
	for {
		var part *multipart.Part
		if part, err = form.NextPart(); err != nil {
			break
		}
		var data bytes.Buffer
		if _, err = io.Copy(&data, io.LimitReader(part, largestFile)); err != nil {
			break
		}
		switch part.FormName() {
		case "file":
			content = data.Bytes()
		case "fileContext":
			kind = data.String()
		case "fileExtension":
			extension = data.String()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return kind, extension, content, err
}
