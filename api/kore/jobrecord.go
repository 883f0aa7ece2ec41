package kore

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"korescope/api"
)

// decodeJob reads the job object that starts and states have in common
// (reference 26). Times are the platform's own.
func decodeJob(kind api.JobKind, r row) api.JobRecord {
	j := api.JobRecord{
		Kind: kind, ID: api.JobID(r.text("_id", "dsId", "requestId", "jobId")),
		Word: cleanText(r.text("status"), 60), Percent: percentOf(r),
	}
	j.State, _ = api.JobWord(j.Word)
	// A time that is none is as good as absent: nothing depends on it alone.
	j.Started, _ = r.time("createdOn", "requestedTime")
	j.Changed, _ = r.time("modifiedOn", "lastModifiedOn", "lMod")
	j.Expires, _ = r.time("expireAt")
	if j.State == api.JobFailed {
		j.Failure = failureOf(r)
	}
	return j
}

// settle brings the word and the data together: data without a word is a
// success, a success without data is a failure (reference 27.26).
func settle(j api.JobRecord, data bool) api.JobRecord {
	switch {
	case j.Word == "" && data:
		j.State = api.JobSucceeded
	case j.State == api.JobSucceeded && !data:
		j.State, j.Failure = api.JobFailed, "finished without a result"
	}
	return j
}

func percentOf(r row) api.Maybe[int] {
	n := r.number("percentageComplete", "percentageCompleted", "percentage")
	n.Value = max(0, min(100, n.Value))
	return n
}

// failureOf finds the platform's words about a job that failed. Its form is not
// documented, so every usual place is looked at.
func failureOf(r row) string {
	for _, key := range []string{"statusLogs", "errorDetails", "error", "failureReason", "reason", "statusMessage", "message", "msg"} {
		raw, ok := r[key]
		if !ok || hollow(raw) {
			continue
		}
		if s := readSpeech(raw); s.text != "" {
			return cleanText(closeLinks(s.text), saidMax)
		}
	}
	return ""
}

// field is one member of an object whose order matters.
type field struct {
	key string
	raw json.RawMessage
}

// fields reads an object in the order it was written in; nil for anything else.
func fields(raw json.RawMessage) []field {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var out []field
	for d.More() {
		key, err := d.Token()
		name, isText := key.(string)
		var value json.RawMessage
		if err != nil || !isText || d.Decode(&value) != nil {
			return out
		}
		out = append(out, field{name, value})
	}
	return out
}

// noID is a start that was answered without the id that its state is asked by.
func noID(endpoint string, e api.Effect) error {
	kind := api.Unreadable
	if e == api.Write {
		kind = api.OutcomeUnknown
	}
	return &api.Error{Kind: kind, Endpoint: endpoint, Status: 200, Err: errors.New("the start was answered without an id")}
}

func objectOf(endpoint string, a *answer) (row, error) {
	if a.object == nil {
		return nil, unreadable(endpoint, "a list in place of an object")
	}
	return row(a.object), nil
}

func compact(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
