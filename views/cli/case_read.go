package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"korescope/api"
	"korescope/api/casefile"
	"korescope/ui/text"
	"korescope/views"
)

// Reading a case folder: the records that an export wrote, checked against the
// manifest, become values again. A folder may come from anybody: what stands in it
// is shown like everything else that a stranger wrote, and nothing in it says where
// to connect to.

// mostOfCase bounds one file of a case, in bytes.
const mostOfCase = 1 << 30

// readCase reads a case folder. A file that is not as it was written is refused.
func readCase(path string) (c casefile.Case, m manifest, err error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return c, m, &views.UsageError{Text: text.Format("the case %s cannot be opened: %s", path, err).String(), Err: err}
	}
	defer root.Close() //nolint:errcheck // nothing was written
	data, err := readPart(root, manifestFile)
	if err != nil {
		return c, m, &views.UsageError{Text: text.Format("%s is no case folder: it has no %s", path, manifestFile).String(), Err: err}
	}
	if err := json.Unmarshal(data, &m); err != nil || m.Tool != "korescope" {
		return c, m, views.Usage(text.Format("%s is no case folder of korescope", path).String())
	}
	parts := map[string][]byte{}
	for _, f := range m.Files {
		if parts[f.Name], err = readPart(root, f.Name); err != nil {
			return c, m, fmt.Errorf("read the case's %s: %w", f.Name, err)
		}
		if sum := sha256.Sum256(parts[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 {
			return c, m, fmt.Errorf("%s of the case is not as it was written: its SHA-256 is another", f.Name)
		}
	}
	err = errors.Join(
		decodeRows(parts, sessionsFile, &c.Sessions, sessionRecord.value), decodeRows(parts, messagesFile, &c.Messages, messageRecord.value),
		decodeRows(parts, callsFile, &c.Calls, callRecord.value), decodeRows(parts, linesFile, &c.Lines, lineRecord.value),
		decodeRows(parts, metricsFile, &c.Rows, metricRecord.value),
	)
	if err == nil && len(c.Sessions) == 0 {
		err = views.Usage(text.Format("%s holds no conversation; a case is made with korescope export --format case", path).String())
	}
	return c, m, err
}

func readPart(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fs.ErrInvalid)
	}
	data, err := io.ReadAll(io.LimitReader(f, mostOfCase+1))
	if err == nil && len(data) > mostOfCase {
		err = errors.New("it is too large")
	}
	return data, err
}

func decodeRows[R, T any](parts map[string][]byte, name string, into *[]T, value func(R) T) error {
	data, has := parts[name]
	if !has {
		return nil
	}
	var rows []R
	if err := json.Unmarshal(data, &rows); err != nil {
		return fmt.Errorf("read the case's %s: %w", name, err)
	}
	for i, r := range rows {
		v := value(r)
		if c, ok := any(&v).(*api.DebugLine); ok && c.ID == "" {
			c.ID = fmt.Sprintf("%s-%d", name, i)
		}
		if c, ok := any(&v).(*api.Metric); ok && c.ID == "" {
			c.ID = fmt.Sprintf("%s-%d", name, i)
		}
		*into = append(*into, v)
	}
	return nil
}

func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func maybe[T any](v *T) api.Maybe[T] {
	if v == nil {
		return api.Maybe[T]{}
	}
	return api.Known(*v)
}

func millis(v *int64) api.Maybe[time.Duration] {
	if v == nil {
		return api.Maybe[time.Duration]{}
	}
	return api.Known(time.Duration(*v) * time.Millisecond)
}

// sessionRecord is a session as `sessions -o json` prints it.
type sessionRecord struct {
	ID          api.SessionID   `json:"sessionId"`
	Bot         api.BotID       `json:"botId"`
	User        api.UserID      `json:"userId"`
	Channel     string          `json:"channel"`
	Start       *time.Time      `json:"startTime"`
	End         *time.Time      `json:"endTime"`
	Languages   []string        `json:"languages"`
	Kind        string          `json:"sessionType"`
	Containment api.Containment `json:"containmentType"`
	Status      string          `json:"sessionStatus"`
	Developer   *bool           `json:"isDeveloper"`
	Messages    *int            `json:"messageCount"`
	Tasks       *int            `json:"taskCount"`
	UserTags    []api.Tag       `json:"userTags"`
	SessionTags []api.Tag       `json:"sessionTags"`
	AltText     []api.Tag       `json:"altText"`
}

func (r sessionRecord) value() api.Session {
	return api.Session{
		ID: r.ID, Bot: r.Bot, User: r.User, Channel: r.Channel, Start: moment(r.Start), End: moment(r.End), Languages: r.Languages, Kind: r.Kind,
		Containment: r.Containment, Status: r.Status, Developer: maybe(r.Developer), Messages: maybe(r.Messages), Tasks: maybe(r.Tasks),
		UserTags: r.UserTags, SessionTags: r.SessionTags, AltText: r.AltText,
	}
}

// messageRecord is a message as `messages -o json` prints it.
type messageRecord struct {
	ID        api.MessageID   `json:"messageId"`
	Session   api.SessionID   `json:"sessionId"`
	User      api.UserID      `json:"userId"`
	Direction api.Direction   `json:"direction"`
	Time      *time.Time      `json:"time"`
	Channel   string          `json:"channel"`
	Kind      api.MessageKind `json:"kind"`
	Text      string          `json:"text"`
	Options   []string        `json:"options"`
	Trace     string          `json:"traceId"`
	Language  string          `json:"language"`
	Task      string          `json:"task"`
	Latency   struct {
		ASR   *int `json:"asr"`
		Bot   *int `json:"bot"`
		TTS   *int `json:"tts"`
		Total *int `json:"total"`
	} `json:"latency"`
	More *int `json:"more"`
}

