package cli

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// bodyWords is the body of a request that is not sent: JSON as it is, of a form
// its fields and what its file is called and how large it is. Nothing of a file
// is shown or held.
func bodyWords(r *http.Request) (string, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		body, err := io.ReadAll(r.Body)
		return string(body), err
	}
	var words []string
	form := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return strings.Join(words, " "), nil
		}
		if err != nil {
			return "", err
		}
		if part.FileName() != "" {
			n, err := io.Copy(io.Discard, part)
			if err != nil {
				return "", err
			}
			words = append(words, fmt.Sprintf("%s=%s (%d bytes)", part.FormName(), part.FileName(), n))
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, 1<<10))
		if err != nil {
			return "", err
		}
		words = append(words, part.FormName()+"="+string(value))
	}
}
