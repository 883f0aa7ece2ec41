package payload

import "strings"

// outcome is what a provider's word for the end of an answer means, the worse
// the higher.
type outcome uint8

const (
	unsaid    outcome = iota // no word, or one that is not known here
	done                     // the answer is whole
	tools                    // it asks for a tool
	empty                    // there is nothing in it
	scanned                  // a guardrail stepped in
	cut                      // at the limit of tokens
	cutWindow                // at the end of the model's window
	refused                  // by the model
	filtered                 // by a content filter
	failed                   // the provider could not
)

// meaning knows the words of all providers, without capitals and joints.
func meaning(word string) outcome {
	switch fold(strings.TrimSpace(word)) {
	case "stop", "endturn", "stopsequence", "stopcriteriamet", "eos", "eostoken", "endoftext", "complete", "completed", "finish", "finished", "finishreasonstop", "success", "succeeded":
		return done
	case "toolcalls", "tooluse", "toolcall", "functioncall", "functioncalls", "pauseturn", "requiresaction":
		return tools
	case "length", "maxtokens", "maxoutputtokens", "maxlength", "maxnewtokens", "tokenlimit", "finishreasonmaxtokens", "maxcompletiontokens":
		return cut
	case "modellength", "modelcontextwindowexceeded", "errorlimit", "contextlength", "contextlengthexceeded", "contextwindowexceeded":
		return cutWindow
	case "refusal", "refused":
		return refused
	case "contentfilter", "contentfiltered", "safety", "finishreasonsafety", "recitation", "blocklist", "prohibitedcontent", "spii", "imagesafety", "imageprohibitedcontent",
		"imagerecitation", "errortoxic", "toxic", "jailbreak", "modelarmor", "blocked", "language", "sensitive", "contentpolicyviolation":
		return filtered
	case "guardrailintervened", "guardrails", "guardrail", "intervened":
		return scanned
	case "error", "other", "failed", "malformedfunctioncall", "malformedtooluse", "malformedmodeloutput", "malformedresponse", "unexpectedtoolcall", "toomanytoolcalls",
		"missingthoughtsignature", "insufficientsystemresource", "noimage", "imageother", "usercancel", "cancelled", "canceled", "abort", "aborted", "timeout", "errorcontentsafety":
		return failed
	}
	return unsaid
}

// Ending is what a provider's word for the end of an answer means.
type Ending uint8

// The meanings.
const (
	EndUnknown Ending = iota // a word that is not known here, or none
	EndDone
	EndTools // it asks for a tool
	EndCut
	EndBlocked // refused by the model, by a filter or a guardrail
	EndFailed
)

// EndingOf tells the meaning of a finish reason in the provider's own word.
func EndingOf(word string) Ending {
	switch meaning(word) {
	case done:
		return EndDone
	case tools:
		return EndTools
	case cut, cutWindow:
		return EndCut
	case refused, filtered, scanned:
		return EndBlocked
	case failed:
		return EndFailed
	}
	return EndUnknown
}
