package api

import (
	"context"
	"io"
)

// Changer carries out what changes a bot or removes what customers said. Each
// act is sent at most once, whatever becomes of the connection: when its answer
// is lost the error is of kind OutcomeUnknown, and the status call tells more.
// Without permission every act is NotAllowed and nothing is sent.
type Changer interface {
	Upload(ctx context.Context, u Upload) (FileID, error)
	Publish(ctx context.Context, s PublishStart) (Change, error)
	ImportBot(ctx context.Context, s BotImport) (Change, error)
	ImportFunctions(ctx context.Context, files []FunctionFile) (Change, error)
	EraseUsers(ctx context.Context, e Erasure) (Change, error)
	ChangeStates
}

// Deleter deletes conversations, under the same rules, with a credential of the
// bot.
type Deleter interface {
	DeleteConversations(ctx context.Context, d Deletion) (Change, error)
	DeletionStatus(ctx context.Context, id JobID) (Change, error)
}

// ChangeStates tells how acts stand. The publish has no id: the answer is about
// the one that came last, so the caller compares.
type ChangeStates interface {
	PublishStatus(ctx context.Context) (Change, error)
	ImportBotStatus(ctx context.Context, id JobID) (Change, error)
	// EraseStatus is over when every one of users has a final word; without
	// users, when the platform names some and all of them have.
	EraseStatus(ctx context.Context, id JobID, users []UserID) (Change, error)
}

// Exporter has the definition of the bot written to a file. A start may be
// repeated; the status is of the export that came last.
type Exporter interface {
	StartExport(ctx context.Context, version Version) (Exported, error)
	ExportStatus(ctx context.Context) (Exported, error)
	// SaveExport fetches the file of the export that came last and writes it to w.
	SaveExport(ctx context.Context, w io.Writer) (int64, error)
}
