package api

import "time"

// Reason is why no connection, or no trust in one, came about.
type Reason uint8

// The reasons; NoReason is one that is not known by name.
const (
	NoReason         Reason = iota
	CertExpired             // When: its last day
	CertEarly               // not valid yet; When: its first day
	CertOtherName           // Name: who it is for
	CertUnknown             // Name: who signed it, not known to this machine
	CertSelfSigned          // Name: who it says it is
	CertBad                 // refused for another reason, which Name says
	CertWanted              // the host wants a certificate from this machine
	OldTLS                  // only versions before 1.2
	PlainHTTP               // an answer in HTTP where TLS was expected
	NotTLS                  // an answer in neither
	NameNotFound            // Name: the name that nobody knows
	NameServer              // the name could not be asked for; Name as above
	ConnRefused             // nobody listens; Name: address and port
	ConnTimeout             // nobody answers in time; Name as above
	NoRoute                 // the network does not lead there; Name as above
	ConnCut                 // closed before an answer came
	ProxyAddress            // the setting of the proxy is no address
	ProxyRefused            // the proxy answered instead; Status, Page
	ProxyUnreachable        // the proxy was not reached; Below says why
)

// Cause names why a host was not reached or not trusted. It holds names and
// addresses only, cleaned, never a password of a proxy.
type Cause struct {
	Reason Reason
	Name   string
	When   time.Time
	// Proxy is host and port of the proxy that stands between; "" for none.
	Proxy  string
	Status int    // of the proxy's answer
	Page   bool   // the proxy's answer is a web page
	Below  Reason // of ProxyUnreachable
}
