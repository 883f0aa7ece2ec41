package viewtest

// Hostile are texts that would change the terminal, hide, or turn the line
// around if they were obeyed.
func Hostile() []string {
	return []string{
		"wipe\x1b[2J\x1b[Hout",
		"clip\x1b]52;c;ZXZpbA==\x07board",
		"title\x1b]0;owned\x07",
		"link\x1b]8;;https://evil.example.test\x07here\x1b]8;;\x07",
		"right\u202eot\u202c left \u2066iso\u2069",
		"zero\u200bwidth\u200d joined\ufeff",
		"bell\x07 back\b\b\bspace\r carriage",
		"c1 \u009b31m csi and \u009d52;c;YQ==\u009c",
		"\xff\xfe not UTF-8 \xc3\x28",
		"zalgo z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324",
		"tab\tand\nline\vend\f",
		"שלום wörld مرحبا",
		"สวัสดีครับ ยินดีให้บริการ",
		"👩‍👩‍👧‍👦 family 🇩🇪 flag 👍🏽 tone",
		"日本語のとても長いテキスト",
		"\x1b[?1049l\x1b[?25h\x1bc reset",
		"\x1bP+q544e\x1b\\ dcs",
	}
}
