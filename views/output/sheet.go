package output

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"

	"korescope/views"
)

// sheet prints CSV. Its header is printed even when no row follows.
type sheet[T any] struct {
	w      *csv.Writer
	fields []views.Field[T]
	env    views.Env
	strict bool
	begun  bool
	cells  []string
}

func newSheet[T any](w io.Writer, fields []views.Field[T], o Options) *sheet[T] {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &sheet[T]{w: out, fields: fields, env: o.Env, strict: o.Terminal}
}

func (s *sheet[T]) header() error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.w.Write(views.Names(s.fields))
}

func (s *sheet[T]) row(_ context.Context, v T) error {
	if err := s.header(); err != nil {
		return err
	}
	s.cells = s.cells[:0]
	for _, f := range s.fields {
		cell, number := views.Flat(f.Data(v, s.env))
		if !number {
			cell = visible(guard(cell), s.strict)
		}
		s.cells = append(s.cells, cell)
	}
	if err := s.w.Write(s.cells); err != nil {
		return err
	}
	s.w.Flush()
	return s.w.Error()
}

func (s *sheet[T]) end(context.Context) error {
	if err := s.header(); err != nil {
		return err
	}
	s.w.Flush()
	return s.w.Error()
}

// guard keeps a spreadsheet from taking text for a formula: an apostrophe before
// what begins with one of the starting characters, their full-width forms, or a
// control character. Characters nobody sees do not count as a beginning.
func guard(s string) string {
	seen := strings.TrimLeftFunc(s, func(r rune) bool { return unseen(r) || turns(r) || r == 0x200c || r == 0x200d })
	if r, _ := utf8.DecodeRuneInString(seen); strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", r) {
		return "'" + s
	}
	return s
}
