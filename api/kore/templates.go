package kore

import "strings"

// role is what a key of a template holds for the one who looks at it.
type role uint8

const (
	roleUnknown  role = iota
	roleHidden        // settings, styles, ids: nothing that is seen
	roleWords         // said; inside an entry joined to one line
	rolePicture       // seen, but no words: counted
	roleEntries       // a list, a line each
	roleBlocks        // a list of parts that are lines of their own
	roleChoices       // a list of what can be chosen
	roleColumns       // the header of a table
	roleRows          // the rows of a table
	roleMiniRows      // rows of a mini table: primary and additional
	roleAxis          // the names along a chart
	roleSeries        // the values of a chart
	roleTabs          // lists under names
	roleFact          // a setting that is seen: its name and its value
)

// templateKind is one kind of template: its names and the keys that mean
// something else there than elsewhere. Names are compared without letter case,
// blanks, - and _, and without the words template and widget.
type templateKind struct {
	names []string
	keys  []keyRole
}

type keyRole struct {
	key  string
	role role
}

// templateKinds are the kinds whose entries are not what they are everywhere
// else (wordKeys and the lists below say that). A kind that is not here is read
// by those alone, so an unknown template still says what it holds.
func templateKinds() []templateKind {
	return []templateKind{
		{names: []string{"table", "customtable", "responsivetable", "regulartable"}, keys: []keyRole{
			{"columns", roleColumns}, {"headers", roleColumns}, {"elements", roleRows}, {"rows", roleRows}, {"data", roleRows},
		}},
		{names: []string{"minitable"}, keys: []keyRole{{"elements", roleMiniRows}, {"primary", roleColumns}, {"additional", roleRows}}},
		{names: []string{"barchart", "linechart", "areachart", "chart", "horizontalbarchart", "stackedbarchart", "multilinechart", "splinechart"}, keys: []keyRole{
			{"xaxis", roleAxis}, {"labels", roleAxis}, {"elements", roleSeries}, {"series", roleSeries}, {"datasets", roleSeries},
			{"xaxislabel", roleFact}, {"yaxislabel", roleFact}, {"yaxis", roleFact},
		}},
		{names: []string{"piechart", "pie", "donutchart", "doughnutchart"}, keys: []keyRole{{"elements", roleEntries}, {"labels", roleAxis}, {"datasets", roleSeries}}},
		{names: []string{"multiselect", "dropdown", "radiooption", "radio", "radiolist", "checkbox", "select", "singleselect"}, keys: []keyRole{
			{"elements", roleChoices}, {"items", roleChoices}, {"radiooptions", roleChoices},
		}},
		{names: []string{"advancedmultiselect"}, keys: []keyRole{{"collection", roleChoices}, {"collectiontitle", roleWords}}},
		{names: []string{"feedback", "bankingfeedback", "rating", "nps", "csat", "likedislike", "thumbs", "starrating", "survey"}, keys: []keyRole{
			{"elements", roleChoices}, {"view", roleHidden},
		}},
		{names: []string{"date", "daterange", "datepicker", "daterangepicker", "clock", "time", "timepicker", "datetime", "calendar"}, keys: []keyRole{
			{"startdate", roleFact}, {"enddate", roleFact}, {"mindate", roleFact}, {"maxdate", roleFact}, {"mintime", roleFact}, {"maxtime", roleFact},
		}},
		{names: []string{"form", "digitalform", "inlineform"}, keys: []keyRole{{"elements", roleEntries}}},
		{names: []string{"otp", "otpvalidation", "onetimecode", "resetpin", "pin"}, keys: []keyRole{
			{"mobilenumber", roleWords}, {"phonenumber", roleWords}, {"email", roleWords}, {"enterpintitle", roleWords}, {"reenterpintitle", roleWords},
		}},
		{names: []string{"search", "searchresults", "searchresult", "searchassist", "livesearch"}, keys: []keyRole{
			{"faqs", roleEntries}, {"pages", roleEntries}, {"tasks", roleEntries}, {"web", roleEntries}, {"file", roleEntries},
		}},
		{names: []string{adaptiveCard, "adaptive"}, keys: []keyRole{
			{"items", roleBlocks}, {"columns", roleBlocks}, {"rows", roleRows}, {"inlines", roleBlocks},
			{"body", roleBlocks}, {"card", roleBlocks}, {"inputs", roleBlocks}, {"fallbacktext", roleHidden}, {"speak", roleHidden}, {"name", roleHidden},
		}},
		{names: []string{"slack", "blocks"}, keys: []keyRole{
			{"elements", roleBlocks}, {"text", roleWords}, {"accessory", roleBlocks}, {"fallback", roleHidden},
			{"pretext", roleWords}, {"confirm", roleHidden}, {"style", roleHidden},
		}},
		{names: []string{"whatsapp", "interactive"}, keys: []keyRole{{"parameters", roleBlocks}, {"components", roleBlocks}, {"code", roleHidden}}},
		{names: []string{"flex", "bubble"}, keys: []keyRole{{"contents", roleBlocks}, {"hero", roleBlocks}, {"body", roleBlocks}, {"header", roleBlocks}, {"footer", roleBlocks}}},
	}
}

