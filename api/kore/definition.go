package kore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"korescope/api"
)

// importBotAsk is the body of an import (reference 22.3). Import options are
// left out: everything is imported then.
type importBotAsk struct {
	Definition api.FileID   `json:"botDefinition"`
	Config     api.FileID   `json:"configInfo"`
	Functions  []api.FileID `json:"botFunctions,omitempty"`
}

// ImportBot replaces the definition of the bot by uploaded files. It is sent
// once.
//
// POST /api/public/bot/{bot}/import (reference 22.3).
func (c *Client) ImportBot(ctx context.Context, s api.BotImport) (api.Change, error) {
	out := api.Change{Call: api.ImportBot, Target: string(c.o.Bot), State: api.JobRunning}
	if s.Definition == "" || s.Config == "" {
		return out, misuse("an import needs an uploaded definition and an uploaded configuration")
	}
	err := c.act(ctx, api.Act{Call: api.ImportBot, Target: fmt.Sprintf("%s from files %s and %s", c.o.Bot, s.Definition, s.Config)}, func(line *begun) (_ api.JobID, err error) {
		out, err = c.importBot(ctx, line, s, out)
		return out.ID, err
	})
	return out, err
}

func (c *Client) importBot(ctx context.Context, line *begun, s api.BotImport, out api.Change) (api.Change, error) {
	a, err := c.put(ctx, question{endpoint: api.ImportBot, lane: api.Person, body: importBotAsk(s), line: line})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.ImportBot, a)
	if err != nil {
		return out, noID(api.ImportBot, api.Write)
	}
	out = changeOf(api.ImportBot, string(c.o.Bot), r, "statusLogs", taskOf)
	switch {
	case out.ID == "":
		return out, notStarted(api.ImportBot, r)
	case out.State != api.JobFailed:
		out.State = api.JobRunning // success of a start is no end
	}
	return out, nil
}

// taskOf reads one line of an import's log. The first is a success from the
// first moment and says nothing about the whole.
func taskOf(r row) api.ChangePart {
	p := api.ChangePart{Name: r.text("taskName"), Type: r.text("taskType"), Word: cleanText(r.text("status"), 60)}
	p.State, _ = api.JobWord(p.Word)
	return p
}

// ImportBotStatus tells how an import stands, by its own status alone.
//
// GET /api/public/bot/import/status/{id} (reference 22.3).
func (c *Client) ImportBotStatus(ctx context.Context, id api.JobID) (api.Change, error) {
	out := api.Change{Call: api.ImportBot, Target: string(c.o.Bot), ID: id, State: api.JobRunning}
	a, err := c.put(ctx, question{endpoint: api.ImportBotStatus, named: map[string]string{"id": string(id)}, lane: api.Person})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.ImportBotStatus, a)
	if err != nil {
		return out, err
	}
	if r["status"] == nil && r["_id"] == nil {
		return out, unexpected(api.ImportBotStatus, a)
	}
	out = changeOf(api.ImportBot, string(c.o.Bot), r, "statusLogs", taskOf)
	out.ID = id
	if out.State == api.JobFailed {
		out.Failure = failedTasks(out)
	}
	return out, nil
}

// failedTasks names the tasks that failed, the platform's own list of them.
func failedTasks(c api.Change) string {
	var names []string
	for _, p := range c.Parts {
		if p.State == api.JobFailed {
			names = append(names, strings.TrimSpace(p.Type+" "+p.Name)+": "+p.Word)
		}
	}
	if len(names) == 0 {
		return cleanText("the import ended as "+c.Word, saidMax)
	}
	return cleanText(strings.Join(names, "; "), saidMax)
}

// ImportFunctions replaces files of bot functions by uploaded ones. It is sent
// once and answered when it is done: a body that is a list, an answer with a
// word for each file.
//
// POST /api/public/bot/{bot}/import/botfunctions (reference 22.4).
func (c *Client) ImportFunctions(ctx context.Context, files []api.FunctionFile) (api.Change, error) {
	out := api.Change{Call: api.ImportFunctions, Target: string(c.o.Bot), State: api.JobRunning}
	if len(files) == 0 {
		return out, misuse("no file of functions is named")
	}
	err := c.act(ctx, api.Act{Call: api.ImportFunctions, Target: functionsTarget(c.o.Bot, files)}, func(line *begun) (_ api.JobID, err error) {
		out, err = c.importFunctions(ctx, line, files, out)
		return out.ID, err
	})
	return out, err
}

func functionsTarget(bot api.BotID, files []api.FunctionFile) string {
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = string(f.File)
	}
	return string(bot) + " from files " + strings.Join(ids, ", ")
}

func (c *Client) importFunctions(ctx context.Context, line *begun, files []api.FunctionFile, out api.Change) (api.Change, error) {
	a, err := c.put(ctx, question{endpoint: api.ImportFunctions, lane: api.Person, body: files, line: line})
	if err != nil {
		return out, err
	}
	answers := a.array
	if a.object != nil {
		whole, _ := json.Marshal(a.object) // of values that were just decoded
		answers = []json.RawMessage{whole}
	}
	for _, raw := range answers {
		r, ok := readRow(raw)
		if !ok {
			continue
		}
		p := api.ChangePart{Name: r.text("fileName"), Type: "BotFunctions", Word: cleanText(r.text("status"), 60)}
		p.State, _ = api.JobWord(p.Word)
		out.Parts = append(out.Parts, p)
		if out.ID == "" {
			out.ID, out.By = api.JobID(r.text("_id")), api.UserID(r.text("createdBy"))
			out.Started, _ = r.time("createdOn")
		}
		if p.State == api.JobFailed {
			out.Failure = strings.TrimPrefix(out.Failure+"; "+cleanText(p.Name+": "+orText(failureOf(r), p.Word), saidMax), "; ")
		}
	}
	if len(out.Parts) == 0 {
		return out, noID(api.ImportFunctions, api.Write)
	}
	out.State, out.Word = overall(out.Parts)
	out.Ended = out.Started
	if !out.State.Over() {
		return out, noID(api.ImportFunctions, api.Write) // a word that nobody knows
	}
	return out, nil
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// overall is the state of a whole from those of its parts: it runs while one
// runs, and has failed when one has.
func overall(parts []api.ChangePart) (api.JobState, string) {
	state, word := api.JobSucceeded, ""
	for _, p := range parts {
		switch {
		case !p.State.Over():
			return api.JobRunning, p.Word
		case p.State != api.JobSucceeded:
			state, word = api.JobFailed, p.Word
		case word == "":
			word = p.Word
		}
	}
	return state, word
}
