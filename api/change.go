package api

import (
	"io"
	"time"
)

// FileID is the platform's id of an uploaded file, 24 hexadecimal digits.
type FileID string

// Upload is a file to hand over. It is read once, from its beginning, while it
// is sent: nothing holds it whole.
type Upload struct {
	Name      string // as the platform should know it, without a folder
	Extension string // json, js, csv, zip; without the dot
	Size      int64  // bytes
	Open      func() (io.ReadCloser, error)
}

// PublishStart asks for a publish. Without Train the NLP is not trained anew.
type PublishStart struct {
	Comment string
	Train   bool
}

// BotImport asks for the definition of the bot to be replaced by uploaded files.
type BotImport struct {
	Definition FileID
	Config     FileID
	Functions  []FileID
}

// FunctionFile is one uploaded file of bot functions.
type FunctionFile struct {
	Name string `json:"fileName"`
	File FileID `json:"fileId"`
}

// Erasure asks for everything about some users to be erased. With AllBots it
// reaches every bot of the account, else only the client's bot.
type Erasure struct {
	Users   []UserID
	AllBots bool
}

// Deletion asks for conversations to be deleted: those named, at most 100, or
// all of a user inside a window.
type Deletion struct {
	Conversations []SessionID
	User          UserID
	Window        Window
}

// Change is one call that changes something, as far as it is known.
type Change struct {
	Call    string // name of the endpoint
	Target  string // what is changed: a bot, a file, a number of users
	ID      JobID  // ds-, bir-, eud-, cdj-...; "" when the platform gave none
	State   JobState
	Word    string     // the platform's own word
	Percent Maybe[int] // 0 to 100
	Started time.Time  // by the platform's clock, zero when not told
	Ended   time.Time
	Parts   []ChangePart
	By      UserID // who asked, as the platform names them
	Failure string // in the platform's words, cleaned and cut
}

// ChangePart is what became of one part: a dialog, a setting, a file, a user.
type ChangePart struct {
	Name  string
	Type  string
	Word  string // the platform's own word; "" when it says nothing
	State JobState
}

// Exported is how an export of the bot's definition stands. The address of the
// file is signed: it is used to fetch the file and told to nobody.
type Exported struct {
	Change

	File FileID
	Size Maybe[int64] // bytes
}
