package cli

import (
	"strings"

	"korescope/api"
	"korescope/config"
	"korescope/views"
)

// signing prints the header with a fresh token. The secret is taken from a
// variable, and the token goes through a pipe: neither stands in a list of
// processes, in the history of the shell or in the line itself.
const signing = `import base64,hashlib,hmac,json,os,sys,time,uuid
b=lambda x:base64.urlsafe_b64encode(x).rstrip(b"=")
t=int(time.time())-60
h=b(b"{\"alg\":\"HS256\",\"typ\":\"JWT\"}")+b"."+b(json.dumps({"sub":sys.argv[1],"appId":sys.argv[2],"iss":sys.argv[2],"iat":t,"exp":t+300,"jti":uuid.uuid4().hex}).encode())
print("auth: "+(h+b"."+b(hmac.new(os.environ[sys.argv[3]].encode(),h,hashlib.sha256).digest())).decode())`

// secretVariable is the variable that a request line takes the secret from.
func (d *desk) secretVariable() string {
	if d.profile.Secret.Source == config.FromEnv && d.profile.Secret.Env != "" {
		return d.profile.Secret.Env
	}
	return "KORESCOPE_CLIENT_SECRET"
}

// request is the first request of a question as a line for a shell: Python signs,
// curl asks. It is "" for questions that have none, and where a mask hides what
// the request would name.
func (d *desk) request(ask any) string {
	if d.hides(ask) {
		return ""
	}
	sample, err := d.client.Sample(ask)
	if err != nil {
		return ""
	}
	subject := d.profile.BotID
	if subject == "" {
		subject = d.profile.ClientID
	}
	sign := []string{"python3", "-c", strings.ReplaceAll(signing, "\n", ";"), subject, d.profile.ClientID, d.secretVariable()}
	curl := []string{"curl", "-sS", "-X", sample.Method, "-H", "@-", "-H", "accept: application/json"}
	if len(sample.Body) > 0 {
		curl = append(curl, "-H", "content-type: application/json", "--data-binary", string(sample.Body))
	}
	first, second := views.ShellLine(sign), views.ShellLine(append(curl, sample.URL))
	if first == "" || second == "" {
		return ""
	}
	return first + " | " + second
}

// hides reports a question that names a person whom the mask hides.
func (d *desk) hides(ask any) bool {
	env := views.Env{Mask: d.mask}
	var ids []api.SessionID
	switch q := ask.(type) {
	case api.SessionQuery:
		ids = q.IDs.All()
		if env.MaskedUser(q.User) != string(q.User) {
			return true
		}
	case api.MessageQuery:
		ids = q.Sessions.All()
	case api.LogQuery:
		return env.MaskedIdentity(q.Identity) != q.Identity
	}
	for _, id := range ids {
		if env.MaskedID(string(id)) != string(id) {
			return true
		}
	}
	return false
}