func (r messageRecord) value() api.Message {
	m := api.Message{
		ID: r.ID, Session: r.Session, User: r.User, Direction: r.Direction, Time: moment(r.Time), Stamp: moment(r.Time).UnixMilli(), Channel: r.Channel,
		Kind: r.Kind, Text: r.Text, TraceID: r.Trace, Language: r.Language, Task: r.Task, More: maybe(r.More).Value,
		Latency: api.Latency{ASR: maybe(r.Latency.ASR), Bot: maybe(r.Latency.Bot), TTS: maybe(r.Latency.TTS), Total: maybe(r.Latency.Total)},
	}
	for _, title := range r.Options {
		m.Options = append(m.Options, api.Option{Title: title})
	}
	return m
}

// callRecord is a model call as `llm -o json` prints it.
type callRecord struct {
	ID             api.CallID      `json:"callId"`
	Session        api.SessionID   `json:"sessionId"`
	Joined         api.JoinedBy    `json:"joinedBy"`
	Start          *time.Time      `json:"startTime"`
	End            *time.Time      `json:"endTime"`
	TimeTaken      *int64          `json:"timeTakenMs"`
	Status         string          `json:"status"`
	StatusCode     *int            `json:"statusCode"`
	User           api.UserID      `json:"userId"`
	Feature        string          `json:"feature"`
	Prompt         string          `json:"promptName"`
	Integration    string          `json:"integration"`
	Model          string          `json:"model"`
	Channel        string          `json:"channel"`
	Task           string          `json:"taskId"`
	Description    string          `json:"description"`
	RequestTokens  *int            `json:"requestTokens"`
	ResponseTokens *int            `json:"responseTokens"`
	Finish         string          `json:"finishReason"`
	Request        json.RawMessage `json:"request"`
	Response       json.RawMessage `json:"response"`
	Problem        string          `json:"problem"`
	TokensFrom     api.TokensFrom  `json:"tokensFrom"`
}

func (r callRecord) value() api.LLMCall {
	return api.LLMCall{
		ID: r.ID, Session: r.Session, Joined: r.Joined, Start: moment(r.Start), End: moment(r.End), TimeTaken: maybe(r.TimeTaken), Status: r.Status,
		StatusCode: maybe(r.StatusCode), User: r.User, Feature: r.Feature, Prompt: r.Prompt, Integration: r.Integration, Model: r.Model,
		Channel: r.Channel, Task: r.Task, Description: r.Description, RequestTokens: maybe(r.RequestTokens), ResponseTokens: maybe(r.ResponseTokens),
		Finish: r.Finish, Request: present(r.Request), Response: present(r.Response), Problem: r.Problem, TokensFrom: r.TokensFrom,
	}
}

// present leaves null out: it is how a record says that there is nothing.
func present(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return slices.Clone(raw)
}

// lineRecord is a debug line with its session.
type lineRecord struct {
	Session  api.SessionID   `json:"sessionId"`
	Time     *time.Time      `json:"time"`
	Level    string          `json:"level"`
	Title    string          `json:"title"`
	Message  string          `json:"message"`
	Detail   json.RawMessage `json:"detail"`
	Channel  string          `json:"channel"`
	Identity string          `json:"identity"`
}

func (r lineRecord) value() api.DebugLine {
	return api.DebugLine{
		Session: r.Session, Time: moment(r.Time), Level: r.Level, Title: r.Title, Message: r.Message, Detail: present(r.Detail),
		Channel: r.Channel, Identity: r.Identity, Joined: api.ByID,
	}
}

// metricRecord is a row of the platform's metrics.
type metricRecord struct {
	Kind      api.MetricKind `json:"type"`
	Time      *time.Time     `json:"time"`
	Session   api.SessionID  `json:"sessionId"`
	Joined    api.JoinedBy   `json:"joinedBy"`
	User      api.UserID     `json:"userId"`
	Channel   string         `json:"channel"`
	Language  string         `json:"language"`
	Task      string         `json:"task"`
	TaskID    string         `json:"taskId"`
	Node      string         `json:"node"`
	NodeType  string         `json:"nodeType"`
	Status    string         `json:"status"`
	Code      string         `json:"code"`
	Took      *int64         `json:"tookMs"`
	APITook   *int64         `json:"apiTookMs"`
	Utterance string         `json:"utterance"`
	Intent    string         `json:"intent"`
	Reason    string         `json:"reason"`
	Point     string         `json:"point"`
}

func (r metricRecord) value() api.Metric {
	return api.Metric{
		Kind: r.Kind, At: moment(r.Time), Session: r.Session, Joined: r.Joined, User: r.User, Channel: r.Channel, Language: r.Language,
		Task: r.Task, TaskID: r.TaskID, Node: r.Node, NodeType: r.NodeType, Status: r.Status, Code: r.Code, Took: millis(r.Took),
		APITook: millis(r.APITook), Utterance: r.Utterance, Intent: r.Intent, Reason: r.Reason, Point: r.Point,
	}
}
