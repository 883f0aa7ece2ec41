package ui

import (
	"strings"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// ground is the fill of the header.
func (a *App) ground() theme.Token {
	if a.o.Production {
		return theme.Production
	}
	return theme.Bar
}

// headline is the first row: where we are, what may be done, when. What does not
// fit gives way by its worth: the beginning of the window, the bot, the clock.
// Profile, zone and the end of the window stay.
func (a *App) headline(h Heading) canvas.Line {
	windows := windowForms(h.Window)
	bots := []text.Safe{a.o.Bot, a.o.Bot.Cut(12), {}}
	clock := a.clock()
	if h.Window.Empty() {
		clock = text.Join(" ", clock, text.Clean(a.o.Clock().In(a.zone()).Format("MST")))
	}
	// The steps are in the order in which things give way.
	type step struct {
		window, bot int
		clock       text.Safe
		short       bool
	}
	last := len(windows) - 1
	steps := []step{
		{0, 0, clock, false}, {0, 1, clock, false}, {min(1, last), 0, clock, false}, {min(1, last), 1, clock, false},
		{min(2, last), 1, clock, false}, {min(2, last), 2, clock, false}, {min(2, last), 2, text.Safe{}, false},
		{min(2, last), 2, text.Safe{}, true}, {last, 2, text.Safe{}, true},
	}
	for _, s := range steps {
		left, right := a.where(a.o.Profile, bots[s.bot], s.short), when(windows[s.window], s.clock)
		if left.Width()+right.Width() <= a.width {
			return canvas.Split(a.width, left, right).Filled(a.ground())
		}
	}
	right := when(windows[last], text.Safe{})
	room := a.width - right.Width() - a.where(text.Safe{}, text.Safe{}, true).Width()
	return canvas.Split(a.width, a.where(a.o.Profile.CutMiddle(max(room, 4)), text.Safe{}, true), right).Filled(a.ground())
}

// where is the left half of the headline.
func (a *App) where(profile, bot text.Safe, short bool) canvas.Line {
	line := canvas.L(canvas.S(theme.Title, text.Join("", text.Lit(" "), profile)))
	if !bot.Empty() {
		line = line.Add(canvas.S(a.ground(), text.Lit("/")), canvas.S(theme.Title, bot))
	}
	if !short {
		line = line.Add(canvas.S(a.ground(), text.Lit(" ")))
	}
	line = line.Add(canvas.S(a.ground(), text.Lit(" ")))
	line = line.Add(a.permit(short))
	if a.o.Offline {
		line = line.Add(canvas.S(a.ground(), text.Lit(" ")), canvas.S(theme.Warn, text.Lit("OFFLINE")))
	}
	return line
}

// when is the right half. It begins with a blank, so that it never touches the
// left one.
func when(window, clock text.Safe) canvas.Line {
	line := canvas.L()
	for _, t := range []text.Safe{window, clock} {
		if !t.Empty() {
			line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit("  "), t)))
		}
	}
	return line.Add(canvas.S(theme.Dim, text.Lit(" ")))
}

// windowForms are shorter and shorter ways to write a time window, each with its
// end and its zone: as it is, without the words before it, its end alone, the
// time of its end.
func windowForms(w text.Safe) []text.Safe {
	out := []text.Safe{w}
	s := w.String()
	if at := strings.LastIndex(s, "  "); at >= 0 {
		s = s[at+2:]
		out = append(out, text.Clean(s))
	}
	if at := strings.LastIndex(s, " - "); at >= 0 {
		s = s[at+3:]
		out = append(out, text.Clean("to "+s))
	}
	if words := strings.Fields(s); len(words) > 2 {
		out = append(out, text.Clean("to "+strings.Join(words[len(words)-2:], " ")))
	}
	return out
}

func (a *App) clock() text.Safe {
	return text.Clean(a.o.Clock().In(a.zone()).Format("15:04"))
}

// crumbs is the second row: the way here, the age of what is shown, and what
// the request budget has left. On a narrow screen the way is cut at its
// beginning: where one is matters more than where one came from.
func (a *App) crumbs(h Heading) canvas.Line {
	right := canvas.L(canvas.S(a.ground(), text.Lit("  "))).Add(a.age(h).Spans...).
		Add(canvas.S(a.ground(), text.Lit("   "))).Add(a.budget()...).Add(canvas.S(a.ground(), text.Lit(" ")))
	return canvas.Split(a.width, a.way(h, a.width-right.Width()), right).Filled(a.ground())
}

// way is the crumbs, from the end on as far as there is room. A place opened
// from one of the same name is named once.
func (a *App) way(h Heading, room int) canvas.Line {
	const more = ".. > "
	line := canvas.L(canvas.S(theme.Accent, h.Title))
	before := h.Title.String()
	for i := len(a.stack) - 2; i >= 0; i-- {
		title := a.stack[i].screen.Heading().Title
		if title.String() == before {
			continue
		}
		before = title.String()
		longer := canvas.L(canvas.S(theme.Dim, title), canvas.S(theme.Faint, text.Lit(" > "))).Add(line.Spans...)
		if longer.Width()+1+len(more) > room && (i > 0 || longer.Width()+1 > room) {
			line = canvas.L(canvas.S(theme.Faint, text.Lit(more))).Add(line.Spans...)
			break
		}
		line = longer
	}
	return canvas.L(canvas.S(a.ground(), text.Lit(" "))).Add(line.Spans...)
}
