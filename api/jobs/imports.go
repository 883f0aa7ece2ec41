package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"korescope/api"
)

// importQuestion identifies an import.
type importQuestion struct {
	Bot  api.BotID
	Name string
	File string
}

// Import makes a suite from an uploaded file and follows that to its end. It is
// started once; a start without an answer is an error of kind OutcomeUnknown. One
// that was started before, also by another run of the program, is found again by
// OpenImports and followed by ResumeImport.
func (t Tests) Import(ctx context.Context, s api.SuiteImport) iter.Seq2[api.SuiteImported, error] {
	spec := t.importSpec(importQuestion{t.Bot, s.Name, s.FileID})
	spec.Start = func(ctx context.Context) (api.JobRecord, error) {
		is, err := t.Runner.StartImport(ctx, s)
		return importRecord(is), err
	}
	return imports(Run(ctx, t.Engine, spec))
}

func (t Tests) importSpec(q importQuestion) Spec[api.SuiteImported] {
	return Spec[api.SuiteImported]{
		Kind: api.SuiteImportJob, Question: canonical(q), Deadline: ReportDeadline, StartOnce: true,
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.SuiteImported, bool, error) {
			is, err := t.Runner.ImportStatus(ctx, r.ID)
			return importRecord(is), is, true, err
		},
	}
}

// OpenImports lists the imports of suites into this bot that were started and not
// seen to their end, started last first.
func (t Tests) OpenImports(ctx context.Context) ([]api.JobRecord, error) {
	open, err := t.Engine.store.OpenJobs(ctx, api.SuiteImportJob)
	if err != nil {
		return nil, fmt.Errorf("list the imports that are under way: %w", err)
	}
	open = slices.DeleteFunc(open, func(r api.JobRecord) bool { return r.ID == "" || readImportQuestion(r).Bot != t.Bot })
	slices.SortStableFunc(open, func(a, b api.JobRecord) int { return b.Started.Compare(a.Started) })
	return open, nil
}

// ImportUnderWay finds the import of a suite of that name which is still on by the
// platform's word. What this machine remembers may be over for long: then it is
// kept as that, and another import is another act.
func (t Tests) ImportUnderWay(ctx context.Context, name string) (rec api.JobRecord, on bool, err error) {
	open, err := t.OpenImports(ctx)
	if err != nil {
		return rec, false, err
	}
	for _, r := range open {
		q := readImportQuestion(r)
		if q.Name != name {
			continue
		}
		step, err := Look(ctx, t.Engine, t.importSpec(q), r)
		if err != nil && !Forgotten(err) {
			return rec, false, err
		}
		if !step.Record.State.Over() && err == nil {
			return step.Record, true, nil
		}
	}
	return rec, false, nil
}

// ResumeImport follows an import that was started before.
func (t Tests) ResumeImport(ctx context.Context, r api.JobRecord) iter.Seq2[api.SuiteImported, error] {
	return imports(Resume(ctx, t.Engine, t.importSpec(readImportQuestion(r)), r))
}

// ImportStatus asks once how an import stands. Of one that was started from here
// the answer is kept; one that nobody knows is an error of kind NotFound.
func (t Tests) ImportStatus(ctx context.Context, id api.JobID) (api.SuiteImported, error) {
	rec, found, err := t.Engine.store.JobByID(ctx, api.SuiteImportJob, id)
	if err != nil {
		t.Engine.trouble(api.JobRecord{Kind: api.SuiteImportJob, ID: id}, err)
	}
	if !found {
		is, err := t.Runner.ImportStatus(ctx, id)
		if err != nil && Forgotten(err) {
			err = &api.Error{Kind: api.NotFound, Said: words(err)}
		}
		return is, err
	}
	step, err := Look(ctx, t.Engine, t.importSpec(readImportQuestion(rec)), rec)
	return importOf(step), err
}

func imports(steps iter.Seq2[Step[api.SuiteImported], error]) iter.Seq2[api.SuiteImported, error] {
	return func(yield func(api.SuiteImported, error) bool) {
		for step, err := range steps {
			if !yield(importOf(step), err) {
				return
			}
		}
	}
}

// importOf lets the record have the last word about how the import stands.
func importOf(s Step[api.SuiteImported]) api.SuiteImported {
	is, r := s.Result, s.Record
	is.ID, is.State, is.Word, is.Percent, is.Failure = r.ID, r.State, r.Word, r.Percent, r.Failure
	if is.Suite == "" {
		is.Suite = readImportQuestion(r).Name
	}
	return is
}

func importRecord(s api.SuiteImported) api.JobRecord {
	return api.JobRecord{
		Kind: api.SuiteImportJob, ID: s.ID, State: s.State, Word: s.Word, Percent: s.Percent, Expires: s.Expires, Failure: s.Failure,
	}
}

func readImportQuestion(r api.JobRecord) (q importQuestion) {
	_ = json.Unmarshal([]byte(r.Question), &q) // made here; empty for a record made elsewhere
	return q
}
