package apitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"korescope/api"
)

// Workshop is everything that changes a bot or removes what customers said.
type Workshop struct {
	Changer  api.Changer
	Exporter api.Exporter
	Deletion api.Deleter // with a credential that may delete conversations
	// Pass lets time pass for the platform and the source.
	Pass func(d time.Duration)
	// Done counts how often the platform carried a call out.
	Done func(call string) int

	User      api.UserID // a customer
	Protected api.UserID // somebody who works with the bot, and is not erased
}

// RunWorkshop runs the suite for what changes something; open is called once
// for each case.
func RunWorkshop(t *testing.T, open func(t *testing.T) Workshop) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Workshop)
	}{
		{"a publish ends as published", publishes},
		{"a publish needs a comment", publishesNothing},
		{"an import of uploaded files", imports},
		{"an import of files that are not there", importsNothing},
		{"functions are answered at once", importsFunctions},
		{"an erasure tells of each user", erases},
		{"an export is saved", exports},
		{"a deletion waits for the night", deletes},
		{"what does not exist", absentChanges},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// waitFor polls a change to its end.
func (w Workshop) waitFor(t *testing.T, poll func() (api.Change, error)) api.Change {
	t.Helper()
	return until(t, Desk{Pass: w.Pass}, func() (api.Change, api.JobState, error) {
		is, err := poll()
		return is, is.State, err
	})
}

func (w Workshop) once(t *testing.T, call string) {
	t.Helper()
	if n := w.Done(call); n != 1 {
		t.Errorf("%s was carried out %d times", call, n)
	}
}

func publishes(t *testing.T, w Workshop) {
	ctx := t.Context()
	before, err := w.Changer.PublishStatus(ctx)
	if err != nil || before.ID == "" {
		t.Fatalf("the publish before: %+v, %v", before, err)
	}
	begun, err := w.Changer.Publish(ctx, api.PublishStart{Comment: "fix 12", Train: true})
	if err != nil || begun.State != api.JobRunning || len(begun.Parts) == 0 {
		t.Fatalf("the answer of a start is no end: %+v, %v", begun, err)
	}
	first, err := w.Changer.PublishStatus(ctx)
	if err != nil || first.ID == before.ID || first.State != api.JobRunning {
		t.Errorf("at once: %+v, %v", first, err)
	}
	end := w.waitFor(t, func() (api.Change, error) { return w.Changer.PublishStatus(ctx) })
	if end.State != api.JobSucceeded || end.ID != first.ID || len(end.Parts) == 0 || end.By == "" || end.Started.IsZero() || end.Ended.IsZero() {
		t.Errorf("%+v", end)
	}
	w.once(t, api.Publish)
}

func publishesNothing(t *testing.T, w Workshop) {
	_, err := w.Changer.Publish(t.Context(), api.PublishStart{Comment: "  "})
	if api.KindOf(err) != api.Misuse || w.Done(api.Publish) != 0 {
		t.Errorf("%v after %d", err, w.Done(api.Publish))
	}
}

func file(name, content string) api.Upload {
	return api.Upload{Name: name, Extension: "json", Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader([]byte(content))), nil
	}}
}

func (w Workshop) upload(t *testing.T, u api.Upload) api.FileID {
	t.Helper()
	id, err := w.Changer.Upload(t.Context(), u)
	if err != nil || id == "" {
		t.Fatalf("upload: %q, %v", id, err)
	}
	return id
}

func imports(t *testing.T, w Workshop) {
	ctx := t.Context()
	s := api.BotImport{Definition: w.upload(t, file("bot.json", `{"dialogs":[]}`)), Config: w.upload(t, file("config.json", `{}`))}
	s.Functions = []api.FileID{w.upload(t, api.Upload{Name: "f.js", Extension: "js", Size: 3, Open: file("", "f()").Open})}
	begun, err := w.Changer.ImportBot(ctx, s)
	if err != nil || begun.ID == "" || begun.State != api.JobRunning {
		t.Fatalf("%+v, %v", begun, err)
	}
	first, err := w.Changer.ImportBotStatus(ctx, begun.ID)
	if err != nil || first.State != api.JobRunning || len(first.Parts) == 0 {
		t.Errorf("its first line is a success, and it is not over: %+v, %v", first, err)
	}
	end := w.waitFor(t, func() (api.Change, error) { return w.Changer.ImportBotStatus(ctx, begun.ID) })
	if end.State != api.JobSucceeded || end.ID != begun.ID || len(end.Parts) < 3 {
		t.Errorf("%+v", end)
	}
	w.once(t, api.ImportBot)
	broken := api.BotImport{Definition: w.upload(t, file("bot.json", `{"dialogs":`)), Config: s.Config}
	if begun, err = w.Changer.ImportBot(ctx, broken); err != nil {
		t.Fatal(err)
	}
	end = w.waitFor(t, func() (api.Change, error) { return w.Changer.ImportBotStatus(ctx, begun.ID) })
	if end.State != api.JobFailed || end.Failure == "" {
		t.Errorf("a broken definition: %+v", end)
	}
}