const adaptiveCard = "adaptivecard"

// plainName is a name of a kind or a key as it is compared.
func plainName(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c == '_' || c == '-' || c == ' ' || c == '.':
		case c >= 'A' && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

func kindNamed(name string) templateKind {
	name = plainName(name)
	short := strings.TrimSuffix(strings.TrimSuffix(name, "template"), "widget")
	for _, k := range templateKinds() {
		for _, n := range k.names {
			if n == name || n == short {
				return k
			}
		}
	}
	return templateKind{names: []string{name}}
}

// roleOf says what a key holds in this kind of template.
func (k templateKind) roleOf(key string) role {
	key = plainName(key)
	for _, own := range k.keys {
		if own.key == key {
			return own.role
		}
	}
	if r := commonRole(key); r != roleUnknown {
		return r
	}
	if hiddenKey(key) {
		return roleHidden
	}
	return roleUnknown
}

// wordKeys are the keys of what is said, in the order in which it is seen.
func wordKeys() []string {
	return []string{
		"header", "sectionheader", "cardheading", "heading", "topsection", "collectiontitle", "feedbacklistheading",
		"title", "titlename", "label", "question", "author", "pretext", "text", "textmessage", "message", "plaintext", "body", "name",
		"enterpintitle", "reenterpintitle",
		"subtitle", "sectionheaderdesc", "description", "mobilenumber", "phonenumber", "email", "subheading", "middlesection", "summary", "activitytitle", "activitysubtitle", "activitytext",
		"answer", "preview", "snippet", "excerpt", "content", "caption", "displayvalue", "value", "amount", "price", "placeholder", "errormessage",
		"badge", "headerextrainfo", "bottomsection", "footer", "disclaimer", "alttext",
	}
}

// commonRole is what a key holds in most templates.
func commonRole(key string) role {
	switch key {
	case "elements", "cards", "items", "list", "listitems", "results", "faqs", "pages", "documents", "files", "formfields", "fields",
		"rowitems", "rowdata", "tablelistdata", "listitemsdata", "textinformation", "details", "facts", "sections", "articles", "products", "messages",
		"collection", "feedbacksuggestions":
		return roleEntries
	case "blocks", "attachments", "contents", "inlines", "templates", "carddescription", "cardcontent", "richcard", "cardcontents", "columnset":
		return roleBlocks
	case "buttons", "button", "quickreplies", "actions", "action", "choices", "options", "optionsdata", "radiooptions", "suggestions", "suggestedactions",
		"smileyarrays", "stararrays", "numbersarrays", "thumpsupdownarrays", "thumbsupdownarrays", "ratings", "feedbacklist", "experiencecontent",
		"otpbuttons", "resetbuttons", "fieldbutton", "rows", "reply", "replymarkup", "inlinekeyboard", "keyboard", "seemorebutton", "dropdownoptions", "multiselectoptions":
		return roleChoices
	case "columns", "headers", "tableheader":
		return roleColumns
	case "moredata", "tabs", "tabdata", "tablist":
		return roleTabs
	case "image", "images", "imageurl", "imagesrc", "thumbnail", "thumbnailurl", "thumbnailimage", "video", "videourl", "audio", "audiourl", "media", "picture", "herourl", "fileurl", "contenturl":
		return rolePicture
	}
	for _, w := range wordKeys() {
		if w == key {
			return roleWords
		}
	}
	return roleUnknown
}

// hiddenKey reports settings, styles and ids of any template.
func hiddenKey(key string) bool {
	for _, end := range []string{
		"style", "styles", "color", "colour", "alignment", "width", "height", "size", "id", "radius", "spacing", "layout", "format", "limit", "count",
		"icon", "iconurl", "class", "margin", "padding", "weight", "font", "requesturl", "regex", "position", "theme", "length",
	} {
		if strings.HasSuffix(key, end) {
			return true
		}
	}
	switch key {
	case "type", "templatetype", "contenttype", "$schema", "version", "payload", "data", "metadata", "url", "link", "href", "defaultaction", "tap", "selectaction", "onclick",
		"speechhint", "speech", "align", "direction", "stacked", "pietype", "tabledesign", "carouseltype", "viewtype", "view", "wrap", "separator", "bleed",
		"horizontalalignment", "verticalalignment", "isvisible", "ismultiselect", "isrequired", "required", "isenabled", "isdisabled", "disabled", "hidden",
		"seemore", "showmore", "showviewmore", "autoformat", "displaylimit", "maxlength", "minlength", "messagingproduct", "recipienttype", "to", "previewurl",
		"sharable", "imageaspectratio", "topelementstyle", "language", "lang", "locale", "fromhistory", "expiry", "submitexpiry", "formlink", "rendertype",
		"postback", "key", "index", "order", "status", "cardtype", "renderas", "istemplate", "boxshadow", "border", "fallback", "attachmentlayout", "inputhint",
		"channeldata", "entities", "emoji", "verbatim", "mode", "piireductionchar", "pinlength", "subtype", "verb", "method", "target", "keyboardtype", "resizekeyboard", "onetimekeyboard", "parsemode":
		return true
	}
	return false
}
