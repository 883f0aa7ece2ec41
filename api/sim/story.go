package sim

// story is a session with everything that was said and asked in it, oldest
// first. It is made when needed and thrown away.
type story struct {
	s        *session
	messages []message
	calls    []llmCall
	end      int64 // last thing that happened before the session was left
	closed   int64 // when the platform closes it
	tasks    int
	handed   bool // a person took over
	userTags []obj
	tags     []obj
	odd      oddity
}

// oddity is what makes a few sessions unlike the others.
type oddity struct {
	developer     any  // written as it is, nil for a boolean
	noStatus      bool // rows from before 2023
	noContainment bool
	openTill      int64 // stays open until then
	altText       bool
	flatChannel   bool // messages say channel, not chnl
	looseKeys     bool // model rows with the key variants that clients have met
	noSessionID   bool // model rows that name no session
}

// message is one message, its components as they go over the wire.
type message struct {
	at         int64
	stampOff   int64 // timestampValue minus createdOn
	in         bool
	kind       string // "" for incoming or outgoing, else the type itself
	components []obj
	spoken     string // the text without markup, for the flat and lite shapes
	status     string
	source     int // ms: 0 alert task, 1 text, 2 action task, 3 other, 4 control
	author     obj
	agent      bool
	tags       []obj
	late       bool // written after the session's end
}

// llmCall is one call to a model: the facts from which its row is written.
type llmCall struct {
	at         int64
	took       int
	node       *node
	history    []turn // what had been said when it was made
	content    string // what the model answered
	finish     string
	status     int    // HTTP status of the provider
	failure    string // what the provider said instead of answering
	silent     bool   // no payload details at all
	null       bool   // the response payload is null
	broken     bool   // made with the settings of the publish
	noSession  bool
	guard      int // 0 none, 1 configured and clean, 2 detected
	no         int
	sessionKey uint64
}

// turn is one entry of the message list sent to a model.
type turn struct {
	role, content string
	tool          string // name of the tool for tool calls and results
	callID        string
}