func importsNothing(t *testing.T, w Workshop) {
	const none = api.FileID("68f20a1c0000000000000fff")
	_, err := w.Changer.ImportBot(t.Context(), api.BotImport{Definition: none, Config: none})
	var e *api.Error
	if !errors.As(err, &e) || e.Kind != api.Refused || e.Said != "Invalid file id" {
		t.Errorf("%v", err)
	}
	_, err = w.Changer.ImportFunctions(t.Context(), []api.FunctionFile{{Name: "f.js", File: none}})
	if !errors.As(err, &e) || e.Kind != api.Refused {
		t.Errorf("%v", err)
	}
	if n := w.Done(api.ImportBot) + w.Done(api.ImportFunctions); n != 0 {
		t.Errorf("%d were carried out", n)
	}
}

func importsFunctions(t *testing.T, w Workshop) {
	var files []api.FunctionFile
	for _, name := range []string{"a.js", "b.js"} {
		id := w.upload(t, api.Upload{Name: name, Extension: "js", Size: 3, Open: file("", "f()").Open})
		files = append(files, api.FunctionFile{Name: name, File: id})
	}
	for n := 1; n <= len(files); n++ {
		is, err := w.Changer.ImportFunctions(t.Context(), files[:n])
		if err != nil || is.State != api.JobSucceeded || len(is.Parts) != n || is.Parts[n-1].Name != files[n-1].Name {
			t.Errorf("%d files: %+v, %v", n, is, err)
		}
	}
}

func erases(t *testing.T, w Workshop) {
	ctx, users := t.Context(), []api.UserID{w.User, w.Protected}
	begun, err := w.Changer.EraseUsers(ctx, api.Erasure{Users: users})
	if err != nil || begun.ID == "" || begun.State != api.JobRunning {
		t.Fatalf("%+v, %v", begun, err)
	}
	end := w.waitFor(t, func() (api.Change, error) { return w.Changer.EraseStatus(ctx, begun.ID, users) })
	if end.State != api.JobFailed || len(end.Parts) != 2 || end.Failure == "" {
		t.Fatalf("%+v", end)
	}
	for i, want := range []api.JobState{api.JobSucceeded, api.JobFailed} {
		if p := end.Parts[i]; p.Name != string(users[i]) || p.State != want || p.Word == "" {
			t.Errorf("%+v", p)
		}
	}
	w.once(t, api.EraseUsers)
}

func exports(t *testing.T, w Workshop) {
	ctx := t.Context()
	begun, err := w.Exporter.StartExport(ctx, api.InDevelopment)
	if err != nil || begun.ID == "" || begun.State != api.JobRunning {
		t.Fatalf("%+v, %v", begun, err)
	}
	end := w.waitFor(t, func() (api.Change, error) {
		e, err := w.Exporter.ExportStatus(ctx)
		return e.Change, err
	})
	if end.State != api.JobSucceeded || end.ID != begun.ID {
		t.Fatalf("%+v", end)
	}
	var b bytes.Buffer
	n, err := w.Exporter.SaveExport(ctx, &b)
	if err != nil || n != int64(b.Len()) || !json.Valid(b.Bytes()) {
		t.Errorf("%d bytes, %v: %.100s", n, err, b.Bytes())
	}
}

func deletes(t *testing.T, w Workshop) {
	ctx := t.Context()
	many := make([]api.SessionID, 101)
	for i := range many {
		many[i] = "68f1a3d04c7e2b9a5d10e3f7"
	}
	if _, err := w.Deletion.DeleteConversations(ctx, api.Deletion{Conversations: many}); api.KindOf(err) != api.Misuse {
		t.Errorf("101 conversations: %v", err)
	}
	begun, err := w.Deletion.DeleteConversations(ctx, api.Deletion{Conversations: many[:3]})
	if err != nil || begun.ID == "" || begun.State != api.JobRunning {
		t.Fatalf("%+v, %v", begun, err)
	}
	w.Pass(time.Hour)
	is, err := w.Deletion.DeletionStatus(ctx, begun.ID)
	if err != nil || is.State != api.JobRunning {
		t.Errorf("it shows times and counts while it waits: %+v, %v", is, err)
	}
	w.Pass(24 * time.Hour)
	if is, err = w.Deletion.DeletionStatus(ctx, begun.ID); err != nil || is.State != api.JobSucceeded || is.Ended.IsZero() {
		t.Errorf("%+v, %v", is, err)
	}
	w.once(t, api.DeleteConversations)
}

func absentChanges(t *testing.T, w Workshop) {
	ctx := t.Context()
	_, imported := w.Changer.ImportBotStatus(ctx, "bir-none")
	_, erased := w.Changer.EraseStatus(ctx, "eud-none", nil)
	_, deleted := w.Deletion.DeletionStatus(ctx, "cdj-none")
	for _, err := range []error{imported, erased, deleted} {
		if api.KindOf(err) != api.Refused {
			t.Errorf("%v", err)
		}
	}
	for _, id := range []api.JobID{"", ".", "a/b"} {
		if _, err := w.Changer.ImportBotStatus(ctx, id); api.KindOf(err) != api.Misuse {
			t.Errorf("%q: %v", id, err)
		}
	}
}
