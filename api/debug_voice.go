package api

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Heard is an utterance as speech recognition took it (VGdebugDetail, reference
// 16).
type Heard struct {
	Text       string // what was understood
	Vendor     string // of the recognition
	Confidence Maybe[float64]
}

// Known reports that anything was heard.
func (h Heard) Known() bool { return h.Text != "" || h.Vendor != "" || h.Confidence.Known }

// voiced is what a line of a voice channel says beside its message. It is read
// from the row as it came, which is kept, so that lines of any age have it.
type voiced struct {
	Heard   json.RawMessage `json:"VGdebugDetail"`
	NoMatch json.RawMessage `json:"nomatch_count"`
	NoInput json.RawMessage `json:"noinput_count"`
}

func (d DebugLine) voiced() voiced {
	var v voiced
	if json.Unmarshal(d.Raw, &v) != nil {
		return voiced{} // a row that is no object says nothing
	}
	return v
}

// Voice is what speech recognition made of an utterance; nothing where the line
// tells of none.
func (d DebugLine) Voice() Heard {
	raw := d.voiced().Heard
	var inside string
	if json.Unmarshal(raw, &inside) == nil {
		raw = json.RawMessage(inside) // an object written as text
	}
	var v struct {
		Text       any             `json:"inputMessage"`
		Vendor     any             `json:"ASRVendor"`
		Confidence json.RawMessage `json:"ASRConfidence"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return Heard{}
	}
	h := Heard{}
	h.Text, _ = v.Text.(string)
	h.Vendor, _ = v.Vendor.(string)
	if f, err := strconv.ParseFloat(unquoted(v.Confidence), 64); err == nil {
		h.Confidence = Known(f)
	}
	return h
}

// VoiceDetail is all that the voice gateway says of a line that has a detail of
// the engine too; nil otherwise: alone it is the Detail.
func (d DebugLine) VoiceDetail() json.RawMessage {
	raw := d.voiced().Heard
	if d.Detail == nil || len(raw) == 0 || string(raw) == "null" || string(raw) == string(d.Detail) {
		return nil
	}
	var inside string
	if json.Unmarshal(raw, &inside) == nil {
		if inside == "" || !json.Valid([]byte(inside)) || inside == string(d.Detail) {
			return nil
		}
		raw = json.RawMessage(inside)
	}
	return raw
}

// NoMatch is how often nothing fitted what the user said, as the line counts it.
func (d DebugLine) NoMatch() Maybe[int] { return counter(d.voiced().NoMatch) }

// NoInput is how often the user said nothing, as the line counts it.
func (d DebugLine) NoInput() Maybe[int] { return counter(d.voiced().NoInput) }

// counter reads a count that comes as a number or as text.
func counter(raw json.RawMessage) Maybe[int] {
	n, err := strconv.Atoi(unquoted(raw))
	if err != nil {
		return Maybe[int]{}
	}
	return Known(n)
}

func unquoted(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil && s != "" {
		return strings.TrimSpace(s)
	}
	return string(raw)
}
