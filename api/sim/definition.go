package sim

import (
	"net/http"
	"net/url"
	"strings"

	"korescope/api"
)

// Importing and exporting a bot (reference 22.3 to 22.5).

type botImportAsk struct {
	functions int
}

func invalidFile() *refusal { return &refusal{http.StatusBadRequest, 400, "Invalid file id"} }

// known looks files up: false for one that was never uploaded. whole is false
// when the content of one is not what its name says.
func (c *call) known(ids ...string) (found, whole bool) {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	whole = true
	for _, id := range ids {
		readable, ok := d.files[id]
		if !ok {
			return false, false
		}
		whole = whole && readable
	}
	return true, whole
}

func importBot(c *call) (any, *refusal) {
	c.in.inQuery = false
	definition, config := c.in.text("botDefinition"), c.in.text("configInfo")
	functions := c.in.texts("botFunctions", false)
	if c.in.bad || definition == "" || config == "" {
		return nil, invalidArguments()
	}
	found, whole := c.known(append([]string{definition, config}, functions...)...)
	if !found {
		return nil, invalidFile()
	}
	j := c.begin(api.ImportJob, "bir-", string(c.bot.id), &botImportAsk{functions: len(functions)})
	j.fails = !whole
	return j.importRow(look{}, false), nil
}

// importRow is the job object: the first line of its log is a success from the
// first moment.
func (j *job) importRow(l look, asked bool) obj {
	status := "pending"
	logs := []any{ob("taskType", "importRequest", "taskName", j.bot.name, "status", "success")}
	line := func(kind, name, word string) {
		logs = append(logs, ob("taskType", kind, "taskName", name, "status", word))
	}
	switch {
	case l.word != "":
		status = l.word
	case l.failed:
		status = "failure"
		line("Bot Definition", j.bot.name, "failure")
	case l.over:
		status = "success"
		line("Bot Definition", j.bot.name, "success")
		line("IdpConfigurations", "IdpConfigurations", "success")
		if j.ask.(*botImportAsk).functions > 0 {
			line("BotFunctions", "BotFunctions", "success")
		}
		line("Utterences", "Utterences", "success")
		line("importBot", j.bot.name, "success")
	}
	out := ob("_id", j.id, "status", status, "streamRefId", strings.TrimPrefix(j.id, "bir-"), "statusLogs", logs, "requestType", "Botimport",
		"createdBy", j.by, "createdOn", stamp(j.started), "__v", 0)
	if asked && l.over && !l.failed {
		out = out.with("streamId", string(j.bot.id))
	}
	return out
}

func importBotStatus(c *call) (any, *refusal) {
	j, l, no := c.pollAnywhere(api.ImportJob, c.named["id"])
	if no != nil {
		return nil, no
	}
	return j.importRow(l, true), nil
}

// pollAnywhere finds a job whose path names no bot. How long it is kept is not
// said, here for ever [SIM].
func (c *call) pollAnywhere(kind api.JobKind, id string) (*job, look, *refusal) {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.jobs[id]
	if j == nil || j.kind != kind {
		return nil, look{}, invalidRequest()
	}
	s := j.spoil.and(c.spoil)
	j.looks++
	l := j.at(c.ms(), s)
	if s.lost || s.expired && l.over {
		return nil, look{}, invalidRequest()
	}
	return j, l, nil
}

// importFunctions is done when it is answered. Of several files each has its
// object in a list [SIM]; of one the object stands alone, as on the page.
func importFunctions(c *call) (any, *refusal) {
	if len(c.in.list) == 0 {
		return nil, invalidArguments()
	}
	rows := []any{}
	for _, f := range c.in.list {
		name, _ := f["fileName"].(string)
		file, _ := f["fileId"].(string)
		if name == "" {
			return nil, invalidArguments()
		}
		if found, _ := c.known(file); !found {
			return nil, invalidFile()
		}
		rows = append(rows, ob("requestType", "BotImport", "status", "Success", "createdOn", stamp(c.ms()),
			"_id", objectID(c.ms()/1000, blend(c.bot.no, 0xbf, uint64(len(rows)))), "createdBy", caller(c.app), "__v", 0,
			"fileId", file, "fileName", name))
	}
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.act(c, string(c.bot.id), "")
	if len(rows) == 1 {
		return rows[0], nil
	}
	return rows, nil
}

type exportAsk struct {
	kind, file string
}

func startExport(c *call) (any, *refusal) {
	c.in.inQuery = false
	kind := c.in.text("exportType")
	c.in.oneOfThese(kind, "latest", "published")
	if c.in.bad || kind == "" {
		return nil, invalidArguments()
	}
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	j := c.file(api.ExportJob, "ber-", &exportAsk{kind: kind, file: objectID(c.ms()/1000, blend(d.seed, 0xe8, d.n))})
	d.latest[exportScope(c.bot)] = j
	return j.exportRow("pending"), nil
}

func exportScope(b *bot) string { return "export:" + string(b.id) }

func (j *job) exportRow(status string) obj {
	return ob("_id", j.id, "streamId", string(j.bot.id), "status", status, "exportType", j.ask.(*exportAsk).kind,
		"requestType", "Botexport", "createdBy", j.by, "createdOn", stamp(j.started), "__v", 0)
}

func exportStatus(c *call) (any, *refusal) {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.latest[exportScope(c.bot)]
	if j == nil {
		return nil, invalidRequest()
	}
	s := j.spoil.and(c.spoil)
	j.looks++
	l := j.at(c.ms(), s)
	switch {
	case s.lost:
		return nil, invalidRequest()
	case l.word != "":
		return j.exportRow(l.word), nil
	case l.failed:
		return j.exportRow("failure"), nil
	case !l.over:
		return j.exportRow("pending"), nil
	}
	file := j.ask.(*exportAsk).file
	q := url.Values{"n": {"8219375406"}, "s": {c.w.signature(file)}, "e": {"1"}}
	address := "http://" + c.r.Host + signedPath + file + "?" + q.Encode()
	return j.exportRow("success").with("fileId", file, "downloadURL", address,
		"store", ob("urlParams", q.Encode()), "fileSize", "947"), nil
}

// signature stands for the platform's: a value that cannot be guessed from the
// name of the file.
func (w *World) signature(file string) string {
	h := w.desk.seed
	for _, c := range []byte(file) {
		h = blend(h, uint64(c), 0x516)
	}
	return uuid("", h)
}

// signedFile gives an exported definition to whoever has its signed address. A
// token does not belong there. What the file holds is [SIM].
func (c *call) signedFile() *reply {
	file := c.named["file"]
	if c.query().Get("s") != c.w.signature(file) || c.r.Header.Get("auth") != "" {
		return refused(&refusal{http.StatusForbidden, 403, "Forbidden"})
	}
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, j := range d.jobs {
		if ask, ok := j.ask.(*exportAsk); ok && ask.file == file {
			tree := ob("_id", string(j.bot.id), "name", j.bot.name, "exportType", ask.kind, "dialogs", []any{ob("name", "Refund")})
			return &reply{status: http.StatusOK, tree: tree, kind: jsonKind, header: http.Header{}}
		}
	}
	return refused(invalidFile())
}
