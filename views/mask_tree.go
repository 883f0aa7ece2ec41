package views

import "korescope/api/payload"

// TreeMask is how a payload is shown as a tree: fields named like a secret are
// dots at every depth, whatever the profile says, because custom integrations
// put keys into payloads; personal data is masked when there is a Masker.
func TreeMask(m *Masker) func(key, value string) (string, bool) {
	return func(key, value string) (string, bool) {
		if payload.SecretName(key) {
			return dots, true
		}
		masked := payload.HideText(value)
		if m != nil {
			if shown, hidden := m.behind(key, value); hidden {
				return shown, shown != value
			}
			masked = m.Text(masked)
		}
		return masked, masked != value
	}
}
