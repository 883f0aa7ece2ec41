package sim

// provider is the shape in which a model's request and answer are logged.
type provider uint8

const (
	openAI provider = iota
	azure
	anthropic
	hosted    // the vendor's own model: an odd object, no tokens
	custom    // a customer's integration that answers with a plain string
	streaming // chunks as an array
	gemini
	converse // Bedrock, which serves models of several makers in one shape
)

// node is a place in a dialogue where a model is asked.
type node struct {
	description string // task name, hyphen, node name
	task        string // dg-...
	feature     string
	prompt      string
	provider    provider
	integration string
	display     string // model's name in the row
	model       string // and in the payload
	temperature float64
	maxTokens   int
	tools       bool
	json        bool // answers in the JSON form of the default prompt
	system      func(broken bool) string
	speed       [2]int // usual ms
}

// limit is max_tokens, shortened by the publish for the refund assistant.
func (n *node) limit(broken bool) int {
	if broken && n.tools {
		return n.maxTokens / 2
	}
	return n.maxTokens
}

func refundNode() *node {
	return &node{
		description: "Refund-RefundAnswer", task: "dg-3b9d1f60-7c42-5e18-a0d5-61f2c8b7e904", feature: "GenAI Node",
		prompt: "refund-assistant", provider: azure, integration: "Azure OpenAI", display: "GPT-4o", model: "gpt-4o",
		temperature: 0.2, maxTokens: 1024, tools: true, json: true, system: refundPrompt, speed: [2]int{1100, 2600},
	}
}

func rephraseNode() *node {
	return &node{
		description: "Order status-RephraseStatus", task: "dg-8e41c7d2-0b6f-5a93-9c28-47d0e1f5a6b3", feature: "Rephrase Dialog Responses",
		prompt: "Default", provider: converse, integration: "Amazon Bedrock", display: "Nova Lite", model: "amazon.nova-lite-v1:0",
		temperature: 0.4, maxTokens: 400, system: rephrasePrompt, speed: [2]int{380, 900},
	}
}

func entityNode() *node {
	return &node{
		description: "Order status-AskOrderNumber", task: "dg-8e41c7d2-0b6f-5a93-9c28-47d0e1f5a6b3", feature: "GenAI Node",
		prompt: "Default", provider: openAI, integration: "OpenAI", display: "GPT-4o mini", model: "gpt-4o-mini",
		temperature: 0, maxTokens: 400, json: true, system: entityPrompt, speed: [2]int{300, 700},
	}
}

func adviceNode() *node {
	return &node{
		description: "Product advice-AdviceAnswer", task: "dg-51a7e0c9-d384-5f6b-8217-9be4c03d7f12", feature: "Agent Node",
		prompt: "product-advice", provider: anthropic, integration: "Anthropic", display: "Claude 3.5 Sonnet", model: "claude-3-5-sonnet-20241022",
		temperature: 0.3, maxTokens: 800, system: advicePrompt, speed: [2]int{1300, 3100},
	}
}

func answerNode() *node {
	return &node{
		description: "Answers-SearchAnswer", task: "dg-c2f60b18-49e7-5d3a-b5c1-0a8d7e92f364", feature: "Answer Generation",
		prompt: "Default", provider: hosted, integration: "Kore.ai XO GPT", display: "XO GPT", model: "xo-gpt-answers",
		temperature: 0.1, maxTokens: 300, system: answerPrompt, speed: [2]int{450, 1100},
	}
}

func giftNode() *node {
	return &node{
		description: "Gift card-SmallAnswer", task: "dg-97d4b2e6-5c01-5b8f-8e3d-f2a1607c49d5", feature: "GenAI Node",
		prompt: "gift-card", provider: custom, integration: "Custom LLM", display: "In-house 7B", model: "inhouse-7b",
		temperature: 0.2, maxTokens: 200, system: giftPrompt, speed: [2]int{250, 600},
	}
}

func pointsNode() *node {
	return &node{
		description: "Loyalty-PointsAnswer", task: "dg-0f8c35a1-e97b-5462-93d7-b8e60c1a4d27", feature: "Agent Node",
		prompt: "loyalty", provider: streaming, integration: "OpenAI", display: "GPT-4o", model: "gpt-4o",
		temperature: 0.3, maxTokens: 300, system: pointsPrompt, speed: [2]int{700, 1500},
	}
}

func bankNode() *node {
	return &node{
		description: "Card help-CardAnswer", task: "dg-6a2e9d70-1f5c-5c84-a7b9-35d8e4f01c6b", feature: "GenAI Node",
		prompt: "Default", provider: gemini, integration: "Google", display: "Gemini 2.0 Flash", model: "gemini-2.0-flash",
		temperature: 0.1, maxTokens: 400, json: true, system: bankPrompt, speed: [2]int{700, 1600},
	}
}
