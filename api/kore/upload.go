package kore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"strings"

	"korescope/api"
)

// form is a multipart body around a file that is read while it is sent.
type form struct {
	upload     api.Upload
	head, tail []byte
	kind       string // the media type with its boundary
}

// newForm writes what stands before and after the content (reference 22.1).
func newForm(u api.Upload) (*form, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if _, err := w.CreateFormFile("file", u.Name); err != nil {
		return nil, fmt.Errorf("begin the form: %w", err)
	}
	f := &form{upload: u, head: bytes.Clone(b.Bytes()), kind: w.FormDataContentType()}
	b.Reset()
	for _, field := range [][2]string{{"fileContext", "bulkImport"}, {"fileExtension", u.Extension}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return nil, fmt.Errorf("write the form: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end the form: %w", err)
	}
	f.tail = b.Bytes()
	return f, nil
}

func (f *form) length() int64 { return int64(len(f.head)) + f.upload.Size + int64(len(f.tail)) }

// open gives the body. A file that has become longer is sent as long as it was;
// one that has become shorter breaks the request.
func (f *form) open() (io.Reader, error) {
	content, err := f.upload.Open()
	if err != nil {
		return nil, err
	}
	return &formBody{
		Reader: io.MultiReader(bytes.NewReader(f.head), io.LimitReader(content, f.upload.Size), bytes.NewReader(f.tail)),
		file:   content,
	}, nil
}

type formBody struct {
	io.Reader
	file io.Closer
}

func (b *formBody) Close() error { return b.file.Close() }

// Upload hands a file over and gives the id by which imports name it. It is
// sent once. The answer is not documented: an id under any letter case is taken.
//
// POST /api/public/uploadfile (reference 22.1).
func (c *Client) Upload(ctx context.Context, u api.Upload) (api.FileID, error) {
	switch {
	case u.Open == nil || u.Size <= 0:
		return "", misuse("an empty file cannot be uploaded")
	case u.Name == "" || strings.ContainsAny(u.Name, "/\\\"\r\n") || u.Extension == "":
		return "", misuse("a file to upload needs a plain name with an extension")
	}
	f, err := newForm(u)
	if err != nil {
		return "", misuse(err.Error())
	}
	var id api.FileID
	err = c.act(ctx, api.Act{Call: api.UploadFile, Target: fmt.Sprintf("%s, %d bytes", u.Name, u.Size)}, func(line *begun) (_ api.JobID, err error) {
		id, err = c.upload(ctx, line, f)
		return api.JobID(id), err
	})
	return id, err
}

func (c *Client) upload(ctx context.Context, line *begun, f *form) (api.FileID, error) {
	a, err := c.put(ctx, question{endpoint: api.UploadFile, file: f, lane: api.Person, line: line})
	if err != nil {
		return "", err
	}
	r, err := objectOf(api.UploadFile, a)
	if err != nil {
		return "", noID(api.UploadFile, api.Write)
	}
	id := api.FileID(r.text("fileId", "fileID"))
	if !plainID(string(id)) {
		return "", noID(api.UploadFile, api.Write)
	}
	return id, nil
}

// plainID reports an id that is safe to send on and to show.
func plainID(s string) bool {
	return s != "" && len(s) <= 200 && !strings.ContainsFunc(s, notInAnID)
}
