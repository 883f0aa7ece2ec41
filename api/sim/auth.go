package sim

import (
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"korescope/api"
)

// tokens remembers every jti, to find the ones used twice.
type tokens struct {
	mu     sync.Mutex
	used   map[string]bool
	reused int
	absent int
}

// note reports whether the jti is new; "" counts as absent.
func (t *tokens) note(jti string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if jti == "" {
		t.absent++
		return false
	}
	if t.used[jti] {
		t.reused++
		return false
	}
	if t.used == nil {
		t.used = map[string]bool{}
	}
	t.used[jti] = true
	return true
}

func (t *tokens) counts() (used, reused, absent int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.used), t.reused, t.absent
}

const tokenLeeway = 5 * time.Second

// authenticate checks the token for real: HS256 over the raw bytes of the
// secret, the app named by appId or iss, exp when there is one.
func (c *call) authenticate() (*Credential, *refusal) {
	token := c.r.Header.Get("auth")
	if token == "" {
		return nil, badCredentials()
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return nil, notAToken()
	}
	app := c.w.appOf(claims)
	if app == nil {
		return nil, badCredentials()
	}
	rules := []jwt.ParserOption{
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithLeeway(tokenLeeway),
		jwt.WithTimeFunc(func() time.Time { return c.now }),
	}
	if c.w.strict.ClockSkew != 0 {
		rules = append(rules, jwt.WithIssuedAt())
	}
	if _, err := jwt.NewParser(rules...).Parse(token, func(*jwt.Token) (any, error) { return []byte(app.Secret), nil }); err != nil {
		return nil, badCredentials()
	}
	jti, _ := claims["jti"].(string)
	if fresh := c.w.tokens.note(jti); !fresh && c.w.strict.RequireJTI {
		return nil, badCredentials()
	}
	return app, nil
}

func (w *World) appOf(claims jwt.MapClaims) *Credential {
	for _, name := range []string{"appId", "iss"} {
		if id, ok := claims[name].(string); ok && w.apps[id] != nil {
			return w.apps[id]
		}
	}
	return nil
}

// admit checks that the app owns the bot and has the scope.
func (c *call) admit(app *Credential) *refusal {
	id, named := c.named["bot"]
	if !named {
		id, named = c.named["stream"]
	}
	if named {
		c.bot = c.w.bot(api.BotID(id))
	}
	switch {
	case app.Scope == scopeBot && named && app.BotID != api.BotID(id):
		return badCredentials()
	case app.Scope == scopeAdmin && named && c.bot == nil:
		return unknownStream()
	case app.Scope == scopeBot && c.route.only == scopeAdmin:
		return scopeMissing()
	}
	need := c.route.scopes
	if app.Scope == scopeAdmin {
		need = c.route.admin
	}
	for _, n := range need {
		for _, have := range app.Scopes {
			if n == have {
				return nil
			}
		}
	}
	return scopeMissing()
}

// limitKey is the counter the call is charged to.
func (c *call) limitKey() api.LimitKey {
	switch {
	case c.route.limit == api.PerRequest:
		return api.LimitKey("request_id:" + c.named["id"])
	case c.route.limit == api.PerBot && c.bot != nil:
		return api.LimitKey("bot:" + string(c.bot.id))
	}
	return "account:" + accountID
}
